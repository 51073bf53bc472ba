"""Who is told what when: mornings, repetitions, turns, quiet hours, odd clocks."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiver_card.alerting.policy import alert_record as books
from caregiver_card.alerting.policy import channel_checks, escalation
from caregiver_card.alerting.policy.recipients import Recipient
from caregiver_card.card.alert_kinds import KINDS, SUBJECTS
from caregiver_card.card.alert_schedule import Severity
from tests.alerting.telling import LONDON, Family, at, book, person
from tests.cast import CAST, WORDS, absent, sam

QUARTER = timedelta(minutes=15)


def missed(**more: Any) -> dict[str, Any]:
    """Sam, whose appointment of 20 November passed; the alarm date is weeks away: URGENT."""
    changes = {
        "refill.last_refill_on": "2026-09-01",
        "refill.alarm_date": "2027-01-20",
        "refill.next_appointment_on": "2026-11-20",
        "time_zone": "Europe/London",
        "verified.on": "2026-11-01",
        **more,
    }
    return sam({path: value for path, value in changes.items() if value is not absent})


def grave() -> dict[str, Any]:
    """Sam, whose alarm date of 18 November is three days past on the 21st: EMERGENCY."""
    return missed(**{"refill.alarm_date": "2026-11-18", "refill.next_appointment_on": absent})


def due() -> dict[str, Any]:
    """Sam with an appointment on 5 December: DUE from 21 November."""
    return missed(**{"refill.next_appointment_on": "2026-12-05"})


def quarters(first: datetime, last: datetime) -> list[datetime]:
    """Every quarter of an hour, both ends included."""
    return [first + n * QUARTER for n in range(int((last - first) / QUARTER) + 1)]


@pytest.mark.parametrize("name", CAST)
def test_it_works(name: str) -> None:
    """Whoever is first in turn is told in the morning, once."""
    family = Family(book(CAST[name](), person(time_zone="UTC")))
    local = family.book.zone
    assert family.told(at("2027-06-21 08:00", local))
    assert family.told(at("2027-06-21 08:15", local)) == {}


def test_nothing_is_told_before_the_morning() -> None:
    """An alert that begins with the day comes at eight."""
    family = Family(book(due(), person()))
    family.know("Mum", at("2026-11-20 20:00"))
    assert family.told(at("2026-11-21 07:59")) == {}
    assert family.told(at("2026-11-21 08:00")) == {"mum": {"refill_due"}}


@pytest.mark.parametrize(
    "file, again",
    [(grave(), 4), (missed(), 24), (due(), 24 * 7)],
    ids=["EMERGENCY", "URGENT", "DUE"],
)
def test_it_is_said_again_until_somebody_knows(file: dict[str, Any], again: int) -> None:
    """Every four hours, every day, every week; then never again."""
    family = Family(book(file, person(subjects=("refill",))))
    first = at("2026-11-21 08:00")
    times = [now for now, _ in family.watch(quarters(first, first + timedelta(hours=again)))]
    assert times == [first, first + timedelta(hours=again)]
    family.know("Mum", first + timedelta(hours=again, minutes=5))
    assert family.watch(quarters(first + timedelta(hours=again), first + timedelta(days=6))) == []


def test_a_graver_one_is_told_to_those_who_knew() -> None:
    """To know of a passed appointment is not to know that the alarm date is near."""
    file = missed(**{"refill.alarm_date": "2026-11-26"})
    family = Family(book(file, person(subjects=("refill",))))
    family.told(at("2026-11-21 08:00"))
    family.know("Mum", at("2026-11-21 08:04"))
    assert family.told(at("2026-11-22 08:00")) == {}
    told = family.told(at("2026-11-23 08:00"))
    assert told == {"mum": {"refill_missed"}}
    held = escalation.unacknowledged(family.book, at("2026-11-23 08:00"))
    assert held[0].severity == Severity.EMERGENCY


def test_an_appointment_is_told_afresh_as_it_comes_near() -> None:
    """14, 7, 3 and 1 days ahead, to those who knew as well."""
    family = Family(book(due(), person(subjects=("refill",))))
    days = []
    for day in range(21, 31):
        if family.told(at(f"2026-11-{day} 08:00")):
            days.append(day)
            family.know("Mum", at(f"2026-11-{day} 09:00"))
    for day in range(1, 6):
        if family.told(at(f"2026-12-0{day} 08:00")):
            days.append(day)
            family.know("Mum", at(f"2026-12-0{day} 09:00"))
    assert days == [21, 28, 2, 4]


# Turns ----------------------------------------------------------------------------------------


def three(**changes: Any) -> list[Any]:
    """Three in turn, of whom the second is changed."""
    second = person("Dad", turn=2, subjects=("refill",), **changes)
    return [
        person("Mum", subjects=("refill",)),
        second,
        person("Nan", turn=3, subjects=("refill",)),
    ]


@pytest.mark.parametrize(
    "file, step",
    [(grave(), timedelta(minutes=30)), (missed(), timedelta(hours=4)), (due(), timedelta(days=2))],
    ids=["EMERGENCY", "URGENT", "DUE"],
)
def test_it_goes_to_the_next_in_turn(file: dict[str, Any], step: timedelta) -> None:
    """After half an hour, four hours, two days."""
    family = Family(book(file, *three()))
    first = at("2026-11-21 08:00")
    told = family.watch(quarters(first, first + 2 * step))
    begun: dict[str, timedelta] = {}
    for now, name in told:
        begun.setdefault(name, now - first)
    assert begun == {"mum": timedelta(), "dad": step, "nan": 2 * step}


def test_for_information_is_for_the_first_alone() -> None:
    """Nobody's aunt is woken for a card's telephone numbers."""
    file = missed(**{"verified.on": "2026-03-01", "refill.last_refill_on": "2026-11-20"})
    file["refill"].pop("next_appointment_on")
    people = [person("Mum", subjects=("card",)), person("Dad", turn=2, subjects=("card",))]
    family = Family(book(file, *people))
    names = {name for _, name in family.watch(quarters(at("2026-11-21 08:00"), at("2026-11-22")))}
    assert names == {"mum"}


def test_when_one_knows_the_others_hear_of_it() -> None:
    """Those who were told, and nobody else."""
    family = Family(book(missed(), *three()))
    family.watch(quarters(at("2026-11-21 08:00"), at("2026-11-21 12:00")))
    notes = family.know("Dad", at("2026-11-21 12:04"))
    assert [(note.what, note.person, note.details["by"]) for note in notes] == [
        (escalation.ACKNOWLEDGED, "mum", "Dad")
    ]
    assert family.know("Mum", at("2026-11-21 12:05")) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"confirmed_at": None},
        {"stopped_at": at("2026-11-01 08:00")},
        {"gone_at": at("2026-11-01 08:00")},
        {"subjects": ("card",)},
        {"snoozed_until": at("2026-11-30 08:00")},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_who_cannot_be_told_holds_nobody_up(changes: dict[str, Any]) -> None:
    """The third then comes when the second would have come."""
    people = three()
    people[1] = person("Dad", turn=2, **{"subjects": ("refill",), **changes})
    family = Family(book(missed(), *people))
    told = family.watch(quarters(at("2026-11-21 08:00"), at("2026-11-21 12:00")))
    assert [name for _, name in told] == ["mum", "nan"]


def test_a_channel_in_trouble_is_tried_and_passed_over() -> None:
    """The message may get through; the next does not wait for it."""
    family = Family(book(missed(), *three(trouble="mail-away")))
    told = family.watch(quarters(at("2026-11-21 08:00"), at("2026-11-21 12:00")))
    assert sorted(told) == [
        (at("2026-11-21 08:00"), "mum"),
        (at("2026-11-21 12:00"), "dad"),
        (at("2026-11-21 12:00"), "nan"),
    ]


# Quiet hours and snoozes ----------------------------------------------------------------------

NIGHT = ("21:00", "09:30")


@pytest.mark.parametrize(
    "file, first",
    [(grave(), "08:00"), (missed(), "08:00"), (due(), "09:30")],
    ids=["EMERGENCY", "URGENT", "DUE"],
)
def test_quiet_hours_hold_back_what_can_wait(file: dict[str, Any], first: str) -> None:
    """An emergency and what is urgent come all the same."""
    family = Family(book(file, person(quiet=NIGHT, subjects=("refill",))))
    told = family.watch(quarters(at("2026-11-21 08:00"), at("2026-11-21 11:00")))
    assert told[0] == (at(f"2026-11-21 {first}"), "mum")


@pytest.mark.parametrize(
    "quiet, now, is_quiet",
    [
        (NIGHT, "20:59", False),
        (NIGHT, "21:00", True),
        (NIGHT, "00:00", True),
        (NIGHT, "09:29", True),
        (NIGHT, "09:30", False),
        (("13:00", "15:00"), "14:00", True),
        (("13:00", "15:00"), "15:00", False),
        ((), "03:00", False),
    ],
)
def test_quiet_hours_are_the_person_s_own(quiet: Any, now: str, is_quiet: bool) -> None:
    """By the clock on their own wall, over midnight too."""
    for zone in ("Europe/London", "Asia/Ho_Chi_Minh", "America/Chicago"):
        told = person(quiet=quiet, time_zone=zone)
        assert told.is_quiet(at(f"2026-11-21 {now}", ZoneInfo(zone))) == is_quiet


def test_a_snooze_holds_back_all_but_an_emergency() -> None:
    """What was held back is said when the pause ends."""
    until = at("2026-11-22 18:00")
    for file, first in ((grave(), "2026-11-21 08:00"), (missed(), "2026-11-22 18:00")):
        asleep = person(snoozed_until=until, subjects=("refill",))
        family = Family(book(file, asleep, person("Dad", subjects=("card",))))
        told = family.watch(quarters(at("2026-11-21 08:00"), at("2026-11-22 20:00")))
        assert told[0] == (at(first), "mum")


def test_what_is_urgent_wakes_a_family_that_is_all_asleep() -> None:
    """Somebody has to hear of it."""
    asleep = at("2026-11-30 08:00")
    family = Family(book(missed(), person(snoozed_until=asleep)))
    assert family.told(at("2026-11-21 08:00"))
    family = Family(book(due(), person(snoozed_until=asleep)))
    assert family.told(at("2026-11-21 08:00")) == {}


# Odd clocks -----------------------------------------------------------------------------------


def test_what_a_sender_missed_is_said_once() -> None:
    """Five days without a sender are one message, and the rhythm goes on."""
    family = Family(book(missed(), person(subjects=("refill",))))
    family.told(at("2026-11-21 08:00"))
    told = family.watch(quarters(at("2026-11-26 14:00"), at("2026-11-27 20:00")))
    assert [now for now, _ in told] == [at("2026-11-26 14:00"), at("2026-11-27 08:00")]


def test_a_late_start_begins_with_the_first_in_turn() -> None:
    """A family that is new on a card with an old alert is not told all at once."""
    family = Family(book(missed(), *three()))
    told = family.watch(quarters(at("2026-12-10 15:00"), at("2026-12-10 19:00")))
    assert [(f"{now:%H:%M}", name) for now, name in told] == [("15:00", "mum"), ("19:00", "dad")]


@pytest.mark.parametrize(
    "around",
    ["2026-03-29", "2026-10-25"],
    ids=["an hour is skipped", "an hour comes twice"],
)
def test_mornings_stay_mornings_when_clocks_change(around: str) -> None:
    """Each day at eight on the wall, however long the night was."""
    last = (datetime.fromisoformat(around) - timedelta(days=2)).date()
    file = missed(**{"refill.next_appointment_on": last.isoformat()})
    file["refill"]["last_refill_on"] = file["verified"]["on"] = (
        last - timedelta(days=60)
    ).isoformat()
    file["refill"]["alarm_date"] = (last + timedelta(days=40)).isoformat()
    family = Family(book(file, person(subjects=("refill",))))
    start = at(f"{last + timedelta(days=1)} 07:00")
    told = family.watch(quarters(start, start + timedelta(days=3, hours=20)))
    walls = [now.astimezone(LONDON) for now, _ in told]
    assert [f"{wall:%H:%M}" for wall in walls] == ["08:00"] * 4
    assert len({wall.date() for wall in walls}) == 4


def test_an_emergency_is_repeated_by_the_hour_through_such_a_night() -> None:
    """Four hours are four hours."""
    file = grave()
    file["refill"] |= {"last_refill_on": "2026-08-20", "alarm_date": "2026-10-20"}
    file["verified"]["on"] = "2026-10-20"
    family = Family(book(file, person(subjects=("refill",))))
    told = family.watch(quarters(at("2026-10-24 08:00"), at("2026-10-26 08:00")))
    times = [now for now, _ in told]
    # In the clock's own morning the milder ones beside it come again.
    times.remove(at("2026-10-25 08:00"))
    times.remove(at("2026-10-26 08:00"))
    assert {b - a for a, b in itertools.pairwise(times)} == {timedelta(hours=4)}


def test_quiet_hours_that_end_in_a_skipped_hour_end() -> None:
    """01:30 does not exist on that night in London."""
    told = person(quiet=("22:00", "01:30"))
    assert told.is_quiet(at("2026-03-29 00:59"))
    assert not told.is_quiet(at("2026-03-29 00:59") + timedelta(minutes=1))


@pytest.mark.parametrize("back", [timedelta(minutes=30), timedelta(hours=5), timedelta(hours=23)])
def test_a_clock_that_jumps_back_doubles_nothing(back: timedelta) -> None:
    """What was told stays told; the next repetition comes in its time."""
    for file in (grave(), missed(), due()):
        straight, jumped = (Family(book(file, person(subjects=("refill",)))) for _ in range(2))
        moments = quarters(at("2026-11-21 08:00"), at("2026-11-29 08:00"))
        expected = straight.watch(moments)
        jump = at("2026-11-24 13:00")
        before = [now for now in moments if now <= jump]
        after = quarters(jump - back, at("2026-11-29 08:00"))
        assert sorted(jumped.watch(before + after)) == expected


@pytest.mark.parametrize("ahead", [timedelta(days=3), timedelta(days=4000)])
def test_a_clock_that_was_far_ahead_loses_nothing(ahead: timedelta) -> None:
    """Once it is right again, the family is told in the right rhythm."""
    family = Family(book(grave(), person(subjects=("refill",))))
    family.told(at("2026-11-21 08:00"))
    family.told(at("2026-11-21 09:00") + ahead)
    told = family.watch(quarters(at("2026-11-21 09:15"), at("2026-11-22 09:15")))
    assert len(told) in (6, 7)
    assert told[0][0] <= at("2026-11-21 12:15")


def test_a_time_zone_that_changes_loses_and_doubles_nothing() -> None:
    """Who flies from London to Tokyo or Honolulu is told once a day, in the morning there."""
    for zone in ("Asia/Tokyo", "Pacific/Honolulu", "Pacific/Kiritimati"):
        family = Family(book(missed(), person(subjects=("refill",))))
        family.watch(quarters(at("2026-11-21 08:00"), at("2026-11-23 10:00")))
        there = person(subjects=("refill",), time_zone=zone)
        family.book = family.book.with_recipient(there)
        told = family.watch(quarters(at("2026-11-23 10:15"), at("2026-11-27 10:00")))
        walls = [now.astimezone(ZoneInfo(zone)) for now, _ in told]
        assert [f"{wall:%H:%M}" for wall in walls] == ["08:00"] * len(walls)
        assert len(walls) in (3, 4) and len({wall.date() for wall in walls}) == len(walls)


@pytest.mark.parametrize("zone", ["Pacific/Honolulu", "Pacific/Kiritimati", "America/Chicago"])
def test_a_patient_who_moves_is_told_of_once_a_day(zone: str) -> None:
    """The card's time zone changes in the afternoon: no day is left out, none comes twice."""
    family = Family(book(missed(), person(subjects=("refill",))))
    before = family.watch(quarters(at("2026-11-21 08:00"), at("2026-11-23 15:00")))
    moved = book(missed(time_zone=zone)).plan
    family.book = replace(family.book, plan=moved)
    after = family.watch(quarters(at("2026-11-23 15:15"), at("2026-11-26 15:00")))
    assert [f"{now:%d %H:%M}" for now, _ in before] == ["21 08:00", "22 08:00", "23 08:00"]
    assert [f"{now:%d %H:%M}" for now, _ in after] == ["24 08:00", "25 08:00", "26 08:00"]


def test_a_place_that_this_machine_does_not_know_stops_nobody() -> None:
    """A person, or a card, from an installation with a newer list of time zones."""
    lost = person("Dad", time_zone="Europe/Atlantis", subjects=("refill",), proof="weekly")
    people = (person(subjects=("refill",)), lost)
    for family in (
        Family(book(missed(), *people)),
        Family(replace(book(missed(), *people), plan=_elsewhere("Europe/Atlantis"))),
    ):
        assert set(family.told(at("2026-11-21 08:00"))) == {"mum", "dad"}


def _elsewhere(zone: str) -> Any:
    return replace(book(missed()).plan, time_zone=zone)


@given(st.data())
def test_however_often_anybody_looks_nothing_is_said_twice(data: st.DataObject) -> None:
    """Two senders that look whenever they like tell no more than one that looks each quarter."""
    start = at("2026-11-21 08:00")
    family = Family(book(missed(), *three()))
    steps = st.lists(st.integers(0, 300), min_size=1, max_size=60)
    now = start
    seen: set[tuple[str, str, int]] = set()
    for minutes in data.draw(steps):
        now += timedelta(minutes=minutes)
        for note in family.look(now) + family.look(now):
            for key in note.details.get("keys", ()):
                number = family.book.told[f"{note.person}|{key}"].number
                assert (note.person, key, number) not in seen
                seen.add((note.person, key, number))


# Proofs ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "proof, days",
    [("weekly", ["11-23", "11-30", "12-07", "12-14"]), ("monthly", ["12-07"]), ("", [])],
)
def test_a_test_message_comes_as_often_as_was_asked(proof: str, days: list[str]) -> None:
    """On Mondays at ten; the month's on its first."""
    calm = missed(**{"refill.next_appointment_on": absent})
    family = Family(book(calm, person(proof=proof, confirmed_at=at("2026-11-20 12:00"))))
    found = []
    for now in quarters(at("2026-11-21 08:00"), at("2026-12-20 08:00")):
        if any(note.what == channel_checks.TEST_ALERT for note in family.look(now)):
            family.book = family.book.with_changed_recipient("mum", _seen_at(now))
            found.append(f"{now.astimezone(LONDON):%m-%d %H:%M}")
    assert found == [f"{day} 10:00" for day in days]


def _seen_at(now: datetime) -> Callable[[Recipient], Recipient]:
    return lambda each: replace(each, seen_at=now)


def test_a_test_message_that_nobody_answers_is_told_to_the_others() -> None:
    """After two days, once; an answer mends it."""
    calm = missed(**{"refill.next_appointment_on": absent})
    mum = person(proof="weekly", confirmed_at=at("2026-11-20 12:00"))
    family = Family(book(calm, mum, person("Dad", turn=2)))
    notes = [
        (now, note)
        for now in quarters(at("2026-11-23 10:00"), at("2026-11-29 08:00"))
        for note in family.look(now)
        if note.what == escalation.CHANNEL_FAILING
    ]
    assert [(now, note.person) for now, note in notes] == [(at("2026-11-25 10:00"), "dad")]
    silent = family.book.recipient("mum")
    assert silent and silent.trouble == channel_checks.SILENT


# What is written down ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", CAST)
def test_a_book_is_read_as_it_was_written(name: str) -> None:
    """With all that its people were told and know."""
    family = Family(book(CAST[name](), *three(proof="weekly"), called="Alex", copies={"a": "van"}))
    family.watch(quarters(at("2027-06-21 08:00"), at("2027-06-21 20:00")))
    family.know("Mum", at("2027-06-21 20:04"))
    assert family.book.told and family.book.known and family.book.begun
    assert books.load(books.dump(family.book)) == family.book


def test_every_kind_of_alert_belongs_to_a_subject() -> None:
    """Whatever the schedule says, somebody can choose to be told of it."""
    assert {kind.subject for kind in KINDS.values()} == set(SUBJECTS)
    assert len(KINDS) == 15


def test_the_next_card_forgets_what_is_past() -> None:
    """A refill that was recorded ends the reminders, and what was known with them."""
    family = Family(book(missed(), person(subjects=("refill",))))
    family.told(at("2026-11-21 08:00"))
    family.know("Mum", at("2026-11-21 08:04"))
    refilled = missed(
        **{"refill.last_refill_on": "2026-11-21", "refill.next_appointment_on": "2027-01-10"}
    )
    family.book = replace(family.book, plan=book(refilled).plan)
    assert family.told(at("2026-11-21 12:00")) == {}
    assert (family.book.told, family.book.known) == ({}, {})


# How it is said ---------------------------------------------------------------------------------

_SAID = {
    timedelta(minutes=30): "half an hour",
    timedelta(hours=4): "4 hours",
    timedelta(days=1): "day",
    timedelta(days=2): "2 days",
    timedelta(days=7): "week",
    timedelta(days=30): "30 days",
}


@pytest.mark.parametrize("severity", list(Severity))
def test_what_a_message_says_of_its_repetition_is_what_happens(severity: Severity) -> None:
    """A rhythm that is changed is changed in the words as well."""
    rhythm = escalation.RHYTHMS[severity]
    again = f"every {_SAID[rhythm.repeat_after]}"
    assert again in WORDS.text[f"tell.again.{severity.name}"]
    if rhythm.escalate_after:
        assert again in WORDS.text["own.again"]
        assert f"after {_SAID[rhythm.escalate_after]}" in WORDS.text["own.later"]
