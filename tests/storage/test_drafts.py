"""What was typed and is not saved: sealed under its browser's token, gone after a day."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text, update

from caregiver_card.storage import crypto
from caregiver_card.storage.database import engine_for, writing
from caregiver_card.storage.drafts import Drafts
from caregiver_card.storage.schema import drafts
from caregiver_card.storage.store import open_store

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
TYPED = b'{"patient.full_name": "Sam Lee"}'


class Kept:
    """Drafts, and the moment they believe in."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.now = engine, NOON
        self.drafts = Drafts(engine, lambda: self.now)

    def rows(self) -> list[tuple[bytes, bytes, bytes, int]]:
        """All that the database holds of them."""
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(select(drafts))]


@pytest.fixture
def kept(ready_url: str) -> Iterator[Kept]:
    """Drafts in a database, which go with the test."""
    engine = engine_for(ready_url)
    yield Kept(engine)
    with writing(engine) as connection:
        connection.execute(text("DELETE FROM drafts"))
    engine.dispose()


def test_only_its_own_browser_reads_a_draft(kept: Kept) -> None:
    """Another token opens nothing; the row says neither what was typed nor into which form."""
    token, other = crypto.new_token(), crypto.new_token()
    kept.drafts.write(token, "new", TYPED)
    assert kept.drafts.read(token, "new") == TYPED
    assert kept.drafts.read(other, "new") is kept.drafts.read(token, "refill") is None
    (row,) = kept.rows()
    held = b"".join(each for each in row if isinstance(each, bytes))
    assert b"Sam" not in held and b"new" not in held and token.encode() not in held


def test_a_row_opens_nowhere_but_in_its_place(kept: Kept) -> None:
    """Bytes that somebody moved to another row are no draft."""
    token = crypto.new_token()
    kept.drafts.write(token, "new", TYPED)
    kept.drafts.write(token, "refill", b"{}")
    (sealed,) = (row[2] for row in kept.rows() if len(row[2]) > 40)
    with writing(kept.engine) as connection:
        connection.execute(update(drafts).values(sealed=sealed))
    assert kept.drafts.read(token, "new") == TYPED
    assert kept.drafts.read(token, "refill") is None


def test_a_senders_pass_deletes_what_is_over(kept: Kept) -> None:
    """Nobody has to type for a draft to be gone."""
    kept.drafts.write(crypto.new_token(), "new", TYPED)
    kept.drafts.delete_expired()
    assert len(kept.rows()) == 1
    kept.now += timedelta(days=1)
    kept.drafts.delete_expired()
    assert kept.rows() == []


def test_a_draft_ends_a_day_after_the_last_word(kept: Kept) -> None:
    """Each write begins the day anew; what is over is deleted by whoever writes next."""
    token, other = crypto.new_token(), crypto.new_token()
    kept.drafts.write(token, "new", b"first")
    kept.now += timedelta(hours=23)
    kept.drafts.write(token, "new", TYPED)
    assert len(kept.rows()) == 1
    kept.now += timedelta(hours=23)
    assert kept.drafts.read(token, "new") == TYPED
    kept.now += timedelta(hours=1)
    assert kept.drafts.read(token, "new") is None
    kept.drafts.write(other, "new", TYPED)
    assert [row[0] for row in kept.rows()] == [crypto.lookup_id(other)]


def test_what_a_wrong_clock_wrote_is_no_draft_for_years(kept: Kept) -> None:
    """A draft of a day to come is none, and goes as well."""
    token = crypto.new_token()
    kept.now += timedelta(days=900)
    kept.drafts.write(token, "new", TYPED)
    kept.now = NOON
    assert kept.drafts.read(token, "new") is None
    kept.drafts.write(token, "refill", TYPED)
    assert len(kept.rows()) == 1


def test_a_draft_is_erased_alone_or_with_all_of_its_browser(kept: Kept) -> None:
    """And nothing of anybody else."""
    token, other = crypto.new_token(), crypto.new_token()
    for name in ("new", "refill", "edit"):
        kept.drafts.write(token, name, TYPED)
    kept.drafts.write(other, "new", TYPED)
    kept.drafts.erase(token, "new")
    assert kept.drafts.read(token, "new") is None and kept.drafts.read(token, "edit") == TYPED
    kept.drafts.erase(token)
    assert [row[0] for row in kept.rows()] == [crypto.lookup_id(other)]


def test_an_erased_draft_leaves_no_bytes(tmp_path: Path) -> None:
    """Neither in SQLite's file nor in its log."""
    path = tmp_path / "cards.sqlite"
    store = open_store(f"sqlite:///{path}")
    kept, token = Drafts(store.engine, lambda: NOON), crypto.new_token()
    kept.write(token, "new", TYPED)
    (sealed,) = (row[2] for row in Kept(store.engine).rows())
    files = [path, path.with_name(f"{path.name}-wal")]
    assert any(sealed in each.read_bytes() for each in files if each.exists())
    kept.erase(token, "new")
    assert not any(sealed in each.read_bytes() for each in files if each.exists())
    store.dispose()
