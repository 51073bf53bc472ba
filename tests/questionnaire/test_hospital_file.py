"""A hospital's summary read in: what it says, what is left out, and what is refused."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiver_card.questionnaire import field_paths, hospital_file, hospital_texts
from caregiver_card.questionnaire.hospital_file import WrongFile, read
from tests.cast import CAST, WORDS, alex, card_of, tuyet
from tests.summaries import allergy, ordered, ours, summary, taken

_NEVER = ("regimen.", "team.", "refill.", "verified.", "allergies.status", "medicines.status")


@pytest.mark.parametrize("name", sorted(CAST))
def test_our_own_summary_comes_back(name: str) -> None:
    """Who it is, the pump, allergies and medicines; nothing of what is always asked."""
    file = CAST[name]()
    card = card_of(file)
    found = read(ours(card)).answers
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


def test_what_a_record_system_matches_people_by_comes_back() -> None:
    """The family name only where the file says which, and a gender that a card knows."""
    known = {"family_name": "Rivera", "gender": "other", "record_number": "AR-1"}
    found = read(ours(card_of(alex({f"patient.{key}": known[key] for key in known})))).answers
    assert {key: found[f"patient.{key}"] for key in known} == known
    found = read(ours(card_of(alex()))).answers
    assert "patient.family_name" not in found and "patient.gender" not in found


@pytest.mark.parametrize("gender", ["Female", "F", 1, None])
def test_a_gender_that_a_card_does_not_know_is_none(gender: object) -> None:
    """Nothing is guessed."""
    patient = {"resourceType": "Patient", "name": [{"text": "Alex Rivera"}], "gender": gender}
    assert read(summary(patient=patient)).answers == {"patient.full_name": "Alex Rivera"}


def test_what_the_pump_gives_is_never_taken() -> None:
    """It is copied from the clinic's printout; baclofen in any form is named alone."""
    found = read(ours(card_of(tuyet())))
    assert "1260" not in json.dumps(found.answers)
    assert [each.why for each in found.skipped] == ["none", "asked", "asked"]


_DENIED = ("refuted", "entered-in-error", "Entered in Error")
_STATES = ("resolved", "inactive")


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        *((allergy(clinicalStatus={"coding": [{"code": each}]}), "over") for each in _STATES),
        (allergy(clinicalStatus={"text": "Resolved"}), "over"),
        (allergy(clinicalStatus={"coding": [{"code": "who knows"}]}), "unclear"),
        *((allergy(verificationStatus={"text": each}), "mistake") for each in _DENIED),
        (allergy(verificationStatus={"coding": [{"code": "refuted"}]}), "mistake"),
        (allergy(modifierExtension=[{"url": "x", "valueBoolean": True}]), "altered"),
        (allergy(reaction=[{"modifierExtension": [{"url": "x"}]}]), "altered"),
        (allergy(implicitRules="https://rules.example"), "altered"),
        (allergy(code={"coding": [{"code": "716186003"}]}), "none"),
        (allergy(code={"coding": [{"code": "no-allergy-info"}]}), "none"),
        (allergy(code={"text": "No known food allergy (situation)"}), "none"),
        (allergy(code={"text": "Allergies", "coding": [{"display": "NKDA"}]}), "none"),
        (allergy(code={"text": "Keine Allergien bekannt"}), "none"),
        (allergy(code={"coding": [{"code": "123"}]}), "no_words"),
        (allergy(code={"text": "half a letter: \ud800"}), "no_words"),
        (allergy(code={"text": "endless " * 2000}), "no_words"),
        (taken(medicationCodeableConcept={"text": "No known current medications"}), "none"),
        (taken(status="stopped"), "over"),
        (taken(status="completed"), "over"),
        (taken(status="on-hold"), "paused"),
        (taken(status="not-taken"), "not_taken"),
        (taken(status="entered-in-error"), "mistake"),
        (taken(effectivePeriod={"start": "2018-01-01", "end": "2018-02-01"}), "ends"),
        (ordered(doNotPerform=True), "not_taken"),
        (ordered(intent="proposal"), "unclear"),
        (ordered(status="cancelled"), "over"),
        (taken(medicationCodeableConcept={"coding": [{"code": "787481004"}]}), "none"),
        (taken(medicationCodeableConcept={"text": "Baclofen 10 mg"}), "asked"),
        (taken(medicationCodeableConcept={"text": "BACLOFÈNE ZENTIVA"}), "asked"),
        (taken(medicationCodeableConcept={"text": "Lioresal 25 mg"}), "asked"),
        (taken(dosage=[{"route": {"coding": [{"code": "72607000"}]}}]), "asked"),
        (taken(dosage=[{"text": "50 mcg a day, intrathecally"}]), "asked"),
    ],
)
def test_what_does_not_hold_is_named_and_not_filled_in(entry: dict[str, Any], why: str) -> None:
    """Stopped, refuted, in error, altered, over, or a "none" that somebody has to confirm."""
    found = read(summary(entry))
    assert set(found.answers) == {"patient.full_name", "patient.date_of_birth"}
    [skipped] = found.skipped
    assert skipped.why == why
    assert len(hospital_texts.left(found, WORDS)[0][2]) > 20


def test_a_medicine_that_another_entry_describes_is_no_longer_given() -> None:
    """Its own status counts, wherever it stands."""
    own = {"resourceType": "Medication", "id": "m", "status": "inactive", "code": {"text": "Cox"}}
    by_reference = taken(medicationReference={"reference": "#m"}, contained=[own])
    del by_reference["medicationCodeableConcept"]
    [skipped] = read(summary(by_reference)).skipped
    assert (skipped.words, skipped.why) == ("Cox", "over")


def test_all_that_an_allergy_does_and_all_that_is_taken_of_a_medicine_is_said() -> None:
    """The worst reaction may be the second; a dose of which a part has no words is asked."""
    reactions = [{"manifestation": [{"text": "rash"}, {"text": "anaphylaxis"}]}]
    doses = [{"text": "1 in the morning"}, {"text": "2 at night"}]
    half = taken(medicationCodeableConcept={"text": "Keppra"}, dosage=[*doses, {"asNeeded": True}])
    found = read(summary(allergy(reaction=reactions), taken(dosage=doses), half, ordered())).answers
    assert found["allergies.items[0].reaction"] == "rash, anaphylaxis"
    assert found["medicines.items[0].frequency"] == "1 in the morning; 2 at night"
    assert "medicines.items[1].frequency" not in found
    assert found["medicines.items[2].name"] == "Tizanidine"


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (taken(dosage=[{"doseAndRate": [{"doseQuantity": {"value": 600}}]}]), "Gabapentin"),
        (taken(dosage=[{"text": "1 at night"}, {"asNeededBoolean": True}]), "Gabapentin"),
        (allergy(reaction=[{"manifestation": [{"coding": [{"code": "39579001"}]}]}]), "Latex"),
    ],
)
def test_what_a_file_says_in_codes_alone_is_named(entry: dict[str, Any], words: str) -> None:
    """Else a medicine whose dose was changed would pass for the same one."""
    found = read(summary(entry))
    assert [(each.words, each.why) for each in found.skipped] == [(words, "codes")]
    assert words in found.answers.values()


@pytest.mark.parametrize(
    ("patient", "name"),
    [
        ({"name": [{"family": "Rivera", "given": ["Alex", "M."]}]}, "Alex M. Rivera"),
        ({"name": [{"use": "old", "text": "Alex Diaz"}, {"text": "Alex Rivera"}]}, "Alex Rivera"),
        ({"name": [{"text": "Lexi"}, {"use": "official", "text": "Alex Rivera"}]}, "Alex Rivera"),
        ({"name": [{"text": "Alex Diaz", "period": {"end": "2001"}}]}, None),
        ({"name": [{"use": "nickname", "text": "Lexi"}]}, None),
        ({"name": [{"text": "Alex Rivera"}], "modifierExtension": [{"url": "x"}]}, None),
        ({"name": [{"text": "Alex Rivera"}], "active": False}, None),
        ({"name": {"text": "Alex Rivera"}}, None),
    ],
)
def test_the_name_is_the_one_that_the_person_has_now(
    patient: dict[str, Any], name: str | None
) -> None:
    """Given names first; a year alone is no day of birth."""
    found = read(summary(patient={"resourceType": "Patient", "birthDate": "1991", **patient}))
    assert found.answers.get("patient.full_name") == name


def test_a_record_number_is_the_hospitals() -> None:
    """A number of an insurance or of the state has no place on the card."""
    kinds = ("MR", "SS", None)
    found = [
        {"value": f"n-{each}", "type": {"coding": [{"code": each}]}} if each else {"value": "n"}
        for each in kinds
    ]
    patient = {"resourceType": "Patient", "identifier": found}
    assert read(summary(patient=patient)).answers == {"patient.record_number": "n-MR"}
    patient = {"resourceType": "Patient", "identifier": found[1:]}
    assert read(summary(patient=patient)).answers == {}


def _pumps(*uses: dict[str, Any], **own: Any) -> bytes:
    """A pump in use each; ``own`` is what its description says."""
    devices = [
        {"resourceType": "Device", "id": f"d{at}", **_PUMP, **own} for at in range(len(uses))
    ]
    said = [
        {
            "resourceType": "DeviceUseStatement",
            "status": "active",
            "device": {"reference": f"Device/d{at}"},
            **use,
        }
        for at, use in enumerate(uses)
    ]
    return summary(*devices, *said)


_PUMP = {"type": {"coding": [{"code": "360041000"}]}, "modelNumber": "8637-40"}


@pytest.mark.parametrize(
    ("raw", "whys"),
    [
        (_pumps({}, {}), ["two_pumps", "two_pumps"]),
        (_pumps({"status": "completed"}), ["over"]),
        (_pumps({"timingPeriod": {"end": "2020"}}), ["ends"]),
        (_pumps({}, status="entered-in-error"), ["mistake"]),
        (_pumps({}, modifierExtension=[]), ["altered"]),
        (_pumps({"status": "stopped"}, type={"text": "Pacemaker"}), []),
    ],
)
def test_a_pump_that_may_be_another_is_not_taken(raw: bytes, whys: list[str]) -> None:
    """Of two neither; nor one that is out. What is no pump is not spoken of."""
    found = read(raw)
    assert not [path for path in found.answers if path.startswith("pump.")]
    assert [each.why for each in found.skipped] == whys


def test_what_a_card_cannot_hold_is_named() -> None:
    """With the name of what it belongs to; what has no name left is not taken at all."""
    long = {"text": "x" * 300}
    dosed = taken(medicationCodeableConcept=long, dosage=[{"text": "daily"}])
    found = read(summary(allergy(code=long), dosed, taken(dosage=[long])))
    del found.answers["patient.full_name"], found.answers["patient.date_of_birth"]
    assert found.answers == {"medicines.items[0].name": "Gabapentin"}
    assert [each.why for each in found.skipped] == ["no_room"] * 3
    assert found.skipped[-1].words.startswith("Gabapentin: xxx")


def test_a_list_that_is_too_long_for_a_card_is_cut_aloud() -> None:
    """The first forty allergies; the same one twice is one."""
    found = read(summary(*(allergy(code={"text": f"Food {each % 42}"}) for each in range(50))))
    assert sum(path.endswith("substance") for path in found.answers) == 40
    assert [each.words for each in found.skipped] == ["Food 40", "Food 41"]


def test_a_narrative_is_not_read() -> None:
    """Nor is anything that it says run or kept."""
    text = {"div": "<div><script>alert(1)</script>Penicillin</div>"}
    found = read(summary({"resourceType": "Composition", "section": [{"text": text}]}))
    assert "Penicillin" not in json.dumps(found.answers)


def _document(**more: Any) -> bytes:
    return summary({"resourceType": "Composition", **more})


REFUSED = [
    (b"", "missing"),
    (b" " * (hospital_file.MAX_BYTES + 1), "missing"),
    (b"{" + b" " * hospital_file.MAX_BYTES, "large"),
    (b"[" * 10_000 + b"]" * 10_000, "unreadable"),
    (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "unreadable"),
    (b"[" + b"{}," * 300_000 + b"{}]", "unreadable"),
    (b"{", "unreadable"),
    (b"%PDF-1.7", "unreadable"),
    (b"\xff\xfe\x00", "unreadable"),
    ('{"resourceType": "Bundle"}'.encode("utf-16"), "unreadable"),
    (b'{"resourceType": "Bundle", "total": NaN}', "unreadable"),
    (b'{"resourceType": "Bundle", "total": -Infinity}', "unreadable"),
    (b'{"resourceType": "Bundle", "resourceType": "Bundle"}', "unreadable"),
    (b'{"resourceType": "Bundle", "total": ' + b"9" * 5000 + b"}", "unreadable"),
    (b"[]", "other_kind"),
    (b'{"resourceType": "Patient"}', "other_kind"),
    (b'{"resourceType": ["Bundle"]}', "other_kind"),
    (b'{"resourceType": "Bundle"}', "people"),
    (b'{"resourceType": "Bundle", "entry": {"resource": 1}}', "people"),
    (summary({"resourceType": "Patient"}), "people"),
    (summary(*[allergy()] * 301), "long"),
    (_document(modifierExtension=[{"url": "x"}]), "altered"),
    (_document(section=[{"entry": [{"modifierExtension": []}]}]), "altered"),
    (b'{"resourceType": "Bundle", "implicitRules": "x"}', "altered"),
    (_document(status="entered-in-error"), "mistake"),
]


@pytest.mark.parametrize(
    ("raw", "code"), REFUSED, ids=[f"{code}-{at}" for at, (_, code) in enumerate(REFUSED)]
)
def test_what_is_no_summary_of_one_person_is_refused(raw: bytes, code: str) -> None:
    """In one sentence."""
    with pytest.raises(WrongFile) as refused:
        read(raw)
    assert refused.value.code == code
    assert hospital_texts.refusal(refused.value, WORDS).endswith((".", "2.", "0."))


_KEYS = ["code", "coding", "text", "display", "status", "name", "given", "dosage", "device"]
_KEYS += ["use", "reference", "contained", "id", "period", "end", "type", "value", "manifestation"]
_KINDS = ["AllergyIntolerance", "MedicationStatement", "MedicationRequest", "Patient"]
_KINDS += ["DeviceUseStatement", "Device", "Medication", "Composition"]
_PARTS = ["code", "clinicalStatus", "medicationCodeableConcept", "dosage", "device", "type", "id"]
_PARTS += ["name", "identifier", "birthDate", "medicationReference", "reaction", "intent", "status"]
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just("Patient/1"),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=4)
    ),
    max_leaves=12,
)
_ENTRY = st.tuples(st.sampled_from(_KINDS), st.dictionaries(st.sampled_from(_PARTS), _JSON))


@given(st.lists(_ENTRY, max_size=4), _JSON)
def test_whatever_stands_in_an_entry_nothing_fails(
    found: list[tuple[str, dict[str, Any]]], url: Any
) -> None:
    """Each value that is taken is one that a card can hold."""
    entries = [{"fullUrl": url, "resource": {**more, "resourceType": kind}} for kind, more in found]
    try:
        made = read(json.dumps({"resourceType": "Bundle", "entry": entries}).encode())
    except WrongFile:
        return
    for path, value in made.answers.items():
        place = field_paths.place(path)
        assert place
        place.parse_typed(value, None)
    assert len(hospital_texts.left(made, WORDS)) == len(made.skipped)
