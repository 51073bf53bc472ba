"""What the owner's pages do with alerts: invite, change, remove, acknowledge, read the log."""

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine

from caregiver_card.alerting import link_labels
from caregiver_card.alerting.messages import INVITATION
from caregiver_card.alerting.outbox import LEASE, Outbox, OutboxEntry
from caregiver_card.alerting.policy import escalation, page_opened
from caregiver_card.alerting.policy.alert_record import AlertRecord, QueuedMessage
from caregiver_card.alerting.policy.plan import plan
from caregiver_card.alerting.policy.recipients import Recipient
from caregiver_card.alerting.recipient_service import RecipientService
from caregiver_card.alerting.record_store import Change, RecordStore
from caregiver_card.alerting.sealing import Sealer
from caregiver_card.briefing.languages import content_for
from caregiver_card.card.model import Card
from caregiver_card.storage import crypto, device_marks, key_check
from caregiver_card.storage.database import clear_log, writing
from caregiver_card.storage.key_check import KeyState

# Each recipient gets a message at every repetition; a family and its helpers are fewer.
MAX_RECIPIENTS = 12
MAX_INVITATIONS_A_DAY = 20
# So that nobody can flood a person with invitations or test alerts.
_RESEND_AFTER = timedelta(minutes=10)


class ListFull(RuntimeError):
    """A card has MAX_RECIPIENTS, or as many invitations as it may have in a day."""


class UnreadableRecord(RuntimeError):
    """A card's alert record does not open: another CARD_SECRET_KEY, or damage."""


class AlertService:
    """The alerts of every card, from the owner's side; ``recipients`` is the other side."""

    def __init__(self, engine: Engine, secret: str, lease: timedelta = LEASE) -> None:
        self._secret, self._lease = secret, lease
        self.records = self.records_in(engine)
        self.recipients = RecipientService(self.records)

    def records_in(self, engine: Engine) -> RecordStore:
        """Return the records and the outbox in a database with rows of this installation."""
        sealer = Sealer(self._secret)
        return RecordStore(engine, sealer, Outbox(engine, sealer, self._lease))

    @property
    def key_state(self) -> KeyState:
        """What is known about the secret; asked of the database, where a rotation may change it."""
        return key_check.key_state(self.records.engine, self._secret)

    def former_push_keys(self) -> tuple[bytes, ...]:
        """Return the private push keys of former secrets, to which phones are bound."""
        with self.records.engine.connect() as connection:
            return key_check.former_push_keys(connection, self._secret)

    def replan_in_transaction(
        self, card: Card, version: int, now: datetime
    ) -> Callable[[Connection, bytes], None]:
        """Return the function by which a save replans a card's alerts in its own transaction."""

        def replan(connection: Connection, card_id: bytes) -> None:
            def change(record: AlertRecord) -> tuple[AlertRecord, list[QueuedMessage]]:
                known = link_labels.without_gone(record, connection, card_id)
                return self._replanned(card, version)(known)

            # The card is saved even if its record is unreadable, which the owner's page shows.
            with suppress(crypto.BrokenSeal):
                self.records.change_in_transaction(connection, card_id, now, change)

        return replan

    def replan(self, card_id: bytes, card: Card, version: int, now: datetime) -> None:
        """Replan the alerts of a stored card, which an older program planned by its own rules."""
        if self.readable_record(card_id):
            self.records.change(card_id, now, self._replanned(card, version))

    def is_plan_older(self, card_id: bytes, version: int) -> bool:
        """Whether a card's alerts are an older version's: one was saved under a wrong secret."""
        record = self.readable_record(card_id)
        return record is not None and record.plan.version < version

    def _replanned(self, card: Card, version: int) -> Change:
        def change(record: AlertRecord) -> tuple[AlertRecord, list[QueuedMessage]]:
            if record.plan.version > version:
                return record, []
            return replace(record, plan=plan(card, content_for(card), version)), []

        return change

    def record(self, card_id: bytes) -> AlertRecord | None:
        """Return a card's record; None if it has no recipients. Raises UnreadableRecord."""
        try:
            return self.records.read(card_id)
        except crypto.BrokenSeal:
            raise UnreadableRecord from None

    def readable_record(self, card_id: bytes) -> AlertRecord | None:
        """Return a card's record; None if it has no recipients or cannot be opened."""
        with suppress(UnreadableRecord):
            return self.record(card_id)
        return None

    def invite(
        self, card_id: bytes, card: Card, version: int, recipient: Recipient, now: datetime
    ) -> None:
        """Add a recipient, and queue an invitation unless they have confirmed already.

        Raises ListFull, counted in the transaction that adds: of two at once the one too many.
        """
        empty = AlertRecord(plan(card, content_for(card), version))
        with writing(self.records.engine) as connection:

            def change(record: AlertRecord) -> tuple[AlertRecord, list[QueuedMessage]]:
                _require_room(record)
                record = record.with_recipient(recipient)
                if recipient.confirmed_at:
                    return record, []
                self._require_invitation(connection, card_id, now)
                return _with_message(record, recipient, INVITATION, now)

            self.records.create_if_missing(connection, card_id, now, empty)
            self.records.add_link(connection, card_id, recipient.token)
            self.records.change_in_transaction(connection, card_id, now, change)

    def may_invite(self, card_id: bytes, now: datetime) -> bool:
        """Whether a card may invite one more recipient now; ``invite`` has the last word."""
        record = self.readable_record(card_id)
        with suppress(ListFull), self.records.engine.connect() as connection:
            _require_room(record)
            self._require_invitation(connection, card_id, now)
            return True
        return False

    def _require_invitation(self, connection: Connection, card_id: bytes, now: datetime) -> None:
        since = now - timedelta(days=1)
        asked = self.records.outbox.count_since(connection, card_id, INVITATION, since)
        if asked >= MAX_INVITATIONS_A_DAY:
            raise ListFull

    def discard(self, card_id: bytes) -> None:
        """Remove a record that cannot be opened any more, with its log."""
        self.records.discard(card_id)
        self.records.outbox.discard(card_id)

    def resend(self, card_id: bytes, recipient_id: str, what: str, now: datetime) -> bool:
        """Queue another invitation or test alert; False if the last one was just queued."""
        is_queued = False

        def change(record: AlertRecord) -> tuple[AlertRecord, list[QueuedMessage]]:
            nonlocal is_queued
            recipient = record.recipient(recipient_id)
            if recipient is None or was_just_queued(record, recipient_id, what, now):
                return record, []
            is_queued = True
            return _with_message(record, recipient, what, now)

        self.records.change(card_id, now, change)
        return is_queued

    def change_recipient(
        self, card_id: bytes, recipient_id: str, now: datetime, **fields: Any
    ) -> None:
        """Set fields of a recipient."""
        self.recipients.change(card_id, recipient_id, now, lambda old: replace(old, **fields))

    def remove_recipient(self, card_id: bytes, recipient_id: str, now: datetime) -> None:
        """Remove a recipient from the list. Raises ``crypto.BrokenSeal``."""
        with writing(self.records.engine) as connection:
            self.records.remove_in_transaction(connection, card_id, [recipient_id], now)
        clear_log(self.records.engine)

    def removing(
        self, recipient_ids: Collection[str], now: datetime
    ) -> Callable[[Connection, bytes], None]:
        """Return the function that removes recipients in a transaction, if their list opens.

        Links that are gone by then are forgotten as well.
        """

        def remove(connection: Connection, card_id: bytes) -> None:
            with suppress(crypto.BrokenSeal):
                self.records.remove_in_transaction(connection, card_id, recipient_ids, now)
                link_labels.forget_gone_in_transaction(self.records, connection, card_id, now)

        return remove

    def set_patient_name(self, card_id: bytes, name: str, now: datetime) -> None:
        """Set the patient's name in messages; empty for none."""
        self.records.change(card_id, now, lambda record: (replace(record, called=name), []))

    def acknowledge(self, card_id: bytes, keys: list[str], by: str, now: datetime) -> None:
        """Acknowledge alerts on the owner's page, under the name ``by``."""
        self.records.change(
            card_id, now, lambda record: escalation.acknowledge(record, keys, by, now)
        )

    def record_opening(self, card_id: bytes, link_id: str, *, sure: bool, now: datetime) -> None:
        """Queue notices that a reader link was opened; ``sure`` as in ``page_opened``."""
        record = self.readable_record(card_id)
        if record and page_opened.record_opening(record, link_id, sure=sure, now=now)[1]:
            self.records.change(
                card_id,
                now,
                lambda record: page_opened.record_opening(record, link_id, sure=sure, now=now),
            )

    def device_cookie(self, card_id: bytes) -> tuple[str, str] | None:
        """Return name and value of the cookie by which a card knows its family's own devices.

        None under a wrong secret: its cookies would mean nothing under the right one.
        """
        if not self.key_state.is_usable:
            return None
        return device_marks.cookie(self.records.engine, self._secret, card_id)

    def log(self, card_id: bytes, limit: int) -> list[OutboxEntry]:
        """Return a card's newest messages, newest first. Raises UnreadableRecord."""
        try:
            return self.records.outbox.log(card_id, limit)
        except crypto.BrokenSeal:
            raise UnreadableRecord from None


def _require_room(record: AlertRecord | None) -> None:
    if record and len(record.people) >= MAX_RECIPIENTS:
        raise ListFull


def _with_message(
    record: AlertRecord, recipient: Recipient, what: str, now: datetime
) -> tuple[AlertRecord, list[QueuedMessage]]:
    number = now.date().toordinal()
    record = record.with_notification(recipient.id, what, number, now)
    return record, [QueuedMessage(what, recipient.id)]


def was_just_queued(record: AlertRecord, recipient_id: str, what: str, now: datetime) -> bool:
    """Whether a message of this kind was queued for a recipient within the last ten minutes."""
    last = record.told.get(f"{recipient_id}|{what}")
    return last is not None and now - _RESEND_AFTER < last.at <= now
