"""The outbox: messages that any number of senders take from, each message once.

A sender claims a row by an update that only one of two senders can make, and renews its claim while
it works. It prepares the message, marks the row HANDED_OVER right before the final send, the one by
which the other side accepts the message, and then settles the row. If a sender dies, or stalls and
loses its claim, the state of the row decides:

    QUEUED         the other side cannot have the message: the next sender starts again
    HANDED_OVER    if the final send happened, the machine's delivery markers know, and the row is
                   settled as SENT. Otherwise nobody can know, and the message is sent again under
                   its own key (a mail's Message-ID, a push's topic), by which the receiving end
                   drops a duplicate: a duplicate is a nuisance, a lost alert is not acceptable
    SENT           no sender touches it again

Times come from the caller. A claim or a due time further ahead than any sender sets was written by
a wrong clock, and does not count.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Select, and_, delete, insert, select, update

from caregiver_card.alerting import delivery_markers
from caregiver_card.alerting.policy.alert_record import QueuedMessage
from caregiver_card.alerting.sealing import Sealer, UnreadableMessage
from caregiver_card.alerting.waiting import WAITING, is_free
from caregiver_card.storage import crypto
from caregiver_card.storage.database import clear_log, writing
from caregiver_card.storage.rows import OutboxRow, OutboxState
from caregiver_card.storage.schema import alert_outbox

# How long a message waits for a sender that died; one that lives renews its claim
# (``claim_renewal``). Longer than two machines' clocks differ, and than the final send may take
# (``mail.TIMEOUT_S``, twice ``push.TIMEOUT_S``), even if no renewal gets through.
LEASE = timedelta(seconds=90)
# How far back the owner's log goes.
RETENTION = timedelta(days=400)
_BATCH = 20


class ClaimLost(RuntimeError):
    """Another sender claimed the message meanwhile, or the card was deleted."""


class ClaimedMessage(NamedTuple):
    """A message that one sender has claimed."""

    row: OutboxRow
    queued: QueuedMessage
    token: str


class OutboxEntry(NamedTuple):
    """A message in the log, with the result of sending it."""

    row: OutboxRow
    queued: QueuedMessage
    result: dict[str, Any]


class Outbox:
    """The messages of every card."""

    def __init__(self, engine: Engine, sealer: Sealer, lease: timedelta = LEASE) -> None:
        self._engine, self._sealer, self.lease = engine, sealer, lease
        self._markers = delivery_markers.markers_of_this_user()

    def queue(
        self,
        connection: Connection,
        card_id: bytes,
        messages: Iterable[QueuedMessage],
        now: datetime,
    ) -> None:
        """Queue messages in the caller's transaction, due at once."""
        rows = [self._new_row(card_id, message, now)._asdict() for message in messages]
        if rows:
            connection.execute(insert(alert_outbox), rows)

    def claim(
        self, now: datetime, unreadable: Callable[[Exception], None] = lambda _: None
    ) -> ClaimedMessage | None:
        """Claim the message that is due longest; None if none is due.

        No other sender takes it until the lease ends. ``unreadable`` gets UnreadableMessage.
        """
        claim_id = crypto.new_record_id()
        waiting = (
            select(alert_outbox.c.id)
            .where(is_free(now))
            .order_by(alert_outbox.c.due_at)
            .limit(_BATCH)
        )
        with self._engine.connect() as connection:
            row_ids = list(connection.execute(waiting).scalars())
        for row_id in row_ids:
            values = {
                "claim": claim_id,
                "claimed_until": now + self.lease,
                "tries": alert_outbox.c.tries + 1,
            }
            statement = (
                update(alert_outbox).where(alert_outbox.c.id == row_id, is_free(now)).values(values)
            )
            with writing(self._engine) as connection:
                if connection.execute(statement).rowcount != 1:
                    continue
                try:
                    return self._read_claimed(connection, row_id)
                except crypto.BrokenSeal:
                    # Sealed under another secret: it stays claimed, so it holds up no other.
                    continue
                except UnreadableMessage as error:
                    unreadable(error)
        return None

    def renew(self, claimed: ClaimedMessage, now: datetime) -> None:
        """Begin the lease of a claim anew. Raises ClaimLost."""
        self._update_claimed(claimed, {"claimed_until": now + self.lease})

    @contextmanager
    def final_send(self, claimed: ClaimedMessage, now: datetime) -> Iterator[None]:
        """Surround the send that the other side accepts; ClaimLost on entering forbids it."""
        self._update_claimed(
            claimed, {"state": OutboxState.HANDED_OVER, "claimed_until": now + self.lease}
        )
        yield
        self._markers.add(claimed.row.id)

    def was_delivered(self, claimed: ClaimedMessage) -> bool:
        """Whether an earlier sender made the final send, as far as this machine knows."""
        was_handed_over = claimed.row.state == OutboxState.HANDED_OVER
        return was_handed_over and self._markers.has(claimed.row.id)

    def settle(
        self, claimed: ClaimedMessage, state: OutboxState, now: datetime, result: dict[str, Any]
    ) -> None:
        """Write a message's final state and result. Raises ClaimLost."""
        sealed = self._seal_result(claimed, result)
        settled = {"state": state, "done_at": now, "claim": None, "claimed_until": None}
        self._update_claimed(claimed, {**settled, "sealed_result": sealed})

    def postpone(
        self, claimed: ClaimedMessage, until: datetime, result: dict[str, Any], **columns: Any
    ) -> None:
        """Set the next try to ``until``, with further columns to set. Raises ClaimLost."""
        sealed = self._seal_result(claimed, result)
        released = {"due_at": until, "claim": None, "claimed_until": None, "sealed_result": sealed}
        self._update_claimed(claimed, {**released, **columns})

    def recipients_waiting(
        self, connection: Connection, card_id: bytes, what: str
    ) -> frozenset[str]:
        """Return the ids of a card's recipients for whom a message of this kind waits."""
        waiting = and_(alert_outbox.c.card_id == card_id, alert_outbox.c.state.in_(WAITING))
        found = self._entries(connection, select(alert_outbox).where(waiting))
        return frozenset(each.queued.person for each in found if each.queued.what == what)

    def count_since(
        self, connection: Connection, card_id: bytes, what: str, since: datetime
    ) -> int:
        """Return how many messages of this kind a card has queued since a time."""
        newer = and_(alert_outbox.c.card_id == card_id, alert_outbox.c.made_at > since)
        found = self._entries(connection, select(alert_outbox).where(newer))
        return sum(each.queued.what == what for each in found)

    def log(self, card_id: bytes, limit: int) -> list[OutboxEntry]:
        """Return the newest messages of a card, newest first."""
        statement = (
            select(alert_outbox)
            .where(alert_outbox.c.card_id == card_id)
            .order_by(alert_outbox.c.made_at.desc(), alert_outbox.c.id)
            .limit(limit)
        )
        with self._engine.connect() as connection:
            return self._entries(connection, statement)

    def find(self, token: str) -> OutboxEntry | None:
        """Return the message with this token, or None."""
        statement = select(alert_outbox).where(alert_outbox.c.id == crypto.lookup_id(token))
        with self._engine.connect() as connection:
            return next(iter(self._entries(connection, statement)), None)

    def mark_answered(self, row_id: bytes, now: datetime) -> None:
        """Note that the recipient answered; the first answer sets the time."""
        unanswered = and_(alert_outbox.c.id == row_id, alert_outbox.c.seen_at.is_(None))
        with writing(self._engine) as connection:
            connection.execute(update(alert_outbox).where(unanswered), {"seen_at": now})

    def discard(self, card_id: bytes) -> None:
        """Delete every message of a card."""
        with writing(self._engine) as connection:
            connection.execute(delete(alert_outbox).where(alert_outbox.c.card_id == card_id))
        clear_log(self._engine)

    def delete_expired(self, now: datetime) -> None:
        """Delete the messages that are older than the log goes back."""
        with writing(self._engine) as connection:
            expired = delete(alert_outbox).where(alert_outbox.c.done_at < now - RETENTION)
            is_changed = connection.execute(expired).rowcount > 0
        if is_changed:
            clear_log(self._engine)

    def _new_row(self, card_id: bytes, message: QueuedMessage, now: datetime) -> OutboxRow:
        token = crypto.new_token()
        row_id = crypto.lookup_id(token)
        content = {"what": message.what, "person": message.person, "details": {**message.details}}
        sealed = self._sealer.seal_column(card_id, row_id, "note", {**content, "token": token})
        return OutboxRow(
            row_id, card_id, OutboxState.QUEUED, 0, now, now, None, None, None, None, sealed, b""
        )

    def _read_claimed(self, connection: Connection, row_id: bytes) -> ClaimedMessage:
        statement = select(alert_outbox).where(alert_outbox.c.id == row_id)
        row = OutboxRow._make(connection.execute(statement).one())
        return ClaimedMessage(row, *self._open_queued(row))

    def _open_queued(self, row: OutboxRow) -> tuple[QueuedMessage, str]:
        content = self._sealer.open_message(row.card_id, row.id, row.sealed_note)
        message = QueuedMessage(content["what"], content["person"], content["details"])
        return message, content["token"]

    def _entries(self, connection: Connection, statement: Select[Any]) -> list[OutboxEntry]:
        """Return the rows of a statement, without those that hold no message."""
        found = []
        for row in map(OutboxRow._make, connection.execute(statement)):
            with suppress(UnreadableMessage):
                queued = self._open_queued(row)[0]
                result = self._sealer.open_column(row.card_id, row.id, "result", row.sealed_result)
                found.append(OutboxEntry(row, queued, result))
        return found

    def _seal_result(self, claimed: ClaimedMessage, result: dict[str, Any]) -> bytes:
        return self._sealer.seal_column(claimed.row.card_id, claimed.row.id, "result", result)

    def _update_claimed(self, claimed: ClaimedMessage, values: dict[str, Any]) -> None:
        own = and_(alert_outbox.c.id == claimed.row.id, alert_outbox.c.claim == claimed.row.claim)
        note = select(alert_outbox.c.sealed_note).where(own).with_for_update()
        with writing(self._engine) as connection:
            if (sealed := connection.execute(note).scalar()) is None:
                raise ClaimLost
            if sealed != claimed.row.sealed_note and "sealed_result" in values:
                # The secret was rotated meanwhile: under the old one nobody could read the log.
                values = {**values, "sealed_result": b""}
            connection.execute(update(alert_outbox).where(own).values(values))
        if "claim" in values:
            self._markers.remove(claimed.row.id)
