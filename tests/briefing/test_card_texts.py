"""Parts of a card in words: what is not known is said, and no two states are said alike."""

from datetime import date
from itertools import combinations
from typing import Any

import pytest

from caregiver_card.briefing import card_texts
from caregiver_card.briefing.card_texts import ListText
from tests.cast import WORDS, absent, alex, card_of, sam, tuyet

STATES = ("none_known", "unknown", "not_shared", None)


def _allergies(status: Any) -> ListText:
    return card_texts.allergies(card_of(sam({"allergies.status": status})), WORDS)


def _medicines(status: Any) -> ListText:
    return card_texts.medicines(card_of(sam({"medicines.status": status})), WORDS)


def _pump_drugs(status: Any) -> ListText:
    part = {"status": status} if status else absent
    return card_texts.pump_drugs(card_of(_with(absent, other_pump_drugs=part)), WORDS)


def _oral(status: Any) -> ListText:
    part = {"status": status} if status else absent
    return card_texts.oral(card_of(_with(absent, oral_baclofen=part)).regimen.oral_baclofen, WORDS)


def _wishes(status: Any) -> ListText:
    return card_texts.list_text("directives", status, [], WORDS)


def _with(_: Any, **regimen: Any) -> dict[str, Any]:
    file = sam()
    file["regimen"] |= {key: value for key, value in regimen.items() if value is not absent}
    return file


LISTS = {
    "pump drugs": (_pump_drugs, STATES),
    "by mouth": (_oral, STATES),
    "wishes": (_wishes, STATES),
    # These two must have a status.
    "allergies": (_allergies, STATES[:3]),
    "medicines": (_medicines, STATES[:3]),
}
SAID = {
    (name, state or "not_recorded"): make(state).words
    for name, (make, states) in LISTS.items()
    for state in states
}
SAID |= {
    (name, "not_recorded"): card_texts.list_text(name, None, [], WORDS).words
    for name in ("allergies", "medicines")
}


@pytest.mark.parametrize("one, other", list(combinations(SAID, 2)), ids=str)
def test_no_two_states_of_any_list_read_alike(one: tuple[str, str], other: tuple[str, str]) -> None:
    """Neither two states of one list nor two lists share their words."""
    assert SAID[one] and SAID[one].casefold() != SAID[other].casefold()


@pytest.mark.parametrize("name, state", SAID, ids=str)
def test_a_state_is_said_for_what_it_is(name: str, state: str) -> None:
    """ "Unknown" is said where it is unknown and nowhere else, and so with the others."""
    cue = {
        "unknown": "unknown",
        "not_shared": "not shared",
        "not_recorded": "not recorded",
        "none_known": "no",
    }
    words = SAID[name, state].casefold()
    assert cue[state] in words
    others = {"unknown", "not shared", "not recorded"} - {cue[state]}
    assert not any(other in words for other in others)


def test_a_listed_list_is_its_items() -> None:
    """What is listed is said item by item, with reactions, doses and times."""
    alexs, tuyets = card_of(alex()), card_of(tuyet())
    assert card_texts.allergies(alexs, WORDS) == ListText(
        "listed", "", ("Latex (hives)", "Penicillin (throat swelling)")
    )
    assert (
        card_texts.medicines(alexs, WORDS).items[0] == "Gabapentin 300\u00a0mg, three times a day"
    )
    assert card_texts.pump_drugs(tuyets, WORDS).items == (
        "Morphine 10\u00a0mg/mL",
        "Bupivacaine 7.5\u00a0mg/mL",
    )
    assert card_texts.oral(tuyets.regimen.oral_baclofen, WORDS).items == (
        "10\u00a0mg, 3 times a day",
    )


@pytest.mark.parametrize(
    "changes, words",
    [
        pytest.param({"reaction": absent}, "Latex", id="no reaction"),
        pytest.param({}, "Latex (hives)", id="a reaction"),
    ],
)
def test_an_item_leaves_out_what_is_not_recorded(changes: dict[str, Any], words: str) -> None:
    """No empty brackets stand behind a name."""
    file = alex({f"allergies.items[0].{key}": value for key, value in changes.items()})
    assert card_texts.allergies(card_of(file), WORDS).items[0] == words


@pytest.mark.parametrize(
    "times, words", [(1, "once a day"), (2, "twice a day"), (4, "4 times a day")]
)
def test_how_often_is_said_as_people_say_it(times: int, words: str) -> None:
    """Once, twice, then a number."""
    oral = {"status": "listed", "dose_mg": 12.5, "times_per_day": times}
    card = card_of(alex({"regimen.oral_baclofen": oral}))
    assert card_texts.oral(card.regimen.oral_baclofen, WORDS).items == (f"12.5\u00a0mg, {words}",)


AGES = [
    pytest.param("2026-11-21", "2026-11-21", "under 1 month", id="born today"),
    pytest.param("2026-10-22", "2026-11-21", "under 1 month", id="a day before one month"),
    pytest.param("2026-10-21", "2026-11-21", "1 month", id="one month"),
    pytest.param("2026-09-22", "2026-11-21", "1 month", id="a day before two months"),
    pytest.param("2026-09-21", "2026-11-21", "2 months", id="two months"),
    pytest.param("2025-11-21", "2026-11-21", "12 months", id="a year"),
    pytest.param("2024-11-22", "2026-11-21", "23 months", id="a day before two years"),
    pytest.param("2024-11-21", "2026-11-21", "2 years", id="two years"),
    pytest.param("2015-09-30", "2026-09-29", "10 years", id="the day before a birthday"),
    pytest.param("2015-09-30", "2026-09-30", "11 years", id="a birthday"),
    pytest.param("2000-02-29", "2026-02-27", "25 years", id="29 February, before"),
    pytest.param("2000-02-29", "2026-03-01", "26 years", id="29 February, after"),
    pytest.param("2000-02-29", "2028-02-28", "27 years", id="29 February, the day before"),
    pytest.param("2000-02-29", "2028-02-29", "28 years", id="29 February, the day itself"),
    pytest.param("1948-12-31", "2026-11-21", "77 years", id="an old person"),
    pytest.param("2026-11-22", "2026-11-21", "under 1 month", id="born tomorrow, elsewhere"),
]


@pytest.mark.parametrize("born, today, words", AGES)
def test_an_age_is_full_years_or_months(born: str, today: str, words: str) -> None:
    """Months in the first two years of life, then years, none before it is full."""
    assert card_texts.age(date.fromisoformat(born), date.fromisoformat(today), "en") == words


MODES = [
    pytest.param({}, "simple continuous", id="continuous"),
    pytest.param({"mode": "flex"}, "flex dosing, schedule not recorded", id="flex, no schedule"),
    pytest.param(
        {"mode": "flex", "schedule": [{"start": "00:00", "end": "24:00", "mcg": 96}]},
        "flex dosing, by a schedule",
        id="flex",
    ),
    pytest.param({"mode": "bolus"}, "bolus mode", id="bolus"),
    pytest.param({"mode": "constant_flow"}, "constant flow", id="constant flow"),
    pytest.param(
        {"patient_bolus_device": "yes"}, "simple continuous, patient bolus device", id="a device"
    ),
    pytest.param(
        {"patient_bolus_device": "unknown"},
        "simple continuous, patient bolus device: unknown",
        id="perhaps a device",
    ),
    pytest.param({"patient_bolus_device": "no"}, "simple continuous", id="no device"),
]


@pytest.mark.parametrize("regimen, words", MODES)
def test_the_mode_is_said_with_its_device(regimen: dict[str, Any], words: str) -> None:
    """How the drug is given, and whether the person can add to it."""
    assert card_texts.mode(card_of(sam(regimen=regimen)), WORDS) == words


def test_the_minimum_rate_is_shouted() -> None:
    """A pump at its minimum rate gives next to nothing, which nobody may miss."""
    assert "MINIMUM RATE" in card_texts.mode(card_of(sam({"regimen.mode": "minimum_rate"})), WORDS)


_GUESSED = {"refill.alarm_date": absent}


def test_the_clinic_s_alarm_date_stands_alone() -> None:
    """The date of the printout is a date and nothing else."""
    fact = card_texts.alarm_date(card_of(alex()), WORDS)
    assert fact.value == "16 Nov 2026" and fact.strong


def test_an_estimated_alarm_date_is_called_an_estimate() -> None:
    """20 mL at 0.2 mL a day, less 2 mL, last until 16 November, by estimate."""
    fact = card_texts.alarm_date(card_of(alex(_GUESSED)), WORDS)
    assert "16 Nov 2026" in fact.value and "estimate" in fact.value and not fact.strong


def test_a_capped_day_is_no_alarm_date() -> None:
    """40 mL last longer than 180 days, which are over on 14 February: no alarm date is recorded."""
    fact = card_texts.alarm_date(card_of(alex(_GUESSED, **{"refill.volume_ml": 40})), WORDS)
    assert "180 days since the refill" in fact.value and "14 Feb 2027" in fact.value
    assert "not recorded" in fact.value and "estimate" not in fact.value and not fact.strong


def test_without_an_estimate_the_alarm_date_is_not_recorded() -> None:
    """Where nothing can be computed nothing is, and what that means is said."""
    fact = card_texts.alarm_date(card_of(sam(_GUESSED)), WORDS)
    assert fact.value == "not recorded, so no reminder can come" and fact.strong


def test_an_unusual_value_is_marked_and_so_is_its_answer() -> None:
    """3000 mcg/mL is unusual, confirmed or not; 2000 mcg/mL is not."""
    path = "regimen.concentration_mcg_per_ml"
    asked = card_texts.unusual_note(card_of(tuyet()), path, WORDS)
    answered = card_texts.unusual_note(card_of(tuyet(confirmed=[path])), path, WORDS)
    usual = card_texts.unusual_note(card_of(alex(confirmed=[path])), path, WORDS)
    assert "unusual" in asked and "confirmed" not in asked
    assert "unusual" in answered and "confirmed" in answered
    assert usual == ""


def test_each_risk_is_said_once_with_its_answer() -> None:
    """A yes is strong, and a risk that the card is silent about is not recorded."""
    answers = [(fact.value, fact.strong) for fact in card_texts.risks(card_of(alex()), WORDS)]
    assert sorted(answers) == sorted(
        [("Yes", True), ("Yes", True), ("No", False), ("No", False), ("Unknown", False)]
    )
    silent = card_texts.risks(card_of(sam()), WORDS)
    assert [fact.value for fact in silent] == ["Not recorded"] * 5
    assert len({fact.label for fact in silent}) == 5


def test_a_change_without_doses_says_so() -> None:
    """A day alone is a change whose doses are not recorded; no change at all is not recorded."""
    bare = sam({"regimen.last_change": {"on": "2026-10-10"}})
    assert "10 Oct 2026" in card_texts.change(card_of(bare), WORDS)
    assert "not recorded" in card_texts.change(card_of(bare), WORDS)
    assert card_texts.change(card_of(sam()), WORDS) == "Not recorded"
    assert card_texts.change(card_of(tuyet()), WORDS) == "2 Oct 2026: 1180 to 1260.5 mcg a day"


def test_a_refill_says_its_volume_or_that_there_is_none() -> None:
    """What the reservoir held after the refill stands beside its day."""
    assert "20 mL" in card_texts.refill(card_of(alex()), WORDS).note
    assert "not recorded" in card_texts.refill(card_of(sam()), WORDS).note
