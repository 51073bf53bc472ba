"""Stores sealed bytes in SQLite or PostgreSQL. Never sees a Card, a token or a key.

Every method is one transaction. Dates are the caller's days; times are aware and in UTC. A method
that changes a card as a whole first locks its row in ``cards``, so that of two concurrent changes
the second waits and then raises EditedElsewhere.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date

from sqlalchemy import Connection, Engine, delete, insert, select, update

from caregiver_card.storage import device_marks, migrations
from caregiver_card.storage.database import (
    StoreFailure,
    clear_log,
    driver_query,
    engine_for,
    writing,
)
from caregiver_card.storage.disk_space import DiskFloor
from caregiver_card.storage.rows import (
    CARD_BEHIND_LINK,
    PAGE_BEHIND_LINK,
    FoundCard,
    FoundPage,
    Link,
    Save,
    Version,
    change_link,
    insert_card,
    is_version,
    link_rows,
    save_rows,
)
from caregiver_card.storage.schema import cards, links, versions

# Writes more about a card in the transaction that saves it, given its record id.
InTransaction = Callable[[Connection, bytes], None] | None


class EditedElsewhere(RuntimeError):
    """The card was saved, or its owner's link renewed, since the caller read it."""


class Store:
    """Cards, versions and links, over an engine that ``open_store`` made."""

    def __init__(self, engine: Engine, floor: int = 0) -> None:
        self.engine, self.disk = engine, DiskFloor(engine, floor)
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._page_text = str(PAGE_BEHIND_LINK.compile(dialect=engine.dialect))
        # AUTOCOMMIT spares PostgreSQL two round trips; SQLite begins no transaction for a SELECT.
        alone = {} if self._is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        self._reading = engine.execution_options(**alone)

    def find_page(self, lookup_id: bytes) -> FoundPage | None:
        """Return the present page behind a link. The emergency page waits for nothing else."""
        if self._is_sqlite:
            row = driver_query(self.engine, self._page_text, lookup_id)
        else:
            with self._reading.connect() as connection:
                row = connection.execute(PAGE_BEHIND_LINK, {"lookup": lookup_id}).first()
        return FoundPage._make(row) if row else None

    def find_card(self, lookup_id: bytes) -> FoundCard | None:
        """Return the present card and page behind a link."""
        with self._reading.connect() as connection:
            row = connection.execute(CARD_BEHIND_LINK, {"lookup": lookup_id}).first()
        return FoundCard._make(row) if row else None

    def add_card(self, first: Version, its_links: list[Link]) -> None:
        """Add a card with its first version and its links, as ``add_cards`` does."""
        self.add_cards([(first, its_links)])

    def add_cards(self, new: Iterable[tuple[Version, list[Link]]]) -> None:
        """Add new cards, all of them or none. Raises DiskBelowFloor."""
        self.disk.require()
        with writing(self.engine) as connection:
            for first, its_links in new:
                insert_card(connection, first, its_links)

    def save(
        self,
        new: Version,
        owner: bytes,
        rewrap: Callable[[Link], bytes],
        in_transaction: Sequence[InTransaction] = (),
    ) -> None:
        """Add a new present version, made from the one before it.

        ``owner`` is the lookup id of the owner's link that the version is sealed for. ``rewrap``
        gives every other link's new wrapped key while the card is locked, so it misses none.
        ``in_transaction`` is called before, in turn: a link that it deletes gets no new key.
        Raises EditedElsewhere.
        """
        with self._locked_card(new.card_id, owner, new.version - 1) as connection:
            connection.execute(insert(versions), new._asdict())
            connection.execute(
                update(cards).where(cards.c.id == new.card_id),
                {"version": new.version, "saved_on": new.saved_at.date()},
            )
            # The page and the papers are derived, and those of a past version never open.
            connection.execute(
                update(versions).where(*is_version(new.card_id, new.version - 1)),
                {"sealed_page": b"", "sealed_papers": None},
            )
            for step in filter(None, in_transaction):
                step(connection, new.card_id)
            for link in link_rows(connection, new.card_id, "reader", "calendar"):
                change_link(connection, link.lookup_id, wrapped_key=rewrap(link))

    def add_link(
        self, link: Link, owner: bytes, expected: int, in_transaction: InTransaction = None
    ) -> None:
        """Add a link, its key wrapped for version ``expected``. Raises EditedElsewhere."""
        with self._locked_card(link.card_id, owner, expected) as connection:
            connection.execute(insert(links), link._asdict())
            if in_transaction:
                in_transaction(connection, link.card_id)

    def renew_owner(
        self,
        new: Link,
        owner: bytes,
        expected: int,
        reseal_link: Callable[[Link], dict[str, bytes | None]],
        reseal: Callable[[Save], tuple[bytes, bytes]],
        ended: Collection[bytes] = (),
        in_transaction: Sequence[InTransaction] = (),
    ) -> None:
        """Replace the owner's link ``owner`` by ``new``, and delete the card's links ``ended``.

        ``reseal_link`` and ``reseal`` seal a link and a save anew. Raises EditedElsewhere.
        """
        with self._locked_card(new.card_id, owner, expected) as connection:
            gone = links.c.lookup_id.in_([owner, *ended])
            connection.execute(delete(links).where(links.c.card_id == new.card_id, gone))
            for link in link_rows(connection, new.card_id, "reader", "calendar"):
                if link.lookup_id not in ended:
                    change_link(connection, link.lookup_id, **reseal_link(link))
            for save in save_rows(connection, new.card_id):
                key, note = reseal(save)
                this = is_version(new.card_id, save.version)
                columns = {"sealed_data_key": key, "sealed_note": note}
                connection.execute(update(versions).where(*this), columns)
            connection.execute(insert(links), new._asdict())
            # A device that had the old address is a stranger's from now on.
            device_marks.renew(connection, new.card_id)
            for step in filter(None, in_transaction):
                step(connection, new.card_id)
        clear_log(self.engine)

    def replace_page(self, card_id: bytes, version: int, sealed_page: bytes) -> bool:
        """Replace the page of the present version; False if ``version`` is not the present one."""
        present = select(cards.c.version).where(cards.c.id == card_id).scalar_subquery()
        statement = update(versions).where(*is_version(card_id, version), present == version)
        with writing(self.engine) as connection:
            return connection.execute(statement, {"sealed_page": sealed_page}).rowcount == 1

    def record_opened(self, lookup_id: bytes, day: date) -> bool:
        """Note the day on which a reader link was last opened; False if there is no such link.

        Writes at most once a day, and never an earlier day over a later one.
        """
        this = (links.c.lookup_id == lookup_id, links.c.kind == "reader")
        with self._reading.connect() as connection:
            row = connection.execute(select(links.c.seen_on).where(*this)).first()
        if row is not None and (row.seen_on is None or row.seen_on < day):
            with writing(self.engine) as connection:
                connection.execute(update(links).where(*this), {"seen_on": day})
        return row is not None

    def links_of(self, card_id: bytes, *kinds: str) -> list[Link]:
        """Return the card's links of these kinds, oldest first, without those of health links."""
        with self._reading.connect() as connection:
            return link_rows(connection, card_id, *kinds, alone=True)

    def saves_of(self, card_id: bytes) -> list[Save]:
        """Return every version of the card, newest first, without its contents."""
        with self._reading.connect() as connection:
            return save_rows(connection, card_id)

    def version_of(self, card_id: bytes, version: int) -> Version | None:
        """Return one version of the card, present or past."""
        statement = select(versions).where(*is_version(card_id, version))
        with self._reading.connect() as connection:
            row = connection.execute(statement).first()
        return Version._make(row) if row else None

    def delete_link(self, card_id: bytes, lookup_id: bytes, kind: str) -> bool:
        """Delete a link of this card and kind; False if there is none."""
        statement = delete(links).where(
            links.c.lookup_id == lookup_id, links.c.card_id == card_id, links.c.kind == kind
        )
        with writing(self.engine) as connection:
            result = connection.execute(statement)
        clear_log(self.engine)
        return result.rowcount == 1

    def delete_card(self, card_id: bytes) -> bool:
        """Delete a card with its versions and links; False if there is none.

        SQLite overwrites the bytes at once; PostgreSQL keeps them longer (docs/operating.md).
        """
        with writing(self.engine) as connection:
            result = connection.execute(delete(cards).where(cards.c.id == card_id))
        clear_log(self.engine)
        return result.rowcount == 1

    def ping(self) -> bool:
        """Whether the tables can be read at this moment."""
        with suppress(StoreFailure), self._reading.connect() as connection:
            connection.execute(select(cards.c.id).limit(1)).first()
            return True
        return False

    def dispose(self) -> None:
        """Close all connections, as a process must before it forks; the store opens new ones."""
        self.engine.dispose()

    @contextmanager
    def _locked_card(self, card_id: bytes, owner: bytes, expected: int) -> Iterator[Connection]:
        """Begin a transaction in which nobody else changes the card. Raises EditedElsewhere."""
        lock = update(cards).where(cards.c.id == card_id, cards.c.version == expected)
        # Asked after the lock: PostgreSQL would answer a subquery from before the wait.
        owned = select(links.c.kind).where(links.c.lookup_id == owner, links.c.card_id == card_id)
        with writing(self.engine) as connection:
            if connection.execute(lock, {"version": expected}).rowcount != 1:
                raise EditedElsewhere
            if connection.execute(owned).scalar() != "owner":
                raise EditedElsewhere
            yield connection


def open_store(url: str, floor: int = 0) -> Store:
    """Return the store at a database address, after setting it up or updating its schema if needed.

    ``url`` is as in ``engine_for``; ``floor`` is in bytes. Several processes may call this at once.
    Raises UnusableAddress, NewerSchema, StoreFailure.
    """
    engine = engine_for(url)
    try:
        migrations.prepare(engine)
    finally:
        engine.dispose()
    return Store(engine, floor)
