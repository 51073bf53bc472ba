"""The alert record of a card: its plan, its recipients, what they were sent, who acknowledged.

A record is one sealed document. Whoever changes it locks its row, so that the record and the
messages which follow from it are written together or not at all. Only a card with recipients has a
record.

``asdict`` writes the fields of these classes into sealed rows: a field keeps its name.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from caregiver_card.alerting.policy import plan, recipients, timing
from caregiver_card.alerting.policy.plan import AlertPlan, PlannedAlert
from caregiver_card.alerting.policy.recipients import Audience, Recipient

# A clock that jumps back by less than this causes no duplicates; what a clock that was further
# ahead has written does not count.
CLOCK_TOLERANCE = timedelta(days=1)


class NotificationRecord(NamedTuple):
    """The last repetition that was queued for a recipient, counted from 0, and when."""

    number: int
    at: datetime


class Acknowledgement(NamedTuple):
    """Who acknowledged an alert, and when."""

    by: str
    at: datetime


class QueuedMessage(NamedTuple):
    """A message to one recipient before it is written.

    ``what`` is its kind, ``person`` the recipient's id, ``details`` what its text needs.
    """

    what: str
    person: str
    details: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class AlertRecord:
    """Everything that the sender knows of a card. A key of ``told`` is ``RECIPIENT_ID|WHAT``."""

    plan: AlertPlan
    # The recipients.
    people: tuple[Recipient, ...] = ()
    # The patient's name in messages; empty unless the family chose one.
    called: str = field(default="", repr=False)
    # The labels of the reader links that there are, by their ids, to name the one that is opened.
    copies: Mapping[str, str] = field(default_factory=dict, repr=False)
    # When each alert first became current, by its key.
    begun: Mapping[str, datetime] = field(default_factory=dict)
    # The notifications.
    told: Mapping[str, NotificationRecord] = field(default_factory=dict)
    # The acknowledgements, by the alert's key.
    known: Mapping[str, Acknowledgement] = field(default_factory=dict)
    # Who would have received an alert about a missed refill at the sender's last evaluation.
    heard: Audience = Audience.NOBODY

    @property
    def zone(self) -> ZoneInfo:
        """The patient's time zone; the first recipient's if the card has none, else UTC."""
        names = (recipient.time_zone for recipient in self.people)
        return timing.zone_info(self.plan.time_zone or next(names, "UTC"))

    def recipient(self, recipient_id: str) -> Recipient | None:
        """Return the recipient with this id, or None if they were removed."""
        matches = (recipient for recipient in self.people if recipient.id == recipient_id)
        return next(matches, None)

    def alert(self, key: str) -> PlannedAlert | None:
        """Return the planned alert with this key, or None if the present card has none."""
        return next((alert for alert in self.plan.occasions if alert.key == key), None)

    def with_recipient(self, recipient: Recipient) -> "AlertRecord":
        """Return a record with this recipient, who replaces the one with the same id."""
        if self.recipient(recipient.id) is None:
            return replace(self, people=(*self.people, recipient))
        replaced = (recipient if old.id == recipient.id else old for old in self.people)
        return replace(self, people=tuple(replaced))

    def without_recipient(self, recipient_id: str) -> "AlertRecord":
        """Return a record without this recipient and their notifications."""
        told = {
            key: notification
            for key, notification in self.told.items()
            if key.split("|")[0] != recipient_id
        }
        rest = tuple(recipient for recipient in self.people if recipient.id != recipient_id)
        return replace(self, people=rest, told=told)

    def with_changed_recipient(
        self, recipient_id: str, change: Callable[[Recipient], Recipient]
    ) -> "AlertRecord":
        """Return a record with one recipient changed; the same record if they were removed."""
        recipient = self.recipient(recipient_id)
        return self.with_recipient(change(recipient)) if recipient else self

    def with_notification(
        self, recipient_id: str, what: str, number: int, now: datetime
    ) -> "AlertRecord":
        """Return a record which says that this repetition was queued."""
        told = {**self.told, f"{recipient_id}|{what}": NotificationRecord(number, now)}
        return replace(self, told=told)

    def was_notified(self, recipient_id: str, what: str, number: int, now: datetime) -> bool:
        """Whether this repetition, or a later one, was queued before."""
        last = self.told.get(f"{recipient_id}|{what}")
        return last is not None and last.number >= number and last.at <= now + CLOCK_TOLERANCE


def dump(record: AlertRecord) -> bytes:
    """Return a record as the JSON that is sealed."""
    return json.dumps(asdict(record), default=_to_json, separators=(",", ":")).encode()


def load(raw: bytes) -> AlertRecord:
    """Return the record that ``dump`` wrote, in this or an older version of the program."""
    row = json.loads(raw)
    people = tuple(map(recipients.from_dict, row["people"]))
    # An older program wrote no ``heard``: then it is everybody who confirmed.
    confirmed = (recipient for recipient in people if recipient.confirmed_at)
    heard = row.get("heard", recipients.audience(confirmed))
    return AlertRecord(
        plan=plan.from_dict(row["plan"]),
        people=people,
        called=row["called"],
        copies=row["copies"],
        begun={key: datetime.fromisoformat(at) for key, at in row["begun"].items()},
        told={
            key: NotificationRecord(number, datetime.fromisoformat(at))
            for key, (number, at) in row["told"].items()
        },
        known={
            key: Acknowledgement(by, datetime.fromisoformat(at))
            for key, (by, at) in row["known"].items()
        },
        heard=Audience(heard),
    )


def _to_json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
