"""Updates a database's schema, by whichever process comes first.

Alembic is imported only when there is something to do: it loads slowly, and a worker that starts on
an up-to-date database does not need it.
"""

from __future__ import annotations

import errno
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

# The newest migration in versions/. Written here so that the usual start reads one row and no file.
HEAD = "0011"
# Any number that no other program locks in the same database; these are the letters "CARD".
_ADVISORY_LOCK = 0x43415244


class NewerSchema(RuntimeError):
    """The schema is that of a newer version of this program, which alone can read it."""


def prepare(engine: Engine) -> None:
    """Set up or update the schema behind ``engine``; do nothing if it is up to date.

    Several processes and threads may call this at once: one works, the others wait. Raises
    NewerSchema, and SQLAlchemy's OperationalError if the database cannot be reached.
    """
    with _lock_for_reading(engine):
        if revision(engine) != HEAD:
            with exclusive(engine) as connection:
                upgrade(connection)


def revision(engine: Engine) -> str | None:
    """Return the number of the last migration, or None if there is none or it cannot be read."""
    try:
        with engine.connect() as connection:
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except (OperationalError, ProgrammingError):
        return None


def upgrade(connection: Connection) -> None:
    """Run the missing migrations inside the transaction of ``connection``.

    Raises NewerSchema if the database names a migration that this program does not have.
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
    """Return Alembic's settings, which other projects keep in an alembic.ini."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config


def _lock_for_reading(engine: Engine) -> AbstractContextManager[None]:
    """Lock SQLite for a look at the schema.

    The first connection to an empty file switches it to WAL; if two do so at once, SQLite refuses
    one without waiting.
    """
    return _lock_file(f"{engine.url.database}.lock") if is_sqlite(engine) else nullcontext()


@contextmanager
def exclusive(engine: Engine) -> Iterator[Connection]:
    """Begin a transaction that excludes every other process and thread."""
    with writing(engine) as connection:
        if not is_sqlite(engine):
            # Ends with the transaction, so that a process that dies here blocks nobody.
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        yield connection


@contextmanager
def _lock_file(path: str) -> Iterator[None]:
    """Hold a lock on a file next to the database.

    flock and not lockf: it excludes threads as well as processes. The file stays; if it were
    removed, two holders could lock two different files of the same name. Where nothing can be
    written, no file is switched to WAL, and there is nothing to exclude.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        if error.errno not in (errno.EROFS, errno.ENOSPC):
            raise
        yield
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
