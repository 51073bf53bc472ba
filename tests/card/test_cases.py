"""Small inputs of invented people, each with one thing that was once read wrongly.

They are read as a file, as a form and as a table would be; the files are in ``tests/data/cases``.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from caregiver_card.briefing import alert_texts
from caregiver_card.briefing.briefing import brief
from caregiver_card.card import codec, pump_models
from caregiver_card.card.codec import Reading
from caregiver_card.card.rules import ERROR, WARNING
from caregiver_card.caseload import cases
from caregiver_card.questionnaire import answers, confirmations
from tests.cast import TODAY, WORDS, checked, found, spoken

_CASES = Path(__file__).parent.parent / "data" / "cases"


def _file(name: str, **changes: Any) -> dict[str, Any]:
    return {**json.loads((_CASES / f"{name}.json").read_text("utf-8")), **changes}


def _read(file: dict[str, Any]) -> Reading:
    return checked(codec.read(json.dumps(file).encode(), TODAY))


def _typed(file: dict[str, Any]) -> Reading:
    """The same, as the answers of a form."""
    return checked(codec.read(json.dumps(file).encode(), TODAY, doubts_as_warnings=True))


def _row(name: str) -> cases.Case:
    (row,) = cases.rows((_CASES / f"{name}.csv").read_bytes())
    return cases.validate_row(row, TODAY)


DOUBTS = [
    ("01a-phone-with-24-7", "team.phone_24h", "phone-left-over", "+49 30 45050"),
    ("01c-two-phones", "team.phone_24h", "phone-left-over", "+49 30 45050"),
    ("14-last-change-in-mg", "regimen.last_change.from_mcg", "change-in-mg", "380 mcg (0.38 mg)"),
]


@pytest.mark.parametrize("name, path, code, shown", DOUBTS)
def test_what_was_hardly_meant_is_an_error_in_a_file(
    name: str, path: str, code: str, shown: str
) -> None:
    """The line names the field and shows what was read; nothing comes of the file."""
    reading = _read(_file(name))
    assert reading.card is None and (path, code) in found(reading.errors)
    (fault,) = (each for each in reading.errors if each.path == path)
    assert shown in spoken(fault) and "confirmed" in spoken(fault)


@pytest.mark.parametrize("name, path, code, shown", DOUBTS)
def test_it_is_taken_once_somebody_has_confirmed_it(
    name: str, path: str, code: str, shown: str
) -> None:
    """Its path in ``confirmed`` is the answer, in a file as in a form."""
    for read in (_read, _typed):
        reading = read(_file(name, confirmed=[path]))
        assert reading.card and (path, code) not in found(reading.faults)
    if path == "team.phone_24h":
        assert reading.card and reading.card.team.phone_24h == "+493045050"


@pytest.mark.parametrize("name, path, code, shown", DOUBTS)
def test_it_is_asked_in_a_form(name: str, path: str, code: str, shown: str) -> None:
    """A form has a card to show, and a question that a tick answers."""
    reading = _typed(_file(name))
    assert reading.card and (path, code) in found(confirmations.open_questions(reading.faults))
    typed = answers.from_card(reading.card)
    (question,) = (each for each in reading.faults if (each.path, each.code) == (path, code))
    ticked = {confirmations.tick_value(question, typed)}
    confirmed = confirmations.with_ticked(typed, reading.faults, ticked)
    assert (path, code) not in found(answers.read(confirmed, TODAY).faults)


@pytest.mark.parametrize(
    "name, path, code",
    [
        ("02a-appointment-year-slip", "refill.next_appointment_on", "far-after-refill"),
        ("02c-flex-alarm-year-slip", "refill.next_appointment_on", "far-after-refill"),
        ("02c-flex-alarm-year-slip", "refill.alarm_date", "far-after-refill"),
        ("03-flex-without-alarm-date", "refill.alarm_date", "no-alarm-date"),
        ("05-minimum-rate-3-mcg", "regimen.daily_dose_mcg", "minimum-rate-dose"),
        ("06c-maker-with-an-s", "pump.maker", "maker-near"),
    ],
)
def test_what_is_unusual_is_asked_everywhere(name: str, path: str, code: str) -> None:
    """A file and a row get a warning, a form a question; none of them is stopped by it."""
    for read in (_read, _typed):
        reading = read(_file(name))
        assert reading.card and (path, code) in found(confirmations.open_questions(reading.faults))


def test_silence_is_announced() -> None:
    """Without an alarm date or an estimate, the card and its alerts say that nothing will come."""
    reading = _read(_file("03-flex-without-alarm-date"))
    assert reading.card
    (alert,) = alert_texts.list_alerts(reading.card, WORDS, TODAY)
    assert (alert["kind"], alert["severity"]) == ("refill_unknown", "DUE")
    assert "does not give the same dose all day" in alert["action"]
    assert brief(reading.card, WORDS).alarm_date.value == "not recorded, so no reminder can come"


def test_a_plus_that_excel_took_is_not_guessed() -> None:
    """Paris is not printed as Potsdam: the row is refused, and both readings are named."""
    case = _row("04-plus-lost-by-excel")
    (fault,) = (each for each in case.faults if each.level == ERROR)
    assert case.card is None
    assert (fault.path, fault.code) == ("contacts[0].phone", "phone-two-readings")
    assert fault.details["reading"] == "+33 1 42 34 56 78"


def test_a_strength_in_per_cent_has_two_readings() -> None:
    """Neither is chosen for the person who typed it."""
    (fault,) = _read(_file("07-percent-strength")).errors
    assert [number for number, _ in fault.details["meant"]] == ["50", "500"]


def test_a_roman_two_in_one_sign_is_a_two() -> None:
    """The Prometra II keeps its own MRI rule, and two small L never borrow the first one's."""
    card = _read(_file("06-prometra-roman-two")).card
    assert card and brief(card, WORDS).mri.key == "prometra_ii"
    assert pump_models.find_family("Flowonix", "Prometra ll") is None


def test_times_are_read_as_people_and_excel_write_them() -> None:
    """6:00 is a time, and 24:00:00 the end of the day."""
    typed = _read(_file("13-clock-without-zero")).card
    excel = _row("13b-excel-clock").card
    for card in (typed, excel):
        assert card
        assert [(each.start, each.end) for each in card.regimen.schedule] == [
            ("00:00", "06:00"),
            ("06:00", "24:00"),
        ]


def test_a_web_page_s_hyphens_are_no_letters() -> None:
    """Soft hyphens are gone before anything is measured, searched or drawn."""
    card = _read(_file("12-soft-hyphens")).card
    assert card and card.patient.full_name == "Maximilian Oberhammer"
    assert "\u00ad" not in codec.encode(card).decode()


@pytest.mark.parametrize(
    "path, typed",
    [
        ("refill.last_refill_on", "2026-11-20\u200e"),
        ("regimen.daily_dose_mcg", "1\u00ad00 mcg\u200b"),
        ("allergies.status", "none\u00ad_known"),
        ("region", "\ufeffUS"),
        ("patient.full_name", "Test\u2060 Person\u3164"),
        ("pump.model", "SynchroMed\u200c II"),
    ],
)
def test_what_nobody_sees_is_no_part_of_a_value(path: str, typed: str) -> None:
    """A date, a number, a choice, a name that looks right is right."""
    file = _file(
        "03-flex-without-alarm-date", regimen=_file("02a-appointment-year-slip")["regimen"]
    )
    part, _, key = path.rpartition(".")
    (file[part] if part else file)[key] = typed
    card = _read(file).card
    assert card and card.patient.full_name == "Test Person"
    assert pump_models.find_family(card.pump.maker, card.pump.model)


def test_a_heading_is_what_is_seen_of_it() -> None:
    """A mark in a column's name loses no table."""
    raw = (
        (_CASES / "15-sep-line.csv")
        .read_text("utf-8")
        .replace("patient.full_name", "patient.\u00adfull_name\u200e")
    )
    (row,) = cases.rows(raw.encode())
    assert cases.validate_row(row, TODAY).card


def test_only_these_cases_are_refused() -> None:
    """Every other file is taken, with questions at most."""
    refused = {path.stem for path in _CASES.glob("*.json") if _read(_file(path.stem)).card is None}
    assert refused == {*(row[0] for row in DOUBTS), "07-percent-strength"}
    assert all(each.level == WARNING for each in _typed(_file("01a-phone-with-24-7")).faults)
