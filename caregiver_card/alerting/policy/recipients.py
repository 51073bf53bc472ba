"""Who is told: a person on one channel, with what they chose."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from enum import IntEnum
from typing import Any
from zoneinfo import ZoneInfo

from caregiver_card.alerting.policy import timing
from caregiver_card.card.alert_schedule import Severity

# A subject without an alert: that somebody opened a copy.
OPENED = "opened"
_TIMES = ("confirmed_at", "stopped_at", "gone_at", "snoozed_until", "troubled_at", "seen_at")
# Which books of an older version do not have.
_NEWER = ("checked_at",)


class Audience(IntEnum):
    """Who hears of a card: nobody, the phones of whoever keeps it, or somebody else as well."""

    NOBODY = 0
    OURS = 1
    OTHERS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One entry of the list of people told; a second channel of a person is a second entry.

    ``id`` names the entry in forms and opens nothing; ``token`` opens its own page, ``/u/``.
    ``turn`` is the order of escalation, 1 first; ``quiet`` is from and until, ``HH:MM``, or empty;
    ``proof`` is how often a test message proves the channel: ``weekly``, ``monthly`` or never.
    """

    id: str
    token: str = field(repr=False)
    name: str = field(repr=False)
    channel: str
    address: str = field(repr=False)
    turn: int
    subjects: tuple[str, ...]
    quiet: tuple[str, ...]
    time_zone: str
    proof: str
    # Whether the subject line, which a locked phone may show, says what it is about.
    open_subject: bool
    confirmed_at: datetime | None = None
    # The person's own "stop".
    stopped_at: datetime | None = None
    # The address is no more.
    gone_at: datetime | None = None
    snoozed_until: datetime | None = None
    # The code of what keeps messages from arriving, and since when.
    trouble: str = ""
    troubled_at: datetime | None = None
    # The last time that something this channel carried was answered.
    seen_at: datetime | None = None
    # The last time that a phone said by itself that this is still its address.
    checked_at: datetime | None = None
    # Who asks, as the invitation says it; empty where nobody chose to say.
    asked_by: str = field(default="", repr=False)
    # Whether the address is the one that was typed, and not what an older program made of it.
    exact: bool = False

    @property
    def is_ours(self) -> bool:
        """Whether this is a phone of whoever keeps the card: only the owner's page adds phones."""
        return self.channel == "push"

    @property
    def reachable(self) -> bool:
        """Whether anything may be sent at all."""
        return bool(self.confirmed_at) and not self.stopped_at and not self.gone_at

    @property
    def zone(self) -> ZoneInfo:
        """Where this person's clock is."""
        return timing.zone(self.time_zone)

    def snoozed(self, now: datetime) -> bool:
        """Whether they asked for a pause that is not over."""
        return self.snoozed_until is not None and now < self.snoozed_until

    def is_quiet(self, now: datetime) -> bool:
        """Whether it is one of their quiet hours."""
        if not self.quiet:
            return False
        start, end = map(time.fromisoformat, self.quiet)
        local = now.astimezone(self.zone).time()
        return start <= local < end if start <= end else local >= start or local < end

    def disturbed_by(self, severity: Severity, now: datetime) -> bool:
        """Whether this may come now: EMERGENCY and URGENT ignore quiet hours."""
        return severity >= Severity.URGENT or not self.is_quiet(now)


def audience(hearing: Iterable[Recipient]) -> Audience:
    """Who these are, together."""
    return max((_audience(each) for each in hearing), default=Audience.NOBODY)


def _audience(person: Recipient) -> Audience:
    return Audience.OURS if person.is_ours else Audience.OTHERS


def clear_failing(person: Recipient) -> Recipient:
    """Something got through."""
    return replace(person, trouble="", troubled_at=None)


def read(row: dict[str, Any]) -> Recipient:
    """A person who was written down with ``dataclasses.asdict``."""
    times = {name: datetime.fromisoformat(row[name]) if row[name] else None for name in _TIMES}
    times |= {name: datetime.fromisoformat(row[name]) for name in _NEWER if row.get(name)}
    lists = {name: tuple(row[name]) for name in ("subjects", "quiet")}
    return Recipient(**{**row, **times, **lists})
