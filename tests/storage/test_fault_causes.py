"""One word says why a database failed, from its code."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from caregiver_card.storage.database import StoreFailure, engine_for, writing
from caregiver_card.storage.fault_causes import Cause, cause_of
from caregiver_card.storage.store import Store, open_store
from tests.servers import AWAY


def _cause(store: Store) -> Cause:
    with pytest.raises(StoreFailure) as failure:
        store.find_page(bytes(32))
    return cause_of(failure.value)


@pytest.mark.parametrize("damage", ["a torn file", "another kind of file"])
def test_a_damaged_file_is_called_damaged(sqlite_url: str, damage: str) -> None:
    """Also by the emergency page's own query, which goes through the driver."""
    store, path = open_store(sqlite_url), Path(sqlite_url.removeprefix("sqlite:///"))
    store.dispose()
    raw = path.read_bytes()
    path.write_bytes(raw[:4096] + b"\xff" * 60_000 if damage == "a torn file" else b"x" * 9000)
    assert _cause(store) == Cause.DAMAGED
    assert store.ping() is False


def test_a_locked_file_is_called_locked(sqlite_url: str) -> None:
    """Another process writes for longer than anybody waits."""
    store = open_store(sqlite_url)
    with store.engine.connect() as holder, store.engine.connect() as impatient:
        holder.exec_driver_sql("BEGIN IMMEDIATE")
        impatient.exec_driver_sql("PRAGMA busy_timeout=1")
        with pytest.raises(StoreFailure) as failure:
            impatient.exec_driver_sql("BEGIN IMMEDIATE")
        assert cause_of(failure.value) == Cause.LOCKED
        holder.exec_driver_sql("ROLLBACK")
    store.dispose()


def test_a_file_that_may_not_grow_is_called_full(sqlite_url: str) -> None:
    """SQLite says full as well when the file may have no more pages."""
    store = open_store(sqlite_url)
    with pytest.raises(StoreFailure) as failure, writing(store.engine) as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1")
        connection.exec_driver_sql("CREATE TABLE more AS SELECT randomblob(99999) AS bytes")
    assert cause_of(failure.value) == Cause.FULL
    store.dispose()


def test_a_database_that_is_away_is_called_so() -> None:
    """Nobody listens there."""
    with pytest.raises(StoreFailure) as failure:
        open_store(AWAY)
    assert cause_of(failure.value) == Cause.AWAY


@pytest.mark.slow
@pytest.mark.parametrize(
    ("setting", "statement", "cause"),
    [
        ("default_transaction_read_only = on", "DELETE FROM cards", Cause.READ_ONLY),
        ("lock_timeout = '1ms'", "LOCK TABLE cards", Cause.LOCKED),
        ("role = pg_monitor", "SELECT pg_read_file('PG_VERSION')", Cause.REFUSED),
        ("role = none", "SELECT no_such_column FROM cards", Cause.OTHER),
    ],
)
def test_postgresql_gives_the_same_words(
    postgresql_url: str, setting: str, statement: str, cause: Cause
) -> None:
    """By its SQLSTATE."""
    open_store(postgresql_url).dispose()
    engine, other = engine_for(postgresql_url), engine_for(postgresql_url)
    with other.begin() as holder, engine.connect() as connection:
        holder.execute(text("LOCK TABLE cards IN ACCESS SHARE MODE"))
        if cause == Cause.LOCKED:
            holder.execute(text("LOCK TABLE cards"))
        connection.exec_driver_sql(f"SET {setting}")
        connection.commit()
        with pytest.raises(StoreFailure) as failure:
            connection.exec_driver_sql(statement)
        assert cause_of(failure.value) == cause
    for each in (engine, other):
        each.dispose()


def test_an_error_without_a_code_has_failed() -> None:
    """Nothing is guessed."""
    assert cause_of(ValueError("database disk image is malformed")) == Cause.OTHER
    assert cause_of(sqlite3.Error("database or disk is full")) == Cause.OTHER
