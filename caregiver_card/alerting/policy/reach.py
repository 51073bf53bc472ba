"""A book and a moment -> who hears of it. The one rule, for every page and for the sender.

What is sent is not what is read: somebody who "is told" has said yes, nothing keeps messages from
being taken over for them, and no more can be known.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from caregiver_card.alerting.policy import escalation, recipients
from caregiver_card.alerting.policy.alert_record import AlertRecord, QueuedMessage
from caregiver_card.alerting.policy.recipients import Audience, Recipient
from caregiver_card.card.alert_kinds import SUBJECTS

UNHEARD = "unheard"
# What can become an emergency.
GRAVEST = "refill"
# A channel that this server does not have; ``Person.trouble`` says so until something gets through.
NO_CHANNEL = "none"


class Standing(StrEnum):
    """How it stands with somebody on the list; of several, the first."""

    GONE = "gone"
    STOPPED = "stopped"
    ASKED = "asked"
    # By a channel that this server does not have.
    CUT_OFF = "cut_off"
    # Messages do not get through.
    FAILING = "failing"
    # Not of all: an emergency comes, and what is urgent if nobody else would hear of it.
    PAUSED = "paused"
    # Messages are taken over, and a test was not answered.
    SILENT = "silent"
    TOLD = "told"

    @property
    def hears(self) -> bool:
        """Whether an emergency is told to them, as far as anybody can know."""
        return self in (Standing.PAUSED, Standing.SILENT, Standing.TOLD)


@dataclass(frozen=True, slots=True)
class Reach:
    """How it stands with everybody, in turn."""

    standings: tuple[tuple[Recipient, Standing], ...]

    def hearing(self, subject: str = "") -> list[Recipient]:
        """Those who hear; of one subject, those who chose it."""
        return [
            person
            for person, standing in self.standings
            if standing.hears and (not subject or subject in person.subjects)
        ]

    @property
    def unheard(self) -> list[str]:
        """The subjects that are told to nobody."""
        return [each for each in SUBJECTS if not self.hearing(each)]

    @property
    def paused_until(self) -> datetime | None:
        """Until when only what is grave is told, because all who hear have paused."""
        hearing = [(person, each) for person, each in self.standings if each.hears]
        if any(each is not Standing.PAUSED for _, each in hearing):
            return None
        return min(
            (person.snoozed_until for person, _ in hearing if person.snoozed_until), default=None
        )


def reach(book: AlertRecord, now: datetime, ways: Collection[str] | None = None) -> Reach:
    """Who hears now; ``ways`` are the channels that this server has, all of them if ``None``."""
    ordered = sorted(book.people, key=lambda each: (each.turn, each.name))
    return Reach(tuple((each, _standing(each, now, ways)) for each in ordered))


def noticed(
    book: AlertRecord, now: datetime, ways: Collection[str] | None
) -> tuple[AlertRecord, list[QueuedMessage]]:
    """Fewer hear than when a sender last looked: nobody, or only the phones of whoever keeps the
    card. Those phones are told, once each time that it becomes so.
    """
    found = reach(book, now, ways)
    audience = recipients.audience(found.hearing(GRAVEST))
    if audience >= book.heard:
        return replace(book, heard=audience), []
    # A phone that fails hears later that the others are lost, and not that it was lost itself.
    notes = [
        QueuedMessage(UNHEARD, person.id, {"before": book.heard})
        for person, standing in found.standings
        if person.is_ours and person.reachable and (standing.hears or book.heard is Audience.OTHERS)
    ]
    return replace(book, heard=audience), notes


def _standing(person: Recipient, now: datetime, ways: Collection[str] | None) -> Standing:
    if person.gone_at:
        return Standing.GONE
    if person.stopped_at:
        return Standing.STOPPED
    if not person.reachable:
        return Standing.ASKED
    if ways is not None and person.channel not in ways:
        return Standing.CUT_OFF
    if person.trouble not in ("", escalation.SILENT, NO_CHANNEL):
        return Standing.FAILING
    if person.snoozed(now):
        return Standing.PAUSED
    return Standing.SILENT if person.trouble == escalation.SILENT else Standing.TOLD
