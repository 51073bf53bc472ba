"""The tables, the shapes in which their rows travel, and the statements that read them.

    cards       one row a card: which version is the present one
    versions    one row a save: the card and its page, sealed under a data key of their own
    links       one row a token: what the token's wrapping key opens

A change here needs a step in migrations/versions; a test compares the two on both databases.
"""

from datetime import UTC, date, datetime
from typing import NamedTuple

from sqlalchemy import (
    CheckConstraint,
    Column,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    TypeDecorator,
    bindparam,
    insert,
    select,
)


class UtcTime(TypeDecorator[datetime]):
    """An aware time, kept and given back in UTC; SQLite knows no zones and PostgreSQL many.

    A naive time raises ValueError.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData()

# The two tables with short rows are kept in the order of their keys (WITHOUT ROWID in SQLite), so
# that finding one is a single descent.
cards = Table(
    "cards",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("saved_on", Date, nullable=False),
    sqlite_with_rowid=False,
)

# The page stands before the card: SQLite reads a long row from its front, and an emergency needs
# the page only.
versions = Table(
    "versions",
    metadata,
    Column(
        "card_id", LargeBinary(16), ForeignKey(cards.c.id, ondelete="CASCADE"), primary_key=True
    ),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("sealed_data_key", LargeBinary, nullable=False),
    Column("sealed_note", LargeBinary, nullable=False),
    Column("saved_at", UtcTime, nullable=False),
    Column("sealed_page", LargeBinary, nullable=False),
    Column("sealed_card", LargeBinary, nullable=False),
    # Absent from a first version, from every past one, and where an older program saved it.
    Column("sealed_papers", LargeBinary, nullable=True),
)

links = Table(
    "links",
    metadata,
    Column("lookup_id", LargeBinary(32), primary_key=True),
    Column(
        "card_id",
        LargeBinary(16),
        ForeignKey(cards.c.id, ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("kind", String(8), nullable=False),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("sealed_label", LargeBinary, nullable=False),
    Column("made_on", Date, nullable=False),
    Column("seen_on", Date, nullable=True),
    CheckConstraint("kind IN ('owner', 'reader', 'calendar')", name="links_kind"),
    sqlite_with_rowid=False,
)


class Version(NamedTuple):
    """A row of `versions`."""

    card_id: bytes
    version: int
    sealed_data_key: bytes
    sealed_note: bytes
    saved_at: datetime
    sealed_page: bytes
    sealed_card: bytes
    sealed_papers: bytes | None = None


class Save(NamedTuple):
    """A row of `versions` without the card and the page: what its owner's list of them needs."""

    version: int
    sealed_data_key: bytes
    sealed_note: bytes
    saved_at: datetime


class Link(NamedTuple):
    """A row of `links`. `kind` is owner, reader or calendar; an owner's label is empty."""

    lookup_id: bytes
    card_id: bytes
    kind: str
    wrapped_key: bytes
    sealed_label: bytes
    made_on: date
    seen_on: date | None = None


class FoundPage(NamedTuple):
    """What opens the present page, and the page."""

    card_id: bytes
    kind: str
    wrapped_key: bytes
    version: int
    sealed_page: bytes


class FoundCard(NamedTuple):
    """What opens the present card, and the card with what is derived from it."""

    card_id: bytes
    kind: str
    wrapped_key: bytes
    version: int
    sealed_data_key: bytes
    saved_at: datetime
    sealed_page: bytes
    sealed_card: bytes
    sealed_papers: bytes | None


# Written once: SQLAlchemy keeps the text of a statement it has met before, and building one takes
# longer than running it.
_present = links.join(cards, cards.c.id == links.c.card_id).join(
    versions, (versions.c.card_id == cards.c.id) & (versions.c.version == cards.c.version)
)
_this_link = links.c.lookup_id == bindparam("lookup")
_LINK = (links.c.card_id, links.c.kind, links.c.wrapped_key, cards.c.version)
_CONTENTS = (
    versions.c.sealed_data_key,
    versions.c.saved_at,
    versions.c.sealed_page,
    versions.c.sealed_card,
    versions.c.sealed_papers,
)
PAGE_BEHIND_LINK = select(*_LINK, versions.c.sealed_page).select_from(_present).where(_this_link)
CARD_BEHIND_LINK = select(*_LINK, *_CONTENTS).select_from(_present).where(_this_link)


def is_version(card_id: bytes, version: int) -> tuple[ColumnElement[bool], ...]:
    """The condition that a row of `versions` is this one."""
    return (versions.c.card_id == card_id, versions.c.version == version)


def insert_card(connection: Connection, first: Version, its_links: list[Link]) -> None:
    """A new card with its first version and its links."""
    row = {"id": first.card_id, "version": first.version, "saved_on": first.saved_at.date()}
    connection.execute(insert(cards), row)
    connection.execute(insert(versions), first._asdict())
    connection.execute(insert(links), [link._asdict() for link in its_links])


def link_rows(connection: Connection, card_id: bytes, *kinds: str) -> list[Link]:
    """The card's links of these kinds, oldest first."""
    statement = (
        select(links)
        .where(links.c.card_id == card_id, links.c.kind.in_(kinds))
        .order_by(links.c.made_on, links.c.lookup_id)
    )
    return [Link._make(row) for row in connection.execute(statement)]


def save_rows(connection: Connection, card_id: bytes) -> list[Save]:
    """The card's versions, newest first, without their contents."""
    columns = [versions.c[name] for name in Save._fields]
    statement = select(*columns).where(versions.c.card_id == card_id)
    rows = connection.execute(statement.order_by(versions.c.version.desc()))
    return [Save._make(row) for row in rows]
