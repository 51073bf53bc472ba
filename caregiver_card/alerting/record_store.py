"""The books in the database: opened, held while they are changed, looked at when it is time."""

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
from caregiver_card.alerting.policy.timing import LOOK, quarter
from caregiver_card.alerting.sealing import Sealer
from caregiver_card.storage import crypto
from caregiver_card.storage.database import writing
from caregiver_card.storage.schema import alert_links, alert_records

_AT_ONCE = 200
# In the place of a book that was removed.
_NOTHING = b""

Change = Callable[[AlertRecord], tuple[AlertRecord, list[QueuedMessage]]]


class RecordStore:
    """Each card's book, and the outbox that its messages go to."""

    def __init__(self, engine: Engine, sealer: Sealer, outbox: Outbox) -> None:
        self.engine, self.outbox = engine, outbox
        self._sealer = sealer

    def read(self, card_id: bytes) -> AlertRecord | None:
        """A card's book as it is. Raises crypto.BrokenSeal."""
        with self.engine.connect() as connection:
            sealed = connection.execute(_sealed_book(card_id)).scalar()
        return self._sealer.open_book(card_id, sealed) if sealed else None

    def change(self, card_id: bytes, now: datetime, by: Change) -> AlertRecord | None:
        """Changes a card's book, if it has one, and queues what comes of it."""
        with writing(self.engine) as connection:
            return self.change_within(connection, card_id, now, by)

    def change_within(
        self, connection: Connection, card_id: bytes, now: datetime, by: Change
    ) -> AlertRecord | None:
        """The same in a transaction of the caller's."""
        held = _sealed_book(card_id).with_for_update()
        sealed = connection.execute(held).scalar()
        if not sealed:
            return None
        book, notes = by(self._sealer.open_book(card_id, sealed))
        self._put(connection, card_id, book, now)
        self.outbox.queue(connection, card_id, notes, now)
        return book

    def open_for(self, card_id: bytes, now: datetime, empty: AlertRecord) -> None:
        """A book for a card that has none yet, or none any more."""
        row = {"card_id": card_id, "look_at": now, "sealed_book": self._sealer.book(card_id, empty)}
        with writing(self.engine) as connection:
            held = connection.execute(_sealed_book(card_id)).scalar()
            if held is None:
                connection.execute(insert(alert_records), row)
            elif not held:
                connection.execute(
                    update(alert_records).where(alert_records.c.card_id == card_id), row
                )

    def had(self, card_id: bytes) -> bool:
        """Whether a card has a book, or had one that was removed."""
        with self.engine.connect() as connection:
            row = connection.execute(_sealed_book(card_id)).scalar()
        # An older program took the row away, and left what had been sent.
        return row is not None or self.outbox.sent_any(card_id)

    def link(self, card_id: bytes, token: str) -> None:
        """Makes a person's token lead to the card's book."""
        with writing(self.engine) as connection:
            row = {"lookup_id": crypto.lookup_id(token), "card_id": card_id}
            connection.execute(insert(alert_links), row)

    def unlink(self, token: str) -> None:
        """Makes a person's token lead nowhere."""
        with writing(self.engine) as connection:
            connection.execute(
                delete(alert_links).where(alert_links.c.lookup_id == crypto.lookup_id(token))
            )

    def behind(self, token: str) -> bytes | None:
        """The card that a person's token leads to."""
        statement = select(alert_links.c.card_id).where(
            alert_links.c.lookup_id == crypto.lookup_id(token)
        )
        with self.engine.connect() as connection:
            return connection.execute(statement).scalar()

    def discard(self, card_id: bytes) -> None:
        """Removes a book, readable or not, with its people's own addresses.

        Its empty row stays: a family that had people told is to see that it has none any more.
        """
        with writing(self.engine) as connection:
            emptied = update(alert_records).where(alert_records.c.card_id == card_id)
            connection.execute(emptied, {"sealed_book": _NOTHING})
            connection.execute(delete(alert_links).where(alert_links.c.card_id == card_id))

    def waiting(self, now: datetime) -> list[bytes]:
        """The cards that somebody has to look at.

        One that is to be looked at later than anybody ever says was put off by a wrong clock.
        """
        due = or_(alert_records.c.look_at <= now, alert_records.c.look_at > now + 2 * LOOK)
        waiting = select(alert_records.c.card_id).where(
            due, alert_records.c.sealed_book != _NOTHING
        )
        statement = waiting.order_by(alert_records.c.look_at).limit(_AT_ONCE)
        with self.engine.connect() as connection:
            return list(connection.execute(statement).scalars())

    def neglected(self, card_id: bytes, now: datetime) -> datetime | None:
        """Since when a sender ought to have looked at a card; None if that is not long."""
        filled = and_(alert_records.c.card_id == card_id, alert_records.c.sealed_book != _NOTHING)
        statement = select(alert_records.c.look_at).where(filled)
        with self.engine.connect() as connection:
            look_at = connection.execute(statement).scalar()
        return look_at if look_at and look_at < now - 2 * LOOK else None

    def look(self, card_id: bytes, now: datetime, ways: Collection[str] | None = None) -> bool:
        """Queues what is due for a card, once, however many senders look; False: unreadable.

        ``ways`` are the channels that there are, as ``reach`` takes them.
        """
        with writing(self.engine) as connection:

            def turn(book: AlertRecord) -> tuple[AlertRecord, list[QueuedMessage]]:
                busy = self.outbox.busy(connection, card_id, escalation.ALERTS)
                book, notes = escalation.evaluate(book, now, busy)
                book, more = reach.noticed(book, now, ways)
                return book, [*notes, *more]

            try:
                self.change_within(connection, card_id, now, turn)
                opened = True
            except crypto.BrokenSeal:
                opened = False
            self._put_off(connection, card_id, now)
        return opened

    def put_off(self, card_id: bytes, now: datetime) -> None:
        """To be looked at with the next full quarter of an hour."""
        with writing(self.engine) as connection:
            self._put_off(connection, card_id, now)

    def _put_off(self, connection: Connection, card_id: bytes, now: datetime) -> None:
        later = update(alert_records).where(alert_records.c.card_id == card_id)
        connection.execute(later, {"look_at": quarter(now) + LOOK})

    def _put(
        self, connection: Connection, card_id: bytes, book: AlertRecord, now: datetime
    ) -> None:
        # Whoever changes a book is no sender: since when it waits for one stays.
        look_at = case((alert_records.c.look_at < now, alert_records.c.look_at), else_=now)
        values = {"sealed_book": self._sealer.book(card_id, book), "look_at": look_at}
        connection.execute(
            update(alert_records).where(alert_records.c.card_id == card_id).values(values)
        )


def _sealed_book(card_id: bytes) -> Select[bytes]:
    return select(alert_records.c.sealed_book).where(alert_records.c.card_id == card_id)
