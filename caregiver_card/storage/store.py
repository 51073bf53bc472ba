"""Sealed bytes in SQLite or PostgreSQL. Never sees a Card, a token or a key.

Every method is one transaction. Dates are days as the caller counts them; times are aware UTC.
What changes a card as a whole holds the row of `cards` first, so that of two such changes at once
one waits for the other and then finds that its ground has moved.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date

from sqlalchemy import Connection, Engine, delete, insert, select, update

from caregiver_card.storage import migrations
from caregiver_card.storage.database import BUSY_MS, StoreFailure, driver_query, engine_for, writing
from caregiver_card.storage.rows import (
    CARD_BEHIND_LINK,
    PAGE_BEHIND_LINK,
    FoundCard,
    FoundPage,
    Link,
    Save,
    Version,
    insert_card,
    is_version,
    link_rows,
    save_rows,
)
from caregiver_card.storage.schema import cards, links, versions

# Clearing the log after a deletion stops every writer while it waits, so it waits shortly.
_CLEARING_BUSY_MS = 500
# What somebody else writes about a card: kept with its new version, or not at all.
Beside = Callable[[Connection, bytes], None] | None


class EditedElsewhere(RuntimeError):
    """The card was saved, or its owner's link renewed, since the caller read it."""


class Store:
    """Cards, versions and links over an engine that `open_store` made."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._page_text = str(PAGE_BEHIND_LINK.compile(dialect=engine.dialect))
        # One SELECT is consistent by itself. Without a transaction PostgreSQL is asked once
        # instead of three times; SQLite opens none for a SELECT anyway.
        self._reading = (
            engine if self._is_sqlite else engine.execution_options(isolation_level="AUTOCOMMIT")
        )

    def find_page(self, lookup_id: bytes) -> FoundPage | None:
        """The present page behind a link. The emergency page waits for nothing else."""
        if self._is_sqlite:
            row = driver_query(self.engine, self._page_text, lookup_id)
        else:
            with self._reading.connect() as connection:
                row = connection.execute(PAGE_BEHIND_LINK, {"lookup": lookup_id}).first()
        return FoundPage._make(row) if row else None

    def find_card(self, lookup_id: bytes) -> FoundCard | None:
        """The present card and page behind a link."""
        with self._reading.connect() as connection:
            row = connection.execute(CARD_BEHIND_LINK, {"lookup": lookup_id}).first()
        return FoundCard._make(row) if row else None

    def add_card(self, first: Version, its_links: list[Link]) -> None:
        """A card with its first version and its links."""
        self.add_cards([(first, its_links)])

    def add_cards(self, new: Iterable[tuple[Version, list[Link]]]) -> None:
        """New cards, all of them or none."""
        with writing(self.engine) as connection:
            for first, its_links in new:
                insert_card(connection, first, its_links)

    def save(
        self, new: Version, owner: bytes, rewrap: Callable[[Link], bytes], beside: Beside = None
    ) -> None:
        """A new present version, made from the one whose number is one less.

        `owner` is the lookup id of the owner's link that it is sealed for. `rewrap` is called for
        every other link while the card is held, and returns its new wrapped key; none made or
        revoked at that moment is left behind. Raises EditedElsewhere.
        """
        with self._holding(new.card_id, owner, new.version - 1) as connection:
            connection.execute(insert(versions), new._asdict())
            connection.execute(
                update(cards).where(cards.c.id == new.card_id),
                {"version": new.version, "saved_on": new.saved_at.date()},
            )
            # These are derived; nobody opens those of a version that is past.
            connection.execute(
                update(versions).where(*is_version(new.card_id, new.version - 1)),
                {"sealed_page": b"", "sealed_papers": None},
            )
            for link in link_rows(connection, new.card_id, "reader", "calendar"):
                _change_link(connection, link.lookup_id, wrapped_key=rewrap(link))
            if beside:
                beside(connection, new.card_id)

    def add_link(self, link: Link, owner: bytes, expected: int) -> None:
        """One more link, its key wrapped for version `expected`. Raises EditedElsewhere."""
        with self._holding(link.card_id, owner, expected) as connection:
            connection.execute(insert(links), link._asdict())

    def renew_owner(
        self,
        new: Link,
        owner: bytes,
        expected: int,
        relabel: Callable[[Link], bytes],
        reseal: Callable[[Save], tuple[bytes, bytes]],
    ) -> None:
        """Puts `new` in the place of the owner's link `owner`.

        While the card is held, `relabel` returns the new sealed label of every other link, and
        `reseal` the new sealed data key and note of every version. Raises EditedElsewhere.
        """
        with self._holding(new.card_id, owner, expected) as connection:
            connection.execute(delete(links).where(links.c.lookup_id == owner))
            for link in link_rows(connection, new.card_id, "reader", "calendar"):
                _change_link(connection, link.lookup_id, sealed_label=relabel(link))
            for save in save_rows(connection, new.card_id):
                key, note = reseal(save)
                connection.execute(
                    update(versions).where(*is_version(new.card_id, save.version)),
                    {"sealed_data_key": key, "sealed_note": note},
                )
            connection.execute(insert(links), new._asdict())
        self._clear_log()

    def replace_page(self, card_id: bytes, version: int, sealed_page: bytes) -> bool:
        """Another form of the page of the present version; False if `version` is not that."""
        present = select(cards.c.version).where(cards.c.id == card_id).scalar_subquery()
        statement = update(versions).where(*is_version(card_id, version), present == version)
        with writing(self.engine) as connection:
            done = connection.execute(statement, {"sealed_page": sealed_page})
        return done.rowcount == 1

    def mark_seen(self, lookup_id: bytes, day: date) -> bool:
        """Notes on a reader's link the last day it was opened; False if there is no such link.

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
        """The card's links of these kinds, oldest first."""
        with self._reading.connect() as connection:
            return link_rows(connection, card_id, *kinds)

    def saves_of(self, card_id: bytes) -> list[Save]:
        """Every version of the card, newest first, without its contents."""
        with self._reading.connect() as connection:
            return save_rows(connection, card_id)

    def version_of(self, card_id: bytes, version: int) -> Version | None:
        """One version of the card, present or past."""
        statement = select(versions).where(*is_version(card_id, version))
        with self._reading.connect() as connection:
            row = connection.execute(statement).first()
        return Version._make(row) if row else None

    def delete_link(self, card_id: bytes, lookup_id: bytes, kind: str) -> bool:
        """Removes a link of this card and kind; False if there is none."""
        statement = delete(links).where(
            links.c.lookup_id == lookup_id, links.c.card_id == card_id, links.c.kind == kind
        )
        with writing(self.engine) as connection:
            done = connection.execute(statement)
        self._clear_log()
        return done.rowcount == 1

    def delete_card(self, card_id: bytes) -> bool:
        """Removes a card with its versions and links; False if there is none.

        In SQLite the bytes are overwritten, in the log as well, unless somebody reads from the log
        at that moment (a backup does); then they go when the log next starts anew. PostgreSQL
        overwrites deleted rows when its vacuum comes by, and keeps what it keeps in its own log.
        """
        with writing(self.engine) as connection:
            done = connection.execute(delete(cards).where(cards.c.id == card_id))
        self._clear_log()
        return done.rowcount == 1

    def ping(self) -> bool:
        """Whether the tables can be read at this moment."""
        try:
            with self._reading.connect() as connection:
                connection.execute(select(cards.c.id).limit(1)).first()
        except StoreFailure:
            return False
        return True

    def dispose(self) -> None:
        """Closes every idle connection; the store goes on working with new ones.

        To be called before a process forks, for a connection must not be used on both sides.
        """
        self.engine.dispose()

    @contextmanager
    def _holding(self, card_id: bytes, owner: bytes, expected: int) -> Iterator[Connection]:
        """A transaction in which nobody else changes the card. Raises EditedElsewhere."""
        held = update(cards).where(cards.c.id == card_id, cards.c.version == expected)
        # Asked after the card is held: PostgreSQL would answer a subquery from before the wait.
        owned = select(links.c.kind).where(links.c.lookup_id == owner, links.c.card_id == card_id)
        with writing(self.engine) as connection:
            if connection.execute(held, {"version": expected}).rowcount != 1:
                raise EditedElsewhere
            if connection.execute(owned).scalar() != "owner":
                raise EditedElsewhere
            yield connection

    def _clear_log(self) -> None:
        """Empties SQLite's write-ahead log into the file, so that no deleted bytes stay in it."""
        if self._is_sqlite:
            with self.engine.connect() as connection:
                connection.exec_driver_sql(f"PRAGMA busy_timeout={_CLEARING_BUSY_MS}")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_MS}")


def open_store(url: str) -> Store:
    """The store at a database address, set up or brought up to date if need be.

    `url` is ``sqlite:///path`` or ``postgresql+psycopg://…``. Safe when several processes come at
    once. Raises UnusableAddress, NewerSchema of `migrations`, and StoreFailure.
    """
    engine = engine_for(url)
    try:
        migrations.prepare(engine)
    finally:
        engine.dispose()
    return Store(engine)


def _change_link(connection: Connection, lookup_id: bytes, **columns: bytes) -> None:
    connection.execute(update(links).where(links.c.lookup_id == lookup_id), columns)
