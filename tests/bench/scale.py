"""A country's database beside a clinic's: 100,000 cards, 1,000 of them with people told.

``python -m tests.bench.scale [CARDS]``, as ``make soak`` runs it: a page beside a page of 100
cards, and what a save, a sender's pass, a backup and a restore take, in SQLite and PostgreSQL.
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from caregiver_card.alerting.channels.channel import Message, Outcome, SendStatus
from caregiver_card.alerting.sender import Sender
from caregiver_card.alerting.service import AlertService
from caregiver_card.card_service import CardService
from caregiver_card.pages import page_version
from caregiver_card.storage import backup, new_card
from caregiver_card.storage.records import AddedCard
from caregiver_card.storage.store import open_store
from tests.alerting.telling import person
from tests.bench import examples, servers
from tests.bench.figures import Row, at_least, in_turn, information, table
from tests.databases import PostgresqlServer

CARDS, FEW, FAMILIES = 100_000, 100, 1_000
MOST_OF_FEW = 1.10
_SECRET = "0" * 64
_AT_ONCE = 2_000
_ROUNDS, _PAGES, _SECONDS = 15, 200, 2
_SAVES = 50


@dataclass(frozen=True, slots=True)
class Filled:
    """A database with cards, of which some can be opened here."""

    url: str
    service: CardService
    known: tuple[AddedCard, ...]

    def open_one(self) -> None:
        """Open the page of any of them."""
        token = random.choice(self.known).reader_links[0].token
        self.service.page(token, datetime.now(UTC), compressed=True)


class _Nowhere:
    """A channel that takes everything."""

    def send(self, _address: str, _message: Message, final: Callable[[], object]) -> Outcome:
        with final():  # type: ignore[attr-defined]
            return Outcome(SendStatus.SENT)


def fill(url: str, count: int, known: int = FAMILIES) -> Filled:
    """Make a database of ``count`` cards; ``known`` of them, spread over it, can be opened."""
    store = open_store(url)
    service = CardService(store, AlertService(store.engine, _SECRET))
    card, now = examples.card("typical"), datetime.now(UTC)
    page = page_version.render_page(examples.briefing("typical"))
    kept: list[AddedCard] = []
    step = max(1, count // known)
    for begin in range(0, count, _AT_ONCE):
        made = [
            new_card.prepare(card, page, ("wallet",), now)
            for _ in range(begin, min(begin + _AT_ONCE, count))
        ]
        service.vault.add_all([each.rows for each in made])
        kept += [each.added for number, each in enumerate(made) if (begin + number) % step == 0]
    return Filled(url, service, tuple(kept[:known]))


def rows(kind: str, folder: Path, address: Callable[[str], str], cards: int) -> Iterator[Row]:
    """The figures of one kind of database."""
    few = fill(address("few"), FEW, FEW)
    began = time.monotonic()
    many = fill(address("many"), cards)
    yield _seconds(f"{kind}: {cards:,} cards added", began)
    yield _pages(kind, folder, few, many)
    taken = in_turn({"many": many.open_one, "few": few.open_one}, _ROUNDS, _PAGES)
    what = f"{kind}: page of {cards:,} cards, the service's part of it"
    yield information(what, f"of {FEW} cards", taken["many"].wall, taken["few"].wall)
    began = time.monotonic()
    for each in many.known[:_SAVES]:
        many.service.save(each.owner, examples.card("complex"), 1, "", datetime.now(UTC))
    yield Row(f"{kind}: a save", "", f"{(time.monotonic() - began) / _SAVES * 1000:.1f} ms")
    yield from _passes(kind, many)
    yield from _backup(kind, folder, many, address("restored"))
    for filled in (few, many):
        filled.service.store.dispose()


def _pages(kind: str, folder: Path, few: Filled, many: Filled) -> Row:
    """Pages as a reader gets them, of two servers in turn."""
    rates: dict[int, list[float]] = {0: [], 1: []}
    with ExitStack() as running:
        started = [
            (
                running.enter_context(servers.project(folder, filled.url)),
                [f"/c/{each.reader_links[0].token}" for each in filled.known],
            )
            for filled in (few, many)
        ]
        for _ in range(_ROUNDS):
            for at, (server, paths) in enumerate(started):
                rates[at].append(server.rate(paths, _SECONDS, folder))
    what = f"{kind}: page of many cards, requests per second"
    return at_least(what, f"of {FEW} cards", rates[1], rates[0], 1 / MOST_OF_FEW)


def _passes(kind: str, many: Filled) -> Iterator[Row]:
    alerts = many.service.alerts
    assert alerts
    began = time.monotonic()
    for each in many.known:
        owned = many.service.vault.owned(each.owner)
        now = datetime.now(UTC)
        alerts.invite(owned.card_id, owned.card, owned.version, person("Mum"), now)
    yield _seconds(f"{kind}: {len(many.known):,} families begin to be told", began)
    sender = Sender(
        alerts.records, {"mail": _Nowhere()}, examples.PUBLIC_URL, lambda: datetime.now(UTC)
    )
    for name in ("first", "next"):
        began = time.monotonic()
        done = sender.run()
        yield _seconds(f"{kind}: {name} pass, {done.sent:,} sent", began)


def _backup(kind: str, folder: Path, many: Filled, restored: str) -> Iterator[Row]:
    path = folder / f"{kind}.backup"
    began = time.monotonic()
    made = backup.create(many.service.store, path)
    yield _seconds(f"{kind}: backup of {path.stat().st_size / 1e6:,.0f} MB", began)
    began = time.monotonic()
    assert backup.restore(path, restored).digest == made.digest
    yield _seconds(f"{kind}: restore", began)


def _seconds(what: str, began: float) -> Row:
    return Row(what, "", f"{time.monotonic() - began:.1f} s")


@contextmanager
def addresses(kind: str, folder: Path) -> Iterator[Callable[[str], str]]:
    """Addresses of new databases of one kind."""
    if kind == "SQLite":
        yield lambda name: f"sqlite:///{folder / name}.sqlite"
        return
    server = PostgresqlServer(folder)
    server.start()

    def make(name: str) -> str:
        server.make_schema(name)
        return server.url(name)

    try:
        yield make
    finally:
        server.stop()


def main(cards: int = CARDS) -> None:
    """Both kinds, and their table."""
    found: list[Row] = []
    for kind in ("SQLite", "PostgreSQL"):
        with (
            tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as theirs,
            # A backup is a file of our own, not of the server's user.
            tempfile.TemporaryDirectory() as own,
            addresses(kind, Path(theirs)) as address,
        ):
            for row in rows(kind, Path(own), address, cards):
                print(f"{row.what}: {row.value}", file=sys.stderr, flush=True)
                found.append(row)
    print(table(found))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
