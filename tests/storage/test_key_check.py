"""A wrong key is known to be wrong, and the right one to be right, whoever comes first."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from caregiver_card.storage import backup, key_check, migrations
from caregiver_card.storage.database import engine_for
from caregiver_card.storage.key_check import KeyState, key_state
from caregiver_card.storage.store import Store, open_store

RIGHT, WRONG = "the right key of this database, long enough", "another key that is long enough too"


@pytest.fixture
def store(ready_url: str) -> Iterator[Store]:
    """A database without a card."""
    made = open_store(ready_url)
    yield made
    made.dispose()


def test_the_first_key_is_the_right_one(store: Store) -> None:
    """From then on every other one is wrong; a short one is weak whatever the database says."""
    assert key_state(store.engine, RIGHT) is KeyState.NOT_CHECKED
    assert key_check.begin(store.engine, "short") is KeyState.WEAK
    assert key_check.begin(store.engine, RIGHT) is KeyState.RIGHT
    assert key_check.begin(store.engine, WRONG) is KeyState.WRONG
    assert key_state(store.engine, RIGHT) is KeyState.RIGHT
    assert key_state(store.engine, "k" * 31) is KeyState.WEAK


def test_of_two_that_come_at_once_one_is_right(store: Store) -> None:
    """Never both, and never neither."""
    barrier, found = threading.Barrier(2), list[KeyState]()

    def come(secret: str) -> None:
        barrier.wait()
        found.append(key_check.begin(store.engine, secret))

    threads = [threading.Thread(target=come, args=(each,)) for each in (RIGHT, WRONG)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(state.value for state in found) == ["right", "wrong"]


def test_a_look_changes_nothing(store: Store) -> None:
    """A health page asks as often as it likes."""
    for _ in range(3):
        assert key_state(store.engine, RIGHT) is KeyState.NOT_CHECKED


def test_nothing_is_sealed_under_a_wrong_key(store: Store) -> None:
    """Whoever is about to write holds the check value, and is refused."""
    key_check.begin(store.engine, RIGHT)
    with store.engine.begin() as connection:
        key_check.require(connection, RIGHT)
        for wrong in (WRONG, "short"):
            with pytest.raises(key_check.WrongKey):
                key_check.require(connection, wrong)


def test_the_tables_go_and_come_with_their_migration(database_url: str) -> None:
    """Down to the schema before and up again, on either database."""
    from alembic import command

    store = open_store(database_url)
    key_check.begin(store.engine, RIGHT)
    engine = engine_for(database_url)
    with engine.begin() as connection:
        settings = migrations.settings()
        settings.attributes["connection"] = connection
        command.downgrade(settings, "0006")
    migrations.prepare(engine)
    store.dispose()
    assert migrations.revision(engine) == migrations.HEAD
    assert key_state(engine, WRONG) is KeyState.NOT_CHECKED
    engine.dispose()


def test_a_database_that_a_server_has_opened_can_still_be_restored_into(
    store: Store, tmp_path: Path
) -> None:
    """Its own check value gives way to that of the backup, whose key is then the right one."""
    key_check.begin(store.engine, RIGHT)
    backup.create(store, tmp_path / "copy")
    url = f"sqlite:///{tmp_path}/again/cards.sqlite"
    begun = open_store(url)
    assert key_check.begin(begun.engine, WRONG) is KeyState.RIGHT
    backup.restore(tmp_path / "copy", url)
    assert key_state(begun.engine, RIGHT) is KeyState.RIGHT
    assert key_state(begun.engine, WRONG) is KeyState.WRONG
    begun.dispose()
