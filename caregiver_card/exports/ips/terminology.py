"""The codes of the summary, each from HL7's own definitions.

Code systems and value sets: the IPS guide 2.0.1 and FHIR R4 (docs/decisions/hospital-record.md).
What a maker or a family typed is never coded by guess: it stands as text.
"""

from decimal import Decimal
from typing import Any

Json = dict[str, Any]

IPS = "http://hl7.org/fhir/uv/ips/StructureDefinition/"
_TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/"
_LOINC, _SNOMED = "http://loinc.org", "http://snomed.info/sct"
_UCUM = "http://unitsofmeasure.org"
_EDQM = "http://standardterms.edqm.eu"
# The units of the card as UCUM has them; the page's own unit is shown beside the number.
_UNITS = {"mcg": "ug", "mL": "mL", "mg": "mg", "kg": "kg", "day": "d"}


def coding(system: str, code: str, display: str) -> Json:
    """One code of a system."""
    return {"system": system, "code": code, "display": display}


def concept(*codings: Json, text: str = "") -> Json:
    """A concept: its codes, its words, or both."""
    found: Json = {"coding": list(codings)} if codings else {}
    return found | ({"text": text} if text else {})


def loinc(code: str, display: str) -> Json:
    """A concept of LOINC."""
    return concept(coding(_LOINC, code, display))


def term(system: str, code: str, display: str) -> Json:
    """A concept of one of HL7's own code systems."""
    return concept(coding(f"{_TERMINOLOGY}{system}", code, display))


def quantity(value: Decimal | int, unit: str) -> Json:
    """A number with its unit: mcg, mL, mg, kg or day."""
    return {"value": _number(value), "unit": unit, "system": _UCUM, "code": _UNITS[unit]}


def _number(value: Decimal | int) -> int | float:
    return int(value) if value == int(value) else float(value)


SUMMARY = loinc("60591-5", "Patient summary Document")
WEIGHT = loinc("29463-7", "Body weight")
BACLOFEN = coding("http://www.whocc.no/atc", "M03BX01", "baclofen")
PUMP = coding(_SNOMED, "360041000", "Implanted drug delivery system")
NO_ALLERGY = coding(_SNOMED, "716186003", "No known allergy")
INTRATHECAL = (
    coding(_SNOMED, "72607000", "Intrathecal route"),
    coding(_EDQM, "20042000", "Intrathecal use"),
)
BY_MOUTH = (
    coding(_SNOMED, "26643006", "Oral route"),
    coding(_EDQM, "20053000", "Oral use"),
)
PATIENT_ASSERTED = coding(f"{_TERMINOLOGY}v3-ObservationValue", "PATAST", "patient asserted")
RECORD_NUMBER = coding(f"{_TERMINOLOGY}v2-0203", "MR", "Medical record number")
EMERGENCY_CONTACT = coding(f"{_TERMINOLOGY}v2-0131", "C", "Emergency Contact")
ACTIVE_ALLERGY = term("allergyintolerance-clinical", "active", "Active")
ACTIVE_CONDITION = term("condition-clinical", "active", "Active")
PROBLEM = term("condition-category", "problem-list-item", "Problem List Item")
VITAL_SIGNS = term("observation-category", "vital-signs", "Vital Signs")
SAFETY, DRUG = term("flag-category", "safety", "Safety"), term("flag-category", "drug", "Drug")
HIGH_PRIORITY: Json = {
    "url": "http://hl7.org/fhir/StructureDefinition/flag-priority",
    "valueCodeableConcept": concept(
        coding("http://hl7.org/fhir/flag-priority-code", "PH", "High priority")
    ),
}
UNKNOWN_TIME: Json = {
    "extension": [
        {
            "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
            "valueCode": "unknown",
        }
    ]
}
# Why a list is empty: nobody knows, or the family does not share it.
EMPTY = {
    "unknown": coding(f"{_TERMINOLOGY}list-empty-reason", "unavailable", "Unavailable"),
    "not_shared": coding(f"{_TERMINOLOGY}list-empty-reason", "withheld", "Information Withheld"),
}

# The sections in the order of the document: LOINC's code and name.
SECTIONS = {
    "alerts": loinc("104605-1", "Alert"),
    "allergies": loinc("48765-2", "Allergies and adverse reactions Document"),
    "problems": loinc("11450-4", "Problem list - Reported"),
    "medicines": loinc("10160-0", "History of Medication use Narrative"),
    "devices": loinc("46264-8", "History of medical device use"),
    "baseline": loinc("47420-5", "Functional status assessment note"),
    "weight": loinc("8716-3", "Vital signs note"),
    "wishes": loinc("42348-3", "Advance healthcare directives"),
    "plan": loinc("18776-5", "Plan of care note"),
    "more": loinc("77599-9", "Additional documentation"),
}
