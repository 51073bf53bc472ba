"""The summary as one document: sections with their narratives, then the entries they name.

Identities come from a seed, and the time is an argument: the same card makes the same file.
"""

import json
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from caregiver_card.briefing.briefing import Briefing
from caregiver_card.briefing.isolates import plain
from caregiver_card.card.model import Card
from caregiver_card.exports.ips import medicines, narratives, resources, terminology
from caregiver_card.exports.ips.terminology import IPS, Json

MEDIA_TYPE = "application/fhir+json"
FILE_NAME = "baclofen-pump-summary.json"


class _Document:
    """Collects the entries; each gets its identity from its name."""

    def __init__(self, seed: UUID) -> None:
        self.seed = seed
        self.entries: dict[str, Json] = {}

    def identity(self, name: str) -> str:
        return str(uuid5(self.seed, name))

    def add(self, name: str, resource: Json) -> Json:
        """Add a resource, and return a reference to it."""
        self.entries[name] = resource
        return resources.ref(name)

    def add_all(self, name: str, found: list[Json]) -> list[Json]:
        return [self.add(f"{name}-{at}", each) for at, each in enumerate(found)]

    def finished(self) -> list[Json]:
        """The entries with their identities and references."""
        return [
            {
                "fullUrl": f"urn:uuid:{self.identity(name)}",
                "resource": {
                    "resourceType": resource["resourceType"],
                    "id": self.identity(name),
                    **self._resolved(resource),
                },
            }
            for name, resource in self.entries.items()
        ]

    def _resolved(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._resolved(each) for each in value]
        if not isinstance(value, dict):
            return value
        if set(value) == {"reference"}:
            return {"reference": f"urn:uuid:{self.identity(value['reference'])}"}
        return {key: self._resolved(each) for key, each in value.items()}


def seed_of(card_id: bytes, version: int) -> UUID:
    """Name a version of a stored card: the same one gives the same file."""
    return uuid5(NAMESPACE_URL, f"{card_id.hex()}/{version}")


def bundle(card: Card, b: Briefing, seed: UUID, now: datetime, pdf: bytes | None = None) -> Json:
    """The card as a document of the International Patient Summary.

    ``b`` is the card's briefing, ``seed`` names the card and its version, ``now`` has a time zone,
    and ``pdf`` is the emergency sheet, if it is to be attached.
    """
    document = _Document(seed)
    document.entries["composition"] = {"resourceType": "Composition"}
    document.add(resources.PATIENT, resources.patient(card, b))
    document.add(resources.PROGRAM, resources.program())
    document.add(resources.TEAM, resources.team(card, b))
    sections = _sections(document, card, b, pdf)
    document.entries["composition"] |= _composition(document, card, b, now, sections)
    return {
        "resourceType": "Bundle",
        "id": document.identity("bundle"),
        "meta": {"profile": [f"{IPS}Bundle-uv-ips"], "security": [terminology.PATIENT_ASSERTED]},
        "language": b.content.language,
        "identifier": _identifier(document, "document"),
        "type": "document",
        "timestamp": now.isoformat(timespec="seconds"),
        "entry": document.finished(),
    }


def encode(document: Json) -> bytes:
    """The file of a bundle."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _identifier(document: _Document, name: str) -> Json:
    return {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{document.identity(name)}"}


def _composition(
    document: _Document, card: Card, b: Briefing, now: datetime, sections: list[Json]
) -> Json:
    return {
        "meta": {"profile": [f"{IPS}Composition-uv-ips"]},
        "language": b.content.language,
        "identifier": _identifier(document, "summary"),
        "status": "final",
        "type": terminology.SUMMARY,
        "subject": resources.ref(resources.PATIENT),
        "date": now.isoformat(timespec="seconds"),
        "author": [resources.ref(resources.PROGRAM)],
        "title": plain(b.what.text),
        "confidentiality": "N",
        "attester": [
            {
                "mode": "personal",
                "time": str(card.verified.on),
                "party": {"display": card.verified.by},
            }
        ],
        "section": sections,
    }


def _sections(document: _Document, card: Card, b: Briefing, pdf: bytes | None) -> list[Json]:
    say = b.content.say
    flags = document.add_all("flag", _flags(card, b))
    allergies = document.add_all("allergy", resources.allergies(card, b))
    problems = document.add_all("problem", resources.problems(card))
    document.add(resources.PUMP, resources.pump(card, b))
    used = document.add("use", resources.device_use(card))
    document.add(resources.DRUG, medicines.drug(card))
    taken = [document.add("regimen", medicines.regimen(card, b, plain(narratives.dose(b))))]
    taken += document.add_all("medicine", medicines.other_medicines(card, b))
    weight = document.add_all("weight", resources.weight(card))
    title = say("sheet.title")
    files = document.add_all("sheet", [resources.sheet(pdf, title)] if pdf else [])
    none = _empty(b.content.say("status.not_recorded"), "unknown")
    found = [
        _section("alerts", plain(b.what.text), b, narratives.alerts(card, b), flags),
        _section("allergies", say("page.allergies"), b, _allergies(b), allergies)
        | ({} if allergies else _empty(b.allergies.words, card.allergies.status)),
        _section("problems", say("page.risks"), b, narratives.problems(b), problems)
        | ({} if problems else none),
        _section("medicines", say("page.medicines"), b, narratives.medicines(b), taken),
        _section("devices", say("page.details"), b, narratives.devices(b), [used]),
    ]
    if b.person.has_baseline or b.person.has_communication:
        found.append(_section("baseline", say("page.normal"), b, narratives.baseline(b)))
    if weight:
        words = (narratives.paragraph(b.person.weight),)
        found.append(_section("weight", b.person.weight, b, words, weight))
    if card.directives:
        found.append(_section("wishes", say("page.directives"), b, narratives.wishes(b)))
    found.append(_section("plan", say("page.rescue"), b, narratives.plan(b)))
    return [*found, _section("more", say("page.about"), b, narratives.more(b), files)]


def _allergies(b: Briefing) -> tuple[str, ...]:
    if b.allergies.items:
        return (narratives.lines(b.allergies.items),)
    return (narratives.paragraph(b.allergies.words),)


def _section(
    key: str, title: str, b: Briefing, parts: tuple[str, ...], entries: list[Json] | None = None
) -> Json:
    found: Json = {
        "title": plain(title),
        "code": terminology.SECTIONS[key],
        "text": {"status": "generated", "div": narratives.div(b, *parts)},
    }
    return found | ({"entry": entries} if entries else {})


def _empty(words: str, status: str) -> Json:
    return {"emptyReason": terminology.concept(terminology.EMPTY[status], text=plain(words))}


def _flags(card: Card, b: Briefing) -> list[Json]:
    start = str(b.low_day.on) if b.low_day else ""
    return [
        resources.flag(plain(narratives.danger(card, b)), terminology.SAFETY, high=True),
        resources.flag(plain(narratives.with_english(b.mri_line)), terminology.SAFETY, high=True),
        resources.flag(plain(narratives.low_day(b)), terminology.DRUG, start=start),
    ]
