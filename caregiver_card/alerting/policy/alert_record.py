"""The book of a card: its plan, the people told, what they were told, and who knows.

One sealed document a card. Whoever changes it holds it, so what was told and what is queued are
written together or not at all. A book is there only for a card that has people to tell.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from caregiver_card.alerting.policy import plan, recipients, timing
from caregiver_card.alerting.policy.plan import AlertPlan, PlannedAlert
from caregiver_card.alerting.policy.recipients import Audience, Recipient


class NotificationRecord(NamedTuple):
    """Which repetition somebody was told last, counted from 0, and when it was queued."""

    number: int
    at: datetime


class Acknowledgement(NamedTuple):
    """Who said "I know", and when."""

    by: str
    at: datetime


class QueuedMessage(NamedTuple):
    """Something to be sent to one person: what it is, and what its words need."""

    what: str
    person: str
    details: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class AlertRecord:
    """Everything that the sender knows of a card. Keys of ``told``: ``person|what``."""

    plan: AlertPlan
    people: tuple[Recipient, ...] = ()
    # What the messages call the patient; empty unless the family chose words for it.
    called: str = field(default="", repr=False)
    # The labels of the copies by their ids, to say which one was opened.
    copies: Mapping[str, str] = field(default_factory=dict, repr=False)
    # When each occasion was first found to hold.
    begun: Mapping[str, datetime] = field(default_factory=dict)
    told: Mapping[str, NotificationRecord] = field(default_factory=dict)
    known: Mapping[str, Acknowledgement] = field(default_factory=dict)
    # Who heard of a missed refill when a sender looked last.
    heard: Audience = Audience.NOBODY

    @property
    def zone(self) -> ZoneInfo:
        """Where the patient's days begin; the first person's zone if the card has none."""
        name = self.plan.time_zone or next((each.time_zone for each in self.people), "UTC")
        return timing.zone(name)

    def person(self, person_id: str) -> Recipient | None:
        """The person with this id, who may have been removed."""
        return next((each for each in self.people if each.id == person_id), None)

    def occasion(self, key: str) -> PlannedAlert | None:
        """The occasion with this key, which a newer card may not have any more."""
        return next((each for each in self.plan.occasions if each.key == key), None)

    def with_person(self, person: Recipient) -> "AlertRecord":
        """With this person added, or in the place of the one with the same id."""
        if self.person(person.id) is None:
            return replace(self, people=(*self.people, person))
        swapped = (person if each.id == person.id else each for each in self.people)
        return replace(self, people=tuple(swapped))

    def without_person(self, person_id: str) -> "AlertRecord":
        """Without this person, and without what they were told."""
        told = {key: each for key, each in self.told.items() if key.split("|")[0] != person_id}
        rest = tuple(each for each in self.people if each.id != person_id)
        return replace(self, people=rest, told=told)

    def changed(self, person_id: str, change: Callable[[Recipient], Recipient]) -> "AlertRecord":
        """With one person changed; unchanged if they were removed."""
        person = self.person(person_id)
        return self.with_person(change(person)) if person else self

    def having_told(self, person_id: str, what: str, number: int, now: datetime) -> "AlertRecord":
        """With one thing more that was told."""
        told = {**self.told, f"{person_id}|{what}": NotificationRecord(number, now)}
        return replace(self, told=told)


def dump(book: AlertRecord) -> bytes:
    """A book as it is sealed."""
    return json.dumps(asdict(book), default=_plain, separators=(",", ":")).encode()


def load(raw: bytes) -> AlertRecord:
    """A book that ``dump`` wrote."""
    row = json.loads(raw)
    told = tuple(map(recipients.read, row["people"]))
    # In a book of an older program it is whoever said yes.
    heard = row.get("heard", recipients.audience(each for each in told if each.confirmed_at))
    return AlertRecord(
        plan=plan.read(row["plan"]),
        people=told,
        called=row["called"],
        copies=row["copies"],
        begun={key: datetime.fromisoformat(at) for key, at in row["begun"].items()},
        told={
            key: NotificationRecord(number, _at(at)) for key, (number, at) in row["told"].items()
        },
        known={key: Acknowledgement(by, _at(at)) for key, (by, at) in row["known"].items()},
        heard=Audience(heard),
    )


def _at(words: str) -> datetime:
    return datetime.fromisoformat(words)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
