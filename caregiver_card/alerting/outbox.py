"""The outbox: messages that any number of senders take from, each message once.

A sender claims a row by an update that only one of two can make, prepares everything, and marks
the row "handed over" right before the last word to the other side; then it settles the row. What
happens to the row of a sender that dies, or stalls and loses its claim:

    before the mark     the other side cannot have the message: the next sender starts afresh
    after the mark      the other side has it if the last word was said, of which the machine's
                        witness knows; then the row is settled as sent. Otherwise nobody can know,
                        and it is sent again under the same key of its own (a mail's Message-ID, a
                        push's topic), by which the receiving end drops a second copy: that is a
                        nuisance, a lost alert may not be
    after "sent"        it is never touched again

Times come from the caller. A claim or an appointment that lies further ahead than any sender sets
was written by a clock that was wrong, and does not count.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, insert, or_, select, update

from caregiver_card.alerting import delivery_markers
from caregiver_card.alerting.policy.alert_record import QueuedMessage
from caregiver_card.alerting.sealing import Sealer
from caregiver_card.storage import crypto
from caregiver_card.storage.database import writing
from caregiver_card.storage.rows import OutboxRow, OutboxState
from caregiver_card.storage.schema import alert_outbox

# Longer than a mail server may take over one message (mail.TIMEOUT_S for each of its answers).
LEASE = timedelta(minutes=5)
# No message waits longer for its next try (sender.BACKOFF), nor for quiet hours to end.
_FARTHEST = timedelta(days=1)
# The log that an owner reads goes back so far.
KEPT = timedelta(days=400)
_AT_ONCE = 20
_WAITING = (OutboxState.QUEUED, OutboxState.HANDED_OVER)


class ClaimLost(RuntimeError):
    """Another sender has the message by now, or the card is gone."""


class Claimed(NamedTuple):
    """A message that one sender has in hand."""

    row: OutboxRow
    note: QueuedMessage
    token: str


class OutboxEntry(NamedTuple):
    """One line of the log: a message, what it was to say, and what became of it."""

    row: OutboxRow
    note: QueuedMessage
    result: dict[str, Any]


class Outbox:
    """The messages of every card."""

    def __init__(self, engine: Engine, sealer: Sealer, lease: timedelta = LEASE) -> None:
        self._engine, self._sealer, self._lease = engine, sealer, lease
        self._witness = delivery_markers.here()

    def queue(
        self, connection: Connection, card_id: bytes, notes: Iterable[QueuedMessage], now: datetime
    ) -> None:
        """Messages to be sent as soon as may be, in the caller's transaction."""
        rows = [self._row(card_id, note, now)._asdict() for note in notes]
        if rows:
            connection.execute(insert(alert_outbox), rows)

    def claim(self, now: datetime) -> Claimed | None:
        """The next message that is to be sent; nobody else has it until the claim ends."""
        mine = crypto.new_record_id()
        waiting = (
            select(alert_outbox.c.id)
            .where(_free(now))
            .order_by(alert_outbox.c.due_at)
            .limit(_AT_ONCE)
        )
        with self._engine.connect() as connection:
            ids = list(connection.execute(waiting).scalars())
        for row_id in ids:
            values = {
                "claim": mine,
                "claimed_until": now + self._lease,
                "tries": alert_outbox.c.tries + 1,
            }
            statement = (
                update(alert_outbox).where(alert_outbox.c.id == row_id, _free(now)).values(values)
            )
            with writing(self._engine) as connection:
                if connection.execute(statement).rowcount != 1:
                    continue
                try:
                    return self._claimed(connection, row_id)
                except crypto.BrokenSeal:
                    # Written under another secret: it stays claimed, so nobody is held up by it.
                    continue
        return None

    @contextmanager
    def handing_over(self, claimed: Claimed, now: datetime) -> Iterator[None]:
        """Around the last word; raises ClaimLost, and then it is not said."""
        self._change(
            claimed, {"state": OutboxState.HANDED_OVER, "claimed_until": now + self._lease}
        )
        yield
        self._witness.saw(claimed.row.id)

    def got_through(self, claimed: Claimed) -> bool:
        """Whether an earlier sender said the last word, as far as this machine knows."""
        handed_over = claimed.row.state == OutboxState.HANDED_OVER
        return handed_over and self._witness.has_seen(claimed.row.id)

    def settle(
        self, claimed: Claimed, state: OutboxState, now: datetime, result: dict[str, Any]
    ) -> None:
        """A message's end. Raises ClaimLost."""
        sealed = self._sealer.words(claimed.row.card_id, claimed.row.id, "result", result)
        ended = {"state": state, "done_at": now, "claim": None, "claimed_until": None}
        self._change(claimed, {**ended, "sealed_result": sealed})

    def put_off(
        self, claimed: Claimed, until: datetime, result: dict[str, Any], **more: Any
    ) -> None:
        """To be tried again at ``until``. Raises ClaimLost."""
        sealed = self._sealer.words(claimed.row.card_id, claimed.row.id, "result", result)
        again = {"due_at": until, "claim": None, "claimed_until": None, "sealed_result": sealed}
        self._change(claimed, {**again, **more})

    def busy(self, connection: Connection, card_id: bytes, what: str) -> frozenset[str]:
        """The people of a card with a message of this kind still under way."""
        under_way = and_(alert_outbox.c.card_id == card_id, alert_outbox.c.state.in_(_WAITING))
        rows = connection.execute(select(alert_outbox).where(under_way))
        notes = [self._note(OutboxRow._make(row))[0] for row in rows]
        return frozenset(note.person for note in notes if note.what == what)

    def log(self, card_id: bytes, most: int) -> list[OutboxEntry]:
        """The newest messages of a card, newest first."""
        statement = (
            select(alert_outbox)
            .where(alert_outbox.c.card_id == card_id)
            .order_by(alert_outbox.c.made_at.desc(), alert_outbox.c.id)
            .limit(most)
        )
        with self._engine.connect() as connection:
            return [self._entry(OutboxRow._make(row)) for row in connection.execute(statement)]

    def sent_any(self, card_id: bytes) -> bool:
        """Whether there is any message of a card, sent or to be sent."""
        statement = select(alert_outbox.c.id).where(alert_outbox.c.card_id == card_id).limit(1)
        with self._engine.connect() as connection:
            return connection.execute(statement).scalar() is not None

    def find(self, token: str) -> OutboxEntry | None:
        """The message that a token came with."""
        statement = select(alert_outbox).where(alert_outbox.c.id == crypto.lookup_id(token))
        with self._engine.connect() as connection:
            row = connection.execute(statement).first()
        return self._entry(OutboxRow._make(row)) if row else None

    def seen(self, row_id: bytes, now: datetime) -> None:
        """Somebody answered; the first time counts."""
        unseen = and_(alert_outbox.c.id == row_id, alert_outbox.c.seen_at.is_(None))
        with writing(self._engine) as connection:
            connection.execute(update(alert_outbox).where(unseen), {"seen_at": now})

    def discard(self, card_id: bytes) -> None:
        """Drops every message of a card."""
        with writing(self._engine) as connection:
            connection.execute(delete(alert_outbox).where(alert_outbox.c.card_id == card_id))

    def forget(self, now: datetime) -> None:
        """Drops what is older than the log goes back."""
        with writing(self._engine) as connection:
            connection.execute(delete(alert_outbox).where(alert_outbox.c.done_at < now - KEPT))

    def _row(self, card_id: bytes, note: QueuedMessage, now: datetime) -> OutboxRow:
        token = crypto.new_token()
        row_id = crypto.lookup_id(token)
        plain = {"what": note.what, "person": note.person, "details": dict(note.details)}
        sealed = self._sealer.words(card_id, row_id, "note", {**plain, "token": token})
        return OutboxRow(
            row_id, card_id, OutboxState.QUEUED, 0, now, now, None, None, None, None, sealed, b""
        )

    def _claimed(self, connection: Connection, row_id: bytes) -> Claimed:
        found = connection.execute(select(alert_outbox).where(alert_outbox.c.id == row_id)).one()
        row = OutboxRow._make(found)
        return Claimed(row, *self._note(row))

    def _note(self, row: OutboxRow) -> tuple[QueuedMessage, str]:
        plain = self._sealer.open_words(row.card_id, row.id, "note", row.sealed_note)
        return QueuedMessage(plain["what"], plain["person"], plain["details"]), plain["token"]

    def _entry(self, row: OutboxRow) -> OutboxEntry:
        result = self._sealer.open_words(row.card_id, row.id, "result", row.sealed_result)
        return OutboxEntry(row, self._note(row)[0], result)

    def _change(self, claimed: Claimed, values: dict[str, Any]) -> None:
        mine = and_(alert_outbox.c.id == claimed.row.id, alert_outbox.c.claim == claimed.row.claim)
        with writing(self._engine) as connection:
            if connection.execute(update(alert_outbox).where(mine).values(values)).rowcount != 1:
                raise ClaimLost
        if "claim" in values:
            self._witness.forget(claimed.row.id)


def _free(now: datetime) -> ColumnElement[bool]:
    """The rows that are to be sent now and that nobody has in hand."""
    due = or_(alert_outbox.c.due_at <= now, alert_outbox.c.due_at > now + _FARTHEST)
    until = alert_outbox.c.claimed_until
    unclaimed = or_(until.is_(None), until <= now, until > now + _FARTHEST)
    return and_(alert_outbox.c.state.in_(_WAITING), due, unclaimed)
