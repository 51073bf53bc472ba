"""The engine behind a store: which databases are taken, how connections are set and begin."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

# A writer holds SQLite for milliseconds; ten seconds outlast a slow disk or the restore of a small
# clinic and still end before gunicorn gives a worker up, at 30.
BUSY_MS = 10_000

_PRAGMAS = (
    f"busy_timeout={BUSY_MS}",  # first, so that the next one waits too
    "journal_mode=WAL",  # an emergency page opens while somebody saves
    "synchronous=FULL",  # what was answered with "saved" survives a power cut
    "foreign_keys=ON",  # SQLite keeps them only for those who ask
    "secure_delete=ON",  # deleted bytes are overwritten with zeros
    "journal_size_limit=0",  # and the log is cut when it starts anew, instead of kept
)


# What anything here raises when the database is away, full or locked.
StoreFailure = SQLAlchemyError


class UnusableAddress(ValueError):
    """The address is no SQLite file and no PostgreSQL database; not quoted, for passwords."""


def engine_for(url: str) -> Engine:
    """An engine for ``sqlite:///path`` or ``postgresql+psycopg://…``; opens no connection.

    A SQLite file that is not there yet is made, empty, for its owner's eyes only, as is the folder
    it lies in. Errors name no values: what was being written is nobody else's to read. Raises
    UnusableAddress.
    """
    address = _read(url)
    if address.get_backend_name() == "postgresql":
        # Asking first costs a round trip and saves the first page after a restart of the database.
        # The level is named because a change holds a row and then looks again at what is there.
        return create_engine(
            address, pool_pre_ping=True, isolation_level="READ COMMITTED", hide_parameters=True
        )
    _make_private(Path(str(address.database)))
    # The driver starts no transaction by itself: a SELECT needs none, and the store says when.
    engine = create_engine(address, connect_args={"isolation_level": None}, hide_parameters=True)
    event.listen(engine, "connect", _set_pragmas)
    return engine


def is_sqlite(engine: Engine) -> bool:
    """Whether the database is a file of SQLite's; otherwise it is PostgreSQL."""
    return bool(engine.dialect.name == "sqlite")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that will write; it is undone if the block raises."""
    with engine.begin() as connection:
        if is_sqlite(engine):
            # The lock at once: a reader that turns writer midway is refused without waiting.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield connection


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A transaction that reads everything as it was at one moment, whoever writes meanwhile."""
    with engine.connect() as connection:
        if is_sqlite(engine):
            connection.exec_driver_sql("BEGIN")
        else:
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


def driver_query(engine: Engine, statement: str, value: bytes) -> Any:
    """One row of SQLite by its own driver: the same statement in a third of the time."""
    connection = engine.raw_connection()
    try:
        return connection.cursor().execute(statement, (value,)).fetchone()
    except sqlite3.Error as fault:
        raise StoreFailure(type(fault).__name__) from None
    finally:
        connection.close()


def _read(url: str) -> URL:
    try:
        address = make_url(url)
        kind = (address.get_backend_name(), address.get_driver_name())
    except (ArgumentError, ModuleNotFoundError):
        kind = ("", "")
    in_memory = kind[0] == "sqlite" and address.database in (None, "", ":memory:")
    if kind not in (("sqlite", "pysqlite"), ("postgresql", "psycopg")) or in_memory:
        raise UnusableAddress("the address is not sqlite:///PATH or postgresql+psycopg://...")
    return address


def _make_private(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # SQLite gives its log and its index of the log the permissions of the file itself.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))


def _set_pragmas(connection: Any, _record: object) -> None:
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
