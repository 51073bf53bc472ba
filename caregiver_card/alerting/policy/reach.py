"""Who receives the alerts of a card now. The pages and the sender use this one rule.

The program knows that a message was sent, not that anybody read it. A recipient counts as receiving
who confirmed and whose channel accepts messages; no more can be known.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from caregiver_card.alerting.policy import recipients
from caregiver_card.alerting.policy.alert_record import AlertRecord, QueuedMessage
from caregiver_card.alerting.policy.channel_checks import SILENT
from caregiver_card.alerting.policy.recipients import Audience, Recipient
from caregiver_card.card.alert_kinds import SUBJECTS

# The kind of message which says that nobody, or only the owner, receives the alerts any more.
AUDIENCE_LOST = "unheard"
# A missed refill can become an emergency.
MOST_SEVERE_SUBJECT = "refill"
# ``Recipient.trouble`` where this server lacks the channel, until a message arrives.
NO_CHANNEL = "none"


class Standing(StrEnum):
    """How far a recipient can be reached; of several, the first. The values are text keys."""

    ADDRESS_GONE = "gone"
    STOPPED = "stopped"
    INVITED = "asked"
    # This server lacks the channel.
    NO_CHANNEL = "cut_off"
    # Messages do not arrive.
    FAILING = "failing"
    # Receives an EMERGENCY, and an URGENT if nobody else would receive it.
    SNOOZED = "paused"
    # The channel accepts messages, but a test alert was not answered.
    SILENT = "silent"
    RECEIVING = "told"

    @property
    def receives(self) -> bool:
        """Whether an EMERGENCY reaches this recipient, as far as the program can know."""
        return self in (Standing.SNOOZED, Standing.SILENT, Standing.RECEIVING)


@dataclass(frozen=True, slots=True)
class Reach:
    """The standing of each recipient, by tier and name."""

    standings: tuple[tuple[Recipient, Standing], ...]

    def receiving(self, subject: str = "") -> list[Recipient]:
        """Return the recipients who receive alerts, of one subject if given."""
        return [
            recipient
            for recipient, standing in self.standings
            if standing.receives and (not subject or subject in recipient.subjects)
        ]

    @property
    def uncovered_subjects(self) -> list[str]:
        """The subjects whose alerts reach nobody."""
        return [subject for subject in SUBJECTS if not self.receiving(subject)]

    @property
    def snoozed_until(self) -> datetime | None:
        """The end of the first snooze if everybody who receives alerts snoozed them, else None."""
        receiving = [pair for pair in self.standings if pair[1].receives]
        if any(standing is not Standing.SNOOZED for _, standing in receiving):
            return None
        ends = (recipient.snoozed_until for recipient, _ in receiving)
        return min((end for end in ends if end), default=None)


def reach(record: AlertRecord, now: datetime, channels: Collection[str] | None = None) -> Reach:
    """Return who receives alerts now.

    ``channels`` names the channels that this server has; None stands for all of them.
    """
    ordered = sorted(record.people, key=lambda recipient: (recipient.turn, recipient.name))
    return Reach(tuple((recipient, _standing(recipient, now, channels)) for recipient in ordered))


def check_audience(
    record: AlertRecord, now: datetime, channels: Collection[str] | None
) -> tuple[AlertRecord, list[QueuedMessage]]:
    """Compare the audience with that of the last evaluation, and warn where it shrank.

    If nobody receives alerts any more, or only the owner's phones, a message goes to those phones,
    once each time that it becomes so.
    """
    current = reach(record, now, channels)
    audience = recipients.audience(current.receiving(MOST_SEVERE_SUBJECT))
    if audience >= record.heard:
        return replace(record, heard=audience), []
    # A failing phone gets the message later if the other recipients are lost, and none about its
    # own loss.
    messages = [
        QueuedMessage(AUDIENCE_LOST, recipient.id, {"before": record.heard})
        for recipient, standing in current.standings
        if recipient.is_owner_phone
        and recipient.reachable
        and (standing.receives or record.heard is Audience.OTHERS)
    ]
    return replace(record, heard=audience), messages


def _standing(recipient: Recipient, now: datetime, channels: Collection[str] | None) -> Standing:
    if recipient.gone_at:
        return Standing.ADDRESS_GONE
    if recipient.stopped_at:
        return Standing.STOPPED
    if not recipient.reachable:
        return Standing.INVITED
    if channels is not None and recipient.channel not in channels:
        return Standing.NO_CHANNEL
    if recipient.trouble not in ("", SILENT, NO_CHANNEL):
        return Standing.FAILING
    if recipient.is_snoozed(now):
        return Standing.SNOOZED
    return Standing.SILENT if recipient.trouble == SILENT else Standing.RECEIVING
