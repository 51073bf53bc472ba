"""The summary for a hospital's record system: read back with HL7's model and by its own rules."""

import json
from datetime import UTC, datetime
from itertools import combinations
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import HealthCheck, given, settings

from caregiver_card.briefing.briefing import brief
from caregiver_card.briefing.content import load
from caregiver_card.card.model import Card
from caregiver_card.card.regimen import STATUSES
from caregiver_card.exports.ips import bundle
from tests.cast import CAST, alex, card_of, cards, tuyet
from tests.exports.ips.reading import resources, section
from tests.exports.ips.rules import faults
from tests.languages.catalogue import TAGS

NOW, SEED = datetime(2026, 11, 29, 12, 30, tzinfo=UTC), UUID(int=7)

cast = pytest.mark.parametrize("name", sorted(CAST))


def _made(card: Card, tag: str = "en", **more: Any) -> dict[str, Any]:
    return bundle.bundle(card, brief(card, load(tag), 3), SEED, NOW, **more)


def _words(held: dict[str, Any]) -> str:
    return " ".join("".join(ElementTree.fromstring(held["text"]["div"]).itertext()).split())


def _check(made: dict[str, Any]) -> None:
    """What was written is read by HL7's own model, and breaks no rule of the profiles."""
    raw = bundle.encode(made)
    Bundle.model_validate_json(raw)
    assert faults(json.loads(raw)) == []


@cast
@pytest.mark.parametrize("tag", ["en", *TAGS])
def test_each_card_is_a_summary_in_each_language(name: str, tag: str) -> None:
    """HL7's own model reads it, and its rules hold."""
    made = _made(card_of(CAST[name]({"language": tag})), tag)
    _check(made)
    assert made["language"] == tag


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(card=cards())
def test_any_card_is_a_summary(card: Card) -> None:
    """Whatever it holds."""
    _check(_made(card))


def test_the_same_card_makes_the_same_file() -> None:
    """No clock and no chance in it; another seed gives other identities."""
    card = card_of(alex())
    assert bundle.encode(_made(card)) == bundle.encode(_made(card))
    other = bundle.bundle(card, brief(card, load(), 3), UUID(int=8), NOW)
    assert other["id"] != _made(card)["id"]
    assert _made(card)["timestamp"] == "2026-11-29T12:30:00+00:00"


@cast
def test_each_number_stands_once_as_a_quantity_and_in_the_words(name: str) -> None:
    """Dose and concentration of the pump, equal."""
    card = card_of(CAST[name]())
    made = _made(card)
    [drug] = resources(made, "Medication")
    strength = drug["ingredient"][0]["strength"]
    regimen = resources(made, "MedicationStatement")[0]
    [dosage] = regimen["dosage"]
    rate = dosage["doseAndRate"][0]["rateRatio"]
    assert strength["numerator"]["value"] == float(card.regimen.concentration_mcg_per_ml)
    assert rate["numerator"]["value"] == float(card.regimen.daily_dose_mcg)
    assert (strength["numerator"]["code"], rate["numerator"]["code"]) == ("ug", "ug")
    assert (rate["denominator"]["value"], rate["denominator"]["code"]) == (1, "d")
    b = brief(card, load(), 3)
    for each in (b.dose, b.concentration):
        amount = f"{each.number} {each.unit}"
        assert amount in dosage["text"] and amount in _words(section(made, "10160-0"))


def test_a_schedule_is_one_dosage_with_every_period_in_its_words() -> None:
    """A reader that adds up two dosages would double the dose."""
    card = card_of(tuyet())
    regimen = resources(_made(card), "MedicationStatement")[0]
    assert len(regimen["dosage"]) == 1
    for each in card.regimen.schedule:
        assert f"{each.start} to {each.end}" in regimen["dosage"][0]["text"]


@pytest.mark.parametrize(
    ("full", "family", "given"),
    [
        ("Jan van der Berg", "van der Berg", ["Jan"]),
        ("王小明", "王", ["小明"]),
        ("Ali Hassan Ali", "Ali", None),
        ("Suharto", "Suharto", None),
    ],
)
def test_a_family_name_leaves_the_given_names(
    full: str, family: str, given: list[str] | None
) -> None:
    """Of which there are none where it is not certain; the text is the whole name."""
    names = {"patient.full_name": full, "patient.family_name": family, "patient.gender": "other"}
    made = _made(card_of(alex(names)))
    [patient] = resources(made, "Patient")
    [name] = patient["name"]
    assert (name["text"], name["family"], name.get("given")) == (full, family, given)
    assert patient["gender"] == "other"
    _check(made)


def _with_allergies(status: str) -> Card:
    items = [{"substance": "Latex", "reaction": "hives"}] if status == "listed" else []
    return card_of(alex({"allergies": {"status": status, "items": items}}))


def test_the_statuses_of_the_allergies_never_read_alike() -> None:
    """Listed, none, unknown and not shared: in words, in entries and in the reason."""
    sections = {each: section(_made(_with_allergies(each)), "48765-2") for each in STATUSES}
    for one, other in combinations(sections.values(), 2):
        assert _words(one) != _words(other)
    assert sections["unknown"]["emptyReason"]["coding"][0]["code"] == "unavailable"
    assert sections["not_shared"]["emptyReason"]["coding"][0]["code"] == "withheld"
    [none] = resources(_made(_with_allergies("none_known")), "AllergyIntolerance")
    assert none["code"]["coding"][0]["code"] == "716186003"
    [listed] = resources(_made(_with_allergies("listed")), "AllergyIntolerance")
    assert listed["code"] == {"text": "Latex"}
    assert listed["reaction"] == [{"manifestation": [{"text": "hives"}]}]


def test_what_is_not_shared_leaves_nothing() -> None:
    """No item of a list whose status is "not shared" is in the file."""
    hidden = {"status": "not_shared", "items": []}
    made = _made(card_of(alex({"medicines": hidden, "allergies": hidden})))
    raw = bundle.encode(made).decode()
    assert "Gabapentin" not in raw and "Latex" not in raw
    assert len(resources(made, "MedicationStatement")) == 1


def test_tablets_kept_for_an_emergency_are_no_medicine_that_is_taken() -> None:
    """They stand in the words alone."""
    oral = {"status": "listed", "purpose": "backup", "dose_mg": "10", "times_per_day": 3}
    made = _made(card_of(alex({"regimen.oral_baclofen": oral})))
    assert "NOT taken now" in _words(section(made, "10160-0"))
    names = [json.dumps(each) for each in resources(made, "MedicationStatement")]
    assert not any("26643006" in each for each in names)


@cast
def test_the_alerts_say_the_danger_the_number_and_the_mri_rule(name: str) -> None:
    """As flags and in words; a low reservoir has its day."""
    card = card_of(CAST[name]())
    made = _made(card)
    flags = [each["code"]["text"] for each in resources(made, "Flag")]
    words = _words(section(made, "104605-1"))
    assert "Sudden stop is an emergency" in flags[0] and card.team.phone_24h in flags[0]
    assert flags[1] == brief(card, load(), 3).mri_line.text
    assert all(each in words for each in flags)


def test_a_translation_that_nobody_checked_has_the_english_of_the_danger() -> None:
    """As on the page."""
    first = resources(_made(card_of(alex({"language": "de"})), "de"), "Flag")[0]["code"]["text"]
    assert load("de").clinical("danger.what") in first
    assert "Sudden stop is an emergency. So is overdose" in first


def test_a_wish_is_words_and_no_consent() -> None:
    """A machine would read a consent as an order."""
    made = _made(card_of(tuyet()))
    assert "entry" not in section(made, "42348-3")
    assert not resources(made, "Consent")
    assert "not a legal order" in _words(section(made, "42348-3"))


def test_the_sheet_is_attached_to_the_last_section_alone() -> None:
    """A viewer that found it among the alerts would show it instead of them."""
    made = _made(card_of(alex()), pdf=b"%PDF-1.7 x")
    [file] = resources(made, "DocumentReference")
    assert file["content"][0]["attachment"]["contentType"] == "application/pdf"
    [composition] = resources(made, "Composition")
    holding = [
        each["code"]["coding"][0]["code"]
        for each in composition["section"]
        if {"reference": f"urn:uuid:{file['id']}"} in each.get("entry", ())
    ]
    assert holding == ["77599-9"]
    _check(made)


def test_markup_in_a_name_stays_text() -> None:
    """A narrative is read by other programs."""
    made = _made(card_of(tuyet()))
    [patient] = resources(made, "Patient")
    assert "<script>alert(1)</script>" in patient["contact"][0]["name"]["text"]
    [composition] = resources(made, "Composition")
    assert "<script>" not in "".join(each["text"]["div"] for each in composition["section"])
