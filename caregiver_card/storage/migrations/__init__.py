"""Brings a database's schema up to date, by whichever process comes first.

Alembic is imported only when there is something to do: it takes longer to load than all of the
store, and a worker that starts on a finished database does not need it.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from caregiver_card.storage.database import is_sqlite, writing

if TYPE_CHECKING:
    from alembic.config import Config

# The newest step in versions/. Written out so that the usual start reads one row and no file.
HEAD = "0004"
# Any number does that no other program locks in the same database; these are the letters "CARD".
_ADVISORY_LOCK = 0x43415244


class NewerSchema(RuntimeError):
    """The database was set up by a newer version of this program, which alone can read it."""


def prepare(engine: Engine) -> None:
    """Sets up or updates the database behind `engine`; does nothing where it is up to date.

    Several processes and threads may come at once: one works, the others wait and find it done.
    Raises NewerSchema, and SQLAlchemy's OperationalError where there is no reaching the database.
    """
    with _turn(engine):
        if revision(engine) != HEAD:
            with _alone(engine) as connection:
                upgrade(connection)


def revision(engine: Engine) -> str | None:
    """The step that the database is at, or None where there is none or it cannot be read."""
    try:
        with engine.connect() as connection:
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except (OperationalError, ProgrammingError):
        return None


def upgrade(connection: Connection) -> None:
    """Runs the steps that are missing, inside the transaction of `connection`.

    Raises NewerSchema where the database names a step that this program does not have.
    """
    from alembic import command
    from alembic.util import CommandError

    config = settings()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise NewerSchema("the database was set up by a newer version of this program") from error


def settings() -> Config:
    """Alembic's settings, which other projects keep in an alembic.ini."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config


def _turn(engine: Engine) -> AbstractContextManager[None]:
    """SQLite's turn to look: the first connection to an empty file switches it to WAL, and if two
    do so at once, one is refused without waiting."""
    return _lock_file(f"{engine.url.database}.lock") if is_sqlite(engine) else nullcontext()


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """A transaction that no other process or thread is in at the same time."""
    with writing(engine) as connection:
        if not is_sqlite(engine):
            # Ends with the transaction, so that a process that dies here holds nobody up.
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        yield connection


@contextmanager
def _lock_file(path: str) -> Iterator[None]:
    """Holds a lock beside the database.

    flock and not lockf: it keeps threads apart as well as processes. The file stays; removing it
    would let two holders lock two different files of the same name.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
