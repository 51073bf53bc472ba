"""Backups of databases in use: what comes back is what was there at one moment, or nothing."""

import hashlib
import shutil
import sqlite3
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, text

from caregiver_card.storage import key_check
from caregiver_card.storage.backup import BackupRefused, create, restore
from caregiver_card.storage.checksums import Checksum
from caregiver_card.storage.operator_notes import Event, OperatorNotes
from caregiver_card.storage.rows import Link, OutboxRow, Version
from caregiver_card.storage.schema import (
    alert_invitations,
    alert_links,
    alert_outbox,
    alert_records,
    device_marks,
    drafts,
    health_links,
    limit_counters,
    metadata,
)
from caregiver_card.storage.store import Store, open_store

# Copies between two databases.
pytestmark = pytest.mark.slow

NOON = datetime(2026, 11, 2, 12, 0, 0, 123456, tzinfo=UTC)
DAY = NOON.date()
# What a backup holds: all but the notes of the installation that made it, what it counts, and what
# is not saved yet.
_NOT_DATA = ("operator_notes", "limit_counters", "drafts")
DATA = [table for table in metadata.sorted_tables if table.name not in _NOT_DATA]
NOTHING = {table.name: 0 for table in DATA}


def fill(store: Store, cards: int, size: int = 3000) -> None:
    """Cards with two versions and two links each, of unlike contents."""
    for number in range(cards):
        card_id = hashlib.sha256(b"%d" % number).digest()[:16]
        owner, reader = card_id + bytes(16), bytes(16) + card_id
        page = bytes([number % 256]) * size
        store.add_card(
            Version(card_id, 1, b"key", b"note", NOON, page, b"card"),
            [
                Link(owner, card_id, "owner", b"wrapped", b"", DAY),
                Link(reader, card_id, "reader", b"wrapped", b"label", DAY, date(2026, 11, 3)),
            ],
        )
        new = Version(card_id, 2, b"key", b"note", NOON, page[::-1], b"card")
        store.save(new, owner, lambda _: b"again")


def test_a_column_that_an_empty_table_lost_is_found(tmp_path: Path) -> None:
    """No row shows it, and the checksum covers rows."""
    store = open_store(f"sqlite:///{tmp_path}/cards.sqlite")
    copy = tmp_path / "copy"
    create(store, copy)
    store.dispose()
    copy.write_bytes(copy.read_bytes().replace(b"sealed_cookie", b"sealed_cookix"))
    with pytest.raises(BackupRefused, match="damaged"):
        restore(copy, f"sqlite:///{tmp_path}/again.sqlite")


def fill_alerts(store: Store) -> None:
    """Somebody who is told of the first card and was asked, and a message that is under way."""
    card_id, ends = hashlib.sha256(b"0").digest()[:16], (None, None, None, None)
    row = OutboxRow(bytes(32), card_id, 0, 1, NOON, NOON, *ends, b"note", b"")
    with store.engine.begin() as connection:
        book = {"card_id": card_id, "look_at": NOON, "sealed_book": b"book"}
        connection.execute(insert(alert_records), book)
        connection.execute(insert(alert_links), {"lookup_id": bytes(32), "card_id": card_id})
        connection.execute(insert(alert_outbox), row._asdict())
        connection.execute(insert(alert_invitations), {"hour": 498_500, "count": 3})
        # Of nobody's concern, and in no backup.
        connection.execute(insert(limit_counters), {"key": bytes(16), "count": 1, "ends": 5})
        draft = {"id": bytes(32), "name": bytes(16), "sealed": b"typed", "ends": 5}
        connection.execute(insert(drafts), draft)
        mark = {"card_id": card_id, "salt": b"salt", "sealed_cookie": b"cookie"}
        connection.execute(insert(device_marks), mark)
        link = {"reader": bytes(16) + card_id, "lookup_id": bytes(32)}
        connection.execute(
            insert(health_links), {**link, "sealed_secret": b"secret", "encrypted": b"jwe"}
        )
        key_check.write(connection, "a key for tests that is long enough to be one")
    OperatorNotes(store.engine).write(Event.SENDER, NOON)


def contents(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables."""
    with store.engine.connect() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in DATA
        }


@pytest.fixture
def source(ready_url: str) -> Iterator[Store]:
    """A store of each kind with six cards."""
    store = open_store(ready_url)
    fill(store, 6)
    fill_alerts(store)
    yield store
    store.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def target_url(
    request: pytest.FixtureRequest, tmp_path: Path, postgresql_database: Callable[[], str]
) -> str:
    """Where a restore goes, of each kind, whatever the source is."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/restored/cards.sqlite"
    return postgresql_database()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Checksum]:
    """A backup of three cards that no test changes, and its proof."""
    folder = tmp_path_factory.mktemp("backup")
    store = open_store(f"sqlite:///{folder}/cards.sqlite")
    fill(store, 3)
    proof = create(store, folder / "cards.backup")
    store.dispose()
    return folder / "cards.backup", proof


@pytest.fixture
def backup(made: tuple[Path, Checksum]) -> Path:
    """The file of that backup."""
    return made[0]


def test_a_backup_restores_from_and_to_either_database(
    source: Store, target_url: str, tmp_path: Path
) -> None:
    """Every row comes back, and both proofs say the same."""
    path = tmp_path / "cards.backup"

    made = create(source, path)
    restored = restore(path, target_url)

    target = open_store(target_url)
    assert contents(target) == contents(source)
    assert made == restored
    assert made.counts == {name: 1 for name in NOTHING} | {"cards": 6, "links": 12, "versions": 12}
    target.dispose()


def test_both_databases_give_the_same_proof(
    sqlite_url: str, postgresql_url: str, tmp_path: Path
) -> None:
    """The digest is of the rows, not of how a database keeps them."""
    proofs = []
    for number, url in enumerate((sqlite_url, postgresql_url)):
        store = open_store(url)
        fill(store, 5)
        proofs.append(create(store, tmp_path / f"{number}.backup"))
        store.dispose()

    assert proofs[0] == proofs[1]


def test_a_changed_row_gives_another_proof(source: Store, tmp_path: Path) -> None:
    """One column of one row is enough."""
    before = create(source, tmp_path / "before.backup")
    reader = source.links_of(contents(source)["cards"][0][0], "reader")[0]  # type: ignore[arg-type]
    source.record_opened(reader.lookup_id, date(2026, 11, 4))

    after = create(source, tmp_path / "after.backup")

    assert before.counts == after.counts
    assert before.digest != after.digest


def test_a_byte_moved_to_the_next_column_gives_another_proof(source: Store, tmp_path: Path) -> None:
    """Where a value ends is part of the digest."""
    before = create(source, tmp_path / "before.backup")
    with source.engine.begin() as connection:
        moved = {"sealed_data_key": b"ke", "sealed_note": b"ynote"}
        connection.execute(metadata.tables["versions"].update(), moved)

    assert create(source, tmp_path / "after.backup").digest != before.digest


def test_an_empty_database_has_a_backup_too(
    ready_url: str, target_url: str, tmp_path: Path
) -> None:
    """No cards is a state like any other."""
    store = open_store(ready_url)
    made = create(store, tmp_path / "empty.backup")
    store.dispose()

    assert made.counts == NOTHING
    assert restore(tmp_path / "empty.backup", target_url) == made


WRITER = """
import os, sys
from datetime import UTC, date, datetime
from caregiver_card.storage.store import open_store
from caregiver_card.storage.rows import Link, Version
store, now = open_store(sys.argv[1]), datetime.now(UTC)
while True:
    card_id = os.urandom(16)
    version = Version(card_id, 1, b"k", b"n", now, b"p" * 9000, b"c" * 3000)
    links = [Link(os.urandom(32), card_id, "reader", b"w", b"l", date.today()) for _ in range(3)]
    store.add_card(version, links)
    print("added", flush=True)
"""


@pytest.mark.slow
def test_a_backup_is_of_one_moment_while_another_process_writes(
    source: Store, ready_url: str, tmp_path: Path
) -> None:
    """Every card in it has its version and all three links, however busy the writer is."""
    command = [sys.executable, "-c", WRITER, ready_url]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert writer.stdout is not None
    try:
        proofs = []
        for number in range(4):
            for _ in range(20):
                assert writer.stdout.readline() == b"added\n"
            proofs.append(create(source, tmp_path / f"{number}.backup"))
    finally:
        writer.kill()
        writer.communicate()

    counts = [proof.counts for proof in proofs]
    assert [each["cards"] for each in counts] == sorted({each["cards"] for each in counts})
    for each in counts:
        added = each["cards"] - 6
        assert (each["versions"], each["links"]) == (12 + added, 12 + 3 * added)


def test_a_backup_is_its_owner_s_alone_and_one_file(source: Store, tmp_path: Path) -> None:
    """Mode 0600, no log beside it, nothing unfinished left over."""
    folder = tmp_path / "backups"
    folder.mkdir()

    create(source, folder / "cards.backup")

    assert [each.name for each in folder.iterdir()] == ["cards.backup"]
    assert (folder / "cards.backup").stat().st_mode & 0o777 == 0o600


def test_a_backup_overwrites_nothing(source: Store, tmp_path: Path) -> None:
    """A name that is taken is refused and named, and the file stays as it is."""
    path = tmp_path / "cards.backup"
    path.write_text("mine")

    with pytest.raises(BackupRefused, match=r"cards\.backup: there is a file"):
        create(source, path)

    assert path.read_text() == "mine"


def test_a_backup_into_no_folder_is_refused(source: Store, tmp_path: Path) -> None:
    """A folder that is not there is named."""
    with pytest.raises(BackupRefused, match="nowhere: no such folder"):
        create(source, tmp_path / "nowhere" / "cards.backup")


def test_a_backup_that_fails_leaves_nothing(database_url: str, tmp_path: Path) -> None:
    """A database that is lost midway leaves no file, whole or half."""
    source = open_store(database_url)
    folder = tmp_path / "backups"
    folder.mkdir()
    with source.engine.begin() as connection:
        connection.execute(text("DROP TABLE versions"))

    with pytest.raises(Exception, match="versions"):
        create(source, folder / "cards.backup")

    assert list(folder.iterdir()) == []
    source.dispose()


def test_a_restore_adds_to_nothing(backup: Path, source: Store, ready_url: str) -> None:
    """A database with cards in it stays as it is."""
    before = contents(source)

    with pytest.raises(BackupRefused, match="not empty"):
        restore(backup, ready_url)

    assert contents(source) == before


def _nothing(_: Path) -> None:
    """Leaves no file at all."""


def _text(path: Path) -> None:
    path.write_text("a shopping list")


def _database(path: Path) -> None:
    store = open_store(f"sqlite:///{path}")
    fill(store, 1)
    store.dispose()


def _empty(path: Path) -> None:
    path.touch()


@pytest.mark.parametrize("make", [_nothing, _text, _empty, _database, Path.mkdir])
def test_what_is_no_backup_is_refused(
    make: Callable[[Path], object], sqlite_url: str, tmp_path: Path
) -> None:
    """Not a file, not a database, or a database but not a finished backup."""
    make(tmp_path / "thing")

    with pytest.raises(BackupRefused, match="thing: not a backup"):
        restore(tmp_path / "thing", sqlite_url)


def test_a_newer_backup_is_refused(backup: Path, target_url: str, tmp_path: Path) -> None:
    """Rows of tables that this program does not know are not poured into those it knows."""
    newer = tmp_path / "newer.backup"
    shutil.copy(backup, newer)
    with sqlite3.connect(newer) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()

    with pytest.raises(BackupRefused, match="newer version"):
        restore(newer, target_url)

    assert open_and_count(target_url) == 0


def open_and_count(url: str) -> int:
    """How many rows a database has."""
    store = open_store(url)
    found = sum(map(len, contents(store).values()))
    store.dispose()
    return found


CHANGES = {
    "a byte of a page": "UPDATE versions SET sealed_page = X'00' WHERE rowid = 1",
    "a missing version": "DELETE FROM versions WHERE rowid = 1",
    "a missing link": "DELETE FROM links WHERE lookup_id = (SELECT max(lookup_id) FROM links)",
    "one card more": "INSERT INTO cards VALUES (zeroblob(16), 1, '2026-11-02')",
    "a day that is none": "UPDATE links SET made_on = 'soon'",
    "another proof": "UPDATE backup_proof SET digest = 'a' || substr(digest, 2)",
    "half a proof": "DELETE FROM backup_proof WHERE name = 'links'",
    "no proof": "DELETE FROM backup_proof",
}


@pytest.mark.parametrize("statement", CHANGES.values(), ids=CHANGES)
def test_a_changed_backup_is_refused(
    backup: Path, statement: str, sqlite_url: str, tmp_path: Path
) -> None:
    """What is not what was written is not restored, in part or at all."""
    changed = tmp_path / "changed.backup"
    shutil.copy(backup, changed)
    with sqlite3.connect(changed) as connection:
        connection.execute(statement)
    connection.close()

    with pytest.raises(BackupRefused, match="damaged"):
        restore(changed, sqlite_url)

    assert open_and_count(sqlite_url) == 0


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_corrupted_byte_is_found(
    made: tuple[Path, Checksum], tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Wherever a byte of the file is changed, the rows come back right or not at all."""
    backup, whole = made
    raw = bytearray(backup.read_bytes())
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    folder = tmp_path_factory.mktemp("corrupted")
    (folder / "cards.backup").write_bytes(raw)
    url = f"sqlite:///{folder}/cards.sqlite"

    try:
        restored: Checksum | None = restore(folder / "cards.backup", url)
    except BackupRefused:
        restored = None

    assert restored == whole or open_and_count(url) == 0


def test_a_corrupted_byte_of_a_row_is_refused(
    backup: Path, sqlite_url: str, tmp_path: Path
) -> None:
    """One flipped bit in the middle of a page is enough."""
    raw = bytearray(backup.read_bytes())
    place = raw.index(bytes([2]) * 1000)
    raw[place + 500] ^= 1
    (tmp_path / "cards.backup").write_bytes(raw)

    with pytest.raises(BackupRefused, match="damaged"):
        restore(tmp_path / "cards.backup", sqlite_url)


def test_a_cut_backup_is_refused(backup: Path, sqlite_url: str, tmp_path: Path) -> None:
    """A copy that was broken off is no backup."""
    raw = backup.read_bytes()
    (tmp_path / "cards.backup").write_bytes(raw[: len(raw) // 2])

    with pytest.raises(BackupRefused):
        restore(tmp_path / "cards.backup", sqlite_url)


@pytest.mark.slow
def test_memory_stays_flat(source: Store, tmp_path: Path) -> None:
    """Thirty-six megabytes of cards pass through two chunks of five."""
    ids = [row[0] for row in contents(source)["cards"]]
    for number in range(3, 63):
        rows = [Version(each, number, b"k", b"n", NOON, bytes(100_000), b"c") for each in ids]  # type: ignore[arg-type]
        with source.engine.begin() as connection:
            connection.execute(metadata.tables["versions"].insert(), [r._asdict() for r in rows])
    tracemalloc.start()
    try:
        create(source, tmp_path / "large.backup")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 16_000_000
