"""A hospital's summary read in: what it says, what is left out, and what is refused."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiver_card.briefing.briefing import brief
from caregiver_card.briefing.content import load
from caregiver_card.card.model import Card
from caregiver_card.exports.ips import bundle
from caregiver_card.questionnaire import field_paths, hospital_file
from caregiver_card.questionnaire.hospital_file import WrongFile, read
from tests.cast import CAST, card_of, tuyet

_NEVER = ("regimen.", "team.", "refill.", "verified.", "allergies.status", "medicines.status")


def _summary(*resources: dict[str, Any], patient: dict[str, Any] | None = None) -> bytes:
    who = {"resourceType": "Patient", "name": [{"text": "Alex Rivera"}], "birthDate": "1991-04-12"}
    found = [patient or who, *resources]
    entries = [{"fullUrl": f"urn:uuid:{at}", "resource": each} for at, each in enumerate(found)]
    return json.dumps({"resourceType": "Bundle", "type": "document", "entry": entries}).encode()


def _ours(card: Card) -> bytes:
    now = datetime(2026, 11, 29, tzinfo=UTC)
    return bundle.encode(bundle.bundle(card, brief(card, load(), 1), UUID(int=1), now))


def _allergy(**more: Any) -> dict[str, Any]:
    base: dict[str, Any] = {"resourceType": "AllergyIntolerance", "code": {"text": "Latex"}}
    return base | {"clinicalStatus": {"coding": [{"code": "active"}]}} | more


def _taken(**more: Any) -> dict[str, Any]:
    base: dict[str, Any] = {"resourceType": "MedicationStatement", "status": "active"}
    return base | {"medicationCodeableConcept": {"text": "Gabapentin"}} | more


@pytest.mark.parametrize("name", sorted(CAST))
def test_our_own_summary_comes_back(name: str) -> None:
    """Who it is, the pump, allergies and medicines; nothing of what is always asked."""
    file = CAST[name]()
    card = card_of(file)
    made = bundle.bundle(
        card, brief(card, load(), 1), UUID(int=1), datetime(2026, 11, 29, tzinfo=UTC)
    )
    found = read(bundle.encode(made)).answers
    assert found["patient.full_name"] == file["patient"]["full_name"]
    assert found["patient.date_of_birth"] == file["patient"]["date_of_birth"]
    assert (found["pump.maker"], found["pump.model"]) == (
        file["pump"]["maker"],
        file["pump"]["model"],
    )
    assert found["pump.location"] == file["pump"]["location"]
    for at, each in enumerate(file["allergies"].get("items", ())):
        assert found[f"allergies.items[{at}].substance"] == each["substance"]
    for at, each in enumerate(file["medicines"].get("items", ())):
        assert found[f"medicines.items[{at}].name"] == each["name"]
    assert not [path for path in found if path.startswith(_NEVER)]


def test_what_the_pump_gives_is_never_taken() -> None:
    """It is copied from the clinic's printout; baclofen in any form is named alone."""
    card = card_of(tuyet())
    made = bundle.bundle(
        card, brief(card, load(), 1), UUID(int=1), datetime(2026, 11, 29, tzinfo=UTC)
    )
    found = read(bundle.encode(made))
    assert "1260" not in json.dumps(found.answers)
    named = [each.words for each in found.skipped if "printout" in each.why]
    assert len(named) == 2


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (_allergy(clinicalStatus={"coding": [{"code": "resolved"}]}), "resolved"),
        (_allergy(clinicalStatus={"coding": [{"code": "inactive"}]}), "inactive"),
        (_allergy(verificationStatus={"coding": [{"code": "refuted"}]}), "refuted"),
        (_allergy(verificationStatus={"coding": [{"code": "entered-in-error"}]}), "error"),
        (_allergy(modifierExtension=[{"url": "x", "valueBoolean": True}]), "extension"),
        (_allergy(reaction=[{"modifierExtension": [{"url": "x"}]}]), "extension"),
        (_allergy(code={"coding": [{"code": "716186003"}]}), "asked"),
        (_allergy(code={"coding": [{"code": "no-allergy-info"}]}), "asked"),
        (_allergy(code={"text": "No known food allergy (situation)"}), "asked"),
        (_allergy(code={"text": "Keine Allergien bekannt"}), "asked"),
        (_taken(medicationCodeableConcept={"text": "No known current medications"}), "asked"),
        (_taken(status="stopped"), "stopped"),
        (_taken(status="entered-in-error"), "entered-in-error"),
        (_taken(medicationCodeableConcept={"coding": [{"code": "787481004"}]}), "asked"),
        (_taken(medicationCodeableConcept={"text": "Baclofen 10 mg"}), "printout"),
        (_taken(dosage=[{"route": {"coding": [{"code": "72607000"}]}}]), "in the pump"),
    ],
)
def test_what_does_not_hold_is_named_and_not_filled_in(entry: dict[str, Any], why: str) -> None:
    """Stopped, refuted, in error, altered, or a "none" that somebody has to confirm."""
    found = read(_summary(entry))
    assert set(found.answers) == {"patient.full_name", "patient.date_of_birth"}
    [skipped] = found.skipped
    assert why in skipped.why


def test_a_name_in_parts_is_put_together_and_a_day_without_its_month_is_not_taken() -> None:
    """Given names first; a year alone is no day of birth."""
    parts = {"family": "Rivera", "given": ["Alex", "M."]}
    found = read(
        _summary(patient={"resourceType": "Patient", "name": [parts], "birthDate": "1991"})
    )
    assert found.answers == {"patient.full_name": "Alex M. Rivera"}


def test_of_two_pumps_neither_is_taken() -> None:
    """Somebody knows which one it is."""
    pump = {"resourceType": "Device", "type": {"coding": [{"code": "360041000"}]}}
    uses = [
        {
            "resourceType": "DeviceUseStatement",
            "status": "active",
            "device": {"reference": f"urn:uuid:{at}"},
        }
        for at in (1, 2)
    ]
    found = read(_summary(pump | {"manufacturer": "A"}, pump | {"manufacturer": "B"}, *uses))
    assert not [path for path in found.answers if path.startswith("pump.")]
    assert {each.why for each in found.skipped} == {"there are two pumps"}


def test_what_a_card_cannot_hold_is_named() -> None:
    """A name of three hundred letters; the rest is taken."""
    found = read(_summary(_allergy(code={"text": "x" * 300}), _taken()))
    assert "medicines.items[0].name" in found.answers
    assert [each.why for each in found.skipped] == ["a card cannot hold it"]


def test_a_narrative_is_not_read() -> None:
    """Nor is anything that it says run or kept."""
    text = {"div": "<div><script>alert(1)</script>Penicillin</div>"}
    found = read(_summary({"resourceType": "Composition", "section": [{"text": text}]}))
    assert "Penicillin" not in json.dumps(found.answers)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b" " * (hospital_file.MAX_BYTES + 1), "larger than 8 MB"),
        (b"[" * 10_000 + b"]" * 10_000, "no JSON"),
        (b"{", "no JSON"),
        (b"\xff\xfe\x00", "no JSON"),
        (b"[]", "no summary"),
        (b'{"resourceType": "Patient"}', "no summary"),
        (b'{"resourceType": "Bundle"}', "about 0 people"),
        (_summary({"resourceType": "Patient"}), "about 2 people"),
    ],
)
def test_what_is_no_summary_of_one_person_is_refused(raw: bytes, says: str) -> None:
    """In one sentence."""
    with pytest.raises(WrongFile, match=says):
        read(raw)


_KEYS = ["code", "coding", "text", "display", "status", "name", "given", "dosage", "device"]
_KINDS = ["AllergyIntolerance", "MedicationStatement", "DeviceUseStatement", "Device"]
_PARTS = ["code", "clinicalStatus", "medicationCodeableConcept", "dosage", "device", "type"]
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["code", "coding", "text", "display", "status", "name", "given", "dosage", "device"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["AllergyIntolerance", "MedicationStatement", "DeviceUseStatement", "Device"]
            ),
            st.dictionaries(
                st.sampled_from(
                    [
                        "code",
                        "clinicalStatus",
                        "medicationCodeableConcept",
                        "dosage",
                        "device",
                        "type",
                    ]
                ),
                _JSON,
            ),
        ),
        max_size=4,
    )
)
def test_whatever_stands_in_an_entry_nothing_fails(found: list[tuple[str, dict[str, Any]]]) -> None:
    """Each value that is taken is one that a card can hold."""
    made = read(_summary(*({**more, "resourceType": kind} for kind, more in found)))
    for path, value in made.answers.items():
        place = field_paths.place(path)
        assert place
        place.parse_typed(value, None)
