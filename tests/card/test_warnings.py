"""What is unusual on a card is asked about: at its limit, just inside it and just outside."""

from datetime import date, timedelta
from typing import Any

import pytest

from caregiver_card.card import drug_classes, warnings
from caregiver_card.card.rules import WARNING
from tests.cast import CAST, TODAY, absent, alex, card_of, found, reading_of, sam, spoken, tuyet


def _flow(dose: float, strength: float) -> dict[str, Any]:
    return {"regimen.daily_dose_mcg": dose, "regimen.concentration_mcg_per_ml": strength}


def _fill(volume: float, alarm_date: str) -> dict[str, Any]:
    return {"refill.volume_ml": volume, "refill.alarm_date": alarm_date}


_CONSTANT = {"regimen.mode": "constant_flow"}
_STRENGTH = "regimen.concentration_mcg_per_ml"
_DOSE = "regimen.daily_dose_mcg"
_ALARM = "refill.alarm_date"
_PUMP = {"pump.serial": "N1", "pump.reservoir_ml": absent}

# Alex, changed; the path and code; whether it is asked on 21 Nov 2026.
ROWS = [
    # A wrong year
    *(
        pytest.param(changes, path, code, asked, id=f"{path} {code} {asked}")
        for path, code, changes, asked in (
            ("patient.date_of_birth", "over-hundred", {"patient.date_of_birth": "1925-11-21"}, 1),
            ("patient.date_of_birth", "over-hundred", {"patient.date_of_birth": "1925-11-22"}, 0),
            ("pump.replace_by", "replace-passed", {"pump.replace_by": "2026-11-20"}, 1),
            ("pump.replace_by", "replace-passed", {"pump.replace_by": "2026-11-21"}, 0),
            ("pump.replace_by", "replace-far", {"pump.replace_by": "2033-11-22"}, 1),
            ("pump.replace_by", "replace-far", {"pump.replace_by": "2033-11-21"}, 0),
            (
                "pump.implanted_on",
                "old-pump",
                {"pump.model": "SynchroMed III", "pump.implanted_on": "2016-11-20"},
                1,
            ),
            (
                "pump.implanted_on",
                "old-pump",
                {"pump.model": "SynchroMed III", "pump.implanted_on": "2016-11-21"},
                0,
            ),
            (
                "regimen.last_change.on",
                "long-ago",
                {"regimen.last_change.on": "2021-11-21", "pump.implanted_on": "2021-01-01"},
                1,
            ),
            (
                "regimen.last_change.on",
                "long-ago",
                {"regimen.last_change.on": "2021-11-22", "pump.implanted_on": "2021-01-01"},
                0,
            ),
            ("regimen.last_change.on", "before-that", {"regimen.last_change.on": "2022-02-08"}, 1),
            ("regimen.last_change.on", "before-that", {"regimen.last_change.on": "2022-02-09"}, 0),
            ("verified.on", "before-that", {"verified.on": "2022-02-08"}, 1),
            ("maker_support.checked_on", "long-ago", {"maker_support.checked_on": "2021-11-21"}, 1),
            (
                "maker_support.checked_on",
                "before-that",
                {"maker_support.checked_on": "1901-11-21"},
                1,
            ),
            (
                "refill.next_appointment_on",
                "far-after-refill",
                {"refill.next_appointment_on": "2027-02-15"},
                1,
            ),
            (
                "refill.next_appointment_on",
                "far-after-refill",
                {"refill.next_appointment_on": "2027-02-14"},
                0,
            ),
            (
                "refill.next_appointment_on",
                "far-after-refill",
                {"refill.next_appointment_on": "2026-08-18"},
                0,
            ),
            (_ALARM, "far-after-refill", {_ALARM: "2027-02-15"}, 1),
            (_ALARM, "far-after-refill", {_ALARM: "2027-02-14"}, 0),
            (_ALARM, "far-after-refill", {_ALARM: "2028-02-15", "regimen.mode": "flex"}, 1),
        )
    ),
    # Silence
    pytest.param({_ALARM: absent, "regimen.mode": "flex"}, _ALARM, "no-alarm-date", 1, id="flex"),
    pytest.param({"regimen.mode": "flex"}, _ALARM, "no-alarm-date", 0, id="the clinic's date"),
    pytest.param(
        {_ALARM: absent, "regimen.last_change": absent},
        _ALARM,
        "no-alarm-date",
        0,
        id="an estimate",
    ),
    # A dose at minimum rate
    pytest.param({_DOSE: 3, "regimen.mode": "minimum_rate"}, _DOSE, "minimum-rate-dose", 1, id="3"),
    pytest.param(
        {_DOSE: 3, "regimen.mode": "minimum_rate"}, _DOSE, "unusual-flow", 0, id="its flow"
    ),
    pytest.param({"pump.maker": "Medtronics"}, "pump.maker", "maker-near", 1, id="a maker's slip"),
    pytest.param({"pump.maker": "Medtronics"}, "pump.model", "pump-unknown", 0, id="asked once"),
    # The person
    pytest.param(
        {"patient.full_name": "x" * 40}, "patient.full_name", "long-name", 0, id="name 40"
    ),
    pytest.param(
        {"patient.full_name": "x" * 41}, "patient.full_name", "long-name", 1, id="name 41"
    ),
    pytest.param(
        {"patient.date_of_birth": "2022-11-21", "pump.implanted_on": absent},
        "patient.date_of_birth",
        "under-four",
        0,
        id="4 today",
    ),
    pytest.param(
        {"patient.date_of_birth": "2022-11-22", "pump.implanted_on": absent},
        "patient.date_of_birth",
        "under-four",
        1,
        id="4 soon",
    ),
    pytest.param({"patient.baseline": absent}, "patient.baseline", "no-baseline", 1, id="baseline"),
    pytest.param({}, "patient.baseline", "no-baseline", 0, id="a baseline"),
    pytest.param(
        {"patient.date_of_birth": "2008-11-22", "verified.on": "2026-05-20"},
        "patient.weight_kg",
        "old-weight",
        1,
        id="a child's weight of six months and a day",
    ),
    pytest.param(
        {"patient.date_of_birth": "2008-11-22", "verified.on": "2026-05-21"},
        "patient.weight_kg",
        "old-weight",
        0,
        id="a child's weight of six months",
    ),
    pytest.param(
        {"patient.date_of_birth": "2008-11-21", "verified.on": "2026-05-20"},
        "patient.weight_kg",
        "old-weight",
        0,
        id="a grown person's old weight",
    ),
    pytest.param(
        {"patient.risks.cord_injury_t6_or_above": "unknown"},
        "patient.risks.cord_injury_t6_or_above",
        "risk-unknown",
        1,
        id="cord injury unknown",
    ),
    pytest.param(
        {"patient.risks.cord_injury_t6_or_above": "no"},
        "patient.risks.cord_injury_t6_or_above",
        "risk-unknown",
        0,
        id="no cord injury",
    ),
    pytest.param(
        {"patient.risks.kidney_disease": "yes"},
        "patient.risks.kidney_disease",
        "kidney",
        1,
        id="kidneys",
    ),
    pytest.param({}, "patient.risks.kidney_disease", "kidney", 0, id="kidneys unknown"),
    pytest.param(
        {"patient.risks.communication_difficulty": "yes", "patient.communication": absent},
        "patient.communication",
        "no-communication",
        1,
        id="difficult, and nothing said of it",
    ),
    pytest.param(
        {"patient.risks.communication_difficulty": "yes"},
        "patient.communication",
        "no-communication",
        0,
        id="difficult, and said how",
    ),
    # What is in the pump
    pytest.param({_STRENGTH: 50}, _STRENGTH, "screening-strength", 1, id="50 mcg/mL"),
    pytest.param({_STRENGTH: 50.1}, _STRENGTH, "screening-strength", 0, id="50.1 mcg/mL"),
    pytest.param({_STRENGTH: 50.1}, _STRENGTH, "unusual-strength", 1, id="50.1 is unusual"),
    pytest.param({_STRENGTH: 500}, _STRENGTH, "unusual-strength", 0, id="500 mcg/mL"),
    pytest.param({_STRENGTH: 1000}, _STRENGTH, "unusual-strength", 0, id="1000 mcg/mL"),
    pytest.param({_STRENGTH: 2000}, _STRENGTH, "unusual-strength", 0, id="2000 mcg/mL"),
    pytest.param({_STRENGTH: 1999}, _STRENGTH, "unusual-strength", 1, id="1999 mcg/mL"),
    pytest.param({_STRENGTH: 2000}, _STRENGTH, "above-labelled", 0, id="the highest labelled"),
    pytest.param({_STRENGTH: 2000.1}, _STRENGTH, "above-labelled", 1, id="above the label"),
    pytest.param(
        {"regimen.compounded": True}, "regimen.compounded", "compounded", 1, id="compounded"
    ),
    pytest.param(
        {"regimen.compounded": False}, "regimen.compounded", "compounded", 0, id="not compounded"
    ),
    pytest.param(
        {"regimen.other_pump_drugs": {"status": "listed", "items": [{"name": "Morphine"}]}},
        "regimen.other_pump_drugs",
        "mixture",
        1,
        id="a mixture",
    ),
    pytest.param({}, "regimen.other_pump_drugs", "mixture", 0, id="no mixture"),
    # The dose
    pytest.param({_DOSE: 21.9}, _DOSE, "very-unusual-dose", 1, id="dose 21.9"),
    pytest.param({_DOSE: 22}, _DOSE, "very-unusual-dose", 0, id="dose 22"),
    pytest.param({_DOSE: 22}, _DOSE, "unusual-dose", 1, id="dose 22 is unusual"),
    pytest.param({_DOSE: 49.9}, _DOSE, "unusual-dose", 1, id="dose 49.9"),
    pytest.param({_DOSE: 50}, _DOSE, "unusual-dose", 0, id="dose 50"),
    pytest.param({_DOSE: 1000}, _DOSE, "unusual-dose", 0, id="dose 1000"),
    pytest.param({_DOSE: 1000.1}, _DOSE, "unusual-dose", 1, id="dose 1000.1"),
    pytest.param({_DOSE: 2000}, _DOSE, "unusual-dose", 1, id="dose 2000"),
    pytest.param({_DOSE: 2000}, _DOSE, "very-unusual-dose", 0, id="dose 2000 is not very unusual"),
    pytest.param({_DOSE: 2000.1}, _DOSE, "very-unusual-dose", 1, id="dose 2000.1"),
    pytest.param(
        {"regimen.mode": "minimum_rate"}, "regimen.mode", "minimum-rate", 1, id="minimum rate"
    ),
    pytest.param({}, "regimen.mode", "minimum-rate", 0, id="no minimum rate"),
    pytest.param(
        {"regimen.mode": "flex"}, "regimen.schedule", "flex-without-schedule", 1, id="flex alone"
    ),
    pytest.param(
        {"regimen.schedule": [{"start": "00:00", "end": "24:00", "mcg": 400}]},
        "regimen.schedule",
        "schedule-without-flex",
        1,
        id="a schedule alone",
    ),
    pytest.param(_flow(1000, 500), _DOSE, "unusual-flow", 0, id="2 mL a day"),
    pytest.param(_flow(1001, 500), _DOSE, "unusual-flow", 1, id="more than 2 mL a day"),
    pytest.param(_flow(96, 2000), _DOSE, "unusual-flow", 0, id="0.048 mL a day"),
    pytest.param(_flow(95, 2000), _DOSE, "unusual-flow", 1, id="less than 0.048 mL a day"),
    pytest.param(
        {**_CONSTANT, "regimen.flow_ml_per_day": 2.1},
        "regimen.flow_ml_per_day",
        "unusual-flow",
        1,
        id="a constant flow of 2.1",
    ),
    pytest.param(
        {**_CONSTANT, "regimen.flow_ml_per_day": 0.22},
        "regimen.flow_ml_per_day",
        "flow-and-dose",
        0,
        id="a flow that gives 10 % more",
    ),
    pytest.param(
        {**_CONSTANT, "regimen.flow_ml_per_day": 0.23},
        "regimen.flow_ml_per_day",
        "flow-and-dose",
        1,
        id="a flow that gives 15 % more",
    ),
    # Its last change
    pytest.param(
        {"regimen.last_change.from_mcg": 300, "regimen.last_change.to_mcg": 420, _DOSE: 420},
        "regimen.last_change.to_mcg",
        "big-step",
        0,
        id="a step of 40 %",
    ),
    pytest.param(
        {"regimen.last_change.from_mcg": 300, "regimen.last_change.to_mcg": 421, _DOSE: 421},
        "regimen.last_change.to_mcg",
        "big-step",
        1,
        id="a step of more than 40 %",
    ),
    pytest.param(
        {"regimen.last_change.from_mcg": 700},
        "regimen.last_change.to_mcg",
        "big-step",
        1,
        id="down",
    ),
    pytest.param(
        {"regimen.last_change.to_mcg": 399},
        "regimen.last_change.to_mcg",
        "change-and-dose",
        1,
        id="a change to another dose",
    ),
    pytest.param({}, "regimen.last_change.to_mcg", "change-and-dose", 0, id="to this dose"),
    pytest.param(
        {"regimen.last_change.on": "2026-11-14"},
        "regimen.last_change.on",
        "recent-change",
        1,
        id="changed seven days ago",
    ),
    pytest.param(
        {"regimen.last_change.on": "2026-11-13"},
        "regimen.last_change.on",
        "recent-change",
        0,
        id="changed eight days ago",
    ),
    # By mouth, and the plan
    pytest.param(
        {"regimen.oral_baclofen": {"status": "listed", "dose_mg": 20, "times_per_day": 4}},
        "regimen.oral_baclofen.dose_mg",
        "high-oral-dose",
        0,
        id="80 mg by mouth",
    ),
    pytest.param(
        {"regimen.oral_baclofen": {"status": "listed", "dose_mg": 20.5, "times_per_day": 4}},
        "regimen.oral_baclofen.dose_mg",
        "high-oral-dose",
        1,
        id="82 mg by mouth",
    ),
    pytest.param(
        {"regimen.rescue_plan.written_on": "2025-11-21"},
        "regimen.rescue_plan.written_on",
        "old-plan",
        0,
        id="a plan of twelve months",
    ),
    pytest.param(
        {"regimen.rescue_plan.written_on": "2025-11-20"},
        "regimen.rescue_plan.written_on",
        "old-plan",
        1,
        id="a plan of twelve months and a day",
    ),
    # The pump
    pytest.param({"pump.serial": absent}, "pump.serial", "no-serial", 1, id="no serial number"),
    pytest.param({}, "pump.serial", "no-serial", 0, id="a serial number"),
    *[
        pytest.param(
            {"pump.alarm_volume_ml": volume},
            "pump.alarm_volume_ml",
            "unusual-alarm-volume",
            asked,
            id=f"alarm volume {volume}",
        )
        for volume, asked in ((0.9, 1), (1, 0), (5, 0), (5.1, 1))
    ],
    pytest.param({}, "pump.catheter_access_port", "side-port", 1, id="a side port"),
    pytest.param(
        {"pump.catheter_access_port": "no"},
        "pump.catheter_access_port",
        "side-port",
        0,
        id="no port",
    ),
    pytest.param(
        {"pump.alarms": "unknown"}, "pump.alarms", "alarms-unknown", 1, id="sounds unknown"
    ),
    pytest.param({"pump.alarms": "none"}, "pump.alarms", "alarms-unknown", 0, id="no sounds"),
    pytest.param(
        {"pump.replace_by": "2027-05-21"}, "pump.replace_by", "replace-soon", 1, id="in six months"
    ),
    pytest.param(
        {"pump.replace_by": "2027-05-22"}, "pump.replace_by", "replace-soon", 0, id="a day later"
    ),
    pytest.param(
        {**_PUMP, "pump.maker": "Acme", "pump.model": "Nobody"},
        "pump.model",
        "pump-unknown",
        1,
        id="an unknown pump",
    ),
    pytest.param({}, "pump.model", "pump-unknown", 0, id="a known pump"),
    pytest.param(
        {**_PUMP, "pump.model": "SynchroMed EL 8626"}, "pump.model", "pump-legacy", 1, id="legacy"
    ),
    pytest.param({}, "pump.model", "pump-legacy", 0, id="not legacy"),
    pytest.param(
        {"pump.model": "SynchroMed II", "pump.reservoir_ml": 30, "pump.implanted_on": absent},
        "pump.reservoir_ml",
        "capacity-and-model",
        1,
        id="a reservoir of no such pump",
    ),
    pytest.param(
        {"pump.reservoir_ml": 20}, "pump.reservoir_ml", "capacity-and-model", 1, id="of the smaller"
    ),
    pytest.param({}, "pump.reservoir_ml", "capacity-and-model", 0, id="its own reservoir"),
    pytest.param(
        {"pump.implanted_on": "2019-11-20", "pump.replace_by": absent},
        "pump.implanted_on",
        "past-service",
        1,
        id="seven years and a day",
    ),
    pytest.param(
        {"pump.implanted_on": "2019-11-21", "pump.replace_by": absent},
        "pump.implanted_on",
        "past-service",
        0,
        id="seven years",
    ),
    pytest.param({}, "pump.replace_by", "replace-late", 0, id="replaced at seven years"),
    pytest.param(
        {"pump.replace_by": "2029-02-10"}, "pump.replace_by", "replace-late", 1, id="a day too late"
    ),
    # The dates
    pytest.param(
        {"refill.last_refill_on": "2026-05-25"},
        "refill.last_refill_on",
        "old-refill",
        0,
        id="refilled 180 days ago",
    ),
    pytest.param(
        {"refill.last_refill_on": "2026-05-24"},
        "refill.last_refill_on",
        "old-refill",
        1,
        id="refilled 181 days ago",
    ),
    pytest.param(
        {"refill.next_appointment_on": "2026-11-09"},
        "refill.next_appointment_on",
        "late-appointment",
        0,
        id="seven days before the alarm date",
    ),
    pytest.param(
        {"refill.next_appointment_on": "2026-11-10"},
        "refill.next_appointment_on",
        "late-appointment",
        1,
        id="six days before the alarm date",
    ),
    # 18 mL at 0.2 mL a day are 90 days: 16 Nov.
    pytest.param({_ALARM: "2026-11-16"}, _ALARM, "alarm-and-estimate", 0, id="as estimated"),
    pytest.param({_ALARM: "2026-11-21"}, _ALARM, "alarm-and-estimate", 0, id="five days later"),
    pytest.param({_ALARM: "2026-11-22"}, _ALARM, "alarm-and-estimate", 1, id="six days later"),
    pytest.param({_ALARM: "2026-11-11"}, _ALARM, "alarm-and-estimate", 0, id="five days earlier"),
    pytest.param({_ALARM: "2026-11-10"}, _ALARM, "alarm-and-estimate", 1, id="six days earlier"),
    # 8 mL at 0.2 mL a day are 40 days: 27 Sep; 10 % of 44 days are 4.4.
    pytest.param(_fill(10, "2026-10-01"), _ALARM, "alarm-and-estimate", 0, id="four days of 44"),
    pytest.param(_fill(10, "2026-10-02"), _ALARM, "alarm-and-estimate", 1, id="five days of 45"),
    pytest.param(
        {_ALARM: "2027-03-01", "refill.volume_ml": absent},
        _ALARM,
        "alarm-and-estimate",
        0,
        id="nothing to compare with",
    ),
    # At 0.2 mL a day 36 mL last 180 days.
    *[
        pytest.param(
            {"refill.volume_ml": volume},
            "refill.volume_ml",
            "unusual-range",
            asked,
            id=f"{volume} mL in the reservoir",
        )
        for volume, asked in ((2.7, 1), (2.8, 0), (36, 0), (36.2, 1))
    ],
    # The people
    pytest.param({}, "team.implanted_by", "no-surgeon", 1, id="no surgeon"),
    pytest.param(
        {"team.implanted_by": "Dr A. Roe"}, "team.implanted_by", "no-surgeon", 0, id="a surgeon"
    ),
    pytest.param(
        {"contacts[1].phone": "+1 012 555 0163"},
        "contacts[1].phone",
        "odd-phone",
        1,
        id="a number that is not in use",
    ),
    pytest.param(
        {"team.phone_24h": "+1 012 555 0163"}, "team.phone_24h", "odd-phone", 1, id="the team's"
    ),
    pytest.param({}, "contacts[1].phone", "odd-phone", 0, id="a number that may be in use"),
    pytest.param({"verified.on": "2026-05-21"}, "contacts", "old-contacts", 0, id="six months"),
    pytest.param({"verified.on": "2026-05-20"}, "contacts", "old-contacts", 1, id="and a day"),
    pytest.param({"maker_support": absent}, "maker_support", "no-maker-line", 1, id="no line"),
    pytest.param({}, "maker_support", "no-maker-line", 0, id="a maker's line"),
    pytest.param(
        {"maker_support.checked_on": absent},
        "maker_support.checked_on",
        "maker-line-unchecked",
        1,
        id="a line that nobody checked",
    ),
    pytest.param(
        {"maker_support.checked_on": "2026-05-21"},
        "maker_support.checked_on",
        "maker-line-old",
        0,
        id="a line checked six months ago",
    ),
    pytest.param(
        {"maker_support.checked_on": "2026-05-20"},
        "maker_support.checked_on",
        "maker-line-old",
        1,
        id="a line checked before that",
    ),
    # What the person must not get, and what adds to the pump
    pytest.param(
        {"allergies.items[1].substance": "Baclofen (tablets)"},
        "allergies.items[1].substance",
        "baclofen-allergy",
        1,
        id="allergic to baclofen",
    ),
    pytest.param({}, "allergies.items[1].substance", "baclofen-allergy", 0, id="to penicillin"),
    *[
        pytest.param(
            {"medicines.items[1].name": name},
            "medicines.items[1].name",
            "interacts",
            asked,
            id=name,
        )
        for name, asked in (
            ("Tramadol", 1),
            ("DIAZEPAM 5 mg", 1),
            ("Chloral hydrate", 1),
            ("Chloral", 0),
            ("Tizanidine", 1),
            ("Lisinopril", 1),
            ("Warfarin", 0),
        )
    ],
    # How old the card is
    pytest.param({"verified.on": "2026-08-23"}, "verified.on", "old-card", 0, id="90 days ago"),
    pytest.param({"verified.on": "2026-08-22"}, "verified.on", "old-card", 1, id="91 days ago"),
    pytest.param(
        {"verified.on": "2026-08-18"}, "verified.on", "older-than-refill", 0, id="on the refill day"
    ),
    pytest.param(
        {"verified.on": "2026-08-17"}, "verified.on", "older-than-refill", 1, id="before the refill"
    ),
    pytest.param(
        {"directives": {"status": "listed", "text": "Ask", "written_on": "2024-11-21"}},
        "directives",
        "old-wish",
        0,
        id="a wish of 24 months",
    ),
    pytest.param(
        {"directives": {"status": "listed", "text": "Ask", "written_on": "2024-11-20"}},
        "directives",
        "old-wish",
        1,
        id="a wish of 24 months and a day",
    ),
]


@pytest.mark.parametrize("changes, path, code, asked", ROWS)
def test_what_is_unusual_is_asked_about(
    changes: dict[str, Any], path: str, code: str, asked: int
) -> None:
    """Just inside a limit there is a question, just outside there is none, and never an error."""
    reading = reading_of(alex(changes))
    assert reading.errors == ()
    assert ((path, code) in found(reading.faults)) == bool(asked)


def test_every_question_is_a_warning() -> None:
    """A question never stops a card."""
    faults = reading_of(tuyet()).faults
    assert faults and {fault.level for fault in faults} == {WARNING}


@pytest.mark.parametrize("changes, path, code, asked", [row for row in ROWS if row.values[3]])
def test_an_answer_silences_its_own_question_only(
    changes: dict[str, Any], path: str, code: str, asked: int
) -> None:
    """A path among the confirmed ones is asked about no more; all other questions stay."""
    before = found(reading_of(alex(changes)).faults)
    after = found(reading_of(alex(changes, confirmed=[path])).faults)
    assert after == {(other, code) for other, code in before if other != path}


@pytest.mark.parametrize(
    "answered",
    [
        pytest.param("medicines.items", id="the list"),
        pytest.param("medicines", id="the part"),
        pytest.param("medicines.items[20].name", id="an item whose number begins alike"),
    ],
)
def test_an_answer_elsewhere_silences_nothing(answered: str) -> None:
    """Only the very path of a question answers it."""
    expected = found(reading_of(tuyet()).faults)
    assert found(reading_of(tuyet(confirmed=[answered])).faults) == expected


def test_an_answered_question_is_still_known() -> None:
    """The page marks an unusual value as confirmed, so the question itself does not vanish."""
    card = card_of(tuyet(confirmed=[_STRENGTH]))
    assert (_STRENGTH, "above-labelled") in found(warnings.all_warnings(card, TODAY))
    assert (_STRENGTH, "above-labelled") not in found(warnings.unanswered(card, TODAY))


EXAMPLES = {
    "typical": {
        ("pump.catheter_access_port", "side-port"),
        ("team.implanted_by", "no-surgeon"),
        ("verified.on", "old-card"),
    },
    "complex": {
        ("patient.full_name", "long-name"),
        ("patient.risks.cord_injury_t6_or_above", "risk-unknown"),
        ("patient.risks.kidney_disease", "kidney"),
        (_STRENGTH, "above-labelled"),
        ("regimen.compounded", "compounded"),
        (_DOSE, "unusual-dose"),
        ("regimen.other_pump_drugs", "mixture"),
        ("team.implanted_by", "no-surgeon"),
        ("maker_support", "no-maker-line"),
        ("medicines.items[2].name", "interacts"),
        ("medicines.items[3].name", "interacts"),
        ("medicines.items[4].name", "interacts"),
    },
    "minimal": {
        ("patient.baseline", "no-baseline"),
        ("pump.serial", "no-serial"),
        ("team.implanted_by", "no-surgeon"),
        ("maker_support", "no-maker-line"),
    },
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_raise_these_questions_and_no_others(name: str) -> None:
    """On 21 November 2026 each example file asks exactly what a reader of it would."""
    assert found(reading_of(CAST[name]()).faults) == EXAMPLES[name]


def test_questions_change_with_the_day() -> None:
    """Sam's card, confirmed on 2 September, is old on 2 December and not the day before."""
    asked = {
        day: ("verified.on", "old-card") in found(warnings.all_warnings(card_of(sam()), day))
        for day in (date(2026, 12, 1), date(2026, 12, 1) + timedelta(days=1))
    }
    assert list(asked.values()) == [False, True]


@pytest.mark.parametrize(
    "name, kind",
    [
        pytest.param("morphine sulphate 10 mg", "opioid", id="opioid"),
        pytest.param("Clonazepam", "benzodiazepine", id="benzodiazepine"),
        pytest.param("chloral HYDRATE", "sedative", id="a name of two words"),
        pytest.param("hydrate", None, id="one word of a name of two"),
        pytest.param("Tizanidine", "muscle_relaxant", id="muscle relaxant"),
        pytest.param("Ramipril/Amlodipine", "antihypertensive", id="two in one"),
        pytest.param("Macrogol", None, id="none of them"),
    ],
)
def test_a_medicine_is_known_by_its_generic_name(name: str, kind: str | None) -> None:
    """A class is found by whole words, in any case."""
    assert drug_classes.drug_class(name) == kind


def test_a_question_names_the_kind_of_medicine() -> None:
    """The line for tramadol says that it is an opioid."""
    asked = {fault.path: fault for fault in reading_of(tuyet()).faults}
    assert "Tramadol (an opioid)" in spoken(asked["medicines.items[2].name"])


def test_a_question_says_its_numbers_plainly() -> None:
    """0.23 mL a day of 2000 mcg/mL are 460 mcg, without zeros that say nothing."""
    file = alex({**_CONSTANT, "regimen.flow_ml_per_day": 0.23})
    asked = {fault.code: fault for fault in reading_of(file).faults}
    assert "gives 460 mcg a day" in spoken(asked["flow-and-dose"])
    asked = {fault.code: fault for fault in reading_of(alex(_flow(1250, 500))).faults}
    assert "a flow of 2.5 mL a day" in spoken(asked["unusual-flow"])
