"""A book and its log in words: what the owner reads about the people told."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from caregiver_card.alerting import rounds
from caregiver_card.alerting.book import Book, Known
from caregiver_card.alerting.outbox import Entry
from caregiver_card.alerting.people import Person
from caregiver_card.alerting.plan import Occasion
from caregiver_card.alerting.tables import State
from caregiver_card.content import Content


@dataclass(frozen=True, slots=True)
class Listed:
    """A person on the list: how it stands with them, what is wrong, what they chose."""

    person: Person
    state: str
    trouble: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """A line of the log."""

    what: str
    to: str
    became: str
    seen: str


class Listing:
    """Words for one card's owner, times by the patient's clock."""

    def __init__(self, book: Book, now: datetime, content: Content) -> None:
        self._book, self._now, self._content = book, now, content

    def people(self) -> list[Listed]:
        """Everybody, in turn."""
        ordered = sorted(self._book.people, key=lambda each: (each.turn, each.name))
        return [
            Listed(each, self._state(each), self._trouble(each), self._choices(each))
            for each in ordered
        ]

    def current(self) -> list[tuple[Occasion, str]]:
        """What is told now, gravest first, each with who knows, if anybody does."""
        return [
            (each, self._known(self._book.known.get(each.key)))
            for each in rounds.held(self._book, self._now)
        ]

    def sent(self, log: list[Entry]) -> list[Sent]:
        """The log, line by line."""
        return [self._sent(each) for each in log]

    def time(self, moment: datetime) -> str:
        """A day and a time."""
        return when(moment, self._book.zone, self._content)

    def _known(self, known: Known | None) -> str:
        return self._say("people.now.known", by=known.by, time=self.time(known.at)) if known else ""

    def _state(self, person: Person) -> str:
        if person.gone_at:
            return self._say("people.state.gone")
        if person.stopped_at:
            return self._say("people.state.stopped", day=self._day(person.stopped_at))
        if not person.confirmed_at:
            return self._say("people.state.asked")
        if person.snoozed(self._now) and person.snoozed_until:
            return self._say("people.state.snoozed", time=self.time(person.snoozed_until))
        return self._say("people.state.told", day=self._day(person.confirmed_at))

    def _trouble(self, person: Person) -> str:
        if not person.trouble or not person.troubled_at:
            return ""
        fault = self._say(f"tell.fault.{person.trouble}")
        return self._say("people.state.trouble", time=self.time(person.troubled_at), fault=fault)

    def _choices(self, person: Person) -> tuple[str, ...]:
        words = [self._say("people.line.turn", turn=person.turn)]
        words += [self._say(f"people.subject.{each}") for each in person.subjects]
        if person.quiet:
            start, end = person.quiet
            words.append(self._say("people.line.quiet", from_=start, until=end))
        if person.proof:
            words.append(self._say(f"people.line.proof-{person.proof}"))
        if person.checked_at:
            words.append(self._say("people.line.checked", time=self.time(person.checked_at)))
        return tuple(words)

    def _sent(self, entry: Entry) -> Sent:
        row, result = entry.row, entry.result
        person = self._book.person(entry.note.person)
        name = person.name if person else result.get("name", "–")
        channel = person.channel if person else result.get("channel", "mail")
        to = self._say("people.log.to", name=name, channel=self._say(f"tell.channel.{channel}"))
        what = self._say(f"people.log.{entry.note.what}")
        said = result.get("said", "")
        seen = self._say("people.log.seen", time=self.time(row.seen_at)) if row.seen_at else ""
        return Sent(f"{what}: {said}" if said else what, to, self._became(entry), seen)

    def _became(self, entry: Entry) -> str:
        row, result = entry.row, entry.result
        if row.state == State.SENT and row.done_at:
            return self._say("people.log.sent", time=self.time(row.done_at))
        if row.state == State.WITHDRAWN:
            return self._say("people.log.withdrawn")
        if not result.get("code"):
            return self._say("people.log.waiting")
        fault = self._fault(result)
        if row.state == State.REFUSED:
            return self._say("people.log.refused", fault=fault)
        return self._say("people.log.again", tries=row.tries, fault=fault)

    def _fault(self, result: dict[str, Any]) -> str:
        words = self._say(f"tell.fault.{result['code']}")
        return f"{words} ({result['detail']})" if result.get("detail") else words

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self._book.zone).date()

    def _say(self, place: str, **details: Any) -> str:
        return self._content.say(place, **details)


def when(moment: datetime, zone: ZoneInfo, content: Content) -> str:
    """A moment by a wall clock: 21 Nov 2026, 08:04."""
    local = moment.astimezone(zone)
    return f"{content.day(local.date())}, {local:%H:%M}"
