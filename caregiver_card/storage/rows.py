"""The shapes of rows, and the statements that read and write them."""

from collections.abc import Callable
from datetime import date, datetime
from enum import IntEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, delete, insert, select, update

from caregiver_card.card.model import Card
from caregiver_card.card.rules import value_at
from caregiver_card.storage.schema import cards, health_links, links, versions

# The schema of the earliest program that reads the versions which this one writes. Whoever gives
# the page, a seal or every card file what that program refuses writes the new schema's number here.
LEAST_SCHEMA = 4
# The same of a card that has a value here: earlier programs refuse its file for the unknown key.
_LEAST_BY_PATH = {"patient.family_name": 11, "patient.gender": 11}


class Version(NamedTuple):
    """A row of ``versions``."""

    card_id: bytes
    version: int
    sealed_data_key: bytes
    sealed_note: bytes
    saved_at: datetime
    sealed_page: bytes
    sealed_card: bytes
    sealed_papers: bytes | None = None
    least_schema: int = LEAST_SCHEMA


class Save(NamedTuple):
    """A row of ``versions`` without card and page: what the owner's history needs."""

    version: int
    sealed_data_key: bytes
    sealed_note: bytes
    saved_at: datetime


class Link(NamedTuple):
    """A row of ``links``. ``kind`` is owner, reader or calendar; an owner's label is empty.

    A reader's has its last print, once there was one. ``ends`` is in seconds since 1970, for a link
    that ends by itself.
    """

    lookup_id: bytes
    card_id: bytes
    kind: str
    wrapped_key: bytes
    sealed_label: bytes
    made_on: date
    seen_on: date | None = None
    sealed_print: bytes | None = None
    ends: int | None = None


class FoundPage(NamedTuple):
    """A link with the present page."""

    card_id: bytes
    kind: str
    wrapped_key: bytes
    ends: int | None
    version: int
    sealed_page: bytes


class FoundCard(NamedTuple):
    """A link with the present card and everything derived from it."""

    card_id: bytes
    kind: str
    wrapped_key: bytes
    ends: int | None
    version: int
    sealed_data_key: bytes
    saved_at: datetime
    sealed_page: bytes
    sealed_card: bytes
    sealed_papers: bytes | None


class OutboxState(IntEnum):
    """The state of a message. The numbers are stored."""

    QUEUED = 0
    # A sender was about to make the final send: the other side may have the message.
    HANDED_OVER = 1
    SENT = 2
    # The address no longer exists.
    REFUSED = 3
    # There was nothing to say any more.
    WITHDRAWN = 4


class OutboxRow(NamedTuple):
    """A row of ``alert_outbox``."""

    id: bytes
    card_id: bytes
    state: int
    tries: int
    made_at: datetime
    due_at: datetime
    done_at: datetime | None
    seen_at: datetime | None
    claim: bytes | None
    claimed_until: datetime | None
    sealed_note: bytes
    sealed_result: bytes


class LinksFull(RuntimeError):
    """The card has ``most`` links of a kind, and no more are possible."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most


# Built once: building these statements takes longer than running them.
_present = links.join(cards, cards.c.id == links.c.card_id).join(
    versions, (versions.c.card_id == cards.c.id) & (versions.c.version == cards.c.version)
)
_this_link = links.c.lookup_id == bindparam("lookup")
_LINK = (links.c.card_id, links.c.kind, links.c.wrapped_key, links.c.ends, cards.c.version)
_CONTENTS = (
    versions.c.sealed_data_key,
    versions.c.saved_at,
    versions.c.sealed_page,
    versions.c.sealed_card,
    versions.c.sealed_papers,
)
PAGE_BEHIND_LINK = select(*_LINK, versions.c.sealed_page).select_from(_present).where(_this_link)
CARD_BEHIND_LINK = select(*_LINK, *_CONTENTS).select_from(_present).where(_this_link)


def least_schema(card: Card) -> int:
    """Return the schema of the earliest program that reads a version with this card."""
    needed = (least for path, least in _LEAST_BY_PATH.items() if value_at(card, path) is not None)
    return max(needed, default=LEAST_SCHEMA)


def is_version(card_id: bytes, version: int) -> tuple[ColumnElement[bool], ...]:
    """Return the condition for one row of ``versions``."""
    return (versions.c.card_id == card_id, versions.c.version == version)


def insert_card(connection: Connection, first: Version, its_links: list[Link]) -> None:
    """Insert a new card with its first version and its links."""
    row = {"id": first.card_id, "version": first.version, "saved_on": first.saved_at.date()}
    connection.execute(insert(cards), row)
    connection.execute(insert(versions), first._asdict())
    connection.execute(insert(links), [link._asdict() for link in its_links])


def link_rows(
    connection: Connection, card_id: bytes, *kinds: str, alone: bool = False
) -> list[Link]:
    """Return the card's links of these kinds, oldest first.

    With ``alone``, without the reader links that go with a link for record systems.
    """
    statement = (
        select(links)
        .where(links.c.card_id == card_id, links.c.kind.in_(kinds))
        .order_by(links.c.made_on, links.c.lookup_id)
    )
    if alone:
        statement = statement.where(links.c.lookup_id.not_in(select(health_links.c.reader)))
    return [Link._make(row) for row in connection.execute(statement)]


def at_most(most: int, kind: str) -> Callable[[Connection, bytes], None]:
    """Return the step that ends a transaction with one link of a kind too many: LinksFull."""

    def count(connection: Connection, card_id: bytes) -> None:
        if len(link_rows(connection, card_id, kind, alone=True)) > most:
            raise LinksFull(most)

    return count


def change_link(connection: Connection, lookup_id: bytes, **columns: bytes | None) -> None:
    """Change columns of a link."""
    connection.execute(update(links).where(links.c.lookup_id == lookup_id), columns)


def delete_ended(connection: Connection, card_id: bytes, now: datetime) -> None:
    """Delete the card's links that have ended by themselves, with what hangs on them."""
    ended = links.c.ends <= int(now.timestamp())
    connection.execute(delete(links).where(links.c.card_id == card_id, ended))


def save_rows(connection: Connection, card_id: bytes) -> list[Save]:
    """Return the card's versions, newest first, without their contents."""
    columns = [versions.c[name] for name in Save._fields]
    statement = select(*columns).where(versions.c.card_id == card_id)
    rows = connection.execute(statement.order_by(versions.c.version.desc()))
    return [Save._make(row) for row in rows]
