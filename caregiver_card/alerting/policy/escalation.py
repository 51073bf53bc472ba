"""A book and a moment -> who is to be told what. Rules only: no database, no clock.

An occasion begins in the patient's morning. Who stands first in the list is told then, the next in
turn after a while, and everybody again and again, until one of them says "I know". A repetition
has a number; a person is due the newest one whose time has come. So a sender that slept for a week
says once what it missed, and one that is asked twice says nothing twice.

The hours are the project's own choice (clinical-facts 8, "R"): no source gives any.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from caregiver_card.alerting.policy.alert_record import Acknowledgement, AlertRecord, QueuedMessage
from caregiver_card.alerting.policy.plan import PlannedAlert
from caregiver_card.alerting.policy.recipients import Recipient
from caregiver_card.alerting.policy.timing import MORNING, moment, newest, quarter
from caregiver_card.card.alert_schedule import Severity

ALERTS, KNOWN, PROOF, TROUBLE = "alerts", "known", "proof", "trouble"
# Of this week's or month's Monday, when people are awake.
_PROOF_AT = time(10)
# A clock that jumps back by less than this doubles nothing; what a clock that was more wrong has
# written does not count.
_BELIEVABLE = timedelta(days=1)
# A test message that nobody has answered for so long says that the channel may be dead.
_SILENT_AFTER = timedelta(days=2)
SILENT = "silent"


class Rhythm(NamedTuple):
    """How soon it is said again, and how long the next in turn is spared (None: for good)."""

    again: timedelta
    next_person: timedelta | None


RHYTHMS = {
    Severity.EMERGENCY: Rhythm(timedelta(hours=4), timedelta(minutes=30)),
    Severity.URGENT: Rhythm(timedelta(days=1), timedelta(hours=4)),
    Severity.DUE: Rhythm(timedelta(days=7), timedelta(days=2)),
    Severity.INFO: Rhythm(timedelta(days=30), None),
}


def evaluate(
    book: AlertRecord, now: datetime, busy: frozenset[str] = frozenset()
) -> tuple[AlertRecord, list[QueuedMessage]]:
    """What is to be queued now, and the book that remembers it.

    ``busy`` are people with an alert still under way: it is not piled up behind itself.
    """
    book = _tidied(book, now)
    notes = []
    for person in book.people:
        due = {} if person.id in busy else _due(book, person, now)
        if due:
            notes.append(QueuedMessage(ALERTS, person.id, {"keys": list(due)}))
        for key, number in due.items():
            book = book.having_told(person.id, key, number, now)
        day = _proof_day(book, person, now)
        if day:
            notes.append(QueuedMessage(PROOF, person.id))
            book = book.having_told(person.id, PROOF, day.toordinal(), now)
    for person in book.people:
        if _is_silent(book, person, now):
            book, more = mark_failing(book, person.id, SILENT, now)
            notes += more
    return book, notes


def current(book: AlertRecord, now: datetime) -> list[PlannedAlert]:
    """What is to be told today, gravest first, whether or not somebody knows."""
    local = now.astimezone(book.zone)
    today, awake = local.date(), local.time() >= MORNING
    holding = [
        each
        for each in book.plan.occasions
        if each.holds(today) and (awake or each.first_on < today or each.key in book.begun)
    ]
    return sorted(holding, key=lambda each: (-each.severity, each.due_on, each.kind))


def unacknowledged(book: AlertRecord, now: datetime) -> list[PlannedAlert]:
    """What holds and nobody knows yet."""
    return [each for each in current(book, now) if each.key not in book.known]


def may_tell(book: AlertRecord, person: Recipient, severity: Severity, now: datetime) -> bool:
    """Whether this person may be disturbed now.

    A snooze holds back all but an EMERGENCY, and an URGENT that nobody else would hear of.
    """
    if not person.reachable or not person.disturbed_by(severity, now):
        return False
    if not person.snoozed(now) or severity == Severity.EMERGENCY:
        return True
    others = [each for each in book.people if each.reachable and not each.snoozed(now)]
    return severity == Severity.URGENT and not others


def acknowledge(
    book: AlertRecord, keys: list[str], by: str, now: datetime, person_id: str = ""
) -> tuple[AlertRecord, list[QueuedMessage]]:
    """Somebody knows: nobody is reminded any more, and those who were told hear of it."""
    new = [key for key in keys if book.occasion(key) and key not in book.known]
    if not new:
        return book, []
    known = {**book.known, **dict.fromkeys(new, Acknowledgement(by, now))}
    others = [
        each.id
        for each in book.people
        if each.id != person_id and any(f"{each.id}|{key}" in book.told for key in new)
    ]
    details = {"keys": new, "by": by}
    return replace(book, known=known), [QueuedMessage(KNOWN, each, details) for each in others]


def mark_failing(
    book: AlertRecord, person_id: str, code: str, now: datetime
) -> tuple[AlertRecord, list[QueuedMessage]]:
    """A channel does not work: its person is marked, and the others hear of it, once."""
    person = book.person(person_id)
    if person is None or person.trouble == code:
        return book, []
    since = person.troubled_at or now
    book = book.with_person(replace(person, trouble=code, troubled_at=since))
    if person.trouble:
        return book, []
    others = [each for each in book.people if each.reachable and not each.trouble]
    details = {"name": person.name, "channel": person.channel, "code": code}
    return book, [
        QueuedMessage(TROUBLE, each.id, details) for each in others if each.id != person_id
    ]


def _tidied(book: AlertRecord, now: datetime) -> AlertRecord:
    """The beginnings noted, and what belongs to a past card forgotten."""
    keys = {each.key for each in book.plan.occasions}
    begun = {key: at for key, at in book.begun.items() if key in keys and at <= now + _BELIEVABLE}
    for each in current(book, now):
        begun.setdefault(each.key, quarter(now))
    people = {each.id for each in book.people}
    told = {
        key: each
        for key, each in book.told.items()
        if (parts := key.split("|"))[0] in people and (parts[1] in keys or "/" not in parts[1])
    }
    known = {key: each for key, each in book.known.items() if key in keys}
    return replace(book, begun=begun, told=told, known=known)


def caught_up(
    book: AlertRecord, person: Recipient, keys: Iterable[str], now: datetime
) -> AlertRecord:
    """A message that arrived late counts as the newest repetition of all that it said."""
    for each in unacknowledged(book, now):
        number = _number(book, person, each, now) if each.key in keys else None
        if number is not None and not _was_told(book, person, each.key, number, now):
            book = book.having_told(person.id, each.key, number, now)
    return book


def _due(book: AlertRecord, person: Recipient, now: datetime) -> dict[str, int]:
    """The occasions that this person is to be told, each with its repetition."""
    due = {}
    for each in unacknowledged(book, now):
        number = _number(book, person, each, now)
        if number is None or not may_tell(book, person, each.severity, now):
            continue
        if not _was_told(book, person, each.key, number, now):
            due[each.key] = number
    return due


def _number(
    book: AlertRecord, person: Recipient, occasion: PlannedAlert, now: datetime
) -> int | None:
    """The newest repetition of an occasion for this person, if it is their turn."""
    delay = spared(book, person, occasion, now)
    if delay is None or occasion.key not in book.begun:
        return None
    start, again = book.begun[occasion.key] + delay, RHYTHMS[occasion.severity].again
    return newest(start, again, person.zone, now)


def spared(
    book: AlertRecord, person: Recipient, occasion: PlannedAlert, now: datetime
) -> timedelta | None:
    """How long this person is spared: one step for each turn before theirs; None: for good.

    A turn counts only where somebody in it can be reached: a channel in trouble or a snooze hands
    over at once.
    """
    if occasion.subject not in person.subjects:
        return None
    turns = {each.turn for each in book.people if listens(book, each, occasion, now)}
    before = len([each for each in turns if each < person.turn])
    step = RHYTHMS[occasion.severity].next_person
    if step is None:
        return None if before else timedelta()
    return before * step


def listens(book: AlertRecord, person: Recipient, occasion: PlannedAlert, now: datetime) -> bool:
    """Whether this person would hear of it once their turn and the end of their night has come."""
    able = person.reachable and not person.trouble and occasion.subject in person.subjects
    return able and may_tell(book, replace(person, quiet=()), occasion.severity, now)


def _was_told(book: AlertRecord, person: Recipient, what: str, number: int, now: datetime) -> bool:
    told = book.told.get(f"{person.id}|{what}")
    return told is not None and told.number >= number and told.at <= now + _BELIEVABLE


def _proof_day(book: AlertRecord, person: Recipient, now: datetime) -> date | None:
    """The Monday whose test message is due: this week's, or this month's first."""
    if not person.proof or not person.reachable or person.snoozed(now) or person.is_quiet(now):
        return None
    for day in _mondays(now.astimezone(person.zone).date(), person.proof):
        at = moment(day, _PROOF_AT, person.zone)
        if at <= now:
            since = person.confirmed_at or now
            late = at < since or _was_told(book, person, PROOF, day.toordinal(), now)
            return None if late else day
    return None


def _mondays(today: date, proof: str) -> Iterator[date]:
    """This week's Monday and the last one; or the first ones of this month and the last."""
    if proof == "weekly":
        monday = today - timedelta(days=today.weekday())
        yield from (monday, monday - timedelta(days=7))
    else:
        first = today.replace(day=1)
        for month in (first, (first - timedelta(days=1)).replace(day=1)):
            yield month + timedelta(days=-month.weekday() % 7)


def _is_silent(book: AlertRecord, person: Recipient, now: datetime) -> bool:
    """Whether a test message of some days ago was never answered."""
    told = book.told.get(f"{person.id}|{PROOF}")
    if not told or not person.reachable or person.trouble:
        return False
    answered = person.seen_at is not None and person.seen_at >= told.at
    return not answered and told.at + _SILENT_AFTER <= now
