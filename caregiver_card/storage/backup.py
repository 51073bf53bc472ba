"""Backups: a consistent copy of a running database in one file, with a checksum.

A backup is a SQLite file with the same tables, whichever database it was made from, so it also
moves an installation from one database to the other. It holds sealed bytes and no key. The checksum
finds damage; the seals show whether anybody altered a card.

Rows are copied in chunks, so that memory use does not grow with the number of cards.
"""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfile
from typing import Any
from urllib.parse import quote

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    NullPool,
    String,
    Table,
    create_engine,
    delete,
    insert,
    select,
)
from sqlalchemy.exc import SQLAlchemyError

from caregiver_card.storage import migrations
from caregiver_card.storage.checksums import Checksum, checksum_of
from caregiver_card.storage.database import snapshot, writing
from caregiver_card.storage.schema import (
    drafts,
    key_checks,
    limit_counters,
    metadata,
    operator_notes,
)
from caregiver_card.storage.store import Store, open_store

# Only a backup has this table: a row for each other table, each with the digest of all rows.
_checksums = Table(
    "backup_proof",
    MetaData(),
    Column("name", String, primary_key=True),
    Column("rows", Integer, nullable=False),
    Column("digest", String, nullable=False),
)
# Notes are of the installation; counters of limits would be wrong wherever they are restored; what
# is not saved yet is gone after a day, also from where backups lie.
_NOT_DATA = (
    "alembic_version",
    "backup_proof",
    operator_notes.name,
    limit_counters.name,
    drafts.name,
)
_DATA = [table for table in metadata.sorted_tables if table.name not in _NOT_DATA]


class BackupRefused(RuntimeError):
    """A backup that cannot be made, is no backup, or is damaged; the text says which."""


def create(store: Store, path: Path) -> Checksum:
    """Write a backup of a database that may be in use to a new file with mode 0600.

    All rows are from one moment. The file gets its name once it is complete, on the disk and
    verified. Raises BackupRefused if the name is taken or the folder is missing.
    """
    _refuse_taken(path)
    with _unfinished(path) as part:
        written = _fill(store.engine, part)
        if _verify(part) != written:
            raise BackupRefused(f"{path}: what was written is not what was read; nothing is kept")
        _to_disk(part)
        _refuse_taken(path)
        part.rename(path)
    _to_disk(path.parent)
    return written


def restore(path: Path, url: str) -> Checksum:
    """Fill the empty database at ``url`` from a backup; all of it or nothing.

    Raises BackupRefused for a file that is no backup, is damaged or has a newer schema, and for a
    database that is not empty.
    """
    _verify(path)
    store = open_store(url)
    try:
        with _up_to_date(path) as file, _sqlite(file, "ro") as source:
            _check_columns(path, source)
            return _pour(source, store.engine)
    except migrations.NewerSchema:
        raise BackupRefused(f"{path}: made by a newer version of this program") from None
    finally:
        store.dispose()


def _fill(source: Engine, part: Path) -> Checksum:
    with snapshot(source) as rows, _sqlite(part, "rw") as engine, writing(engine) as target:
        migrations.upgrade(target)
        checksum = _copy(rows, target)
        _checksums.create(target)
        target.execute(
            insert(_checksums),
            [
                {"name": name, "rows": count, "digest": checksum.digest}
                for name, count in checksum.counts.items()
            ],
        )
    return checksum


def _pour(source: Engine, engine: Engine) -> Checksum:
    with snapshot(source) as rows, writing(engine) as target:
        # A server that was started before the restore has made its own; the copy's says which key.
        target.execute(delete(key_checks))
        for table in _DATA:
            if target.execute(select(table).limit(1)).first() is not None:
                raise BackupRefused("the database is not empty; a restore adds to nothing")
        copied = _copy(rows, target)
        if checksum_of(target, _DATA) != copied:
            raise BackupRefused("what was written is not what was read; nothing is kept")
    return copied


def _verify(path: Path) -> Checksum:
    """Return the checksum of a backup of any past schema, after comparing it with the rows."""
    try:
        with _sqlite(path, "ro") as engine, snapshot(engine) as connection:
            stated = connection.execute(select(_checksums)).all()
            actual = checksum_of(connection, _tables_of(connection))
    except (SQLAlchemyError, ValueError, TypeError):
        # Damage can make any of these of a row.
        raise BackupRefused(f"{path}: not a backup, or damaged") from None
    expected = {tuple(row) for row in stated}
    if {(name, count, actual.digest) for name, count in actual.counts.items()} != expected:
        raise BackupRefused(f"{path}: damaged; its rows are not those that were written")
    return actual


def _check_columns(path: Path, source: Engine) -> None:
    """Refuse a file in which a table has lost a column: the rows of an empty one show nothing."""
    try:
        with source.connect() as connection:
            for table in _DATA:
                connection.execute(select(table).limit(0))
    except SQLAlchemyError:
        raise BackupRefused(f"{path}: damaged; its tables are not those of a backup") from None


def _tables_of(connection: Connection) -> list[Table]:
    present = MetaData()
    present.reflect(connection)
    return [table for table in present.sorted_tables if table.name not in _NOT_DATA]


def _copy(source: Connection, target: Connection) -> Checksum:
    def insert_rows(table: Table, rows: list[dict[str, Any]]) -> None:
        target.execute(insert(table), rows)

    return checksum_of(source, _DATA, insert_rows)


@contextmanager
def _sqlite(path: Path, mode: str) -> Iterator[Engine]:
    """Yield an engine for an existing file, opened in SQLite's mode ``ro`` or ``rw``."""

    def connect() -> sqlite3.Connection:
        name = f"file:{quote(str(path.absolute()))}?mode={mode}"
        connection = sqlite3.connect(name, uri=True, isolation_level=None)
        # An unfinished file is deleted, so no journal needs to protect it.
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("PRAGMA secure_delete=ON")
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _up_to_date(path: Path) -> Iterator[Path]:
    """Yield the backup itself, or a copy with the present schema if the backup's is older.

    Raises NewerSchema.
    """
    with _sqlite(path, "ro") as engine:
        if migrations.revision(engine) == migrations.HEAD:
            yield path
            return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(copyfile(path, Path(folder) / "copy"))
        try:
            with _sqlite(copy, "rw") as engine, writing(engine) as connection:
                migrations.upgrade(connection)
        except SQLAlchemyError:
            raise BackupRefused(f"{path}: damaged; its tables are not those of a backup") from None
        yield copy


@contextmanager
def _unfinished(path: Path) -> Iterator[Path]:
    """Yield a new file next to ``path`` with mode 0600.

    It is deleted afterwards unless the caller renamed it.
    """
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    os.close(descriptor)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _refuse_taken(path: Path) -> None:
    if not path.parent.is_dir():
        raise BackupRefused(f"{path.parent}: no such folder")
    if os.path.lexists(path):
        raise BackupRefused(f"{path}: there is a file of that name already")


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
