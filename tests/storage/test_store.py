"""Sealed bytes in SQLite and PostgreSQL; every test that says `store` runs on both."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Integer, LargeBinary, create_engine, inspect, text
from sqlalchemy.exc import IntegrityError, StatementError

from caregiver_card.storage import migrations
from caregiver_card.storage.database import (
    StoreFailure,
    UnusableAddress,
    engine_for,
    snapshot,
    writing,
)
from caregiver_card.storage.rows import Link, LinksFull, Version, at_most
from caregiver_card.storage.schema import metadata
from caregiver_card.storage.store import EditedElsewhere, Store, open_store

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
DAY = NOON.date()
CARD = b"card-" + bytes(11)
OTHER = b"other" + bytes(11)
OWNER, WALLET, SCHOOL, FEED = (name.ljust(32, b".") for name in (b"o", b"w", b"s", b"f"))


def version(number: int = 1, card_id: bytes = CARD, page: bytes = b"page") -> Version:
    """A version of a card whose sealed parts say what they are."""
    parts = (b"key %d" % number, b"note %d" % number)
    return Version(card_id, number, *parts, NOON, page, b"card %d" % number)


def link(lookup: bytes = WALLET, kind: str = "reader", card_id: bytes = CARD) -> Link:
    """A link whose sealed parts say what they are."""
    return Link(lookup, card_id, kind, b"wrapped " + lookup[:1], b"label " + lookup[:1], DAY)


def keep(label: Link) -> bytes:
    """Leaves a label as it is."""
    return label.sealed_label


def rewrap(reader: Link) -> bytes:
    """A wrapped key that tells which link it was made for."""
    return b"again " + reader.lookup_id[:1]


@pytest.fixture
def empty(ready_url: str) -> Iterator[Store]:
    """A store without a card."""
    store = open_store(ready_url)
    yield store
    store.dispose()


@pytest.fixture
def store(empty: Store) -> Store:
    """A store with one card: an owner's, two readers' and a calendar's link."""
    kinds = [link(OWNER, "owner"), link(WALLET), link(SCHOOL), link(FEED, "calendar")]
    empty.add_card(version(), kinds)
    return empty


@pytest.fixture
def own(database_url: str) -> Iterator[Store]:
    """A store whose tables a test may change."""
    store = open_store(database_url)
    yield store
    store.dispose()


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[Store]:
    """A store in a SQLite file."""
    store = open_store(sqlite_url)
    yield store
    store.dispose()


def rows(store: Store) -> dict[str, int]:
    """How many rows each table has."""
    with store.engine.connect() as connection:
        return {
            name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()
            for name in metadata.tables
        }


# Finding --------------------------------------------------------------------------------------


def test_a_link_leads_to_the_present_page(store: Store) -> None:
    """One look gives the page and what opens it."""
    assert store.find_page(WALLET) == (CARD, "reader", b"wrapped w", None, 1, b"page")


def test_a_link_leads_to_the_present_card(store: Store) -> None:
    """The card comes with the page, the time it was saved and the owner's way to its key."""
    expected = (CARD, "reader", b"wrapped w", None, 1, b"key 1", NOON, b"page", b"card 1", None)

    assert store.find_card(WALLET) == expected


def test_an_unknown_link_leads_nowhere(store: Store) -> None:
    """No row, no error: what that means is the vault's to say."""
    assert store.find_page(bytes(32)) is None
    assert store.find_card(bytes(32)) is None
    assert store.version_of(CARD, 2) is None


def test_times_come_back_in_utc(empty: Store) -> None:
    """Whatever zone a time was given in, the same moment comes back, aware and in UTC."""
    there = NOON.astimezone(timezone(timedelta(hours=-9)))
    empty.add_card(version()._replace(saved_at=there), [link()])

    saved_at = empty.saves_of(CARD)[0].saved_at

    assert saved_at == NOON
    assert saved_at.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(empty: Store) -> None:
    """A naive time would mean another moment on another machine."""
    with pytest.raises(StatementError, match="without a zone"):
        empty.add_card(version()._replace(saved_at=NOON.replace(tzinfo=None)), [])

    assert set(rows(empty).values()) == {0}


def test_an_error_quotes_nothing_that_was_being_written(store: Store) -> None:
    """Errors end in logs, and rows must not."""
    with pytest.raises(IntegrityError) as failure:
        store.add_card(version(page=b"MARKED"), [link()])

    assert "MARKED" not in str(failure.value)
    assert "card-" not in str(failure.value)


# Saving ---------------------------------------------------------------------------------------


def test_a_save_moves_every_reader_along(store: Store) -> None:
    """The new version is the present one, with new keys; the old one stays without its page."""
    store.save(version(2, page=b"new page"), OWNER, rewrap)

    assert store.find_page(WALLET) == (CARD, "reader", b"again w", None, 2, b"new page")
    assert store.find_page(SCHOOL) == (CARD, "reader", b"again s", None, 2, b"new page")
    assert [save.version for save in store.saves_of(CARD)] == [2, 1]
    assert store.version_of(CARD, 1) == version(1, page=b"")


def test_a_save_takes_calendars_along_and_leaves_the_owner_s_link(store: Store) -> None:
    """A calendar has new dates; the owner's link wraps a key that outlives versions."""
    store.save(version(2), OWNER, rewrap)

    feed, owner = store.links_of(CARD, "owner", "calendar")
    assert feed == link(FEED, "calendar")._replace(wrapped_key=b"again f")
    assert owner == link(OWNER, "owner")


@pytest.mark.parametrize(
    ("number", "owner"),
    [
        pytest.param(1, OWNER, id="made from a version before the present"),
        pytest.param(3, OWNER, id="made from a version that is not there yet"),
        pytest.param(2, SCHOOL, id="sealed for a link that is no owner's"),
        pytest.param(2, bytes(32), id="sealed for a link that is gone"),
    ],
)
def test_a_save_on_other_ground_is_refused(store: Store, number: int, owner: bytes) -> None:
    """Nothing is written when the card is not as the caller believed."""
    before = rows(store)

    with pytest.raises(EditedElsewhere):
        store.save(version(number), owner, rewrap)

    assert rows(store) == before
    assert store.find_page(WALLET) == (CARD, "reader", b"wrapped w", None, 1, b"page")


def test_a_save_that_fails_midway_leaves_nothing(store: Store) -> None:
    """An error while a key is wrapped undoes the version as well."""

    def fail(_: Link) -> bytes:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.save(version(2), OWNER, fail)

    assert rows(store)["versions"] == 1


def test_a_link_that_a_save_deletes_gets_no_new_key(store: Store) -> None:
    """Not even within the transaction: PostgreSQL keeps the rows of one for a while."""
    wrapped = []

    def listening(reader: Link) -> bytes:
        wrapped.append(reader.lookup_id)
        return rewrap(reader)

    def delete_school(connection: Connection, _card_id: bytes) -> None:
        connection.execute(text("DELETE FROM links WHERE lookup_id = :id"), {"id": SCHOOL})

    store.save(version(2), OWNER, listening, [delete_school])

    assert sorted(wrapped) == [FEED, WALLET]


def test_of_two_saves_at_once_one_wins(store: Store) -> None:
    """Eight people save the same version; one is kept whole and seven are told."""
    start = threading.Barrier(8)

    def save(number: int) -> bytes | None:
        start.wait()
        mine = b"page of %d" % number
        try:
            store.save(version(2, page=mine), OWNER, rewrap)
        except EditedElsewhere:
            return None
        return mine

    with ThreadPoolExecutor(8) as pool:
        kept = [page for page in pool.map(save, range(8)) if page]

    assert [store.find_page(WALLET)] == [(CARD, "reader", b"again w", None, 2, kept[0])]
    assert len(kept) == 1


def test_a_copy_made_during_a_save_is_not_left_behind(
    store: Store, meanwhile: Callable[..., "Future[object]"]
) -> None:
    """A copy that wraps the old version's key waits for the save and is then refused."""
    adding: list[Future[object]] = []

    def wrap_while_a_copy_is_made(reader: Link) -> bytes:
        if not adding:
            adding.append(meanwhile(store.add_link, link(b"new".ljust(32)), OWNER, 1))
            assert not adding[0].done()
        return rewrap(reader)

    store.save(version(2), OWNER, wrap_while_a_copy_is_made)

    with pytest.raises(EditedElsewhere):
        adding[0].result()
    assert len(store.links_of(CARD, "reader")) == 2


def test_a_copy_revoked_during_a_save_stays_revoked(
    store: Store, meanwhile: Callable[..., "Future[object]"]
) -> None:
    """Wrapping a new key for a link does not bring the link back."""
    revoking: list[Future[object]] = []

    def wrap_while_it_is_revoked(reader: Link) -> bytes:
        if not revoking:
            revoking.append(meanwhile(store.delete_link, CARD, SCHOOL, "reader"))
        return rewrap(reader)

    store.save(version(2), OWNER, wrap_while_it_is_revoked)

    assert revoking[0].result() is True
    assert store.find_page(SCHOOL) is None


def test_a_save_during_a_renewal_is_refused(
    store: Store, meanwhile: Callable[..., "Future[object]"]
) -> None:
    """What was sealed under the old owner key would be lost to the new owner."""
    saving: list[Future[object]] = []

    def reseal_while_somebody_saves(reader: Link) -> dict[str, bytes | None]:
        if not saving:
            saving.append(meanwhile(store.save, version(2), OWNER, rewrap))
            assert not saving[0].done()
        return {"sealed_label": keep(reader)}

    new = link(b"n".ljust(32), "owner")
    store.renew_owner(new, OWNER, 1, reseal_while_somebody_saves, lambda _: (b"k", b"n"))

    with pytest.raises(EditedElsewhere):
        saving[0].result()
    assert rows(store)["versions"] == 1


def test_a_writer_that_looks_first_is_not_refused(
    empty: Store, meanwhile: Callable[..., "Future[object]"]
) -> None:
    """A restore looks whether the database is empty, then writes, whoever else is writing."""
    count = text("SELECT count(*) FROM cards")

    def look_and_write() -> None:
        with writing(empty.engine) as connection:
            connection.execute(count).scalar()
            time.sleep(0.3)
            connection.execute(metadata.tables["cards"].insert(), {**card, "id": OTHER})

    card = {"id": CARD, "version": 1, "saved_on": DAY}
    with writing(empty.engine) as connection:
        connection.execute(metadata.tables["cards"].insert(), card)
        other = meanwhile(look_and_write)

    other.result()
    assert rows(empty)["cards"] == 2


# Links ----------------------------------------------------------------------------------------


def test_a_link_is_added(store: Store) -> None:
    """One more link leads to the same card, and is listed last when made last."""
    later = link(b"a".ljust(32))._replace(made_on=DAY + timedelta(days=1))
    store.add_link(later, OWNER, 1)

    assert store.links_of(CARD, "reader") == [link(SCHOOL), link(WALLET), later]


def test_a_link_for_an_old_version_is_refused(store: Store) -> None:
    """Its key would open what is not the present version."""
    store.save(version(2), OWNER, rewrap)

    with pytest.raises(EditedElsewhere):
        store.add_link(link(b"new".ljust(32)), OWNER, 1)


@pytest.mark.parametrize(("kind", "most"), [("reader", 3), ("calendar", 2)])
def test_of_two_links_at_once_the_one_too_many_is_refused(
    store: Store, meanwhile: Callable[..., "Future[object]"], kind: str, most: int
) -> None:
    """The second, over a connection of its own, waits for the first and counts it."""
    other = open_store(store.engine.url.render_as_string(hide_password=False))
    adding: list[Future[object]] = []

    def add_another(connection: Connection, card_id: bytes) -> None:
        late = link(b"late".ljust(32), kind)
        adding.append(meanwhile(other.add_link, late, OWNER, 1, at_most(most, kind)))
        assert not adding[0].done()
        at_most(most, kind)(connection, card_id)

    store.add_link(link(b"new".ljust(32), kind), OWNER, 1, add_another)

    with pytest.raises(LinksFull) as refusal:
        adding[0].result()
    other.dispose()
    assert refusal.value.most == most == len(store.links_of(CARD, kind))


def test_a_renewal_takes_everything_to_the_new_key(store: Store) -> None:
    """The old owner's link is gone, and labels, data keys and notes are what the caller made."""
    store.save(version(2), OWNER, rewrap)
    new = link(b"n".ljust(32), "owner")

    store.renew_owner(
        new,
        OWNER,
        2,
        lambda link: {"sealed_label": b"L" + link.lookup_id[:1]},
        lambda save: (b"K%d" % save.version, b"N"),
    )

    assert store.find_page(OWNER) is None
    assert store.links_of(CARD, "owner") == [new]
    labels = {each.sealed_label for each in store.links_of(CARD, "reader", "calendar")}
    assert labels == {b"Lw", b"Ls", b"Lf"}
    assert [save[:3] for save in store.saves_of(CARD)] == [(2, b"K2", b"N"), (1, b"K1", b"N")]


@pytest.mark.parametrize(
    ("card_id", "lookup", "kind"),
    [
        pytest.param(OTHER, WALLET, "reader", id="another card's"),
        pytest.param(CARD, OWNER, "reader", id="another kind"),
        pytest.param(CARD, bytes(32), "reader", id="unknown"),
    ],
)
def test_only_the_named_link_is_removed(
    store: Store, card_id: bytes, lookup: bytes, kind: str
) -> None:
    """A link goes only when card, kind and lookup id agree."""
    assert store.delete_link(card_id, lookup, kind) is False
    assert rows(store)["links"] == 4
    assert store.delete_link(CARD, WALLET, "reader") is True
    assert rows(store)["links"] == 3


def test_an_unknown_kind_of_link_is_refused(store: Store) -> None:
    """The database itself knows the three kinds."""
    with pytest.raises(IntegrityError):
        store.add_link(link(b"new".ljust(32), "guest"), OWNER, 1)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param(0, 0, 0, id="the same day"),
        pytest.param(0, 1, 1, id="the next day"),
        pytest.param(1, 0, 1, id="an earlier day"),
    ],
)
def test_the_last_day_seen_is_kept(store: Store, first: int, second: int, expected: int) -> None:
    """A link remembers the latest day it was opened."""
    for days in (first, second):
        assert store.record_opened(WALLET, DAY + timedelta(days=days)) is True

    seen = {each.lookup_id: each.seen_on for each in store.links_of(CARD, "reader")}

    assert seen == {WALLET: DAY + timedelta(days=expected), SCHOOL: None}


@pytest.mark.parametrize("lookup", [bytes(32), OWNER, FEED], ids=["unknown", "owner", "calendar"])
def test_only_a_reader_s_link_is_seen(store: Store, lookup: bytes) -> None:
    """Other links have no opening to record."""
    assert store.record_opened(lookup, DAY) is False


def test_a_second_look_on_one_day_writes_nothing(sqlite_store: Store) -> None:
    """SQLite counts the changes that others make to the file: none."""
    sqlite_store.add_card(version(), [link()])
    sqlite_store.record_opened(WALLET, DAY)
    with sqlite_store.engine.connect() as watcher:
        changes = text("PRAGMA data_version")
        before = watcher.execute(changes).scalar()

        sqlite_store.record_opened(WALLET, DAY)

        assert watcher.execute(changes).scalar() == before


# Pages ----------------------------------------------------------------------------------------


def test_the_present_page_is_replaced(store: Store) -> None:
    """Another form of the same version takes the place of the first."""
    assert store.replace_page(CARD, 1, b"fresh") is True
    assert store.find_page(WALLET) == (CARD, "reader", b"wrapped w", None, 1, b"fresh")


def test_a_past_page_is_not_replaced(store: Store) -> None:
    """What was rendered from an old version does not land on the new one, nor on the old."""
    store.save(version(2), OWNER, rewrap)

    assert store.replace_page(CARD, 1, b"stale") is False
    assert store.version_of(CARD, 1) == version(1, page=b"")
    assert store.version_of(CARD, 2) == version(2)


# Deleting -------------------------------------------------------------------------------------


def test_a_deleted_card_is_gone_with_all_that_is_its(store: Store) -> None:
    """Versions and links go with it; another card stays."""
    store.save(version(2), OWNER, rewrap)
    store.add_card(version(card_id=OTHER), [link(b"2".ljust(32), card_id=OTHER)])

    assert store.delete_card(CARD) is True
    counted = {name: count for name, count in rows(store).items() if count}
    assert counted == {"cards": 1, "versions": 1, "links": 1}
    assert store.delete_card(CARD) is False


def bytes_on_disk(store: Store) -> bytes:
    """The database file and its log."""
    file = Path(str(store.engine.url.database))
    return b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*"))


# Long enough for pages of its own in the file, short enough to be found in one piece.
MARK = b"MARKED ROW " * 3
MARKED = MARK * 400


def add_marked(store: Store) -> None:
    """A card whose every part can be found in the file."""
    marked = Version(CARD, 1, MARK, MARK, NOON, MARKED, MARKED)
    marked_link = link()._replace(wrapped_key=MARK, sealed_label=MARK)
    store.add_card(marked, [link(OWNER, "owner"), marked_link])


def test_a_deleted_card_leaves_no_bytes(sqlite_store: Store) -> None:
    """Neither the file nor its log holds any part of a row that was deleted."""
    sqlite_store.add_card(version(card_id=OTHER), [link(b"2".ljust(32), card_id=OTHER)])
    add_marked(sqlite_store)
    assert MARK in bytes_on_disk(sqlite_store)

    sqlite_store.delete_card(CARD)

    assert MARK not in bytes_on_disk(sqlite_store)


def test_a_card_long_in_the_file_leaves_no_bytes(sqlite_url: str) -> None:
    """The same when the row has left the log for the file before."""
    store = open_store(sqlite_url)
    add_marked(store)
    store.dispose()
    assert MARK in bytes_on_disk(store)

    store.delete_card(CARD)

    assert MARK not in bytes_on_disk(store)
    store.dispose()


def test_a_revoked_link_leaves_no_bytes(sqlite_store: Store) -> None:
    """A revoked copy's wrapped key is gone, so a stolen file does not open for it any more."""
    marked = link()._replace(wrapped_key=MARK, sealed_label=MARK)
    sqlite_store.add_card(version(), [link(OWNER, "owner"), marked])

    sqlite_store.delete_link(CARD, WALLET, "reader")

    assert MARK not in bytes_on_disk(sqlite_store)


def test_a_deletion_does_not_wait_for_a_long_reader(sqlite_store: Store) -> None:
    """A backup in progress delays only the clearing, which the next deletion does."""
    add_marked(sqlite_store)
    sqlite_store.add_card(version(card_id=OTHER), [link(b"2".ljust(32), card_id=OTHER)])
    with snapshot(sqlite_store.engine) as backup:
        backup.execute(text("SELECT count(*) FROM cards")).scalar()
        start = time.perf_counter()

        assert sqlite_store.delete_card(CARD) is True

        assert time.perf_counter() - start < 3
    assert sqlite_store.delete_card(OTHER) is True
    assert MARK not in bytes_on_disk(sqlite_store)


# Setting up -----------------------------------------------------------------------------------

PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL
    "foreign_keys": 1,
    "secure_delete": 1,
    "busy_timeout": 10_000,
    "journal_size_limit": 0,
}


@pytest.mark.parametrize(("pragma", "expected"), PRAGMAS.items(), ids=PRAGMAS)
def test_every_connection_is_set(sqlite_store: Store, pragma: str, expected: object) -> None:
    """Durable, private and patient, on the second connection as on the first."""
    sqlite_store.delete_card(CARD)  # which changes one setting for a moment
    with sqlite_store.engine.connect() as one, sqlite_store.engine.connect() as other:
        found = [each.execute(text(f"PRAGMA {pragma}")).scalar() for each in (one, other)]

    assert found == [expected, expected]


def test_the_file_is_its_owner_s_alone(sqlite_url: str) -> None:
    """The folder is 0700 and everything in it 0600, whatever the umask allows."""
    old = os.umask(0)
    try:
        store = open_store(sqlite_url)
        store.add_card(version(), [link()])
        folder = Path(str(store.engine.url.database)).parent
        modes = {each.name: each.stat().st_mode & 0o777 for each in folder.iterdir()}
    finally:
        os.umask(old)
        store.dispose()

    assert folder.stat().st_mode & 0o777 == 0o700
    assert {"cards.sqlite", "cards.sqlite-wal"} <= set(modes)
    assert set(modes.values()) == {0o600}


def test_the_migrations_make_the_tables_that_the_store_knows(own: Store) -> None:
    """Alembic finds nothing to change, and no table is missing a check."""
    with own.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, metadata) == []
        assert len(inspect(connection).get_check_constraints("links")) == 1


def test_the_migrations_write_the_same_sql(sqlite_store: Store) -> None:
    """SQLite keeps the text of each table, which shows what Alembic does not compare."""
    plain = create_engine("sqlite://")
    metadata.create_all(plain)
    found = []
    for engine in (plain, sqlite_store.engine):
        with engine.connect() as connection:
            query = "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE '%alembic%'"
            found.append(
                {(n, " ".join((s or "").split())) for n, s in connection.execute(text(query))}
            )
    plain.dispose()

    assert found[0] == found[1]


def test_the_newest_step_is_the_one_written_down() -> None:
    """The constant that saves a start from reading the steps is true."""
    assert ScriptDirectory.from_config(migrations.settings()).get_current_head() == migrations.HEAD


def test_the_first_step_can_be_undone(own: Store) -> None:
    """Down and up again leaves the same tables."""
    from alembic import command

    config = migrations.settings()
    with own.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        assert inspect(connection).get_table_names() == ["alembic_version"]
        command.upgrade(config, "head")
    own.add_card(version(), [link()])


def test_primary_keys_are_bytes_or_numbers() -> None:
    """A backup compares rows in the order of their keys; text is sorted differently everywhere."""
    kinds = {type(column.type) for table in metadata.sorted_tables for column in table.primary_key}

    assert kinds <= {LargeBinary, Integer}


def test_a_second_start_does_not_load_alembic(ready_url: str) -> None:
    """An up-to-date database costs one row to recognise."""
    open_store(ready_url)
    code = (
        "import sys; from caregiver_card.storage.store import open_store; open_store(sys.argv[1])\n"
        "sys.exit('alembic' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code, ready_url], check=False).returncode == 0


def test_threads_that_come_at_once_find_one_set_up_database(database_url: str) -> None:
    """Eight threads open an empty database, and each can write to it."""
    start = threading.Barrier(8)

    def come(number: int) -> bool:
        start.wait()
        store = open_store(database_url)
        card_id = bytes([number]) * 16
        store.add_card(version(card_id=card_id), [link(bytes([number]) * 32, card_id=card_id)])
        store.dispose()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(come, range(8))) == [True] * 8


COME_AT_ONCE = """
import sys, time
from caregiver_card.storage.store import open_store
import alembic.command
print("ready", flush=True)
sys.stdin.readline()
sys.exit(not open_store(sys.argv[1]).ping())
"""


@pytest.mark.slow
def test_processes_that_come_at_once_find_one_set_up_database(database_url: str) -> None:
    """Three processes, ready and waiting, open an empty database at the same moment."""
    command = [sys.executable, "-c", COME_AT_ONCE, database_url]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen(command, **pipes) for _ in range(3)]  # type: ignore[call-overload]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    for process in processes:
        process.communicate(timeout=20)

    assert [process.returncode for process in processes] == [0, 0, 0]


def test_a_newer_schema_is_refused(database_url: str) -> None:
    """An older program does not write into tables that it does not know."""
    store = open_store(database_url)
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.dispose()

    with pytest.raises(migrations.NewerSchema):
        open_store(database_url)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("", id="empty"),
        pytest.param("cards.sqlite", id="a path"),
        pytest.param("sqlite://", id="SQLite in memory"),
        pytest.param("sqlite:///:memory:", id="SQLite in memory, by name"),
        pytest.param("mysql://root:hunter2@localhost/cards", id="another database"),
        pytest.param("postgresql+psycopg2://u:hunter2@localhost/cards", id="another driver"),
        pytest.param("nonsense+hunter2://", id="no database at all"),
    ],
)
def test_an_unusable_address_is_refused(url: str) -> None:
    """The error says what an address looks like, and does not repeat this one."""
    with pytest.raises(UnusableAddress, match="sqlite:///PATH") as refusal:
        open_store(url)

    assert "hunter2" not in str(refusal.value)


# Running --------------------------------------------------------------------------------------


def test_a_ping_answers(own: Store) -> None:
    """True with the tables there, and false without."""
    assert own.ping() is True
    with own.engine.begin() as connection:
        metadata.drop_all(connection)
    assert own.ping() is False


def test_a_ping_without_a_server_is_false(tmp_path: Path) -> None:
    """A database that is away is an answer and no error."""
    assert Store(engine_for(f"postgresql+psycopg://u@/cards?host={tmp_path}")).ping() is False


def test_a_set_up_without_a_server_fails_clearly(tmp_path: Path) -> None:
    """A start without the database is an error that callers can name."""
    with pytest.raises(StoreFailure):
        open_store(f"postgresql+psycopg://u@/cards?host={tmp_path}")


def test_a_lost_connection_costs_no_page(postgresql_url: str) -> None:
    """After PostgreSQL was restarted, the first page opens as ever."""
    store = open_store(postgresql_url)
    store.add_card(version(), [link()])
    store.find_page(WALLET)
    killer = engine_for(postgresql_url)
    with killer.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE backend_type = 'client backend' AND pid != pg_backend_pid()"
            )
        )

    assert store.find_page(WALLET) is not None
    store.dispose()
    killer.dispose()


FORK = """
import os, sys
from caregiver_card.storage.store import open_store
store = open_store(sys.argv[1])
store.ping()
store.dispose()
children = [os.fork() for _ in range(2)]
ok = all(store.ping() for _ in range(50))
if 0 in children:
    os._exit(not ok)
sys.exit(not ok or any(os.waitpid(child, 0)[1] for child in children))
"""


def test_a_store_works_on_both_sides_of_a_fork(ready_url: str) -> None:
    """Disposed before the fork, it opens connections of its own in each process."""
    done = subprocess.run([sys.executable, "-c", FORK, ready_url], check=False, timeout=20)

    assert done.returncode == 0


def test_a_fresh_store_holds_no_connection(ready_url: str) -> None:
    """So a program may open it, fork, and only then use it."""
    assert open_store(ready_url).engine.pool.checkedin() == 0  # type: ignore[attr-defined]
