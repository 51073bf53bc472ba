"""What recipients do on their own pages: confirm, stop, snooze, acknowledge."""

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
class OpenedRecipient:
    """What a recipient's token opens: the card's record and the recipient in it."""

    card_id: bytes
    record: AlertRecord = field(repr=False)
    recipient: Recipient


class RecipientService:
    """The recipients' side of every card's alerts."""

    def __init__(self, records: RecordStore) -> None:
        self._records = records

    def open(self, token: str) -> OpenedRecipient | None:
        """Return what a recipient's token, ``/u/``, opens; None if it opens nothing."""
        try:
            token = crypto.read_token(token)
            card_id = self._records.card_of(token)
            record = self._records.read(card_id) if card_id else None
        except (crypto.UnreadableToken, crypto.BrokenSeal):
            return None
        if not card_id or not record:
            return None
        matches = [recipient for recipient in record.people if recipient.token == token]
        return OpenedRecipient(card_id, record, matches[0]) if matches else None

    def is_known(self, token: str) -> bool:
        """Whether a recipient's or a message's token leads anywhere; asks no key."""
        try:
            token = crypto.read_token(token)
        except crypto.UnreadableToken:
            return False
        return self._records.is_known(token)

    def confirm(self, opened: OpenedRecipient, now: datetime) -> None:
        """Accept the alerts."""
        self.change(
            opened.card_id,
            opened.recipient.id,
            now,
            lambda recipient: replace(
                clear_failing(recipient), confirmed_at=now, stopped_at=None, gone_at=None
            ),
        )

    def stop(self, opened: OpenedRecipient, now: datetime) -> None:
        """Stop the alerts; the first request sets the time."""
        self.change(
            opened.card_id,
            opened.recipient.id,
            now,
            lambda recipient: replace(recipient, stopped_at=recipient.stopped_at or now),
        )

    def snooze(
        self, card_id: bytes, recipient_id: str, until: datetime | None, now: datetime
    ) -> None:
        """Snooze a recipient's alerts; ``until`` None ends the snooze."""
        self.change(
            card_id, recipient_id, now, lambda recipient: replace(recipient, snoozed_until=until)
        )

    def open_message(self, token: str) -> tuple[OutboxEntry, AlertRecord] | None:
        """Return the message of a message's token, ``/a/``; None if it opens nothing."""
        try:
            entry = self._records.outbox.find(crypto.read_token(token))
            record = self._records.read(entry.row.card_id) if entry else None
        except (crypto.UnreadableToken, crypto.BrokenSeal):
            return None
        return (entry, record) if entry and record else None

    def acknowledge(self, entry: OutboxEntry, now: datetime) -> None:
        """Acknowledge the alerts of a message, which also shows that its channel works."""
        card_id, recipient_id = entry.row.card_id, entry.queued.person

        def change(record: AlertRecord) -> tuple[AlertRecord, list[QueuedMessage]]:
            recipient = record.recipient(recipient_id)
            name = recipient.name if recipient else entry.result.get("name", "")
            if recipient:
                record = record.with_recipient(replace(clear_failing(recipient), seen_at=now))
            keys = entry.queued.details.get("keys", [])
            return escalation.acknowledge(record, keys, name, now, recipient_id)

        self._records.change(card_id, now, change)
        self._records.outbox.mark_answered(entry.row.id, now)

    def change(
        self,
        card_id: bytes,
        recipient_id: str,
        now: datetime,
        change: Callable[[Recipient], Recipient],
    ) -> None:
        """Change one recipient, if they are on the list."""
        self._records.change(
            card_id, now, lambda record: (record.with_changed_recipient(recipient_id, change), [])
        )
