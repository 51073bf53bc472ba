"""Read a SQLite file on a disk to which nothing can be written: read-only, or full.

A database in WAL mode is read through an index file beside it, ``-shm``, which the first reader
makes. Where it cannot be made, SQLite opens nothing, although the data is there. Two other ways
read it, and were tried on a read-only and on a full disk:

    a log with content    without locks and with the index in memory (the VFS ``unix-none``)
    no log                as ``immutable``, which reads the main file alone

Neither sees what another process writes meanwhile, so such a connection serves one use: the pool
drops it afterwards, and the next one tries the ordinary way first.
"""

import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError

from caregiver_card.storage.fault_causes import Cause, cause_of

_MARK, _USED = "unlocked", "used"


def connect(path: str, pragmas: tuple[str, ...]) -> sqlite3.Connection:
    """Connect to an existing file; only for reading where nothing can be written beside it.

    ``path`` is absolute. Raises ``sqlite3.Error``.
    """
    try:
        return _connect(path, pragmas)
    except sqlite3.Error as error:
        if cause_of(error) not in (Cause.FULL, Cause.REFUSED, Cause.READ_ONLY):
            raise
        try:
            connection = _connect_unlocked(path)
        except sqlite3.Error:
            raise error from None
        connection.reason = error
        return connection


def keep_for_one_use(engine: Engine) -> None:
    """Make the engine's pool drop a connection without locks once it was used."""

    def mark(connection: Any, record: Any) -> None:
        record.info[_MARK] = isinstance(connection, _Unlocked)

    def note_use(_connection: Any, record: Any) -> None:
        record.info[_USED] = True

    def refuse_second_use(_connection: Any, record: Any, _proxy: Any) -> None:
        if record.info.get(_MARK) and record.info.pop(_USED, False):
            raise DisconnectionError

    event.listen(engine, "connect", mark)
    event.listen(engine, "checkin", note_use)
    event.listen(engine, "checkout", refuse_second_use)


def refusal(connection: object) -> sqlite3.Error | None:
    """Return why a connection of the driver's was made without locks; None if it has locks."""
    return connection.reason if isinstance(connection, _Unlocked) else None


class _Unlocked(sqlite3.Connection):
    """A connection without locks, and why it has none."""

    reason: sqlite3.Error


def _connect(path: str, pragmas: tuple[str, ...]) -> sqlite3.Connection:
    # The pool hands a connection to one thread at a time.
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")
        # The first look at the file makes the index.
        connection.execute("PRAGMA schema_version")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _connect_unlocked(path: str) -> _Unlocked:
    log = Path(f"{path}-wal")
    has_log = log.exists() and log.stat().st_size > 0
    way = "vfs=unix-none" if has_log else "immutable=1"
    connection = sqlite3.connect(
        f"file:{quote(path)}?mode=ro&{way}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        factory=_Unlocked,
    )
    try:
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute("PRAGMA schema_version")
    except sqlite3.Error:
        connection.close()
        raise
    return connection
