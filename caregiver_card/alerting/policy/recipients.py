"""A recipient of alerts: an address on one channel, with what the recipient chose."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from enum import IntEnum
from typing import Any
from zoneinfo import ZoneInfo

from caregiver_card.alerting.policy import timing
from caregiver_card.card.alert_schedule import Severity

# A subject without planned alerts: somebody opened the emergency page.
OPENED = "opened"
_TIMES = ("confirmed_at", "stopped_at", "gone_at", "snoozed_until", "troubled_at", "seen_at")
# Records of an older program lack these.
_OPTIONAL_TIMES = ("checked_at",)


class Audience(IntEnum):
    """Who receives the alerts of a card. The numbers are stored."""

    NOBODY = 0
    # Only the phones that the owner's page added.
    OWNER = 1
    OTHERS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One entry of a card's list of recipients; a person with two channels has two entries.

    ``id`` names the entry in forms and opens nothing; ``token`` opens its own page, ``/u/``.
    ``turn`` is the tier of escalation, 1 first. ``quiet`` is the start and the end of the quiet
    hours, ``HH:MM``, or empty. ``proof`` is how often a test alert checks the channel: ``weekly``,
    ``monthly`` or empty for never.

    ``asdict`` writes these fields into sealed rows: a field keeps its name.
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
    # Whether the subject line, which a locked phone may show, names the alert.
    open_subject: bool
    confirmed_at: datetime | None = None
    # When the recipient stopped the alerts.
    stopped_at: datetime | None = None
    # When the channel reported that the address no longer exists.
    gone_at: datetime | None = None
    snoozed_until: datetime | None = None
    # The code of the fault that keeps messages from arriving, and since when.
    trouble: str = ""
    troubled_at: datetime | None = None
    # When the recipient last answered a message on this channel.
    seen_at: datetime | None = None
    # When the phone last confirmed by itself that this is still its address.
    checked_at: datetime | None = None
    # Who invites, as the invitation says it; empty where the owner gave no name.
    asked_by: str = field(default="", repr=False)
    # Whether the address is as typed, and not as an older program altered it.
    exact: bool = False
    # The language of the messages; empty for the card's.
    language: str = ""

    @property
    def is_owner_phone(self) -> bool:
        """Whether this is a phone of the owner: only the owner's page adds phones."""
        return self.channel == "push"

    @property
    def reachable(self) -> bool:
        """Whether anything may be sent: confirmed, not stopped, and the address exists."""
        return bool(self.confirmed_at) and not self.stopped_at and not self.gone_at

    @property
    def zone(self) -> ZoneInfo:
        """The recipient's time zone."""
        return timing.zone_info(self.time_zone)

    def is_snoozed(self, now: datetime) -> bool:
        """Whether the recipient snoozed the alerts until after ``now``."""
        return self.snoozed_until is not None and now < self.snoozed_until

    def is_quiet(self, now: datetime) -> bool:
        """Whether ``now`` lies in the recipient's quiet hours."""
        if not self.quiet:
            return False
        start, end = map(time.fromisoformat, self.quiet)
        local = now.astimezone(self.zone).time()
        return start <= local < end if start <= end else local >= start or local < end

    def may_be_disturbed(self, severity: Severity, now: datetime) -> bool:
        """Whether quiet hours let this through: EMERGENCY and URGENT ignore them."""
        return severity >= Severity.URGENT or not self.is_quiet(now)


def audience(recipients: Iterable[Recipient]) -> Audience:
    """Return the audience that these recipients are."""
    return max(
        (
            Audience.OWNER if recipient.is_owner_phone else Audience.OTHERS
            for recipient in recipients
        ),
        default=Audience.NOBODY,
    )


def clear_failing(recipient: Recipient) -> Recipient:
    """Return the recipient without a fault, after a message arrived."""
    return replace(recipient, trouble="", troubled_at=None)


def from_dict(row: dict[str, Any]) -> Recipient:
    """Return the recipient that ``dataclasses.asdict`` wrote."""
    times = {name: datetime.fromisoformat(row[name]) if row[name] else None for name in _TIMES}
    times |= {name: datetime.fromisoformat(row[name]) for name in _OPTIONAL_TIMES if row.get(name)}
    lists = {name: tuple(row[name]) for name in ("subjects", "quiet")}
    return Recipient(**{**row, **times, **lists})
