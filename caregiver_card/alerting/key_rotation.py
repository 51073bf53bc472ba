"""A new CARD_SECRET_KEY for a database: everything sealed under the old one is sealed anew.

One transaction, so a process that is killed changes nothing. Phones stay bound to the push key of
the secret under which they subscribed, which is therefore kept.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Engine, Row, select, update

from caregiver_card.alerting.channels import push_subscription
from caregiver_card.alerting.policy.alert_record import AlertRecord
from caregiver_card.alerting.policy.recipients import Recipient
from caregiver_card.alerting.sealing import Sealer
from caregiver_card.alerting.waiting import WAITING
from caregiver_card.storage import crypto, device_marks, key_check
from caregiver_card.storage.database import clear_log, writing
from caregiver_card.storage.rows import OutboxState
from caregiver_card.storage.schema import alert_outbox, alert_records

_BATCH = 200


@dataclass
class Rotation:
    """Counts: lists of recipients and messages under the new key, and those that do not open."""

    lists: int = 0
    messages: int = 0
    lost_lists: int = 0
    lost_messages: int = 0


def rotate(engine: Engine, old: str, new: str) -> Rotation:
    """Seal everything under ``new``. What did not open under ``old`` stays as it is, and counts.

    Raises ``key_check.WrongKey`` if ``old`` is not the key of the database.
    """
    done, old_sealer, new_sealer = Rotation(), Sealer(old), Sealer(new)
    with writing(engine) as connection:
        key_check.require(connection, old, alone=True)
        push_keys = [crypto.push_key(old), *key_check.former_push_keys(connection, old)]
        used = _reseal_records(connection, old_sealer, new_sealer, push_keys[0], done)
        _reseal_messages(connection, old_sealer, new_sealer, done)
        device_marks.carry_over(connection, old, new)
        kept = [key for key in push_keys if push_subscription.public_key(key) in used]
        key_check.write(connection, new, kept)
    clear_log(engine)
    return done


def start_over(engine: Engine, new: str) -> Rotation:
    """Make ``new`` the key of a database whose key is lost, and count what is gone with it.

    Lists that do not open stay, so that their owners' pages can say it; messages that wait and do
    not open are withdrawn.
    """
    done, sealer = Rotation(), Sealer(new)
    with writing(engine) as connection:
        for row in _records(connection):
            is_open = _opened_record(sealer, row) is not None
            done.lists += is_open
            done.lost_lists += not is_open
        for row in _messages(connection):
            if _is_open(sealer, row):
                done.messages += 1
            elif row.state in WAITING:
                done.lost_messages += 1
                _update_message(connection, row, state=OutboxState.WITHDRAWN, done_at=row.due_at)
        device_marks.forget(connection)
        key_check.write(connection, new)
    clear_log(engine)
    return done


def _reseal_records(
    connection: Connection, old: Sealer, new: Sealer, push_key: bytes, done: Rotation
) -> Collection[str]:
    """Seal every record anew; return the public push keys to which phones are bound."""
    used, public = set[str](), push_subscription.public_key(push_key)
    for row in _records(connection):
        record = _opened_record(old, row)
        if record is None:
            done.lost_lists += 1
            continue
        people = tuple(_bound(recipient, public) for recipient in record.people)
        used |= {
            push_subscription.key_of(recipient.address)
            for recipient in people
            if recipient.is_owner_phone
        }
        sealed = new.seal_record(row.card_id, replace(record, people=people))
        own = alert_records.c.card_id == row.card_id
        connection.execute(update(alert_records).where(own), {"sealed_book": sealed})
        done.lists += 1
    return used


def _bound(recipient: Recipient, public: str) -> Recipient:
    """A phone whose address names the push key that it subscribed under."""
    if not recipient.is_owner_phone:
        return recipient
    return replace(recipient, address=push_subscription.bound_to(recipient.address, public))


def _reseal_messages(connection: Connection, old: Sealer, new: Sealer, done: Rotation) -> None:
    for row in _messages(connection):
        if not _is_open(old, row):
            done.lost_messages += 1
            continue
        place = row.card_id, row.id
        note = old.open_column(*place, "note", row.sealed_note)
        result = old.open_column(*place, "result", row.sealed_result)
        _update_message(
            connection,
            row,
            sealed_note=new.seal_column(*place, "note", note),
            sealed_result=new.seal_column(*place, "result", result) if row.sealed_result else b"",
        )
        done.messages += 1


def _records(connection: Connection) -> Iterator[Row[Any]]:
    """Yield the records that are not discarded, each batch locked."""
    table, last = alert_records.c, b""
    columns = select(table.card_id, table.sealed_book).where(table.sealed_book != b"")
    while True:
        batch = columns.where(table.card_id > last).order_by(table.card_id).limit(_BATCH)
        rows: Sequence[Any] = connection.execute(batch.with_for_update()).all()
        yield from rows
        if not rows:
            return
        last = rows[-1].card_id


def _messages(connection: Connection) -> Iterator[Row[Any]]:
    """Yield every message, waiting or sent, each batch locked."""
    last = b""
    while True:
        batch = select(alert_outbox).where(alert_outbox.c.id > last).order_by(alert_outbox.c.id)
        rows = connection.execute(batch.limit(_BATCH).with_for_update()).all()
        yield from rows
        if not rows:
            return
        last = rows[-1].id


def _opened_record(sealer: Sealer, row: Row[Any]) -> AlertRecord | None:
    try:
        return sealer.open_record(row.card_id, row.sealed_book)
    except crypto.BrokenSeal:
        return None


def _is_open(sealer: Sealer, row: Row[Any]) -> bool:
    try:
        sealer.open_column(row.card_id, row.id, "note", row.sealed_note)
        sealer.open_column(row.card_id, row.id, "result", row.sealed_result)
    except crypto.BrokenSeal:
        return False
    return True


def _update_message(connection: Connection, row: Row[Any], **columns: object) -> None:
    connection.execute(update(alert_outbox).where(alert_outbox.c.id == row.id).values(**columns))
