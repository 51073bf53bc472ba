"""What a message says of the next one is what happens."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from caregiver_card.alerting.messages import MessageWriter
from caregiver_card.alerting.next_reminder import NextReminder, next_reminder
from caregiver_card.alerting.policy.escalation import ALERTS
from caregiver_card.alerting.policy.plan import most_severe_of_each_event
from caregiver_card.storage.crypto import new_token
from tests.alerting.house import URL
from tests.alerting.policy.test_escalation import due, grave, missed, quarters, three
from tests.alerting.telling import LONDON, Family, at, book, person
from tests.cast import CAST, absent

MORNING = at("2026-11-21 08:00")
REFILLED = missed(**{"refill.last_refill_on": "2026-11-21", "refill.next_appointment_on": absent})


def first(
    file: dict[str, Any], subject: str, now: datetime = MORNING
) -> tuple[Family, NextReminder]:
    """What comes after the first message to the only one on the list."""
    family = Family(book(file, person(subjects=(subject,))))
    family.look(now)
    (mum,) = family.book.people
    keys = next(note.details["keys"] for _, note in family.notes if note.what == ALERTS)
    lead = family.book.alert(keys[0])
    assert lead
    return family, next_reminder(family.book, mum, lead, now)


@pytest.mark.parametrize(
    "file, subject",
    [(grave(), "refill"), (missed(), "refill"), (due(), "refill"), (REFILLED, "watch")],
)
def test_repeated_is_what_is_repeated(file: dict[str, Any], subject: str) -> None:
    """Of each severity: the alert comes again before it ends, or it does not."""
    family, comes = first(file, subject)
    key = next(note.details["keys"][0] for _, note in family.notes)
    again = [
        note
        for now in quarters(MORNING + timedelta(minutes=15), MORNING + timedelta(days=40))
        for note in family.look(now)
        if key in note.details.get("keys", ())
    ]
    assert comes.is_repeated == bool(again)


def test_what_ends_in_72_hours_is_said_once() -> None:
    """And never "every month"; the message leads to the signs."""
    family, comes = first(REFILLED, "watch")
    assert not comes.is_repeated and f"{comes.ends_on}" == "2026-11-24"
    (note,) = [note for _, note in family.notes]
    message = MessageWriter(family.book, family.book.people[0], new_token(), URL, MORNING).write(
        note
    )
    assert message and "repeated" not in message.text
    assert "You are told this once. It stands on the card until 24 Nov 2026." in message.text
    assert f"{URL}/signs\n" in message.text


def test_an_appointment_says_when_it_is_told_afresh() -> None:
    """14 days ahead it names the seventh; on the last day it names none."""
    _, comes = first(due(), "refill")
    assert not comes.is_repeated and f"{comes.restarts_on}" == "2026-11-28"
    _, comes = first(due(), "refill", at("2026-12-04 08:00"))
    assert comes.restarts_on is None and f"{comes.ends_on}" == "2026-12-05"


def test_the_next_in_turn_is_named_while_there_is_one() -> None:
    """With the moment at which a sender tells them; never to the last."""
    family = Family(book(missed(), *three(), person("Kim", turn=2, confirmed_at=None)))
    told = dict(
        (name, now) for now, name in family.watch(quarters(MORNING, at("2026-11-21 20:00")))
    )
    lead = next(each for each in family.book.plan.occasions if each.kind == "refill_missed")
    named = {
        name: next_reminder(family.book, family.book.recipient(name), lead, told[name]).escalates_at  # type: ignore[arg-type]
        for name in told
    }
    assert named == {"mum": told["dad"], "dad": told["nan"], "nan": None}
    # A day later all were told, and nobody is next.
    mum = family.book.people[0]
    assert next_reminder(family.book, mum, lead, at("2026-11-22 08:00")).escalates_at is None


def test_who_sleeps_then_is_not_promised() -> None:
    """What is only due waits for the morning of whoever is next."""
    asleep = person("Dad", turn=2, subjects=("refill",), quiet=("07:00", "10:00"))
    family = Family(book(due(), person(subjects=("refill",)), asleep))
    family.look(MORNING)
    lead = next(each for each in family.book.plan.occasions if each.is_current(MORNING.date()))
    mum, awake = (
        family.book.people[0],
        family.book.with_changed_recipient("dad", lambda dad: replace(dad, quiet=())),
    )
    assert next_reminder(family.book, mum, lead, MORNING).escalates_at is None
    assert next_reminder(awake, mum, lead, MORNING).escalates_at == at("2026-11-23 08:00")


@pytest.mark.parametrize("name", CAST)
def test_a_message_has_one_action(name: str) -> None:
    """The most severe; the others are named without theirs, in the subject not at all."""
    family = Family(book(CAST[name](), person(time_zone="UTC", open_subject=True)))
    for now in quarters(at("2026-11-21 08:00", LONDON), at("2026-11-21 09:00", LONDON)):
        for note in family.look(now):
            message = MessageWriter(
                family.book, family.book.people[0], new_token(), URL, now
            ).write(note)
            assert message
            told = [each for each in family.book.plan.occasions if each.key in note.details["keys"]]
            said = {each.action for each in told if each.action in message.text}
            (lead,) = {each.action: each for each in told if each.action in said}.values()
            assert message.text.count(lead.action) == 1
            assert lead.severity == max(each.severity for each in told)
            assert "more" not in message.subject


def test_of_one_event_the_most_severe_alone_is_named() -> None:
    """Of one alarm date neither "book a refill" nor "refill late" stands beside "reached"."""
    family = Family(book(grave(), person(subjects=("refill",))))
    family.look(MORNING)
    held = [each for each in family.book.plan.occasions if each.is_current(MORNING.date())]
    assert len(held) > 2
    ordered = sorted(held, key=lambda each: -each.severity)
    assert [each.kind for each in most_severe_of_each_event(ordered)] == ["alarm_date_reached"]
