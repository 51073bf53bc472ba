"""What a recipient does: say yes, stop, pause, acknowledge, by the tokens of a message."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from caregiver_card.alerting.outbox import OutboxEntry
from caregiver_card.alerting.policy import escalation
from caregiver_card.alerting.policy.alert_record import AlertRecord, QueuedMessage
from caregiver_card.alerting.policy.recipients import Recipient, clear_failing
from caregiver_card.alerting.record_store import RecordStore
from caregiver_card.storage import crypto


@dataclass(frozen=True, slots=True)
class Told:
    """What a person's own page opens: the card's book and their place in it."""

    card_id: bytes
    book: AlertRecord = field(repr=False)
    person: Recipient


class RecipientService:
    """The recipients' side of every card's alerts."""

    def __init__(self, books: RecordStore) -> None:
        self._books = books

    def told(self, token: str) -> Told | None:
        """What is behind a person's own address, ``/u/``."""
        try:
            token = crypto.read_token(token)
            card_id = self._books.behind(token)
            book = self._books.read(card_id) if card_id else None
        except (crypto.UnreadableToken, crypto.BrokenSeal):
            return None
        found = [each for each in book.people if each.token == token] if book else []
        return Told(card_id, book, found[0]) if card_id and book and found else None

    def confirm(self, told: Told, now: datetime) -> None:
        """Yes, tell me."""
        self._change(
            told.card_id,
            told.person.id,
            now,
            lambda person: replace(
                clear_failing(person), confirmed_at=now, stopped_at=None, gone_at=None
            ),
        )

    def stop(self, told: Told, now: datetime) -> None:
        """No more; pressed twice, the first time counts."""
        self._change(
            told.card_id,
            told.person.id,
            now,
            lambda person: replace(person, stopped_at=person.stopped_at or now),
        )

    def snooze(self, card_id: bytes, person_id: str, until: datetime | None, now: datetime) -> None:
        """A pause until then, or its end."""
        self._change(card_id, person_id, now, lambda each: replace(each, snoozed_until=until))

    def message(self, token: str) -> tuple[OutboxEntry, AlertRecord] | None:
        """What is behind the address that came with a message, ``/a/``."""
        try:
            entry = self._books.outbox.find(crypto.read_token(token))
            book = self._books.read(entry.row.card_id) if entry else None
        except (crypto.UnreadableToken, crypto.BrokenSeal):
            return None
        return (entry, book) if entry and book else None

    def answer(self, entry: OutboxEntry, now: datetime) -> None:
        """ "I know", from the message itself: it shows as well that the channel works."""
        card_id, person_id = entry.row.card_id, entry.note.person

        def by(book: AlertRecord) -> tuple[AlertRecord, list[QueuedMessage]]:
            person = book.person(person_id)
            name = person.name if person else entry.result.get("name", "")
            if person:
                book = book.with_person(replace(clear_failing(person), seen_at=now))
            return escalation.acknowledge(
                book, entry.note.details.get("keys", []), name, now, person_id
            )

        self._books.change(card_id, now, by)
        self._books.outbox.seen(entry.row.id, now)

    def _change(
        self,
        card_id: bytes,
        person_id: str,
        now: datetime,
        change: Callable[[Recipient], Recipient],
    ) -> None:
        self._books.change(card_id, now, lambda book: (book.changed(person_id, change), []))
