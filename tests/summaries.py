"""Small summaries of a hospital, made up: whom they are about, and their entries."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from caregiver_card.briefing.briefing import brief
from caregiver_card.briefing.content import load
from caregiver_card.card.model import Card
from caregiver_card.exports.ips import bundle

ALEX: dict[str, Any] = {
    "resourceType": "Patient",
    "name": [{"text": "Alex Rivera"}],
    "birthDate": "1991-04-12",
}
SAM: dict[str, Any] = {
    "resourceType": "Patient",
    "name": [{"text": "Sam Lee"}],
    "birthDate": "2015-09-30",
}


def ours(card: Card) -> bytes:
    """The summary that this program makes of a card."""
    now = datetime(2026, 11, 29, tzinfo=UTC)
    return bundle.encode(bundle.bundle(card, brief(card, load(), 1), UUID(int=1), now))


def summary(*resources: dict[str, Any], patient: dict[str, Any] | None = None) -> bytes:
    """A bundle about one person."""
    found = [patient or ALEX, *resources]
    entries = [{"fullUrl": f"urn:uuid:{at}", "resource": each} for at, each in enumerate(found)]
    return json.dumps({"resourceType": "Bundle", "type": "document", "entry": entries}).encode()


def allergy(**more: Any) -> dict[str, Any]:
    """An allergy to latex that holds."""
    base: dict[str, Any] = {"resourceType": "AllergyIntolerance", "code": {"text": "Latex"}}
    return base | {"clinicalStatus": {"coding": [{"code": "active"}]}} | more


def taken(**more: Any) -> dict[str, Any]:
    """Gabapentin, which is taken."""
    base: dict[str, Any] = {"resourceType": "MedicationStatement", "status": "active"}
    return base | {"medicationCodeableConcept": {"text": "Gabapentin"}} | more


def pump(**more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A pump, and that it is in use; ``more`` is what its description says."""
    device = {"resourceType": "Device", "id": "d", "type": {"coding": [{"code": "360041000"}]}}
    use = {"resourceType": "DeviceUseStatement", "device": {"reference": "Device/d"}}
    return device | more, use


def ordered(**more: Any) -> dict[str, Any]:
    """Tizanidine, which a physician ordered."""
    base: dict[str, Any] = {"resourceType": "MedicationRequest", "status": "active"}
    return base | {"intent": "order", "medicationCodeableConcept": {"text": "Tizanidine"}} | more
