"""People told, their books, and a family's week: what the tests of alerting share."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from caregiver_card.alerting.policy import escalation
from caregiver_card.alerting.policy.alert_record import AlertRecord, QueuedMessage
from caregiver_card.alerting.policy.plan import plan
from caregiver_card.alerting.policy.recipients import Recipient
from caregiver_card.card.alert_kinds import SUBJECTS
from caregiver_card.storage.crypto import new_token
from tests.cast import WORDS, card_of

LONDON, CHICAGO = ZoneInfo("Europe/London"), ZoneInfo("America/Chicago")
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def person(name: str = "Mum", **changes: Any) -> Recipient:
    """Somebody in London who said yes, wants to be told everything, and comes first."""
    given: dict[str, Any] = {
        "id": name.lower(),
        "token": new_token(),
        "name": name,
        "channel": "mail",
        "address": f"{name.lower()}@family.example",
        "turn": 1,
        "subjects": tuple(SUBJECTS),
        "quiet": (),
        "time_zone": "Europe/London",
        "proof": "",
        "open_subject": False,
        "confirmed_at": LONG_AGO,
    }
    return Recipient(**{**given, **changes})


def book(file: dict[str, Any], *people: Recipient, **changes: Any) -> AlertRecord:
    """The book of a card's file with these people."""
    return replace(AlertRecord(plan(card_of(file), WORDS, 1), people), **changes)


def at(words: str, zone: ZoneInfo = LONDON, fold: int = 0) -> datetime:
    """``2026-11-21 08:00`` on a wall clock, as a moment."""
    return datetime.fromisoformat(words).replace(tzinfo=zone, fold=fold).astimezone(UTC)


class Family:
    """A book, and everything that its people were told, in order."""

    def __init__(self, book: AlertRecord) -> None:
        self.book = book
        self.notes: list[tuple[datetime, QueuedMessage]] = []

    def look(self, now: datetime) -> list[QueuedMessage]:
        """What a sender queues at this moment."""
        self.book, notes = escalation.evaluate(self.book, now)
        self.notes += [(now, note) for note in notes]
        return notes

    def told(self, now: datetime) -> dict[str, set[str]]:
        """Who is told of which alerts at this moment."""
        return {
            note.person: {key.split("/")[0] for key in note.details["keys"]}
            for note in self.look(now)
            if note.what == escalation.ALERTS
        }

    def watch(self, moments: list[datetime]) -> list[tuple[datetime, str]]:
        """When who was told of an alert, while a sender looked at all these moments."""
        return [(now, name) for now in moments for name in self.told(now)]

    def know(self, by: str, now: datetime) -> list[QueuedMessage]:
        """Somebody answers all that is open."""
        keys = [each.key for each in escalation.unacknowledged(self.book, now)]
        self.book, notes = escalation.acknowledge(self.book, keys, by, now, by.lower())
        return notes
