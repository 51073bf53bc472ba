"""Back to the schema of an earlier program and up again, with cards, on both databases."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, text

from caregiver_card.alerting import key_rotation
from caregiver_card.card_service import CardService
from caregiver_card.storage import backup, key_check, migrations
from caregiver_card.storage.checksums import checksum_of
from caregiver_card.storage.migrations import way_back
from caregiver_card.storage.store import Store, open_store
from tests.cast import alex
from tests.stored.fill import LATER, SECRET
from tests.web.shell import Shell

# Many small ones, together some seconds.
pytestmark = pytest.mark.slow

_STORED = Path(__file__).parents[1] / "stored"
_TOKENS: dict[str, Any] = json.loads((_STORED / "cards.json").read_text())


@pytest.fixture
def stored(database_url: str, tmp_path: Path) -> Iterator[Store]:
    """The cards that an earlier program stored, in a database of each kind."""
    copy = tmp_path / "stored" / "cards.sqlite"
    copy.parent.mkdir()
    shutil.copy(_STORED / "cards.sqlite", copy)
    old = open_store(f"sqlite:///{copy}")
    backup.create(old, tmp_path / "copy")
    old.dispose()
    backup.restore(tmp_path / "copy", database_url)
    store = open_store(database_url)
    yield store
    store.dispose()


def _open_all(store: Store) -> dict[str, Any]:
    """Every card by its owner's token, and every page by each reader's."""
    vault = CardService(store).vault
    pages = {reader: vault.page(reader) for held in _TOKENS.values() for reader in held["readers"]}
    return pages | {held["owner"]: vault.owned(held["owner"]) for held in _TOKENS.values()}


@pytest.mark.parametrize("to", way_back.schemas())
def test_back_and_up_again_every_card_opens(stored: Store, to: str) -> None:
    """With its past versions, and one saved by the newer program before it went back."""
    name = next(iter(_TOKENS))
    keeper, owner = CardService(stored), _TOKENS[name]["owner"]
    owned = keeper.vault.owned(owner)
    keeper.save(owner, owned.card, owned.version, "by the newer program", LATER)
    before = _open_all(stored)
    way_back.downgrade(stored.engine, to)
    assert migrations.revision(stored.engine) == to
    columns = {each["name"] for each in inspect(stored.engine).get_columns("versions")}
    assert ("least_schema" in columns) == (to >= "0005") and "sealed_papers" in columns
    stored.dispose()

    again = open_store(stored.engine.url.render_as_string(hide_password=False))
    assert migrations.revision(again.engine) == migrations.HEAD
    assert _open_all(again) == before
    again.dispose()


def test_a_card_that_needs_the_newer_program_keeps_it_there(stored: Store) -> None:
    """The refusal counts present versions alone, and nothing is changed."""
    with stored.engine.begin() as connection:
        connection.execute(text("UPDATE versions SET least_schema = 5 WHERE version = 1"))
        past = connection.execute(text("SELECT count(*) FROM cards WHERE version > 1")).scalar()
        present = connection.execute(text("SELECT count(*) FROM cards WHERE version = 1")).scalar()
    assert past and present
    with pytest.raises(way_back.NoWayBack, match=f"^{present} cards need a newer program"):
        way_back.downgrade(stored.engine, "0004")
    assert migrations.revision(stored.engine) == migrations.HEAD
    assert _open_all(stored)


def test_a_family_name_or_a_gender_keeps_the_newer_program(stored: Store) -> None:
    """An earlier program would refuse that card's file; one that had them once may go back."""
    keeper, owner = CardService(stored), _TOKENS[next(iter(_TOKENS))]["owner"]
    card = keeper.vault.owned(owner).card
    family = replace(card.patient, family_name=card.patient.full_name)
    for patient in (family, replace(card.patient, gender="other")):
        version = keeper.vault.owned(owner).version
        keeper.save(owner, replace(card, patient=patient), version, "", LATER)
        with pytest.raises(way_back.NoWayBack, match=r"^1 cards need a newer program"):
            way_back.downgrade(stored.engine, "0010")
    keeper.save(owner, card, keeper.vault.owned(owner).version, "", LATER)
    new = keeper.add(replace(card, patient=family), LATER)
    with pytest.raises(way_back.NoWayBack, match=r"^1 cards need a newer program"):
        way_back.downgrade(stored.engine, "0010")
    keeper.vault.delete(new.owner)
    way_back.downgrade(stored.engine, "0010")
    assert migrations.revision(stored.engine) == "0010"


def test_there_is_no_way_back_to_a_program_that_knows_no_former_keys(stored: Store) -> None:
    """After a rotation phones are bound to a key that only the newer schema holds."""
    key_check.begin(stored.engine, SECRET)
    key_rotation.rotate(stored.engine, SECRET, "a new key that is long enough to be one")
    with pytest.raises(way_back.NoWayBack, match="secret key was rotated"):
        way_back.downgrade(stored.engine, "0006")
    assert migrations.revision(stored.engine) == migrations.HEAD


def test_a_key_that_would_be_lost_undoes_all(
    stored: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A step that dropped a link's key would change nothing, and say so."""
    run = way_back._run

    def lossy(connection: Any, to: str) -> None:
        run(connection, to)
        connection.execute(text("DELETE FROM links WHERE kind = 'calendar'"))

    before = _open_all(stored)
    monkeypatch.setattr(way_back, "_run", lossy)
    with pytest.raises(way_back.NoWayBack, match="nothing is changed"):
        way_back.downgrade(stored.engine, "0004")
    assert migrations.revision(stored.engine) == migrations.HEAD
    assert _open_all(stored) == before


def test_the_command_goes_back_and_says_where_it_cannot(shell: Shell) -> None:
    """``card downgrade`` takes a number that there is; the next command brings it up again."""
    added = shell.run("card", "add", "-", given=shell.file(alex()).read_bytes())
    assert added.status == 0
    for wrong in ("0001", "0003", migrations.HEAD, "9999", "x"):
        refused = shell.run("card", "downgrade", wrong)
        assert (refused.status, refused.out) == (2, "")
        assert refused.err.startswith(f"ERROR schema: {wrong}: one of 0004")
    back = shell.run("card", "downgrade", "0004")
    assert (back.status, back.out, back.err) == (0, "schema: 0004\n", "")
    assert f"schema: {migrations.HEAD}" in shell.run("card", "status").out


def test_a_backup_of_the_earlier_program_opens(stored: Store, tmp_path: Path) -> None:
    """Made at its schema, restored by this program."""
    made = tmp_path / "earlier"
    backup.create(stored, made)
    url = f"sqlite:///{tmp_path}/earlier-cards.sqlite"
    with backup._sqlite(made, "rw") as engine, engine.begin() as connection:
        for table in ("key_checks", "device_marks", "health_links"):
            connection.exec_driver_sql(f"DROP TABLE {table}")
            connection.exec_driver_sql(f"DELETE FROM backup_proof WHERE name = '{table}'")
        for table in ("operator_notes", "limit_counters", "drafts"):
            connection.exec_driver_sql(f"DROP TABLE {table}")
        connection.exec_driver_sql("ALTER TABLE versions DROP COLUMN least_schema")
        for column in ("sealed_print", "ends"):
            connection.exec_driver_sql(f"ALTER TABLE links DROP COLUMN {column}")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0004'")
        tables = backup._tables_of(connection)
        digest = checksum_of(connection, tables).digest
        connection.exec_driver_sql("UPDATE backup_proof SET digest = ?", (digest,))
    backup.restore(made, url)
    again = open_store(url)
    assert _open_all(again) == _open_all(stored)
    again.dispose()
