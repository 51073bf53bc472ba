"""What the entries of a hospital's summary say of a card's fields; whatever is odd is left out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

Json = Any

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_PUMP = "360041000"
_PUMP_WORDS = re.compile(r"\bpump\b", re.IGNORECASE)
_IN_SPINE = re.compile(r"intrathecal", re.IGNORECASE)
_INTRATHECAL = {"72607000", "20042000"}
_BACLOFEN = "M03BX01"
# Codes that say that nothing is known of, or that nobody knows: SNOMED CT, and HL7's own.
_ABSENT = re.compile(r"no-(?:known-.+|.+-info|medication-info|allergy-info)")
_NONE = {"716186003", "787481004", "787483001", "1287211007", "409137002"}
# The same in words, where no code says so, in the languages of the summaries that were tried.
_NONE_WORDS = re.compile(
    r"\b(?:no|not) known\b|\bno (?:current |known )*(?:allerg|medic|drug|information)"
    r"|^(?:none|nil|unknown)\b|\b(?:keine|kein|aucun|aucune|nessun|nessuna|geen|ingen|inga)\b"
    r"|\b(?:sin|sem) (?:alergi|medica)|\b(?:ningun|ninguna|nenhum|nenhuma)\b",
    re.IGNORECASE,
)
# The status of an entry that holds, by kind.
_HOLDS = {
    "AllergyIntolerance": {"active", None},
    "MedicationStatement": {"active", "intended", "unknown", None},
    "DeviceUseStatement": {"active", None},
}


class Skipped(NamedTuple):
    """What was not taken: its kind or path, its words, and why."""

    what: str
    words: str
    why: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A resource of the file, with the references that mean it."""

    kind: str
    names: frozenset[str]
    resource: dict[str, Json]

    @property
    def words(self) -> str:
        """What it is about."""
        for key in ("code", "medicationCodeableConcept", "device", "medicationReference"):
            if said := text(self.resource.get(key)):
                return said
        return self.kind


def text(concept: Json) -> str:
    """The words of a concept: its own text, else the name of a code."""
    if not isinstance(concept, dict):
        return ""
    found = [concept.get("text"), concept.get("display")]
    found += [each.get("display") for each in _codings(concept)]
    return next(filter(None, map(_line, found)), "")


def _line(value: Json) -> str:
    """A text on one line; nothing for what is no text."""
    return " ".join(value.split()) if isinstance(value, str) else ""


def _codings(concept: Json) -> list[dict[str, Json]]:
    listed = concept.get("coding") if isinstance(concept, dict) else None
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def _codes(concept: Json) -> set[str]:
    return {each["code"] for each in _codings(concept) if isinstance(each.get("code"), str)}


def _all(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _first(value: Json) -> dict[str, Json]:
    return next((each for each in _all(value) if isinstance(each, dict)), {})


def why_not(entry: Entry) -> str:
    """Why an entry must not be filled in; nothing for one that holds."""
    resource = entry.resource
    if _alters(resource):
        return "an extension changes what it means"
    verification = _codes(resource.get("verificationStatus"))
    if verification & {"refuted", "entered-in-error"}:
        return "it is refuted or entered in error"
    status = resource.get("status")
    clinical = _codes(resource.get("clinicalStatus"))
    if entry.kind == "AllergyIntolerance":
        status = next(iter(sorted(clinical)), None)
    if status not in _HOLDS[entry.kind]:
        return f"its status is {status}"
    about = resource.get("code") or resource.get("medicationCodeableConcept")
    codes = _codes(about)
    if codes & _NONE or any(map(_ABSENT.fullmatch, codes)) or _NONE_WORDS.search(text(about)):
        return "whether there is none is asked"
    return ""


def _alters(value: Json) -> bool:
    """Whether a modifier extension is anywhere in a resource."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if "modifierExtension" in each:
                return True
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
    return False


def patient(entry: Entry) -> Iterator[tuple[str, str]]:
    """Name and birth, and the record number where there is just one."""
    resource = entry.resource
    name = _first(resource.get("name"))
    parts = map(_line, (*_all(name.get("given")), name.get("family")))
    if full := _line(name.get("text")) or " ".join(filter(None, parts)):
        yield "patient.full_name", full
    born = resource.get("birthDate")
    if isinstance(born, str) and _DAY.fullmatch(born):
        yield "patient.date_of_birth", born
    numbers = [each for each in _all(resource.get("identifier")) if isinstance(each, dict)]
    if len(numbers) == 1 and (number := _line(numbers[0].get("value"))):
        yield "patient.record_number", number


def allergies(
    chosen: list[Entry], entries: list[Entry], skipped: list[Skipped]
) -> Iterator[tuple[str, str]]:
    """Each allergy that holds, with its first reaction."""
    at = 0
    for each in chosen:
        substance = text(each.resource.get("code"))
        if not substance:
            skipped.append(Skipped(each.kind, each.words, "it has no words"))
            continue
        yield f"allergies.items[{at}].substance", substance
        reaction = _first(each.resource.get("reaction"))
        if said := text(_first(reaction.get("manifestation"))):
            yield f"allergies.items[{at}].reaction", said
        at += 1


def medicines(
    chosen: list[Entry], entries: list[Entry], skipped: list[Skipped]
) -> Iterator[tuple[str, str]]:
    """Each medicine that is taken; baclofen is asked from the printout."""
    at = 0
    for each in chosen:
        concept = _medicine(each, entries)
        name, dosage = text(concept), _first(each.resource.get("dosage"))
        route = dosage.get("route")
        if _BACLOFEN in _codes(concept) or "baclofen" in name.casefold():
            skipped.append(Skipped(each.kind, name, "baclofen is copied from the printout"))
        elif _codes(route) & _INTRATHECAL or _IN_SPINE.search(text(route)):
            skipped.append(Skipped(each.kind, name, "what is in the pump is asked"))
        elif not name:
            skipped.append(Skipped(each.kind, each.words, "it has no words"))
        else:
            yield f"medicines.items[{at}].name", name
            if said := _line(dosage.get("text")):
                yield f"medicines.items[{at}].frequency", said
            at += 1


def _medicine(each: Entry, entries: list[Entry]) -> Json:
    own = each.resource.get("medicationCodeableConcept")
    found = _meant(each.resource.get("medicationReference"), entries)
    return own or (found.resource.get("code") if found else None)


def _meant(reference: Json, entries: list[Entry]) -> Entry | None:
    name = reference.get("reference") if isinstance(reference, dict) else None
    return next((each for each in entries if name in each.names), None)


def pumps(
    chosen: list[Entry], entries: list[Entry], skipped: list[Skipped]
) -> Iterator[tuple[str, str]]:
    """The one pump that is in use. Of two, neither is taken."""
    devices = [(each, _meant(each.resource.get("device"), entries)) for each in chosen]
    found = [(use, device) for use, device in devices if device and _is_pump(device)]
    if len(found) > 1:
        skipped += [Skipped(use.kind, device.words, "there are two pumps") for use, device in found]
    if len(found) != 1:
        return
    use, device = found[0]
    own, site = device.resource, text(use.resource.get("bodySite"))
    names = _first(own.get("deviceName"))
    for path, value in (
        ("pump.maker", own.get("manufacturer")),
        ("pump.model", own.get("modelNumber") or names.get("name")),
        ("pump.serial", own.get("serialNumber")),
        ("pump.location", site),
        ("pump.implanted_on", use.resource.get("timingDateTime")),
    ):
        said = _line(value)
        if said and (path != "pump.implanted_on" or _DAY.fullmatch(said)):
            yield path, said


def _is_pump(device: Entry) -> bool:
    kind = device.resource.get("type")
    words = text(kind)
    by_words = bool(_PUMP_WORDS.search(words) and _IN_SPINE.search(words))
    return _PUMP in _codes(kind) or by_words
