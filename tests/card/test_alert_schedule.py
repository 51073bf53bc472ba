"""Which alerts hold on which day, and how grave they are: the contract's table, row by row."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiver_card.briefing import alert_texts
from caregiver_card.card import alert_schedule, reservoir
from caregiver_card.card.alert_schedule import Severity
from caregiver_card.card.model import Card
from tests.cast import CAST, TODAY, WORDS, absent, alex, card_of, cards, sam

INFO, DUE, URGENT, EMERGENCY = Severity
NEVER: list[Any] = []


def held(card: Card, kind: str, day: str) -> tuple[Severity, date] | None:
    """How grave the one alert of this kind is on this day, and the day of its event."""
    found = [
        each
        for each in alert_schedule.alerts_on(alert_schedule.all_alerts(card), _day(day))
        if each.kind == kind
    ]
    assert len(found) <= 1
    return (found[0].severity, found[0].due_on) if found else None


def _day(words: str) -> date:
    return date.fromisoformat(words)


# Clinical-facts 7.8: 20 mL of 2000 mcg/mL on 10 January 2025, 400 mcg a day, and no printout.
def guessed(changes: dict[str, Any] | None = None) -> dict[str, Any]:
    """Alex as in the worked example: low on 10 April 2025 by estimate, empty on the 20th."""
    return alex(
        {
            "refill.last_refill_on": "2025-01-10",
            "refill.alarm_date": absent,
            "refill.next_appointment_on": absent,
            "regimen.last_change": absent,
            **(changes or {}),
        }
    )


# 38 mL at 0.15 mL a day are 253 days: 180 days since the refill come first, on 9 July 2025.
CAPPED = {"refill.volume_ml": 40, "regimen.daily_dose_mcg": 300}
NO_ESTIMATE = {"refill.volume_ml": absent}
# Every reason for which no low day is known.
SILENT: dict[str, dict[str, Any]] = {
    "no volume": NO_ESTIMATE,
    "flex dosing": {"regimen.mode": "flex"},
    "boluses": {"regimen.mode": "bolus"},
    "minimum rate": {"regimen.mode": "minimum_rate"},
    "a patient's own doses": {"regimen.patient_bolus_device": "yes"},
    "a mixture": {
        "regimen.other_pump_drugs": {"status": "listed", "items": [{"name": "clonidine"}]}
    },
    "a change after the refill": {"regimen.last_change": {"on": "2025-01-11"}},
    "a constant flow that nobody recorded": {"regimen.mode": "constant_flow"},
}


def booked(day: str, changes: dict[str, Any] | None = None) -> dict[str, Any]:
    """Sam with an appointment; the alarm date stays 3 December 2026."""
    return sam({"refill.next_appointment_on": day, **(changes or {})})


def implanted(
    day: Any, by: Any = absent, pump: str = "SynchroMed II", maker: str = "Medtronic"
) -> Any:
    """Alex with a pump of this age, to be replaced by this day."""
    file = alex(
        {"pump.implanted_on": day, "pump.replace_by": by, "pump.model": pump, "pump.maker": maker}
    )
    file["refill"] = {"last_refill_on": "2026-08-18"}
    return file


# A card; the kind; the day of the event; then each day on which something changes, with the day
# before it: how grave the alert is from then on (None: it does not hold).
ROWS = [
    pytest.param(
        sam(),
        "refill_to_book",
        "2026-12-03",
        [("2026-11-04", None), ("2026-11-05", DUE), ("2026-12-02", DUE), ("2027-06-01", DUE)],
        id="nothing booked, 28 days before the clinic's date",
    ),
    pytest.param(
        guessed(),
        "refill_to_book",
        "2025-04-10",
        [("2025-03-12", None), ("2025-03-13", DUE)],
        id="nothing booked, 28 days before the estimate",
    ),
    pytest.param(
        guessed(CAPPED),
        "refill_to_book",
        "2025-07-09",
        [("2025-06-10", None), ("2025-06-11", DUE)],
        id="nothing booked, 28 days before the 180 days are over",
    ),
    pytest.param(
        booked("2026-11-20"),
        "refill_to_book",
        "2026-12-03",
        [("2026-11-05", None), ("2026-11-20", None), ("2026-11-21", DUE)],
        id="booked, and to be booked again when that day has passed",
    ),
    pytest.param(
        guessed(NO_ESTIMATE),
        "refill_to_book",
        "",
        [("2025-03-13", None), ("2026-01-01", None)],
        id="nothing to book before without an alarm date",
    ),
    pytest.param(
        booked("2026-11-20"),
        "refill_due",
        "2026-11-20",
        [("2026-11-05", None), ("2026-11-06", DUE), ("2026-11-20", DUE), ("2026-11-21", None)],
        id="due, 14 days before an appointment, until it has passed",
    ),
    pytest.param(
        sam(), "refill_due", "", [("2026-11-20", None), ("2026-12-03", None)], id="no appointment"
    ),
    pytest.param(
        sam(),
        "refill_late",
        "2026-12-03",
        [("2026-11-22", None), ("2026-11-23", URGENT), ("2027-01-01", URGENT)],
        id="late, 10 days before the clinic's date",
    ),
    pytest.param(
        guessed(),
        "refill_late",
        "2025-04-10",
        [("2025-03-30", None), ("2025-03-31", URGENT)],
        id="late, 10 days before the estimate",
    ),
    pytest.param(
        guessed(CAPPED),
        "refill_late",
        "2025-07-09",
        [("2025-06-28", None), ("2025-06-29", URGENT)],
        id="late, 10 days before the 180 days are over",
    ),
    pytest.param(
        booked("2026-11-28"),
        "refill_late",
        "2026-12-03",
        [("2026-11-23", None), ("2026-11-28", None), ("2026-11-29", URGENT)],
        id="not late while an appointment before the alarm date is to come",
    ),
    pytest.param(
        booked("2026-11-20"),
        "refill_late",
        "2026-12-03",
        [("2026-11-22", None), ("2026-11-23", URGENT)],
        id="late after an appointment that passed long before",
    ),
    pytest.param(
        booked("2026-12-03"),
        "refill_late",
        "2026-12-03",
        [("2026-11-22", None), ("2026-11-23", URGENT)],
        id="late with an appointment on the alarm date itself",
    ),
    pytest.param(
        booked("2026-12-08"),
        "refill_late",
        "2026-12-03",
        [("2026-11-22", None), ("2026-11-23", URGENT)],
        id="late with an appointment after the alarm date",
    ),
    pytest.param(
        alex(),
        "refill_missed",
        "2026-11-06",
        [
            ("2026-11-06", None),
            ("2026-11-07", URGENT),
            ("2026-11-12", URGENT),
            ("2026-11-13", EMERGENCY),
            ("2027-02-01", EMERGENCY),
        ],
        id="missed, graver three days before the clinic's date",
    ),
    pytest.param(
        guessed({"refill.next_appointment_on": "2025-03-20"}),
        "refill_missed",
        "2025-03-20",
        [
            ("2025-03-20", None),
            ("2025-03-21", URGENT),
            ("2025-04-06", URGENT),
            ("2025-04-07", EMERGENCY),
        ],
        id="missed, graver three days before the estimate",
    ),
    pytest.param(
        guessed({**CAPPED, "refill.next_appointment_on": "2025-06-20"}),
        "refill_missed",
        "2025-06-20",
        [
            ("2025-06-20", None),
            ("2025-06-21", URGENT),
            ("2025-07-05", URGENT),
            ("2025-07-06", EMERGENCY),
        ],
        id="missed, graver three days before the 180 days are over",
    ),
    pytest.param(
        guessed({**NO_ESTIMATE, "refill.next_appointment_on": "2025-03-20"}),
        "refill_missed",
        "2025-03-20",
        [("2025-03-20", None), ("2025-03-21", URGENT), ("2026-03-21", URGENT)],
        id="missed, no graver where no day is known",
    ),
    pytest.param(
        booked("2026-12-08"),
        "refill_missed",
        "2026-12-08",
        [("2026-12-08", None), ("2026-12-09", EMERGENCY)],
        id="missed after the alarm date: an emergency at once",
    ),
    pytest.param(
        booked("2026-11-29"),
        "refill_missed",
        "2026-11-29",
        [("2026-11-29", None), ("2026-11-30", EMERGENCY)],
        id="missed four days before the alarm date: an emergency the next day",
    ),
    pytest.param(
        booked("2026-11-20", {"refill.last_refill_on": "2026-11-20"}),
        "refill_missed",
        "",
        [("2026-11-20", None), ("2026-11-21", None), ("2027-01-01", None)],
        id="not missed: the refill of that day is recorded",
    ),
    pytest.param(
        sam(),
        "alarm_date_reached",
        "2026-12-03",
        [
            ("2026-12-02", None),
            ("2026-12-03", URGENT),
            ("2026-12-05", URGENT),
            ("2026-12-06", EMERGENCY),
            ("2027-06-01", EMERGENCY),
        ],
        id="the clinic's date reached, an emergency three days later",
    ),
    pytest.param(
        guessed(),
        "alarm_date_reached",
        "2025-04-10",
        [
            ("2025-04-09", None),
            ("2025-04-10", URGENT),
            ("2025-04-13", URGENT),
            ("2025-09-01", URGENT),
        ],
        id="the estimated date reached, never an emergency",
    ),
    pytest.param(
        guessed(CAPPED),
        "alarm_date_reached",
        "",
        [("2025-07-09", None), ("2025-07-12", None), ("2026-07-12", None)],
        id="180 days since the refill are no alarm date",
    ),
    pytest.param(
        guessed(),
        "empty_estimated",
        "2025-04-20",
        [
            ("2025-04-14", None),
            ("2025-04-15", URGENT),
            ("2025-04-19", URGENT),
            ("2025-04-20", EMERGENCY),
            ("2025-09-01", EMERGENCY),
        ],
        id="empty by estimate, five days before and on the day",
    ),
    pytest.param(
        guessed({"refill.alarm_date": "2025-04-10"}),
        "empty_estimated",
        "",
        [("2025-04-15", None), ("2025-04-20", None)],
        id="no computed empty day beside the clinic's date",
    ),
    pytest.param(
        guessed(CAPPED),
        "empty_estimated",
        "",
        [("2025-07-09", None), ("2026-01-01", None)],
        id="cap",
    ),
    pytest.param(
        sam(),
        "refill_180_days",
        "2027-02-28",
        [
            ("2027-01-28", None),
            ("2027-01-29", DUE),
            ("2027-02-27", DUE),
            ("2027-02-28", URGENT),
            ("2028-02-28", URGENT),
        ],
        id="150 and 180 days since the refill",
    ),
    pytest.param(
        implanted("2020-01-31"),
        "replacement_due",
        "2027-01-31",
        [
            ("2025-01-30", None),
            ("2025-01-31", INFO),
            ("2026-01-30", INFO),
            ("2026-01-31", DUE),
            ("2026-12-30", DUE),
            ("2026-12-31", URGENT),
            ("2030-01-01", URGENT),
        ],
        id="a SynchroMed II of 60, 72 and 83 months",
    ),
    pytest.param(
        implanted("2020-03-31"),
        "replacement_due",
        "2027-03-31",
        [("2027-02-27", DUE), ("2027-02-28", URGENT)],
        id="83 months end on the last of February",
    ),
    pytest.param(
        implanted("2020-02-29"),
        "replacement_due",
        "2027-02-28",
        [("2025-02-27", None), ("2025-02-28", INFO), ("2027-01-28", DUE), ("2027-01-29", URGENT)],
        id="implanted on 29 February",
    ),
    pytest.param(
        implanted("2022-02-09", "2026-08-31"),
        "replacement_due",
        "2026-08-31",
        [
            ("2026-02-27", None),
            ("2026-02-28", INFO),
            ("2026-07-30", INFO),
            ("2026-07-31", URGENT),
            ("2026-09-01", URGENT),
            ("2028-03-01", URGENT),
        ],
        id="to be replaced before its age asks for it",
    ),
    pytest.param(
        implanted("2020-01-31", "2027-06-30"),
        "replacement_due",
        "2027-06-30",
        [("2025-01-30", None), ("2025-01-31", INFO), ("2026-01-31", DUE), ("2026-12-31", URGENT)],
        id="to be replaced after its age asks for it",
    ),
    pytest.param(
        implanted("2020-01-31", "2026-12-15"),
        "replacement_due",
        "2026-12-15",
        [("2025-01-31", INFO), ("2026-01-31", DUE), ("2026-11-14", DUE), ("2026-11-15", URGENT)],
        id="replace-by comes a month before the 83 months",
    ),
    pytest.param(
        implanted(absent, "2027-05-31"),
        "replacement_due",
        "2027-05-31",
        [("2026-11-29", None), ("2026-11-30", INFO), ("2027-04-29", INFO), ("2027-04-30", URGENT)],
        id="only a replace-by: six months and one month before",
    ),
    pytest.param(
        implanted(absent),
        "replacement_due",
        "",
        [("2026-11-21", None), ("2036-11-21", None)],
        id="none",
    ),
    pytest.param(
        implanted("2020-01-31", pump="Nobody 1", maker="Acme"),
        "replacement_due",
        "2026-12-31",
        [("2025-01-30", None), ("2025-01-31", INFO), ("2026-01-31", DUE), ("2026-12-31", URGENT)],
        id="an unknown pump: five to seven years in general",
    ),
    pytest.param(
        implanted("2015-06-15", pump="Prometra II", maker="Flowonix"),
        "replacement_due",
        "2025-06-15",
        [("2022-06-15", None), ("2025-06-14", None), ("2025-06-15", INFO), ("2035-01-01", INFO)],
        id="a Prometra II lasts more than ten years",
    ),
    pytest.param(
        implanted("2005-06-15", pump="IsoMed"),
        "replacement_due",
        "",
        [("2012-06-15", None), ("2036-06-15", None)],
        id="a pump without a battery, as far as is known, has no age",
    ),
    pytest.param(
        sam(),
        "watch_after_change",
        "2026-09-01",
        [("2026-08-31", None), ("2026-09-01", INFO), ("2026-09-04", INFO), ("2026-09-05", None)],
        id="72 hours after a refill",
    ),
    pytest.param(
        sam({"regimen.last_change": {"on": "2026-10-10"}}),
        "watch_after_change",
        "2026-10-10",
        [("2026-10-09", None), ("2026-10-10", INFO), ("2026-10-13", INFO), ("2026-10-14", None)],
        id="72 hours after a change of the dose",
    ),
    pytest.param(
        sam(),
        "card_review",
        "2026-12-01",
        [("2026-11-30", None), ("2026-12-01", DUE), ("2027-12-01", DUE)],
        id="90 days after it was confirmed",
    ),
    pytest.param(
        sam({"verified.on": "2026-08-30"}),
        "card_review",
        "2026-09-01",
        [("2026-08-31", None), ("2026-09-01", DUE), ("2026-12-01", DUE)],
        id="a refill newer than the card",
    ),
    pytest.param(
        sam({"regimen.last_change": {"on": "2026-09-03"}}),
        "card_review",
        "2026-09-03",
        [("2026-09-02", None), ("2026-09-03", DUE)],
        id="a change newer than the card",
    ),
    pytest.param(
        alex({"maker_support.checked_on": "2026-08-31"}),
        "maker_line_stale",
        "2027-02-28",
        [("2027-02-27", None), ("2027-02-28", INFO), ("2029-01-01", INFO)],
        id="six months after 31 August is the last of February",
    ),
    pytest.param(
        alex({"maker_support.checked_on": absent}),
        "maker_line_stale",
        "",
        [("2027-02-28", None), ("2029-01-01", None)],
        id="a line that was never checked",
    ),
    pytest.param(
        sam(),
        "contacts_stale",
        "2027-03-02",
        [("2027-03-01", None), ("2027-03-02", INFO), ("2029-01-01", INFO)],
        id="six months after it was confirmed",
    ),
    pytest.param(
        alex({"regimen.rescue_plan.written_on": "2024-02-29"}),
        "rescue_plan_old",
        "2025-02-28",
        [("2025-02-27", None), ("2025-02-28", INFO), ("2029-01-01", INFO)],
        id="twelve months after 29 February",
    ),
    pytest.param(
        alex(directives={"status": "listed", "text": "Ask", "written_on": "2024-11-22"}),
        "directives_old",
        "2026-11-22",
        [("2026-11-21", None), ("2026-11-22", INFO), ("2029-01-01", INFO)],
        id="24 months after they were written",
    ),
    pytest.param(
        alex(directives={"status": "listed", "text": "Ask"}),
        "directives_old",
        "2028-08-20",
        [("2028-08-19", None), ("2028-08-20", INFO)],
        id="24 months after the card was confirmed, if they have no day",
    ),
    *(
        pytest.param(
            guessed(changes),
            "refill_unknown",
            "2025-01-10",
            [("2025-01-09", None), ("2025-01-10", DUE), ("2026-01-01", DUE)],
            id=f"silence is announced: {reason}",
        )
        for reason, changes in SILENT.items()
    ),
    pytest.param(
        guessed({"regimen.mode": "flex", "refill.next_appointment_on": "2025-04-10"}),
        "refill_unknown",
        "2025-01-10",
        [("2025-01-10", INFO), ("2025-04-10", INFO), ("2025-04-11", DUE)],
        id="for information while an appointment within 90 days is to come",
    ),
    pytest.param(
        guessed({"regimen.mode": "flex", "refill.next_appointment_on": "2025-04-11"}),
        "refill_unknown",
        "2025-01-10",
        [("2025-01-10", DUE), ("2025-04-11", DUE)],
        id="an appointment after 91 days is too far away to rely on",
    ),
    *(
        pytest.param(
            file,
            "refill_unknown",
            "",
            [("2025-01-10", None), ("2026-11-21", None)],
            id=f"{name}: a day is known",
        )
        for name, file in (
            ("the clinic's", alex({"regimen.mode": "flex"})),
            ("the estimate", guessed()),
            ("the cap", guessed(CAPPED)),
        )
    ),
    pytest.param(
        alex(), "directives_old", "", [("2028-08-20", None), ("2036-01-01", None)], id="no wishes"
    ),
]


@pytest.mark.parametrize("file, kind, due_on, days", ROWS)
def test_an_alert_holds_from_its_first_day_to_its_last(
    file: dict[str, Any], kind: str, due_on: str, days: list[tuple[str, Severity | None]]
) -> None:
    """The day before nothing, on the day the alert, on each graver day the graver one."""
    card = card_of(file)
    expected = {
        day: (severity, _day(due_on)) if severity is not None else None for day, severity in days
    }
    assert {day: held(card, kind, day) for day, _ in days} == expected


def test_every_kind_of_the_contract_has_its_rows() -> None:
    """The table above leaves none of the contract's kinds out, and the code adds none."""
    kinds = {
        *("refill_to_book", "refill_due", "refill_late", "refill_missed", "alarm_date_reached"),
        *("empty_estimated", "refill_unknown", "refill_180_days", "replacement_due"),
        *("watch_after_change",),
        *("card_review", "maker_line_stale", "contacts_stale", "rescue_plan_old", "directives_old"),
    }
    assert {row.values[1] for row in ROWS} == kinds
    files: list[Any] = [row.values[0] for row in ROWS]
    made = {alert.kind for file in files for alert in alert_schedule.all_alerts(card_of(file))}
    assert made == kinds


def test_a_new_refill_ends_what_asked_for_it() -> None:
    """On the day of a recorded refill with a new alarm date nothing asks for a refill any more."""
    before, after = (
        card_of(alex()),
        card_of(
            alex(
                {
                    "refill.last_refill_on": "2026-11-21",
                    "refill.next_appointment_on": "2027-02-08",
                    "refill.alarm_date": "2027-02-19",
                    "verified.on": "2026-11-21",
                }
            )
        ),
    )
    assert {
        each.kind for each in alert_schedule.alerts_on(alert_schedule.all_alerts(before), TODAY)
    } == {*("refill_missed", "alarm_date_reached", "refill_late", "refill_to_book", "card_review")}
    assert [
        each.kind for each in alert_schedule.alerts_on(alert_schedule.all_alerts(after), TODAY)
    ] == ["watch_after_change"]


# The estimate (docs/clinical-sources.md) -----------------------------------------------------


@pytest.mark.parametrize(
    "changes, low, empty",
    [
        pytest.param({}, "2025-04-10", "2025-04-20", id="a reserve of 2 mL: 90 days; none: 100"),
        pytest.param(
            {"pump.alarm_volume_ml": 4}, "2025-03-31", "2025-04-20", id="a reserve of 4 mL: 80 days"
        ),
        pytest.param(
            {"pump.alarm_volume_ml": absent},
            "2025-04-10",
            "2025-04-20",
            id="2 mL where none is set",
        ),
        pytest.param(
            {"pump.alarm_volume_ml": 0}, "2025-04-20", "2025-04-20", id="a reserve of nothing"
        ),
        pytest.param(
            {
                "refill.volume_ml": 40,
                "regimen.concentration_mcg_per_ml": 500,
                "regimen.daily_dose_mcg": 700,
            },
            "2025-02-06",
            "2025-02-07",
            id="1.4 mL a day: 27.1 days, floored to 27, and 28.5 to 28",
        ),
        pytest.param(
            {"regimen.mode": "constant_flow", "regimen.flow_ml_per_day": 0.5},
            "2025-02-15",
            "2025-02-19",
            id="a constant flow counts by itself: 36 and 40 days",
        ),
        pytest.param(
            {"refill.volume_ml": 1.5}, "2025-01-10", "2025-01-17", id="filled below the reserve"
        ),
    ],
)
def test_the_estimate_is_volume_by_flow_floored(
    changes: dict[str, Any], low: str, empty: str
) -> None:
    """Days are (volume - reserve) x concentration / dose, whole days only, from the refill."""
    card = card_of(guessed(changes))
    low_by, empty_by = reservoir.estimate_low(card), reservoir.estimate_empty(card)
    assert low_by and low_by.on == _day(low) and not low_by.capped
    assert empty_by and empty_by.on == _day(empty) and not empty_by.capped


@pytest.mark.parametrize(
    "changes, capped",
    [
        pytest.param({"refill.volume_ml": 38}, False, id="180 days exactly"),
        pytest.param({"refill.volume_ml": 38.1}, False, id="180 days and a half"),
        pytest.param({"refill.volume_ml": 38.2}, True, id="181 days"),
        pytest.param(CAPPED, True, id="253 days"),
    ],
)
def test_the_estimate_ends_at_180_days(changes: dict[str, Any], capped: bool) -> None:
    """No estimate is later than 180 days after the refill, and a capped one says so."""
    card = card_of(guessed(changes))
    estimate, low = reservoir.estimate_low(card), reservoir.low_day(card)
    assert estimate and estimate.on == date(2025, 7, 9) and estimate.capped is capped
    assert low and low.source == ("cap" if capped else "estimate")


@pytest.mark.parametrize(
    "changes, reason",
    [
        pytest.param({"refill.volume_ml": absent}, "volume", id="an unknown volume"),
        pytest.param({"regimen.mode": "flex"}, "mode", id="flex"),
        pytest.param({"regimen.mode": "bolus"}, "mode", id="bolus"),
        pytest.param({"regimen.mode": "minimum_rate"}, "mode", id="minimum rate"),
        pytest.param({"regimen.patient_bolus_device": "yes"}, "bolus", id="a bolus device"),
        pytest.param({"regimen.patient_bolus_device": "unknown"}, "bolus", id="perhaps a device"),
        pytest.param(
            {"regimen.other_pump_drugs": {"status": "listed", "items": [{"name": "Morphine"}]}},
            "mixture",
            id="a mixture",
        ),
        pytest.param(
            {"regimen.last_change": {"on": "2025-01-11"}}, "changed", id="changed after the refill"
        ),
        pytest.param({"regimen.mode": "constant_flow"}, "unknown", id="a constant flow unknown"),
    ],
)
def test_where_the_arithmetic_would_be_wrong_there_is_none(
    changes: dict[str, Any], reason: str
) -> None:
    """An estimate that would mislead is left out, and so is every alert that would follow it."""
    card = card_of(guessed(changes))
    assert reservoir.no_estimate_reason(card) == reason
    assert reservoir.estimate_low(card) is None
    assert reservoir.estimate_empty(card) is None
    assert reservoir.low_day(card) is None
    kinds = {each.kind for each in alert_schedule.all_alerts(card)}
    assert not kinds & {"refill_to_book", "refill_late", "alarm_date_reached", "empty_estimated"}


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"regimen.patient_bolus_device": "no"}, id="no bolus device"),
        pytest.param({"regimen.last_change": {"on": "2025-01-10"}}, id="changed at the refill"),
    ],
)
def test_what_does_not_disturb_the_arithmetic_leaves_it(changes: dict[str, Any]) -> None:
    """A change at the refill itself, or no bolus device, leaves the estimate as it was."""
    estimate = reservoir.estimate_low(card_of(guessed(changes)))
    assert estimate and estimate.on == date(2025, 4, 10)


def test_the_clinic_s_date_wins() -> None:
    """With a printout there is no other alarm date, however far the estimate lies from it."""
    card = card_of(guessed({"refill.alarm_date": "2025-05-30"}))
    assert reservoir.low_day(card) == reservoir.LowDay(date(2025, 5, 30), "clinic")
    assert held(card, "alarm_date_reached", "2025-05-29") is None
    assert held(card, "alarm_date_reached", "2025-05-30") == (URGENT, date(2025, 5, 30))


# Lists ----------------------------------------------------------------------------------------

LISTS = {
    "typical": [
        ("refill_missed", "EMERGENCY", "2026-11-06"),
        ("alarm_date_reached", "EMERGENCY", "2026-11-16"),
        ("refill_late", "URGENT", "2026-11-16"),
        ("refill_to_book", "DUE", "2026-11-16"),
        ("card_review", "DUE", "2026-11-18"),
    ],
    "complex": [],
    "minimal": [("refill_to_book", "DUE", "2026-12-03")],
}


@pytest.mark.parametrize("name", LISTS)
def test_the_examples_have_these_alerts(name: str) -> None:
    """On 21 November 2026 the list is most severe first, then by date."""
    listed = alert_texts.list_alerts(card_of(CAST[name]()), WORDS, TODAY)
    assert [(row["kind"], row["severity"], row["due_on"]) for row in listed] == LISTS[name]


def test_the_list_has_the_contract_s_keys_and_only_these() -> None:
    """A script reads five keys, all text, in every row."""
    for row in alert_texts.list_alerts(card_of(alex()), WORDS, TODAY):
        assert list(row) == ["kind", "severity", "due_on", "title", "action"]
        assert all(isinstance(value, str) and value for value in row.values())
        assert not re.search(r"[{}]|None", "".join(row.values()))


def test_the_same_gravity_is_sorted_by_date_then_kind() -> None:
    """Two emergencies, one urgent, two due: the earlier event first."""
    found = alert_schedule.alerts_on(alert_schedule.all_alerts(card_of(alex())), date(2027, 3, 1))
    keys = [(-each.severity, each.due_on) for each in found]
    assert keys == sorted(keys) and len({severity for severity, _ in keys}) == 4


def test_an_alert_of_a_passed_alarm_date_says_what_is_known() -> None:
    """Three days after the clinic's date the words say that no refill is recorded."""
    rows = {row["kind"]: row for row in alert_texts.list_alerts(card_of(alex()), WORDS, TODAY)}
    title = rows["alarm_date_reached"]["title"].lower()
    assert "this card records no refill since 18 aug 2026" in title and "16 nov 2026" in title
    assert "Signs now?" in rows["refill_missed"]["action"]


# Any card, any day ----------------------------------------------------------------------------

GROWING = (
    "refill_missed",
    "alarm_date_reached",
    "empty_estimated",
    "refill_180_days",
    "replacement_due",
)


def _turns(card: Card) -> list[date]:
    """Every day on which anything can change, and the days beside it."""
    course = alert_schedule.all_alerts(card)
    edges = {each.first_on for each in course} | {each.last_on for each in course if each.last_on}
    return sorted({edge + timedelta(days=apart) for edge in edges for apart in (-1, 0, 1)})


@given(card=cards(), later=st.integers(-500, 5000))
def test_one_kind_holds_at_most_once_a_day(card: Card, later: int) -> None:
    """On any day there is one alert of a kind; only two events may be watched at once."""
    for day in [*_turns(card), card.refill.last_refill_on + timedelta(days=later)]:
        kinds = [
            each.kind for each in alert_schedule.alerts_on(alert_schedule.all_alerts(card), day)
        ]
        assert all(kinds.count(kind) == 1 for kind in kinds if kind != "watch_after_change")


@given(cards())
def test_what_is_not_answered_never_grows_less_grave(card: Card) -> None:
    """Day by day an alert that asks for something stays, as grave as it was or graver."""
    before = dict.fromkeys(GROWING, -1)
    for day in _turns(card):
        now = {
            each.kind: int(each.severity)
            for each in alert_schedule.alerts_on(alert_schedule.all_alerts(card), day)
        }
        for kind in GROWING:
            assert now.get(kind, -1) >= before[kind], (kind, day)
            before[kind] = now.get(kind, -1)


@given(cards())
def test_any_alert_has_words(card: Card) -> None:
    """Whatever alerts a card raises, each has a title and an action with nothing left to fill."""
    for each in alert_texts.all_texts(card, WORDS):
        assert each.title and each.action
        assert not re.search(r"[{}]|None|\d{4}-\d\d", each.title + each.action)
        assert each.alert.last_on is None or each.alert.first_on <= each.alert.last_on
