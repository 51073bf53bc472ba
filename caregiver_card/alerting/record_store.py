"""The alert records in the database: read, changed under a lock, evaluated when they are due."""

from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy import (
    Connection,
    Engine,
    Select,
    and_,
    case,
    delete,
    insert,
    or_,
    select,
    update,
)

from caregiver_card.alerting.outbox import Outbox
from caregiver_card.alerting.policy import escalation, reach
from caregiver_card.alerting.policy.alert_record import AlertRecord, QueuedMessage
from caregiver_card.alerting.policy.timing import CHECK_INTERVAL, start_of_quarter
from caregiver_card.alerting.sealing import Sealer
from caregiver_card.storage import crypto, key_check
from caregiver_card.storage.database import clear_log, writing
from caregiver_card.storage.schema import alert_links, alert_outbox, alert_records, cards

_BATCH = 200
# The value of ``sealed_book`` once a record was discarded.
_DISCARDED = b""

Change = Callable[[AlertRecord], tuple[AlertRecord, list[QueuedMessage]]]


class RecordStore:
    """The alert record of each card, with the outbox for the messages that follow from it."""

    def __init__(self, engine: Engine, sealer: Sealer, outbox: Outbox) -> None:
        self.engine, self.outbox = engine, outbox
        self._sealer = sealer

    def read(self, card_id: bytes) -> AlertRecord | None:
        """Return a card's record, or None if it has none. Raises ``crypto.BrokenSeal``."""
        with self.engine.connect() as connection:
            sealed = connection.execute(_select_sealed(card_id)).scalar()
        return self._sealer.open_record(card_id, sealed) if sealed else None

    def change(self, card_id: bytes, now: datetime, change: Change) -> AlertRecord | None:
        """Change a card's record, if it has one, and queue the messages that ``change`` returns.

        Raises ``crypto.BrokenSeal``.
        """
        with writing(self.engine) as connection:
            return self.change_in_transaction(connection, card_id, now, change)

    def change_in_transaction(
        self, connection: Connection, card_id: bytes, now: datetime, change: Change
    ) -> AlertRecord | None:
        """Do as ``change``, in a transaction of the caller's."""
        _hold_card(connection, card_id)
        locked = _select_sealed(card_id).with_for_update()
        sealed = connection.execute(locked).scalar()
        if not sealed:
            return None
        record, messages = change(self._sealer.open_record(card_id, sealed))
        self._write(connection, card_id, record, now)
        self.outbox.queue(connection, card_id, messages, now)
        return record

    def remove_in_transaction(
        self, connection: Connection, card_id: bytes, recipient_ids: Collection[str], now: datetime
    ) -> None:
        """Remove recipients with their tokens; without any left, the record is discarded.

        Raises ``crypto.BrokenSeal``.
        """
        tokens: list[str] = []

        def change(record: AlertRecord) -> tuple[AlertRecord, list[QueuedMessage]]:
            for recipient in record.people:
                if recipient.id in recipient_ids:
                    tokens.append(recipient.token)
                    record = record.without_recipient(recipient.id)
            return record, []

        record = self.change_in_transaction(connection, card_id, now, change)
        ids = [crypto.lookup_id(token) for token in tokens]
        connection.execute(delete(alert_links).where(alert_links.c.lookup_id.in_(ids)))
        if tokens and record and not record.people:
            _discard(connection, card_id)

    def create_if_missing(
        self, connection: Connection, card_id: bytes, now: datetime, empty: AlertRecord
    ) -> None:
        """Write an empty record for a card that has none, or whose record was discarded.

        Nobody else does so until the transaction ends. Raises ``key_check.WrongKey``: nothing that
        is there would show that it is.
        """
        row = {
            "card_id": card_id,
            "look_at": now,
            "sealed_book": self._sealer.seal_record(card_id, empty),
        }
        key_check.require(connection, self._sealer.secret)
        # A record that is missing cannot be locked.
        _hold_card(connection, card_id, alone=True)
        # Somebody may be about to discard it.
        sealed = connection.execute(_select_sealed(card_id).with_for_update()).scalar()
        if sealed is None:
            connection.execute(insert(alert_records), row)
        elif not sealed:
            this = alert_records.c.card_id == card_id
            connection.execute(update(alert_records).where(this), row)

    def existed(self, card_id: bytes) -> bool:
        """Whether a card has a record, or had one that was discarded."""
        sent = select(alert_outbox.c.id).where(alert_outbox.c.card_id == card_id).limit(1)
        with self.engine.connect() as connection:
            # An older program deleted the row and left the messages.
            statements = (_select_sealed(card_id), sent)
            return any(connection.execute(each).scalar() is not None for each in statements)

    def add_link(self, connection: Connection, card_id: bytes, token: str) -> None:
        """Make a recipient's token lead to the card's record."""
        row = {"lookup_id": crypto.lookup_id(token), "card_id": card_id}
        connection.execute(insert(alert_links), row)

    def card_of(self, token: str) -> bytes | None:
        """Return the id of the card that a recipient's token leads to, or None."""
        statement = select(alert_links.c.card_id).where(
            alert_links.c.lookup_id == crypto.lookup_id(token)
        )
        with self.engine.connect() as connection:
            return connection.execute(statement).scalar()

    def is_known(self, token: str) -> bool:
        """Whether a recipient or a message has this token; asks no key."""
        lookup_id = crypto.lookup_id(token)
        with self.engine.connect() as connection:
            return any(
                connection.execute(select(column).where(column == lookup_id)).first() is not None
                for column in (alert_links.c.lookup_id, alert_outbox.c.id)
            )

    def discard(self, card_id: bytes) -> None:
        """Remove a record, readable or not, with the recipients' tokens.

        The empty row stays, so that the owner's page can say that there are no recipients any more.
        """
        with writing(self.engine) as connection:
            _hold_card(connection, card_id)
            _discard(connection, card_id)
        clear_log(self.engine)

    def due_cards(self, now: datetime) -> list[bytes]:
        """Return the ids of cards whose record is due for evaluation, longest due first.

        A time further ahead than any sender sets was written by a wrong clock, and counts as due.
        """
        look_at = alert_records.c.look_at
        is_due = or_(look_at <= now, look_at > now + 2 * CHECK_INTERVAL)
        statement = (
            select(alert_records.c.card_id)
            .where(is_due, alert_records.c.sealed_book != _DISCARDED)
            .order_by(look_at)
            .limit(_BATCH)
        )
        with self.engine.connect() as connection:
            return list(connection.execute(statement).scalars())

    def overdue_since(self, card_id: bytes, now: datetime) -> datetime | None:
        """Return when a sender should have evaluated a record; None unless that is long past."""
        has_record = and_(
            alert_records.c.card_id == card_id, alert_records.c.sealed_book != _DISCARDED
        )
        statement = select(alert_records.c.look_at).where(has_record)
        with self.engine.connect() as connection:
            look_at = connection.execute(statement).scalar()
        return look_at if look_at and look_at < now - 2 * CHECK_INTERVAL else None

    def evaluate(
        self, card_id: bytes, now: datetime, channels: Collection[str] | None = None
    ) -> bool:
        """Queue what is due for a card, once, however many senders evaluate it at a time.

        ``channels`` names the channels that there are, as in ``reach``. Returns False for a record
        that cannot be opened.
        """
        with writing(self.engine) as connection:

            def change(record: AlertRecord) -> tuple[AlertRecord, list[QueuedMessage]]:
                pending = self.outbox.recipients_waiting(connection, card_id, escalation.ALERTS)
                record, alerts = escalation.evaluate(record, now, pending)
                record, warnings = reach.check_audience(record, now, channels)
                return record, [*alerts, *warnings]

            try:
                self.change_in_transaction(connection, card_id, now, change)
                is_readable = True
            except crypto.BrokenSeal:
                is_readable = False
            self._postpone(connection, card_id, now)
        return is_readable

    def postpone(self, card_id: bytes, now: datetime) -> None:
        """Set the next evaluation to the next full quarter of an hour."""
        with writing(self.engine) as connection:
            self._postpone(connection, card_id, now)

    def _postpone(self, connection: Connection, card_id: bytes, now: datetime) -> None:
        statement = update(alert_records).where(alert_records.c.card_id == card_id)
        connection.execute(statement, {"look_at": start_of_quarter(now) + CHECK_INTERVAL})

    def _write(
        self, connection: Connection, card_id: bytes, record: AlertRecord, now: datetime
    ) -> None:
        # A change is no evaluation: a record that is overdue stays overdue since the same time.
        look_at = case((alert_records.c.look_at < now, alert_records.c.look_at), else_=now)
        values = {"sealed_book": self._sealer.seal_record(card_id, record), "look_at": look_at}
        connection.execute(
            update(alert_records).where(alert_records.c.card_id == card_id).values(values)
        )


def _hold_card(connection: Connection, card_id: bytes, *, alone: bool = False) -> None:
    """Keep a card from being deleted until the transaction ends; ``alone`` from any other change.

    Before its record is locked: a deletion locks the card first, and in PostgreSQL each would wait
    for the other. Other rows that refer to the card may be written.
    """
    held = select(cards.c.id).where(cards.c.id == card_id)
    connection.execute(held.with_for_update(read=not alone, key_share=True)).all()


def _discard(connection: Connection, card_id: bytes) -> None:
    emptied = update(alert_records).where(alert_records.c.card_id == card_id)
    connection.execute(emptied, {"sealed_book": _DISCARDED})
    connection.execute(delete(alert_links).where(alert_links.c.card_id == card_id))


def _select_sealed(card_id: bytes) -> Select[bytes]:
    return select(alert_records.c.sealed_book).where(alert_records.c.card_id == card_id)
