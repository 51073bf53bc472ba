"""What the entries of a hospital's summary say of a card's fields; whatever is odd is left out."""

import re
from collections.abc import Iterator

from caregiver_card.card import names
from caregiver_card.card.model import GENDERS
from caregiver_card.questionnaire import hospital_words
from caregiver_card.questionnaire.hospital_words import Entry, Json, Skipped, skipped

KINDS = {"AllergyIntolerance", "MedicationStatement", "MedicationRequest", "DeviceUseStatement"}
Values = dict[str, str]
Named = dict[str, Entry]

ALLERGIES, MEDICINES = "allergies.items", "medicines.items"
PUMP, SERIAL = "pump.model", "pump.serial"
NAME, BIRTH = "patient.full_name", "patient.date_of_birth"
_PUMP = "360041000"
_PUMP_WORDS = re.compile(r"\bpump\b", re.IGNORECASE)
_IN_SPINE = re.compile(r"intrathe[ck]al", re.IGNORECASE)
_INTRATHECAL = {"72607000", "20042000"}
# The kinds of name that a person has now, the best one first; "old" and "nickname" are none.
_NAMES = ("official", "usual", None)
# The hospital's own record number: any other may be that of an insurance or of a passport.
_RECORD = "MR"
# Where each kind of entry about a medicine has its doses.
_DOSES = {"MedicationStatement": "dosage", "MedicationRequest": "dosageInstruction"}
_ORDERS = {"order", "original-order", "reflex-order", "filler-order", "instance-order", "plan"}
_MISTAKES = {"refuted", "entered-in-error"}
_OVER = {"inactive", "resolved", "completed", "stopped", "cancelled", "ended"}
_HOLDS = {"active", "intended", "unknown"}


def patient(entry: Entry, left: list[Skipped]) -> Values:
    """Who it is, and the hospital's record number where there is just one."""
    resource, (name, family) = entry.resource, _names(entry.resource)
    gender = hospital_words.line(resource.get("gender"))
    numbers = [
        number
        for each in hospital_words.parts(resource.get("identifier"))
        if _RECORD in hospital_words.codes(each.get("type"))
        if (number := hospital_words.line(each.get("value")))
    ]
    found = {
        NAME: name,
        BIRTH: hospital_words.day(resource.get("birthDate")),
        "patient.record_number": numbers[0] if len(numbers) == 1 else "",
        "patient.family_name": family,
        "patient.gender": gender if gender in GENDERS else "",
    }
    if why := _altered(entry) or ("over" if resource.get("active") is False else ""):
        left.append(skipped(NAME, name, why))
        return {}
    return found


def _names(resource: Json) -> tuple[str, str]:
    """The full name, and the family name if it is a part of it."""
    told = hospital_words.parts(resource.get("name"))
    now = [each for each in told if each.get("use") in _NAMES and not _end(each, "period")]
    name = min(now, key=lambda each: _NAMES.index(each.get("use")), default={})
    pieces = map(
        hospital_words.line, (*hospital_words.listed(name.get("given")), name.get("family"))
    )
    full = hospital_words.line(name.get("text")) or " ".join(filter(None, pieces))
    family = hospital_words.line(name.get("family"))
    return full, family if names.given_names(full, family) else ""


def allergies(entries: list[Entry], left: list[Skipped]) -> Iterator[Values]:
    """Each allergy that holds, with all its reactions."""
    for each in entries:
        if each.kind != "AllergyIntolerance":
            continue
        concept = each.resource.get("code")
        verified = hospital_words.codes(each.resource.get("verificationStatus"))
        states = hospital_words.codes(each.resource.get("clinicalStatus"))
        why = _altered(each) or _why_not(verified & _MISTAKES or states) or _unsaid(concept)
        if why:
            left.append(skipped(ALLERGIES, hospital_words.text(concept), why))
            continue
        reactions = [
            hospital_words.text(said)
            for reaction in hospital_words.parts(each.resource.get("reaction"))
            for said in hospital_words.parts(reaction.get("manifestation"))
        ]
        if not all(reactions):
            left.append(skipped(ALLERGIES, hospital_words.text(concept), "codes"))
        said = ", ".join(filter(None, dict.fromkeys(reactions)))
        yield {"substance": hospital_words.text(concept), "reaction": said}


def medicines(entries: list[Entry], named: Named, left: list[Skipped]) -> Iterator[Values]:
    """Each medicine that is taken; baclofen has questions of its own.

    ``named`` has the entries by what refers to them.
    """
    for each in entries:
        if each.kind not in _DOSES:
            continue
        concept, source = _medicine(each, named)
        doses = hospital_words.parts(each.resource.get(_DOSES[each.kind]))
        why = _altered(each, source) or _why_not_taken(each, source) or _unsaid(concept)
        if not why and (hospital_words.is_baclofen(concept) or any(map(_is_in_spine, doses))):
            why = "asked"
        if why:
            left.append(skipped(MEDICINES, hospital_words.text(concept), why))
            continue
        said = [hospital_words.line(dose.get("text")) for dose in doses]
        # One dose of several would be read as all of them.
        often = "; ".join(dict.fromkeys(said)) if all(said) else ""
        if not all(said):
            left.append(skipped(MEDICINES, hospital_words.text(concept), "codes"))
        yield {"name": hospital_words.text(concept), "frequency": often}


def _medicine(each: Entry, named: Named) -> tuple[Json, Entry | None]:
    """What is taken, and the entry that says so, if it is another one."""
    own = each.resource.get("medicationCodeableConcept")
    reference = each.resource.get("medicationReference")
    found = _meant(reference, each, named)
    return own or (found.resource.get("code") if found else reference), found


def _why_not_taken(each: Entry, medicine: Entry | None) -> str:
    resource = each.resource
    states = _states(resource)
    if resource.get("doNotPerform") or "not-taken" in states:
        return "not_taken"
    why = _why_not(states) or (_why_not(_states(medicine.resource)) if medicine else "")
    if not why and each.kind == "MedicationRequest":
        why = "" if resource.get("intent") in (*_ORDERS, None) else "unclear"
    return why or ("ends" if _end(resource, "effectivePeriod") else "")


def pumps(entries: list[Entry], named: Named, left: list[Skipped]) -> Values:
    """The one pump that is in use. Of two, neither is taken."""
    found = []
    for use in entries:
        device = _meant(use.resource.get("device"), use, named)
        if use.kind != "DeviceUseStatement" or not device or not _is_pump(device):
            continue
        why = _altered(use, device) or _why_not(_states(use.resource) | _states(device.resource))
        why = why or ("ends" if _end(use.resource, "timingPeriod") else "")
        if why:
            left.append(skipped(PUMP, _device_words(device), why))
        else:
            found.append((use.resource, device))
    if len(found) > 1:
        left += [skipped(PUMP, _device_words(device), "two_pumps") for _, device in found]
    return _pump(*found[0]) if len(found) == 1 else {}


def _pump(use: Json, device: Entry) -> Values:
    own = device.resource
    return {
        "pump.maker": hospital_words.line(own.get("manufacturer")),
        PUMP: _model(own),
        SERIAL: hospital_words.line(own.get("serialNumber")),
        "pump.location": hospital_words.text(use.get("bodySite")),
        "pump.implanted_on": hospital_words.day(use.get("timingDateTime")),
    }


def _model(own: Json) -> str:
    names = hospital_words.parts(own.get("deviceName"))
    said = [own.get("modelNumber"), *(each.get("name") for each in names)]
    return next(filter(None, map(hospital_words.line, said)), "")


def _device_words(device: Entry) -> str:
    return _model(device.resource) or hospital_words.text(device.resource.get("type"))


def _is_pump(device: Entry) -> bool:
    kind = device.resource.get("type")
    words = hospital_words.text(kind)
    by_words = bool(_PUMP_WORDS.search(words) and _IN_SPINE.search(words))
    return _PUMP in hospital_words.codes(kind) or by_words


def _is_in_spine(dose: Json) -> bool:
    route = dose.get("route")
    words = f"{hospital_words.text(route)} {hospital_words.line(dose.get('text'))}"
    return bool(hospital_words.codes(route) & _INTRATHECAL or _IN_SPINE.search(words))


def _meant(reference: Json, by: Entry, named: Named) -> Entry | None:
    """The entry that a reference means, or the part within the entry itself."""
    name = hospital_words.line(hospital_words.part(reference, "reference"))
    within = hospital_words.parts(by.resource.get("contained"))
    inner = [each for each in within if name == f"#{each.get('id')}"]
    return Entry("", inner[0], by.is_altered) if inner else named.get(name)


def _altered(*entries: Entry | None) -> str:
    return "altered" if any(each.is_altered for each in entries if each) else ""


def _states(resource: Json) -> set[str]:
    status = resource.get("status")
    return {status.casefold()} if isinstance(status, str) else set()


def _why_not(states: set[str]) -> str:
    """Why an entry with these states must not be filled in; nothing for one that holds."""
    for why, named in (("mistake", _MISTAKES), ("over", _OVER), ("paused", {"on-hold"})):
        if states & named:
            return why
    return "" if not states or states & _HOLDS else "unclear"


def _unsaid(concept: Json) -> str:
    if hospital_words.says_none(concept):
        return "none"
    return "" if hospital_words.text(concept) else "no_words"


def _end(resource: Json, key: str) -> bool:
    return bool(hospital_words.part(resource.get(key), "end"))
