"""A copy of what a sender works with, in memory, for a database that takes no writes.

On a full disk a sender can read who is to be told, and can note nothing: neither that a message is
taken in hand nor that it went out. It must send all the same, and not every few seconds anew. So it
works on a copy of the alert records and of the waiting messages, a SQLite file in memory that lasts
until the machine restarts (``delivery_markers.memory_folder``). The copy holds what the database
holds, sealed alike. Once the database takes writes, what changed in the copy is written back.

A row is copied with a digest. A row that somebody changed in the database meanwhile, which is only
possible when it takes writes, wins over the copy's. One sender of a machine uses the copy at a
time.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    LargeBinary,
    MetaData,
    RowMapping,
    Table,
    delete,
    insert,
    select,
    update,
)

from caregiver_card.alerting import delivery_markers
from caregiver_card.alerting.waiting import WAITING
from caregiver_card.storage.database import engine_for, writing
from caregiver_card.storage.schema import alert_outbox, alert_records, cards

# What a row was when it was copied.
_copied = Table(
    "copied",
    MetaData(),
    Column("id", LargeBinary(32), primary_key=True),
    Column("digest", LargeBinary, nullable=False),
)
# Each table with its key; a record has its card's, so no two rows of both share one.
_KEYS = {alert_records: alert_records.c.card_id, alert_outbox: alert_outbox.c.id}
_SUFFIXES = ("", "-wal", "-shm")


class MemoryCopy:
    """The copy that belongs to one database; without a folder in memory there is none."""

    def __init__(self, source: Engine) -> None:
        self._source = source
        self._path = _path_for(source)

    @property
    def exists(self) -> bool:
        """Whether a sender worked on the copy, and nothing was written back yet."""
        return self._path is not None and self._path.exists()

    def note_pass(self, now: datetime) -> None:
        """Note that a sender's pass ended well, where the database cannot."""
        if self._path is not None:
            with suppress(OSError):
                Path(f"{self._path}.pass").write_text(now.isoformat())

    def last_pass(self) -> datetime | None:
        """Return when ``note_pass`` was last called on this machine."""
        if self._path is not None:
            with suppress(OSError, ValueError):
                return datetime.fromisoformat(Path(f"{self._path}.pass").read_text())
        return None

    @contextmanager
    def held(self) -> Iterator[bool]:
        """Hold the copy; yield False if another sender holds it, or there is no place for it."""
        if self._path is None:
            yield False
            return
        lock = f"{self._path}.lock"
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_held = True
        except BlockingIOError:
            is_held = False
        try:
            yield is_held
        finally:
            os.close(descriptor)

    @contextmanager
    def filled(self) -> Iterator[Engine]:
        """Yield an engine of the copy, with every record and waiting message; hold it first."""
        copy = engine_for(f"sqlite:///{self._path}")
        try:
            with self._source.connect() as source, writing(copy) as target:
                for table in (cards, *_KEYS, _copied):
                    table.create(target, checkfirst=True)
                _refresh(source, target)
            yield copy
        finally:
            copy.dispose()

    def write_back(self) -> None:
        """Write what changed in the copy into the database, and remove the copy; hold it first.

        Raises StoreFailure, and leaves everything as it is, if the database takes no writes.
        """
        copy = engine_for(f"sqlite:///{self._path}")
        try:
            with copy.connect() as source, writing(self._source) as target:
                _write_back(source, target)
        finally:
            copy.dispose()
        for suffix in _SUFFIXES:
            with suppress(OSError):
                Path(f"{self._path}{suffix}").unlink()


def _path_for(source: Engine) -> Path | None:
    folder = delivery_markers.memory_folder()
    address = source.url.render_as_string(hide_password=True)
    name = hashlib.sha256(address.encode()).hexdigest()[:16]
    return folder / f"unwritten-{name}.sqlite" if folder else None


def _refresh(source: Connection, copy: Connection) -> None:
    """Copy what is new in the database, or was changed there since it was copied."""
    known = {row.id: row.digest for row in copy.execute(select(_copied))}
    waiting = select(alert_outbox).where(alert_outbox.c.state.in_(WAITING))
    for table, statement in ((alert_records, select(alert_records)), (alert_outbox, waiting)):
        for row in source.execute(statement).mappings():
            row_id, digest = row[_KEYS[table].name], _digest(row)
            if known.get(row_id) == digest:
                continue
            _ensure_card(copy, row["card_id"], source)
            for each in (table, _copied):
                key = _KEYS[table] if each is table else _copied.c.id
                copy.execute(delete(each).where(key == row_id))
            copy.execute(insert(table), dict(row))
            copy.execute(insert(_copied), {"id": row_id, "digest": digest})


def _ensure_card(copy: Connection, card_id: bytes, source: Connection) -> None:
    this = select(cards).where(cards.c.id == card_id)
    if copy.execute(this).first() is None:
        copy.execute(insert(cards), dict(source.execute(this).mappings().one()))


def _write_back(copy: Connection, target: Connection) -> None:
    known = {row.id: row.digest for row in copy.execute(select(_copied))}
    for table, key in _KEYS.items():
        for row in copy.execute(select(table)).mappings():
            row_id = row[key.name]
            if known.get(row_id) == _digest(row):
                continue
            this = select(table).where(key == row_id)
            present = target.execute(this.with_for_update()).mappings().first()
            if present is None and row_id not in known:
                _add_if_card(target, table, row)
            elif present is not None and _digest(present) == known.get(row_id):
                target.execute(update(table).where(key == row_id).values(**row))


def _add_if_card(target: Connection, table: Table, row: RowMapping) -> None:
    """Add a message that was queued in the copy, unless its card was deleted meanwhile."""
    has_card = select(cards.c.id).where(cards.c.id == row["card_id"])
    if target.execute(has_card).first() is not None:
        target.execute(insert(table), dict(row))


def _digest(row: RowMapping) -> bytes:
    return hashlib.sha256(repr(sorted(row.items())).encode()).digest()
