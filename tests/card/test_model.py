"""What a card must hold, what it may leave out, and what cannot be true of it at once."""

from dataclasses import replace
from typing import Any

import pytest

from caregiver_card.card.model import Allergies, Contact, InvalidCard, Patient, Team, Verified
from caregiver_card.card.regimen import OralBaclofen, Period, PumpDrugs, Regimen
from caregiver_card.card.rules import ERROR
from caregiver_card.card.values import InvalidValue
from tests.cast import absent, alex, card_of, found, reading_of, sam, tuyet

REQUIRED = [
    "region",
    "patient.full_name",
    "patient.date_of_birth",
    "regimen.drug",
    "regimen.concentration_mcg_per_ml",
    "regimen.daily_dose_mcg",
    "regimen.mode",
    "pump.maker",
    "pump.model",
    "pump.location",
    "refill.last_refill_on",
    "team.hospital",
    "team.phone_24h",
    "allergies.status",
    "medicines.status",
    "verified.on",
    "verified.by",
]

# Everything that the examples show and the contract does not require, and what it adds.
OPTIONAL = [
    "patient.weight_kg",
    "patient.reason_for_pump",
    "patient.record_number",
    "patient.baseline",
    "patient.communication",
    "patient.risks",
    "patient.risks.cord_injury_t6_or_above",
    "patient.risks.communication_difficulty",
    "patient.risks.past_withdrawal",
    "patient.risks.seizure_history",
    "patient.risks.kidney_disease",
    "regimen.other_pump_drugs",
    "regimen.last_change",
    "regimen.last_change.from_mcg",
    "regimen.last_change.to_mcg",
    "regimen.oral_baclofen",
    "regimen.rescue_plan",
    "regimen.rescue_plan.written_on",
    "pump.serial",
    "pump.implanted_on",
    "pump.reservoir_ml",
    "pump.alarm_volume_ml",
    "pump.catheter_access_port",
    "pump.catheter",
    "pump.replace_by",
    "refill.volume_ml",
    "refill.next_appointment_on",
    "refill.alarm_date",
    "team.clinic",
    "team.physician",
    "team.phone_clinic",
    "team.note",
    "maker_support",
    "maker_support.for",
    "maker_support.checked_on",
    "allergies.items[0].reaction",
    "medicines.items[0].dose",
    "medicines.items[0].frequency",
    "contacts[0].relation",
    "contacts[1].phone",
    "contacts[0].language",
    "directives",
]


@pytest.mark.parametrize("path", REQUIRED)
@pytest.mark.parametrize(
    "value", [absent, "", "  ", None], ids=["absent", "empty", "space", "null"]
)
def test_what_is_required_is_missed_at_its_own_path(path: str, value: Any) -> None:
    """One required value less is one error, at that value's path and nowhere else."""
    reading = reading_of(alex({path: value}))
    assert found(reading.errors) == {(path, "missing")}


@pytest.mark.parametrize(
    "part, missing",
    [
        pytest.param("patient", {"patient.full_name", "patient.date_of_birth"}, id="patient"),
        pytest.param("allergies", {"allergies.status"}, id="allergies"),
        pytest.param("team", {"team.hospital", "team.phone_24h"}, id="team"),
        pytest.param("verified", {"verified.on", "verified.by"}, id="verified"),
        pytest.param("pump", {"pump.maker", "pump.model", "pump.location"}, id="pump"),
    ],
)
@pytest.mark.parametrize("value", [absent, None], ids=["absent", "null"])
def test_a_missing_part_is_missed_value_by_value(part: str, missing: set[str], value: Any) -> None:
    """Without a whole part the errors name each value that it had to hold."""
    assert found(reading_of(alex({part: value})).errors) == {(path, "missing") for path in missing}


def test_a_file_without_its_format_is_no_card() -> None:
    """The format is the one key without which nothing else is read."""
    assert found(reading_of(alex(format=absent)).faults) == {("file", "file-no-format")}


@pytest.mark.parametrize(
    "contacts",
    [
        pytest.param(absent, id="no list"),
        pytest.param([], id="an empty list"),
        pytest.param([{"name": "Maria Rivera"}], id="a name without a number"),
        pytest.param([{"name": "Maria Rivera", "phone": ""}], id="a name with an empty number"),
    ],
)
def test_somebody_must_be_there_to_call(contacts: Any) -> None:
    """Without one contact with a telephone number there is an error at the contacts."""
    assert found(reading_of(alex(contacts=contacts)).errors) == {("contacts", "no-contact")}


@pytest.mark.parametrize("path", OPTIONAL)
def test_what_is_optional_may_be_left_out(path: str) -> None:
    """A card without one of its optional values is a card."""
    assert reading_of(alex({path: absent})).errors == ()


def test_the_least_a_card_may_hold_is_a_card() -> None:
    """Every optional value may be absent at once."""
    file = sam({"pump.reservoir_ml": absent, "refill.alarm_date": absent})
    file["contacts"] = [{"name": "Dana Lee", "phone": "020 7946 0655"}]
    card = card_of(file)
    assert card.patient.baseline is None and card.refill.alarm_date is None
    assert card.contacts == (Contact(name="Dana Lee", phone="+442079460655"),)


# Status rules ---------------------------------------------------------------------------------

_ITEMS = {
    "allergies": [{"substance": "Latex"}],
    "medicines": [{"name": "Warfarin"}],
    "regimen.other_pump_drugs": [{"name": "Morphine"}],
}


@pytest.mark.parametrize("path", _ITEMS)
@pytest.mark.parametrize(
    "status, with_items, fault",
    [
        pytest.param("listed", True, None, id="listed with items"),
        pytest.param("listed", False, ("items", "listed-nothing"), id="listed without"),
        pytest.param("none_known", False, None, id="none known"),
        pytest.param("none_known", True, ("status", "listed-something"), id="none known with"),
        pytest.param("unknown", False, None, id="unknown"),
        pytest.param("unknown", True, ("status", "listed-something"), id="unknown with items"),
        pytest.param("not_shared", False, None, id="not shared"),
        pytest.param("not_shared", True, None, id="not shared, items kept"),
        pytest.param("none", False, ("status", "not-choice"), id="no such status"),
    ],
)
def test_a_list_agrees_with_its_status(
    path: str, status: str, with_items: bool, fault: tuple[str, str] | None
) -> None:
    """ "Listed" lists something; "none known" and "unknown" list nothing."""
    file = alex({path: absent})
    changed = {f"{path}.status": status, f"{path}.items": _ITEMS[path] if with_items else []}
    for name, value in changed.items():
        held = file
        *way, last = name.split(".")
        for step in way:
            held = held.setdefault(step, {})
        held[last] = value
    expected = {(f"{path}.{fault[0]}", fault[1])} if fault else set()
    assert found(reading_of(file).errors) == expected


@pytest.mark.parametrize(
    "oral, faults",
    [
        pytest.param({"status": "listed", "dose_mg": 10, "times_per_day": 3}, set(), id="listed"),
        pytest.param(
            {"status": "listed", "times_per_day": 3},
            {("regimen.oral_baclofen.dose_mg", "listed-nothing")},
            id="listed without a dose",
        ),
        pytest.param(
            {"status": "listed", "dose_mg": 10},
            {("regimen.oral_baclofen.times_per_day", "missing")},
            id="listed without a number of times",
        ),
        pytest.param(
            {"status": "none_known", "dose_mg": 10},
            {("regimen.oral_baclofen.status", "listed-something")},
            id="none known with a dose",
        ),
        pytest.param({"status": "not_shared", "dose_mg": 10}, set(), id="not shared, kept"),
    ],
)
def test_baclofen_by_mouth_agrees_with_its_status(oral: Any, faults: set[Any]) -> None:
    """Listed baclofen by mouth has a dose and says how often it is taken."""
    file = alex({"regimen.oral_baclofen": absent})
    file["regimen"]["oral_baclofen"] = oral
    assert found(reading_of(file).errors) == faults


@pytest.mark.parametrize(
    "wish, faults",
    [
        pytest.param({"status": "listed", "text": "Ask my son"}, set(), id="listed"),
        pytest.param({"status": "listed"}, {("directives.text", "listed-nothing")}, id="no text"),
        pytest.param(
            {"status": "unknown", "text": "Ask my son"},
            {("directives.status", "listed-something")},
            id="unknown with a text",
        ),
    ],
)
def test_wishes_agree_with_their_status(wish: Any, faults: set[Any]) -> None:
    """Listed wishes have words; unknown ones have none."""
    file = alex(directives=absent)
    file["directives"] = wish
    assert found(reading_of(file).errors) == faults


# Errors, at their limits (docs/clinical-sources.md) -------------------------------------------

_FLEX = {"regimen.mode": "flex", "regimen.daily_dose_mcg": 500}


def _rows(*rows: tuple[str, str, float]) -> list[dict[str, Any]]:
    return [{"start": start, "end": end, "mcg": mcg} for start, end, mcg in rows]


def _flex(*rows: tuple[str, str, float]) -> dict[str, Any]:
    return {**_FLEX, "regimen.schedule": _rows(*rows)}


POSSIBLE = [
    pytest.param({"regimen.concentration_mcg_per_ml": 50}, id="concentration 50"),
    pytest.param({"regimen.concentration_mcg_per_ml": 6000}, id="concentration 6000"),
    pytest.param({"regimen.daily_dose_mcg": 10}, id="dose 10"),
    pytest.param(
        {"regimen.daily_dose_mcg": 3, "regimen.mode": "minimum_rate"}, id="dose 3 at minimum rate"
    ),
    pytest.param({"regimen.daily_dose_mcg": 3000}, id="dose 3000"),
    pytest.param({"patient.weight_kg": 400}, id="weight 400"),
    pytest.param({"patient.weight_kg": 0.4}, id="weight 0.4"),
    pytest.param(
        {"pump.reservoir_ml": 60, "refill.volume_ml": 60}, id="a reservoir of 60, filled to the top"
    ),
    pytest.param({"pump.reservoir_ml": 20}, id="filled to its capacity"),
    pytest.param({"pump.alarm_volume_ml": 0}, id="alarm volume 0"),
    pytest.param({"pump.alarm_volume_ml": 39.9}, id="alarm volume below the capacity"),
    pytest.param({"patient.date_of_birth": "1906-11-21"}, id="120 years old"),
    pytest.param({"patient.date_of_birth": "1905-11-22"}, id="a day before 121"),
    pytest.param(
        {"pump.implanted_on": "1988-01-01", "patient.date_of_birth": "1960-01-01"}, id="1988"
    ),
    pytest.param({"verified.on": "2026-11-22"}, id="confirmed tomorrow, where it is already"),
    pytest.param({"refill.next_appointment_on": "2026-08-18"}, id="appointment on the refill day"),
    pytest.param({"refill.alarm_date": "2026-08-18"}, id="alarm on the refill day"),
    pytest.param({"pump.implanted_on": "2026-08-18"}, id="implanted on the refill day"),
    pytest.param({"pump.replace_by": "2022-02-09"}, id="replaced on the day of the implant"),
    pytest.param(_flex(("00:00", "12:00", 245), ("12:00", "24:00", 245)), id="schedule 2 % less"),
    pytest.param(_flex(("00:00", "12:00", 260), ("12:00", "24:00", 250)), id="schedule 2 % more"),
    pytest.param(_flex(("22:00", "02:00", 250), ("02:00", "22:00", 250)), id="past midnight"),
    pytest.param({"patient.full_name": "x" * 80}, id="a name of 80"),
    pytest.param({"team.hospital": "x" * 80}, id="a hospital of 80"),
    pytest.param({"pump.model": "x" * 40}, id="a model of 40"),
]

IMPOSSIBLE = [
    pytest.param(
        {"regimen.concentration_mcg_per_ml": 49.9},
        "regimen.concentration_mcg_per_ml",
        "number-range",
        id="concentration under 50",
    ),
    pytest.param(
        {"regimen.concentration_mcg_per_ml": 6000.1},
        "regimen.concentration_mcg_per_ml",
        "number-range",
        id="concentration over 6000",
    ),
    pytest.param(
        {"regimen.concentration_mcg_per_ml": 2},
        "regimen.concentration_mcg_per_ml",
        "did-you-mean",
        id="concentration 2",
    ),
    pytest.param(
        {"regimen.daily_dose_mcg": 9.9},
        "regimen.daily_dose_mcg",
        "dose-below-lowest",
        id="dose under 10",
    ),
    pytest.param(
        {"regimen.daily_dose_mcg": 3000.1},
        "regimen.daily_dose_mcg",
        "number-positive",
        id="dose over 3000",
    ),
    pytest.param(
        {"regimen.daily_dose_mcg": 0.4},
        "regimen.daily_dose_mcg",
        "dose-or-minimum-rate",
        id="dose 0.4",
    ),
    pytest.param({"regimen.drug": "morphine"}, "regimen.drug", "not-choice", id="another drug"),
    pytest.param({"patient.weight_kg": 0}, "patient.weight_kg", "number-positive", id="weight 0"),
    pytest.param(
        {"patient.weight_kg": 400.1}, "patient.weight_kg", "number-positive", id="weight over 400"
    ),
    pytest.param(
        {"pump.reservoir_ml": 0}, "pump.reservoir_ml", "number-positive", id="reservoir 0"
    ),
    pytest.param(
        {"pump.reservoir_ml": 60.1}, "pump.reservoir_ml", "number-positive", id="reservoir over 60"
    ),
    pytest.param(
        {"pump.alarm_volume_ml": -0.1},
        "pump.alarm_volume_ml",
        "number-range",
        id="alarm volume below 0",
    ),
    pytest.param(
        {"pump.alarm_volume_ml": 40},
        "pump.alarm_volume_ml",
        "alarm-over-capacity",
        id="alarm volume at the capacity",
    ),
    pytest.param(
        {"refill.volume_ml": 40.1}, "refill.volume_ml", "over-capacity", id="overfilled reservoir"
    ),
    pytest.param(
        {"patient.date_of_birth": "1905-11-21"}, "patient.date_of_birth", "too-old", id="121 years"
    ),
    pytest.param(
        {"pump.implanted_on": "1987-12-31", "patient.date_of_birth": "1960-01-01"},
        "pump.implanted_on",
        "before-pumps",
        id="implanted in 1987",
    ),
    pytest.param(
        {"refill.next_appointment_on": "2026-08-17"},
        "refill.next_appointment_on",
        "before",
        id="appointment before the refill",
    ),
    pytest.param(
        {"refill.alarm_date": "2026-08-17"}, "refill.alarm_date", "before", id="alarm before it"
    ),
    pytest.param(
        {"pump.implanted_on": "2026-08-19"},
        "refill.last_refill_on",
        "before",
        id="refilled before the implant",
    ),
    pytest.param(
        {"pump.replace_by": "2022-02-08"}, "pump.replace_by", "before", id="replaced before it"
    ),
    pytest.param(
        {"patient.date_of_birth": "2022-02-10"},
        "pump.implanted_on",
        "before",
        id="implanted before birth",
    ),
    pytest.param(
        _flex(("00:00", "12:00", 244.9), ("12:00", "24:00", 245)),
        "regimen.schedule",
        "schedule-sum",
        id="schedule more than 2 % less",
    ),
    pytest.param(
        _flex(("00:00", "12:00", 260.1), ("12:00", "24:00", 250)),
        "regimen.schedule",
        "schedule-sum",
        id="schedule more than 2 % more",
    ),
    pytest.param(
        _flex(("00:00", "12:01", 250), ("12:00", "24:00", 250)),
        "regimen.schedule[1]",
        "period-overlap",
        id="periods that overlap",
    ),
    pytest.param(
        _flex(("22:00", "02:00", 250), ("01:59", "22:00", 250)),
        "regimen.schedule[1]",
        "period-overlap",
        id="periods that overlap past midnight",
    ),
    pytest.param(
        _flex(("00:00", "24:00", 500), ("12:00", "12:00", 0)),
        "regimen.schedule[1].end",
        "period-empty",
        id="a period without an end",
    ),
    pytest.param(
        _flex(("00:00", "24:00", 500), ("24:00", "00:00", 0)),
        "regimen.schedule[1].end",
        "period-empty",
        id="a period from midnight to midnight",
    ),
    pytest.param(
        {"patient.full_name": "x" * 81}, "patient.full_name", "text-long", id="a name of 81"
    ),
    pytest.param({"team.hospital": "x" * 81}, "team.hospital", "text-long", id="a hospital of 81"),
    pytest.param({"pump.model": "x" * 41}, "pump.model", "text-long", id="a model of 41"),
    pytest.param(
        {"regimen.rescue_plan.written_by": absent},
        "regimen.rescue_plan.written_by",
        "missing",
        id="a rescue plan without an author",
    ),
    pytest.param(
        {"maker_support.phone": absent},
        "maker_support.phone",
        "missing",
        id="a line without number",
    ),
]

FUTURE = [
    "patient.date_of_birth",
    "regimen.last_change.on",
    "regimen.rescue_plan.written_on",
    "pump.implanted_on",
    "refill.last_refill_on",
    "maker_support.checked_on",
    "verified.on",
]


@pytest.mark.parametrize("changes", POSSIBLE)
def test_the_limit_itself_is_possible(changes: dict[str, Any]) -> None:
    """A value exactly at its limit makes no error."""
    assert reading_of(alex(changes)).errors == ()


@pytest.mark.parametrize("changes, path, code", IMPOSSIBLE)
def test_beyond_the_limit_is_an_error(changes: dict[str, Any], path: str, code: str) -> None:
    """A value just beyond its limit is an error there, and the only one."""
    assert found(reading_of(alex(changes)).errors) == {(path, code)}


@pytest.mark.parametrize("path", FUTURE)
def test_what_has_happened_is_not_in_the_future(path: str) -> None:
    """A day that has passed cannot lie more than a day ahead; tomorrow is a time zone."""
    assert (path, "future") not in found(reading_of(alex({path: "2026-11-22"})).errors)
    assert (path, "future") in found(reading_of(alex({path: "2026-11-23"})).errors)


def test_a_reservoir_filled_in_part_is_no_fault() -> None:
    """Alex's 40 mL reservoir holds 20 mL, which the contract takes as it is."""
    assert "refill.volume_ml" not in {fault.path for fault in reading_of(alex()).faults}


# Parts built in code --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "part, given",
    [
        pytest.param(Patient, {"full_name": "", "date_of_birth": "1991-04-12"}, id="no name"),
        pytest.param(
            Patient, {"full_name": "Sam", "date_of_birth": "2026-02-30"}, id="no such day"
        ),
        pytest.param(Patient, {"full_name": None, "date_of_birth": "2015-09-30"}, id="null"),
        pytest.param(Team, {"hospital": "City", "phone_24h": "020 7946 0321"}, id="no country"),
        pytest.param(Contact, {"name": "Dana", "phone": "call me"}, id="no number"),
        pytest.param(Period, {"start": "06:00", "end": "25:00", "mcg": 1}, id="no such time"),
        pytest.param(Verified, {"on": "yesterday", "by": "Dana"}, id="yesterday"),
        pytest.param(Allergies, {"status": "perhaps"}, id="no such status"),
        pytest.param(OralBaclofen, {"status": "listed", "dose_mg": -1}, id="less than nothing"),
        pytest.param(
            Regimen,
            {
                "drug": "baclofen",
                "concentration_mcg_per_ml": 2,
                "daily_dose_mcg": 400,
                "mode": "simple_continuous",
            },
            id="a unit slip",
        ),
    ],
)
def test_a_part_cannot_be_built_from_what_is_invalid(part: Any, given: dict[str, Any]) -> None:
    """Code that builds a part meets the same parsers as a file does."""
    with pytest.raises(InvalidValue):
        part(**given)


def test_a_part_holds_typed_values() -> None:
    """What is given as text is kept as a day and a number."""
    given: dict[str, Any] = {"date_of_birth": "2015-09-30", "weight_kg": "31,5 kg"}
    patient = Patient(full_name=" Sam  Lee ", **given)
    assert patient.full_name == "Sam Lee"
    assert patient.date_of_birth.year == 2015 and str(patient.weight_kg) == "31.5"


def test_a_card_cannot_be_built_against_its_rules() -> None:
    """A card that breaks two rules says both, with their paths."""
    card = card_of(tuyet())
    with pytest.raises(InvalidCard) as refusal:
        replace(card, contacts=(), allergies=Allergies(status="listed"))
    assert {(fault.path, fault.code, fault.level) for fault in refusal.value.faults} == {
        ("contacts", "no-contact", ERROR),
        ("allergies.items", "listed-nothing", ERROR),
    }


def test_a_card_cannot_be_changed() -> None:
    """A card is a value: whoever wants another one makes another one."""
    card = card_of(sam())
    with pytest.raises(AttributeError):
        card.region = "US"  # type: ignore[misc]  # what is tried must fail
    assert replace(card, region="ie").region == "IE"
    assert PumpDrugs(status="unknown").items == ()
