"""The SQLAlchemy engine: accepted addresses, connection settings, kinds of transactions."""

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DataError, IntegrityError, SQLAlchemyError

from caregiver_card.storage import unlocked_reading
from caregiver_card.storage.fault_causes import Cause, cause_of

# Long enough for a slow disk or the restore of a small clinic, and shorter than gunicorn's timeout
# of 30 s for a worker.
BUSY_MS = 10_000
# Clearing the log blocks every writer while it waits, so it waits only shortly.
_CLEARING_BUSY_MS = 500

# A page says within seconds that its database is away; the system itself would wait for minutes.
_PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 10_000,
}

# Whoever counts waits so long for a lock: a request is worth more than its count.
COUNTING_MS = 100
_PRAGMAS = (
    f"busy_timeout={BUSY_MS}",  # first, so that the next ones wait too
    "journal_mode=WAL",  # readers do not wait for a writer
    "synchronous=FULL",  # a save that was confirmed survives a power cut
    "foreign_keys=ON",  # SQLite enforces them only on request
    "secure_delete=ON",  # deleted bytes are overwritten with zeros
    "journal_size_limit=0",  # also in the log, which is truncated on restart
)


# Raised when the database is unavailable, full or locked.
StoreFailure = SQLAlchemyError


# Raised by a statement for what one row holds: the database itself is well.
RowFailure = (DataError, IntegrityError)


class UnusableAddress(ValueError):
    """An address that is no SQLite file and no PostgreSQL database; not quoted, for passwords."""


def engine_for(url: str) -> Engine:
    """Return an engine for ``sqlite:///path`` or ``postgresql+psycopg://…``; opens no connection.

    Creates a missing SQLite file, empty and with mode 0600, and its folder with mode 0700. Errors
    hide the values of statements, which hold sealed content. Raises UnusableAddress.
    """
    address = _read(url)
    if address.get_backend_name() == "postgresql":
        # ``pool_pre_ping`` saves the first page after a restart of the database. The store locks a
        # row and then reads what others committed meanwhile, which needs READ COMMITTED.
        return create_engine(
            address,
            pool_pre_ping=True,
            isolation_level="READ COMMITTED",
            hide_parameters=True,
            connect_args={**_PATIENCE, **address.query},
        )
    path = str(Path(str(address.database)).absolute())
    _make_private(Path(path))
    # The driver must begin no transaction: ``writing`` and ``snapshot`` do; a SELECT needs none.
    engine = create_engine(
        address, creator=lambda: unlocked_reading.connect(path, _PRAGMAS), hide_parameters=True
    )
    unlocked_reading.keep_for_one_use(engine)
    return engine


def counting_engine(url: str) -> Engine:
    """Return a second engine, for counters: it waits ``COUNTING_MS`` for a lock, and for no disk.

    A count that a power cut takes is no loss. Opens no connection. Raises UnusableAddress.
    """
    address = _read(url)
    if address.get_backend_name() == "postgresql":
        # Two seconds is the least that the driver knows.
        engine = create_engine(
            address,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={**_PATIENCE, **address.query, "connect_timeout": 2},
        )
        event.listen(engine, "connect", _set_impatient)
        return engine
    engine = create_engine(address, connect_args={"isolation_level": None}, hide_parameters=True)
    event.listen(engine, "connect", _set_counting_pragmas)
    return engine


def is_sqlite(engine: Engine) -> bool:
    """Whether the database is SQLite; otherwise it is PostgreSQL."""
    return bool(engine.dialect.name == "sqlite")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Begin a transaction that writes; it is rolled back if the block raises."""
    with engine.begin() as connection:
        if is_sqlite(engine):
            refusal = unlocked_reading.refusal(connection.connection.dbapi_connection)
            if refusal and cause_of(refusal) == Cause.FULL:
                # SQLite would call it read-only, as which it was opened because the disk is full.
                raise StoreFailure("no room") from refusal
            # Locks at once: SQLite refuses to turn a reader into a writer without waiting.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield connection


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Begin a transaction that reads everything as of one moment, despite concurrent writes."""
    with engine.connect() as connection:
        if is_sqlite(engine):
            connection.exec_driver_sql("BEGIN")
        else:
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


def clear_log(engine: Engine) -> None:
    """Empty SQLite's write-ahead log into the file, so that it holds no deleted bytes.

    Somebody who reads from the log at that moment, as a backup does, keeps it until it restarts.
    """
    if is_sqlite(engine):
        with engine.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={_CLEARING_BUSY_MS}")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_MS}")


def driver_query(engine: Engine, statement: str, value: bytes) -> Any:
    """Return one row of SQLite through the driver, without SQLAlchemy's overhead."""
    try:
        connection = engine.raw_connection()
        try:
            return connection.cursor().execute(statement, (value,)).fetchone()
        finally:
            connection.close()
    except sqlite3.Error as error:
        # Chained for its code (``fault_causes``): the driver's message holds no value.
        raise StoreFailure(type(error).__name__) from error


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
    try:
        # SQLite gives its log files the permissions of this file.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    except OSError as error:
        # A file on a read-only disk is read.
        if error.errno != errno.EROFS or not path.is_file():
            raise


def _set_counting_pragmas(connection: Any, _record: object) -> None:
    # The file is in WAL mode already, and to ask for that would need a lock.
    pragmas = (f"busy_timeout={COUNTING_MS}", "synchronous=NORMAL", "journal_size_limit=0")
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")


def _set_impatient(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {COUNTING_MS}")
        cursor.execute("SET synchronous_commit = off")
    connection.commit()
