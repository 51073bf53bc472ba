"""The rules of a summary: a good bundle breaks none, and each mutant the one that is meant."""

import copy
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.cast import absent
from tests.exports.ips.reading import Json, resources, section
from tests.exports.ips.rules import RULES, faults

_HERE = Path(__file__).parent
_SECTIONS = {"alerts": "104605-1", "allergies": "48765-2", "problems": "11450-4"}
_DIV = '<div xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">{}</div>'
_VERIFICATION = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification"
_WITHDRAWN = {
    "coding": [{"system": _VERIFICATION, "code": "entered-in-error", "display": "Entered in Error"}]
}


@cache
def _example(name: str) -> str:
    return (_HERE / f"example-{name}.json").read_text("utf-8")


def _good() -> Json:
    """The typical example, with a sheet attached."""
    made: Json = json.loads(_example("typical"))
    sheet = {
        "resourceType": "DocumentReference",
        "id": "00000000-0000-5000-8000-000000000001",
        "status": "current",
        "subject": dict(_part(made, "Condition")["subject"]),
        "content": [{"attachment": {"contentType": "application/pdf", "data": "JVBERg=="}}],
    }
    address = _add(made, sheet)
    section(made, "77599-9")["entry"] = [{"reference": address}]
    return made


def _add(bundle: Json, resource: Json) -> str:
    """Put in another entry; return its address."""
    address = f"urn:uuid:{resource['id']}"
    bundle["entry"].append({"fullUrl": address, "resource": resource})
    return address


@pytest.mark.parametrize("name", ["typical", "complex"])
def test_a_good_bundle_has_no_fault(name: str) -> None:
    """Two that this program did not write, and that HL7's profiles and invariants allow."""
    assert faults(json.loads(_example(name))) == []


def test_what_the_mutants_are_made_of_has_no_fault() -> None:
    """So what is found in a mutant is its change."""
    assert faults(_good()) == []


def _part(bundle: Json, name: str) -> Json:
    """What a place begins with: the bundle, a section, or the first resource of a kind."""
    if name == "bundle":
        return bundle
    if name in _SECTIONS:
        return section(bundle, _SECTIONS[name])
    # What the pump gives has its day; when another medicine was begun is not known.
    sought = {
        "regimen": ("MedicationStatement", "effectivePeriod"),
        "tablets": ("MedicationStatement", "_effectiveDateTime"),
        "pump": ("Device", "serialNumber"),
    }
    kind, having = sought.get(name, (name, "resourceType"))
    return next(each for each in resources(bundle, kind) if having in each)


def _put(bundle: Json, place: str, value: Any) -> None:
    """Change one value, or take it away."""
    first, *steps = re.findall(r"[^.\[\]]+", place)
    held: Any = _part(bundle, first)
    for step in steps[:-1]:
        held = held[int(step)] if isinstance(held, list) else held[step]
    if value is absent:
        del held[steps[-1]]
    else:
        held[steps[-1]] = value


# The rule that is meant, and what is changed.
_VALUES: list[tuple[str, str, Any]] = [
    ("is_a_document", "bundle.type", "collection"),
    ("has_an_identity", "bundle.identifier", absent),
    ("has_an_identity", "bundle.identifier.system", absent),
    ("has_its_moment", "bundle.timestamp", absent),
    ("has_its_moment", "bundle.timestamp", "2026-11-29"),
    ("patient_is_one", "Condition.subject", {"display": "somebody"}),
    ("references_lead_into_the_document", "regimen.medicationReference.reference", "urn:uuid:0"),
    ("composition_is_a_patient_summary", "Composition.type.coding", []),
    ("composition_is_a_patient_summary", "Composition.author", absent),
    ("composition_is_a_patient_summary", "Composition.subject", absent),
    ("composition_is_a_patient_summary", "Composition.title", absent),
    ("composition_is_a_patient_summary", "Composition.status", "done"),
    ("composition_is_a_patient_summary", "Composition.confidentiality", "secret"),
    ("sections_have_title_code_and_text", "alerts.text", absent),
    ("sections_have_title_code_and_text", "alerts.title", absent),
    ("sections_have_title_code_and_text", "alerts.code", absent),
    ("sections_have_title_code_and_text", "alerts.section", [{"title": "Nested"}]),
    ("required_sections_are_there_once", "problems.code", {"text": "Problems"}),
    ("required_sections_say_why_they_are_empty", "problems.entry", absent),
    ("no_section_with_entries_says_that_it_is_empty", "problems.emptyReason", {"text": "?"}),
    ("narratives_are_simple_xhtml", "alerts.text.div", _DIV.format("<script>x()</script>")),
    ("narratives_are_simple_xhtml", "alerts.text.div", _DIV.format("<p style='color:red'>x</p>")),
    ("narratives_are_simple_xhtml", "alerts.text.div", _DIV.format("<a href='x'>x</a>")),
    ("narratives_are_simple_xhtml", "alerts.text.div", _DIV.format("<div>x</div>")),
    ("narratives_are_simple_xhtml", "alerts.text.div", _DIV.format("<p>x")),
    ("narratives_are_simple_xhtml", "alerts.text.div", "<div>no namespace</div>"),
    ("narratives_say_something", "alerts.text.div", _DIV.format("<p> </p>")),
    ("narratives_say_something", "alerts.text.status", absent),
    ("narratives_say_their_language", "bundle.language", "de"),
    ("entries_have_what_they_need", "Patient.birthDate", absent),
    ("entries_have_what_they_need", "AllergyIntolerance.code", absent),
    ("entries_have_what_they_need", "Organization.name", absent),
    ("entries_have_what_they_need", "Flag.resourceType", "Consent"),
    ("choices_are_made_once", "tablets._effectiveDateTime", absent),
    ("choices_are_made_once", "regimen.effectiveDateTime", "2026-08-18"),
    ("choices_are_made_once", "DeviceUseStatement.timingDateTime", absent),
    ("codes_are_of_their_lists", "regimen.status", "taken"),
    ("codes_are_of_their_lists", "Flag.status", "inactive"),
    ("codes_are_of_their_lists", "Patient.gender", "F"),
    ("codes_are_of_their_lists", "Condition.clinicalStatus.coding[0].system", "http://loinc.org"),
    ("names_are_said", "Patient.name", [{"use": "official"}]),
    ("names_are_said", "Patient.name[0].given", ["Somebody"]),
    ("names_are_said", "Patient.contact", [{"gender": "male"}]),
    ("telephones_say_what_they_are", "Organization.telecom[0].system", absent),
    ("allergies_are_active_or_withdrawn", "AllergyIntolerance.clinicalStatus", absent),
    ("allergies_are_active_or_withdrawn", "AllergyIntolerance.verificationStatus", _WITHDRAWN),
    ("problems_are_active_or_withdrawn", "Condition.clinicalStatus", absent),
    ("problems_are_active_or_withdrawn", "Condition.category[0].coding[0].code", "other"),
    ("reactions_say_what_happens", "AllergyIntolerance.reaction", [{"description": "rash"}]),
    ("ingredients_say_what_they_are", "Medication.ingredient[0].itemCodeableConcept", absent),
    ("ingredients_say_what_they_are", "Medication.ingredient[0].strength.denominator", absent),
    ("a_dose_is_said_once", "regimen.dosage", [{"text": "400 mcg"}, {"text": "400 mcg"}]),
    ("a_dose_is_said_once", "regimen.dosage[0].text", absent),
    ("a_dose_is_said_once", "regimen.dosage[0].doseAndRate[0].rateRatio.denominator", absent),
    ("a_weight_is_a_vital_sign_in_kilograms", "Observation.valueQuantity.code", "mg"),
    ("a_weight_is_a_vital_sign_in_kilograms", "Observation.code.coding[0].code", "8302-2"),
    ("a_weight_is_a_vital_sign_in_kilograms", "Observation.category[0].coding[0].code", "exam"),
    ("devices_have_a_named_kind", "pump.deviceName[0].type", absent),
    ("attachments_are_whole", "DocumentReference.content[0].attachment.data", absent),
    ("attachments_are_whole", "DocumentReference.content[0].attachment.data", "no base64"),
    ("attachments_are_whole", "DocumentReference.content[0].attachment.contentType", absent),
    ("numbers_have_a_unit_of_ucum", "Observation.valueQuantity.code", absent),
    ("numbers_have_a_unit_of_ucum", "Observation.valueQuantity.system", absent),
    ("numbers_have_a_unit_of_ucum", "pump.property[0].valueQuantity[0].code", "ml"),
    ("numbers_have_a_unit_of_ucum", "Observation.valueQuantity.value", -1),
    ("codings_are_whole", "bundle.meta.security[0].display", absent),
    ("codings_are_whole", "Medication.code.coding[0].system", absent),
    ("codings_are_whole", "Flag.code", {"id": "nothing"}),
    ("days_are_days", "Patient.birthDate", "1991-02-30"),
    ("days_are_days", "DeviceUseStatement.timingDateTime", "02/09/2022"),
    ("days_are_days", "Composition.date", "2026-11-29T12:00:00"),
    ("days_are_days", "regimen.effectivePeriod.end", "1999-01-01"),
    ("absence_is_said_in_its_place", "tablets.effectiveDateTime", "2026-01-01"),
    ("absence_is_said_in_its_place", "tablets._effectiveDateTime.extension[0].url", "x"),
    ("absence_is_said_in_its_place", "tablets._effectiveDateTime.extension[0].valueCode", "lost"),
    ("extensions_have_one_value", "tablets._effectiveDateTime.extension[0].valueCode", absent),
    ("extensions_have_one_value", "Flag.extension[0].url", absent),
    ("nothing_is_empty", "Composition.title", " "),
    ("nothing_is_empty", "Patient.telecom", []),
    ("nothing_is_empty", "Patient.maritalStatus", {}),
    ("nothing_is_empty", "Patient.gender", None),
    ("ids_are_ids", "Flag.id", "a flag"),
    ("ids_are_ids", "Flag.id", "x" * 65),
]


@pytest.mark.parametrize(("rule", "place", "value"), _VALUES)
def test_a_changed_value_is_found_by_the_rule_that_is_meant(
    rule: str, place: str, value: Any
) -> None:
    """Whatever else finds it."""
    made = _good()
    _put(made, place, value)
    assert rule in {found for found, _ in faults(made)}


def _address(bundle: Json, kind: str) -> str:
    return f"urn:uuid:{_part(bundle, kind)['id']}"


def _once_more(bundle: Json, kind: str) -> None:
    again = copy.deepcopy(_part(bundle, kind)) | {"id": "00000000-0000-5000-8000-000000000002"}
    _add(bundle, again)


def _misplaced(bundle: Json) -> None:
    _part(bundle, "problems")["entry"] += _part(bundle, "allergies")["entry"]


def _two_addresses(bundle: Json) -> None:
    bundle["entry"][2]["fullUrl"] = bundle["entry"][1]["fullUrl"]


def _hospital_as_pump(bundle: Json) -> None:
    _part(bundle, "DeviceUseStatement")["device"]["reference"] = _address(bundle, "Organization")


def _drop(bundle: Json, name: str) -> None:
    _part(bundle, "Composition")["section"].remove(_part(bundle, name))


def _alerts_twice(bundle: Json) -> None:
    _part(bundle, "Composition")["section"].append(_part(bundle, "alerts"))


# The same where entries and sections are too many, too few, or in the wrong place.
_ENTRIES: list[tuple[str, str, Callable[[Json], Any]]] = [
    ("entries_are_plain", "a search", lambda b: b["entry"][1].update(search={"mode": "match"})),
    ("entries_are_plain", "no address", lambda b: b["entry"][1].pop("fullUrl")),
    ("composition_is_first_and_alone", "the last is first", lambda b: b["entry"].reverse()),
    ("composition_is_first_and_alone", "two of them", lambda b: _once_more(b, "Composition")),
    ("patient_is_one", "two people", lambda b: _once_more(b, "Patient")),
    ("patient_is_one", "nobody", lambda b: b["entry"].pop(1)),
    ("addresses_are_unique", "one twice", _two_addresses),
    ("addresses_are_those_of_the_ids", "one of another", _two_addresses),
    ("every_entry_is_reached", "named nowhere", lambda b: _part(b, "allergies")["entry"].pop()),
    ("required_sections_are_there_once", "no problems", lambda b: _drop(b, "problems")),
    ("required_sections_are_there_once", "no allergies", lambda b: _drop(b, "allergies")),
    ("required_sections_are_there_once", "alerts twice", _alerts_twice),
    ("sections_name_what_belongs_there", "allergies among the problems", _misplaced),
    ("references_lead_to_the_right_kind", "a hospital as the pump", _hospital_as_pump),
    ("ids_are_ids", "one twice", lambda b: _part(b, "Flag").update(id=b["id"])),
]


@pytest.mark.parametrize(
    ("rule", "change"),
    [(rule, change) for rule, _, change in _ENTRIES],
    ids=[f"{rule}-{what}" for rule, what, _ in _ENTRIES],
)
def test_a_changed_document_is_found_by_the_rule_that_is_meant(rule: str, change: Any) -> None:
    """Whatever else finds it."""
    made = _good()
    change(made)
    assert rule in {found for found, _ in faults(made)}


def test_each_rule_finds_something() -> None:
    """One that finds nothing is none."""
    tried = {rule for rule, *_ in (*_VALUES, *_ENTRIES)}
    assert tried == {rule.__name__ for rule in RULES}
