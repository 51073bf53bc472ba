"""What each entry of a summary must have, and what every value in it must be.

From the profiles of the International Patient Summary 2.0.1 and FHIR R4, in our own words. A rule
yields a sentence for each fault; its name says what holds.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from tests.exports.ips.reading import Json, codes, references, resources, walk

_TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/"
_ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
_LOINC, _UCUM = "http://loinc.org", "http://unitsofmeasure.org"
# The elements that an entry is nothing without; in brackets those of which there is just one.
_REQUIRED = {
    "Patient": ("name", "birthDate"),
    "AllergyIntolerance": ("code", "patient"),
    "Condition": ("code", "subject", "category"),
    "MedicationStatement": ("status", "subject", "medication[x]", "effective[x]"),
    "Medication": ("code",),
    "DeviceUseStatement": ("status", "subject", "device", "timing[x]"),
    "Device": ("type", "deviceName"),
    "Flag": ("status", "code", "subject", "category"),
    "Observation": ("status", "category", "code", "subject", "effective[x]"),
    "DocumentReference": ("status", "content"),
    "Organization": ("name",),
    "Composition": (),
}
# What the status of an entry may be; a flag of the alerts is always active.
_STATUS = {
    "Composition": "preliminary final amended entered-in-error",
    "MedicationStatement": (
        "active completed entered-in-error intended stopped on-hold unknown not-taken"
    ),
    "Medication": "active inactive entered-in-error",
    "DeviceUseStatement": "active completed entered-in-error intended stopped on-hold",
    "Device": "active inactive entered-in-error unknown",
    "Flag": "active",
    "Observation": (
        "registered preliminary final amended corrected cancelled entered-in-error unknown"
    ),
    "DocumentReference": "current superseded entered-in-error",
}
# Elements that take one of a few codes, wherever they stand.
_CODED = {
    "gender": "male female other unknown",
    "use": "usual official temp nickname anonymous old maiden home work mobile",
    "periodUnit": "s min h d wk mo a",
    "criticality": "low high unable-to-assess",
}
# The kinds to which a reference may lead, by the element that refers.
_TARGETS = {
    "subject": ("Patient",),
    "patient": ("Patient",),
    "device": ("Device",),
    "medicationReference": ("Medication",),
    "owner": ("Organization",),
    "author": ("Device", "Organization", "Patient", "Practitioner"),
}
_SYSTEMS = {
    ("AllergyIntolerance", "clinicalStatus"): "allergyintolerance-clinical",
    ("AllergyIntolerance", "verificationStatus"): "allergyintolerance-verification",
    ("Condition", "clinicalStatus"): "condition-clinical",
    ("Condition", "verificationStatus"): "condition-ver-status",
}
_TELECOMS = "phone fax email pager url sms other"
# The card's units.
_UNITS = frozenset(("ug", "mg", "mL", "kg", "d"))
_REASONS = frozenset(("unknown", "asked-unknown", "temp-unknown", "not-asked", "masked"))
_CONCEPTS = ("code", "type", "clinicalStatus", "emptyReason")
_DAYS = ("birthDate", "date", "start", "end", "time", "timestamp")
_DAYS_OF = ("dateAsserted", "effectiveDateTime", "timingDateTime")


def entries_have_what_they_need(bundle: Json) -> Iterator[str]:
    """The elements without which an entry of its kind says nothing."""
    for each in resources(bundle):
        kind = each.get("resourceType", "")
        if kind not in _REQUIRED:
            yield f"a {kind} is no entry of ours"
        for name in _REQUIRED.get(kind, ()):
            if not name.endswith("[x]") and not each.get(name):
                yield f"{kind}: no {name}"


def choices_are_made_once(bundle: Json) -> Iterator[str]:
    """When a medicine is taken, when a pump was used, which medicine: one way of saying it."""
    for each in resources(bundle):
        kind = each.get("resourceType", "")
        for name in (found for found in _REQUIRED.get(kind, ()) if found.endswith("[x]")):
            way = re.compile(rf"_?({name[:-3]}[A-Z]\w+)")
            said = {match[1] for key in each if (match := way.fullmatch(key))}
            if len(said) != 1:
                yield f"{kind}: {name} is {sorted(said)}"


def codes_are_of_their_lists(bundle: Json) -> Iterator[str]:
    """A status, a gender, the use of a name: of the words that there are."""
    for each in resources(bundle):
        kind, status = each.get("resourceType", ""), each.get("status")
        if status is not None and status not in _STATUS.get(kind, "").split():
            yield f"{kind}: status {status}"
        for path, key, value in walk(each):
            if key in _CODED and isinstance(value, str) and value not in _CODED[key].split():
                yield f"{kind}{path}: {value}"
        for (of, name), system in _SYSTEMS.items():
            for coding in each.get(name, {}).get("coding", ()) if kind == of else ():
                if coding.get("system") != f"{_TERMINOLOGY}{system}":
                    yield f"{kind}: {name} of {coding.get('system')}"


def references_lead_to_the_right_kind(bundle: Json) -> Iterator[str]:
    """A pump in use is a device, and whose it is a person."""
    kinds = {
        entry.get("fullUrl"): entry.get("resource", {}).get("resourceType")
        for entry in bundle.get("entry", ())
    }
    for path, reference in references(resources(bundle)):
        name = re.sub(r"\[\d+\]$", "", path).rpartition(".")[2]
        if name in _TARGETS and reference in kinds and kinds[reference] not in _TARGETS[name]:
            yield f"{path}: a {kinds[reference]}"


def names_are_said(bundle: Json) -> Iterator[str]:
    """A person has a family name, a given one or a text, in which the given names stand."""
    for each in resources(bundle, "Patient"):
        contacts = [held["name"] for held in each.get("contact", ()) if "name" in held]
        for name in (*each.get("name", ()), *contacts):
            if not any(name.get(part) for part in ("family", "given", "text")):
                yield "a name of nothing"
            for given in name.get("given", ()):
                if given not in name.get("text", given):
                    yield f"{given} is not in “{name['text']}”"
        if any(
            not set(held) & {"name", "telecom", "organization"} for held in each.get("contact", ())
        ):
            yield "a contact of nobody"


def telephones_say_what_they_are(bundle: Json) -> Iterator[str]:
    """A number that nobody knows the kind of is not dialled."""
    for path, key, value in walk(resources(bundle)):
        for each in value if key == "telecom" else ():
            if not each.get("value") or each.get("system") not in _TELECOMS.split():
                yield f"{path}: {each}"


def allergies_are_active_or_withdrawn(bundle: Json) -> Iterator[str]:
    """One that was entered in error has no clinical status; every other has one."""
    yield from _with_status(bundle, "AllergyIntolerance")


def problems_are_active_or_withdrawn(bundle: Json) -> Iterator[str]:
    """As allergies are; each is an item of the list of problems."""
    yield from _with_status(bundle, "Condition")
    for each in resources(bundle, "Condition"):
        if "problem-list-item" not in [
            code for held in each.get("category", ()) for code in codes(held)
        ]:
            yield "no item of the list of problems"


def _with_status(bundle: Json, kind: str) -> Iterator[str]:
    for each in resources(bundle, kind):
        withdrawn = "entered-in-error" in codes(each.get("verificationStatus", {}))
        if withdrawn is bool(each.get("clinicalStatus")):
            yield f"withdrawn: {withdrawn}, clinical status: {each.get('clinicalStatus')}"


def reactions_say_what_happens(bundle: Json) -> Iterator[str]:
    """A reaction has at least one manifestation."""
    for each in resources(bundle, "AllergyIntolerance"):
        if any(not held.get("manifestation") for held in each.get("reaction", ())):
            yield f"{each.get('code')}"


def ingredients_say_what_they_are(bundle: Json) -> Iterator[str]:
    """Each drug in the pump has a code or a name, and a strength of two numbers if any."""
    for each in resources(bundle, "Medication"):
        for held in each.get("ingredient", ()):
            if not held.get("itemCodeableConcept") and not held.get("itemReference"):
                yield "an ingredient of nothing"
            if "strength" in held and set(held["strength"]) != {"numerator", "denominator"}:
                yield f"a strength of {sorted(held['strength'])}"


def a_dose_is_said_once(bundle: Json) -> Iterator[str]:
    """One dosage at most: whoever adds up two doubles the dose."""
    for each in resources(bundle, "MedicationStatement"):
        if len(each.get("dosage", ())) > 1:
            yield f"{len(each['dosage'])} dosages"
        for held in each.get("dosage", ()):
            if not held.get("text"):
                yield "a dosage without words"
            rates = [rate for rate in held.get("doseAndRate", ()) if "rateRatio" in rate]
            if any(set(rate["rateRatio"]) != {"numerator", "denominator"} for rate in rates):
                yield "a rate of one number"


def a_weight_is_a_vital_sign_in_kilograms(bundle: Json) -> Iterator[str]:
    """Coded as HL7's vital signs are."""
    for each in resources(bundle, "Observation"):
        coding = {"system": _LOINC, "code": "29463-7"}
        if not any(
            coding.items() <= held.items() for held in each.get("code", {}).get("coding", ())
        ):
            yield "of another code"
        if "vital-signs" not in [code for held in each.get("category", ()) for code in codes(held)]:
            yield "no vital sign"
        if each.get("valueQuantity", {}).get("code") != "kg":
            yield f"in {each.get('valueQuantity', {}).get('code')}"


def devices_have_a_named_kind(bundle: Json) -> Iterator[str]:
    """Each name of a device says which of its names it is."""
    kinds = (
        "udi-label-name user-friendly-name patient-reported-name manufacturer-name model-name other"
    )
    for each in resources(bundle, "Device"):
        for held in each.get("deviceName", ()):
            if not held.get("name") or held.get("type") not in kinds.split():
                yield f"{held}"


def attachments_are_whole(bundle: Json) -> Iterator[str]:
    """A file of a known kind, in letters that can be read back."""
    for each in resources(bundle, "DocumentReference"):
        for held in each.get("content", ()):
            attachment = held.get("attachment", {})
            try:
                raw = base64.b64decode(attachment.get("data", ""), validate=True)
            except binascii.Error:
                raw = b""
            if not raw or not attachment.get("contentType"):
                yield f"{sorted(attachment)}"


def numbers_have_a_unit_of_ucum(bundle: Json) -> Iterator[str]:
    """With its code for machines and its own words for people."""
    for path, _, each in walk(bundle):
        value = each.get("value") if isinstance(each, dict) else None
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        if each.get("system") != _UCUM or each.get("code") not in _UNITS or not each.get("unit"):
            yield f"{path}: {each}"
        if value < 0:
            yield f"{path}: {value}"


def codings_are_whole(bundle: Json) -> Iterator[str]:
    """A system, a code and a display; and a concept has codes or words."""
    for path, key, value in walk(bundle):
        if key in ("coding", "security"):
            for each in value:
                if not all(each.get(part) for part in ("system", "code", "display")):
                    yield f"{path}: {each}"
        if key in _CONCEPTS and isinstance(value, dict) and not set(value) & {"coding", "text"}:
            yield f"{path}: a concept of nothing"


def days_are_days(bundle: Json) -> Iterator[str]:
    """Of the calendar; a moment has its time zone; a period begins before it ends."""
    for path, key, value in walk(bundle):
        if key in (*_DAYS, *_DAYS_OF) and isinstance(value, str) and not _is_day(value):
            yield f"{path}: {value}"
        if isinstance(value, dict) and value.get("start", "") > value.get("end", "9999"):
            yield f"{path}: ends before it begins"


def _is_day(written: str) -> bool:
    try:
        if "T" in written:
            return datetime.fromisoformat(written).tzinfo is not None
        return date.fromisoformat(written).isoformat() == written
    except ValueError:
        return False


def absence_is_said_in_its_place(bundle: Json) -> Iterator[str]:
    """Beside a value that is not there, with one of the reasons that there are."""
    for path, key, value in walk(bundle):
        if not key.startswith("_"):
            continue
        parent: Any = bundle
        for step in re.findall(r"[^.\[\]]+", path)[:-1]:
            parent = parent[int(step)] if isinstance(parent, list) else parent[step]
        found = value.get("extension", []) if isinstance(value, dict) else []
        if [each.get("url") for each in found] != [_ABSENT]:
            yield f"{path}: {value}"
        elif found[0].get("valueCode") not in _REASONS or parent.get(key[1:]) is not None:
            yield f"{path}: {found[0].get('valueCode')}"


def extensions_have_one_value(bundle: Json) -> Iterator[str]:
    """An address that says which it is, and one value."""
    for path, key, value in walk(bundle):
        for each in value if key == "extension" else ():
            values = [name for name in each if name.startswith("value")]
            if not each.get("url") or len(values) != 1:
                yield f"{path}: {sorted(each)}"


def nothing_is_empty(bundle: Json) -> Iterator[str]:
    """No text of nothing, no list of nothing, no null: what is not recorded is left out."""
    for path, _, value in walk(bundle):
        empty = not value.strip() if isinstance(value, str) else value in (None, [], {})
        if empty:
            yield path


def ids_are_ids(bundle: Json) -> Iterator[str]:
    """Of letters, figures, points and hyphens, at most 64, and each once."""
    found = [each.get("id", "") for each in (bundle, *resources(bundle))]
    yield from (f"“{each}”" for each in found if not re.fullmatch(r"[A-Za-z0-9.-]{1,64}", each))
    yield from sorted({f"{each} twice" for each in found if found.count(each) > 1})


RULES = (
    entries_have_what_they_need,
    choices_are_made_once,
    codes_are_of_their_lists,
    references_lead_to_the_right_kind,
    names_are_said,
    telephones_say_what_they_are,
    allergies_are_active_or_withdrawn,
    problems_are_active_or_withdrawn,
    reactions_say_what_happens,
    ingredients_say_what_they_are,
    a_dose_is_said_once,
    a_weight_is_a_vital_sign_in_kilograms,
    devices_have_a_named_kind,
    attachments_are_whole,
    numbers_have_a_unit_of_ucum,
    codings_are_whole,
    days_are_days,
    absence_is_said_in_its_place,
    extensions_have_one_value,
    nothing_is_empty,
    ids_are_ids,
)
