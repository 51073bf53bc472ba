"""Links for record systems: encrypted for whoever has the code, and for nobody else."""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from caregiver_card.card.model import Card
from caregiver_card.storage import crypto
from caregiver_card.storage.health_links import MOST, HealthLink, HealthLinks
from caregiver_card.storage.migrations import way_back
from caregiver_card.storage.records import AddedCard, LastPrint, Writers
from caregiver_card.storage.rows import LinksFull
from caregiver_card.storage.store import Store, open_store
from caregiver_card.storage.vault import Vault
from tests.health_links import decrypted, nonce_of
from tests.storage.test_vault import (
    CHANGED,
    EVENING,
    NEW_PAGE,
    NOON,
    PAGE,
    SAM,
    TODAY,
    dead,
    lite,
    store,
)

__all__ = ["lite", "store"]
WEEK = timedelta(days=7)


def _summary(card: Card, version: int, saved_at: datetime, card_id: bytes) -> tuple[bytes, str]:
    content = {"dose": str(card.regimen.daily_dose_mcg), "version": version}
    return json.dumps(content).encode(), "application/fhir+json"


@dataclass
class Bench:
    """A vault with Sam's card, its links for record systems, and a clock."""

    store: Store
    now: datetime = NOON

    def __post_init__(self) -> None:
        def clock() -> datetime:
            return self.now

        writers = Writers(lambda *_: b"", _summary)
        self.vault = Vault(self.store, writers, clock=clock)
        self.links = HealthLinks(self.store, _summary, clock)
        self.kept: AddedCard = self.vault.add(SAM, PAGE, now=NOON)

    def make(self, ends_at: datetime | None = None) -> HealthLink:
        return self.links.add(self.kept.owner, "visit", TODAY, ends_at)

    def save(self, version: int = 1) -> None:
        owner = self.kept.owner
        self.vault.save(owner, CHANGED, NEW_PAGE, expected_version=version, now=self.now)

    def read(self, link: HealthLink) -> dict[str, object]:
        return decrypted(self.links.open(link.address).jwe.decode(), link.key)[1]


def test_it_works(store: Store) -> None:
    """The address serves the summary, the key opens it, and the reader link opens the page."""
    bench = Bench(store)
    link = bench.make()
    served = bench.links.open(link.address)
    header, content = decrypted(served.jwe.decode(), link.key)
    assert header == {"alg": "dir", "enc": "A256GCM", "cty": "application/fhir+json"}
    assert content == {"dose": "96", "version": 1} and served.saved_at == NOON
    assert bench.vault.page(link.reader).content == PAGE
    assert bench.links.list(bench.kept.owner) == (link,)


def test_a_save_encrypts_the_present_version_anew(store: Store) -> None:
    """Under the same key, with another initialization vector each time."""
    bench = Bench(store)
    one, other = bench.make(), bench.make()
    before = bench.links.open(one.address).jwe.decode()
    bench.save()
    bench.save(2)
    assert bench.read(one) == bench.read(other) == {"dose": "120", "version": 3}
    nonces = {nonce_of(bench.links.open(each.address).jwe.decode()) for each in (one, other)}
    assert len({*nonces, nonce_of(before)}) == 3


def test_no_copy_is_listed_for_it(lite: Store) -> None:
    """Its reader link is not among the copies, and ends only with it."""
    bench = Bench(lite)
    link = bench.make()
    assert link.reader not in {
        each.token for each in bench.vault.owned(bench.kept.owner).reader_links
    }


def test_its_sheet_is_noted_as_a_copy_s_print_is(store: Store) -> None:
    """Its own alone, and carried over to a new owner's key."""
    bench, last = Bench(store), LastPrint("sheet", TODAY, 1)
    link, other = bench.make(), bench.make()
    bench.vault.note_print(bench.kept.owner, link.id, last)
    owned = bench.vault.owned(bench.vault.renew_owner(bench.kept.owner, TODAY))
    noted = {each.id: each.last_print for each in owned.code_links}
    assert noted == {link.id: last, other.id: None}
    assert [each.last_print for each in owned.reader_links] == [None]


def test_a_stopped_link_opens_nothing(store: Store) -> None:
    """Neither its address nor its page; the other goes on."""
    bench = Bench(store)
    link, other = bench.make(), bench.make()
    bench.links.stop(bench.kept.owner, link.id)
    assert dead(lambda: bench.links.open(link.address))
    assert dead(lambda: bench.vault.page(link.reader))
    assert dead(lambda: bench.links.stop(bench.kept.owner, link.id))
    assert bench.links.list(bench.kept.owner) == (other,) and bench.read(other)


def test_no_other_link_is_stopped_as_one(lite: Store) -> None:
    """A copy has its own way to be switched off."""
    bench = Bench(lite)
    copy = bench.kept.reader_links[0]
    for each in (copy.id, "", "no hex", "00"):
        assert dead(lambda each=each: bench.links.stop(bench.kept.owner, each))  # type: ignore[misc]
    assert bench.vault.page(copy.token).content == PAGE


def test_both_end_at_the_same_moment(store: Store) -> None:
    """The file, the page and the card behind the code."""
    bench = Bench(store)
    link, lasting = bench.make(NOON + WEEK), bench.make()
    opened: tuple[Callable[[], object], ...] = (
        lambda: bench.links.open(link.address),
        lambda: bench.vault.page(link.reader),
        lambda: bench.vault.card(link.reader),
        lambda: bench.vault.refresh_page(link.reader, PAGE, 1),
    )
    bench.now = NOON + WEEK - timedelta(seconds=1)
    for each in opened:
        each()
    assert set(bench.links.list(bench.kept.owner)) == {link, lasting}
    bench.now = NOON + WEEK
    for each in opened:
        assert dead(each)
    assert bench.links.list(bench.kept.owner) == (lasting,)


def test_what_has_ended_goes_with_the_next_save(store: Store) -> None:
    """Rows that open nothing any more are not kept."""
    bench = Bench(store)
    bench.make(NOON + WEEK)
    bench.now = NOON + WEEK
    bench.save()
    with store.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM health_links")).scalar() == 0
        kinds = connection.scalars(text("SELECT kind FROM links ORDER BY kind")).all()
    assert kinds == ["owner", "reader"]


def test_there_are_five_at_most(store: Store) -> None:
    """Though two are made at the same moment, over connections of their own."""
    bench = Bench(store)
    for _ in range(MOST - 1):
        bench.make()
    both_have_read = threading.Barrier(2, timeout=30)

    def make(_: int) -> bool:
        def write(*given: Any) -> tuple[bytes, str]:
            both_have_read.wait()
            return _summary(*given)

        own = open_store(store.engine.url.render_as_string(hide_password=False))
        try:
            HealthLinks(own, write, lambda: NOON).add(bench.kept.owner, "visit", TODAY, None)
        except LinksFull:
            return False
        finally:
            own.dispose()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(make, range(2))) == [False, True]
    assert len(bench.links.list(bench.kept.owner)) == MOST


def test_one_that_has_ended_makes_room(lite: Store) -> None:
    """Without a save; what is there and does not open does not count."""
    bench = Bench(lite)
    for _ in range(MOST):
        bench.make(NOON + WEEK)
    with pytest.raises(LinksFull):
        bench.make()
    bench.now = NOON + WEEK
    link = bench.make()
    assert bench.links.list(bench.kept.owner) == (link,)


def test_a_new_link_brings_the_others_what_this_program_writes(lite: Store) -> None:
    """A mended summary waits for no save; each keeps its key."""
    bench = Bench(lite)
    link = bench.make()
    mended = HealthLinks(lite, lambda *_: (b'{"mended": true}', "application/json"), lambda: NOON)
    mended.add(bench.kept.owner, "visit", TODAY, None)
    assert bench.read(link) == {"mended": True}


def test_a_clock_that_was_ahead_once_ends_no_link(lite: Store) -> None:
    """A version is never older than the one before it, so that its time may still be to come."""
    bench = Bench(lite)
    link = bench.make(NOON + WEEK)
    bench.vault.save(bench.kept.owner, CHANGED, NEW_PAGE, expected_version=1, now=NOON + 2 * WEEK)
    assert bench.read(link) == {"dose": "120", "version": 2}


def test_a_vault_without_a_clock_opens_no_link_that_ends(lite: Store) -> None:
    """Whoever does not know the time cannot say that it has not ended."""
    bench = Bench(lite)
    link, lasting = bench.make(NOON + WEEK), bench.make()
    assert dead(lambda: Vault(lite).page(link.reader))
    assert Vault(lite).page(lasting.reader).content == PAGE


def test_a_new_owner_s_address_has_them(store: Store) -> None:
    """They go on, follow the saves, and those that are chosen end."""
    bench = Bench(store)
    link, ended = bench.make(), bench.make()
    bench.kept = AddedCard(
        bench.vault.renew_owner(bench.kept.owner, TODAY, [ended.id]), bench.kept.reader_links, 1
    )
    assert bench.links.list(bench.kept.owner) == (link,)
    assert dead(lambda: bench.links.open(ended.address))
    bench.save()
    assert bench.read(link) == {"dose": "120", "version": 2}


def test_a_deleted_card_has_none(store: Store) -> None:
    """Everything goes at once."""
    bench = Bench(store)
    link = bench.make()
    bench.vault.delete(bench.kept.owner)
    assert dead(lambda: bench.links.open(link.address))


def test_a_stolen_database_opens_nothing(lite: Store) -> None:
    """No row has the address, the key, the label or a word of the summary."""
    bench = Bench(lite)
    link = bench.make()
    with lite.engine.connect() as connection:
        rows = [*connection.execute(text("SELECT * FROM health_links"))]
        rows += [*connection.execute(text("SELECT * FROM links"))]
    stored = b"".join(value for row in rows for value in row if isinstance(value, bytes))
    for written in (link.address, link.key):
        assert written.encode() not in stored and crypto.read_address(written) not in stored
    for words in (b"visit", b"dose", link.reader.encode()):
        assert words not in stored


@pytest.mark.parametrize(
    "spelt",
    ["", "A" * 42, "A" * 44, "A" * 42 + "B", "A" * 42 + "=", "ä" + "A" * 42, "+" + "A" * 42],
)
def test_an_address_has_one_spelling(spelt: str) -> None:
    """43 letters of base64url, whose last has no bits to spare."""
    with pytest.raises(crypto.UnreadableToken):
        crypto.read_address(spelt)


def test_an_unknown_address_is_unknown(lite: Store) -> None:
    """As a mistyped one."""
    bench = Bench(lite)
    bench.make()
    for each in ("A" * 43, "x", bench.kept.owner):
        assert dead(lambda each=each: bench.links.open(each))  # type: ignore[misc]


@pytest.mark.slow
def test_on_the_way_back_a_link_that_ends_is_deleted(store: Store) -> None:
    """An earlier program would open its page for ever; a lasting one becomes a copy."""
    bench = Bench(store)
    link, lasting = bench.make(EVENING + WEEK), bench.make()
    way_back.downgrade(store.engine, "0009")
    store.dispose()
    upgraded = open_store(store.engine.url.render_as_string(hide_password=False))
    again = Vault(upgraded)
    assert dead(lambda: again.page(link.reader))
    assert again.page(lasting.reader).content == PAGE
    assert lasting.reader in {each.token for each in again.owned(bench.kept.owner).reader_links}
    upgraded.dispose()
