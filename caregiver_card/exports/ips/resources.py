"""The entries of the summary: who, whose pump, what is in it, what else.

Each function returns resources without an identity; ``bundle`` gives them one. A reference names
the resource that it means: ``ref("patient")``.
"""

from base64 import b64encode
from collections.abc import Iterator
from typing import Any

from caregiver_card.briefing.briefing import Briefing
from caregiver_card.briefing.isolates import plain
from caregiver_card.card import names
from caregiver_card.card.model import Card
from caregiver_card.exports.ips import terminology
from caregiver_card.exports.ips.terminology import Json, concept, quantity

PATIENT, PROGRAM, TEAM, PUMP, DRUG = "patient", "program", "team", "pump", "drug"


def ref(name: str) -> Json:
    """A reference to a resource by its name in this bundle."""
    return {"reference": name}


def patient(card: Card, b: Briefing) -> Json:
    """Who it is, and whom to ask."""
    who, say = card.patient, b.content.say
    found: Json = {"resourceType": "Patient", "name": [_name(who.full_name, who.family_name)]}
    if who.record_number:
        found["identifier"] = [
            {
                "type": concept(terminology.RECORD_NUMBER, text=say("page.record")),
                "value": who.record_number,
                "assigner": {"display": card.team.hospital},
            }
        ]
    found |= {"gender": who.gender} if who.gender else {}
    found["birthDate"] = str(who.date_of_birth)
    found["contact"] = [_contact(each, shown.about) for each, shown in _contacts(card, b)]
    return found


def _contacts(card: Card, b: Briefing) -> Iterator[tuple[Any, Any]]:
    return zip(card.contacts, b.contacts, strict=True)


def _name(full: str, family: str | None) -> Json:
    """A name, never split by guess: without a family name on the card all of it is that."""
    given = names.given_names(full, family) if family else ()
    found: Json = {"use": "official", "text": full, "family": family or full}
    return found | ({"given": list(given)} if given else {})


def _contact(contact: Any, about: str) -> Json:
    found: Json = {
        "relationship": [concept(terminology.EMERGENCY_CONTACT, text=plain(about))],
        "name": {"text": contact.name, "family": contact.name},
    }
    return found | ({"telecom": [_phone(contact.phone)]} if contact.phone else {})


def _phone(number: str, **more: Any) -> Json:
    return {"system": "phone", "value": number, **more}


def program() -> Json:
    """The author of the document: a program put it together."""
    name = {"name": "Caregiver Card", "type": "user-friendly-name"}
    return {"resourceType": "Device", "deviceName": [name], "type": {"text": "Software"}}


def team(card: Card, b: Briefing) -> Json:
    """The hospital whose team manages the pump: first the number for any hour."""
    phones = [(card.team.phone_24h, 1), (card.team.phone_clinic, 2)]
    found: Json = {"resourceType": "Organization", "name": card.team.hospital}
    found["telecom"] = [_phone(each, use="work", rank=rank) for each, rank in phones if each]
    if card.team.physician:
        name = {"text": card.team.physician}
        found["contact"] = [{"purpose": {"text": b.content.say("page.physician")}, "name": name}]
    return found


def pump(card: Card, b: Briefing) -> Json:
    """The pump: the MRI rule of its model is its safety."""
    own, say = card.pump, b.content.say
    sizes = [("reservoir_ml", own.reservoir_ml), ("alarm_volume_ml", own.alarm_volume_ml)]
    found: Json = {
        "resourceType": "Device",
        "status": "active",
        "type": concept(terminology.PUMP, text=plain(b.what.text)),
        "manufacturer": own.maker,
        "deviceName": [{"name": own.model, "type": "model-name"}],
        "modelNumber": own.model,
        "patient": ref(PATIENT),
        "owner": ref(TEAM),
        "contact": [_phone(card.team.phone_24h)],
        "safety": [{"text": plain(b.mri.text)}],
        "note": [{"text": plain(f"{each.label}: {each.value}")} for each in b.details],
    }
    if own.serial:
        found["serialNumber"] = own.serial
    properties = [
        {"type": {"text": say(f"label.pump.{name}")}, "valueQuantity": [quantity(value, "mL")]}
        for name, value in sizes
        if value is not None
    ]
    return found | ({"property": properties} if properties else {})


def device_use(card: Card) -> Json:
    """That the patient has the pump, where, and since when."""
    found: Json = {
        "resourceType": "DeviceUseStatement",
        "status": "active",
        "subject": ref(PATIENT),
        "device": ref(PUMP),
        "bodySite": {"text": card.pump.location},
    }
    if card.pump.implanted_on:
        return found | {"timingDateTime": str(card.pump.implanted_on)}
    return found | {"_timingDateTime": terminology.UNKNOWN_TIME}


def allergies(card: Card, b: Briefing) -> list[Json]:
    """The allergies that are listed, or that there is none known. Who says so is the family."""
    base: Json = {
        "resourceType": "AllergyIntolerance",
        "clinicalStatus": terminology.ACTIVE_ALLERGY,
        "patient": ref(PATIENT),
    }
    if card.allergies.status == "none_known":
        return [base | {"code": concept(terminology.NO_ALLERGY, text=plain(b.allergies.words))}]
    found = []
    for each in card.allergies.items if card.allergies.status == "listed" else ():
        reaction = [{"manifestation": [{"text": each.reaction}]}] if each.reaction else []
        allergy = base | {"code": {"text": each.substance}}
        found.append(allergy | ({"reaction": reaction} if reaction else {}))
    return found


def problems(card: Card) -> list[Json]:
    """Why the person has a pump."""
    if not card.patient.reason_for_pump:
        return []
    return [
        {
            "resourceType": "Condition",
            "clinicalStatus": terminology.ACTIVE_CONDITION,
            "category": [terminology.PROBLEM],
            "code": {"text": card.patient.reason_for_pump},
            "subject": ref(PATIENT),
        }
    ]


def weight(card: Card) -> list[Json]:
    """The weight, if it is recorded; nobody noted when."""
    if card.patient.weight_kg is None:
        return []
    return [
        {
            "resourceType": "Observation",
            "status": "final",
            "category": [terminology.VITAL_SIGNS],
            "code": terminology.WEIGHT,
            "subject": ref(PATIENT),
            "_effectiveDateTime": terminology.UNKNOWN_TIME,
            "valueQuantity": quantity(card.patient.weight_kg, "kg"),
        }
    ]


def flag(words: str, category: Json, *, high: bool = False, start: str = "") -> Json:
    """An alert of the summary. None of them changes with the day without a date in its words."""
    found: Json = {"resourceType": "Flag", "status": "active", "category": [category]}
    found |= {"extension": [terminology.HIGH_PRIORITY]} if high else {}
    found |= {"code": {"text": words}, "subject": ref(PATIENT)}
    return found | ({"period": {"start": start}} if start else {})


def sheet(pdf: bytes, title: str) -> Json:
    """The emergency sheet as it is printed."""
    attachment = {"contentType": "application/pdf", "data": b64encode(pdf).decode(), "title": title}
    return {
        "resourceType": "DocumentReference",
        "status": "current",
        "subject": ref(PATIENT),
        "content": [{"attachment": attachment}],
    }
