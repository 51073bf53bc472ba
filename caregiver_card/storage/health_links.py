"""Links that a hospital's record system follows (SMART Health Links, HL7, version 1.0.0).

A link is an address and a key. The address finds a row; the key, which is in the clear nowhere on
the server, opens what lies there: the card's summary, encrypted at each save. With a link goes a
reader link, whose page any camera opens; its row ends both.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from sqlalchemy import Connection, Engine, bindparam, insert, select, update

from caregiver_card.card.codec import decode
from caregiver_card.storage import crypto
from caregiver_card.storage import key_wrapping as wrap
from caregiver_card.storage.opening import (
    Owner,
    UnknownCard,
    has_ended,
    hide_reason,
    link_bytes,
    owner_and_card,
)
from caregiver_card.storage.records import SummaryWriter
from caregiver_card.storage.rows import Link, LinksFull
from caregiver_card.storage.schema import cards, health_links, links, versions
from caregiver_card.storage.store import Store

# Each save encrypts the summary anew for every link.
MOST = 5

_SERVED = (
    select(health_links.c.encrypted, links.c.ends, versions.c.saved_at)
    .join(links, links.c.lookup_id == health_links.c.reader)
    .join(cards, cards.c.id == links.c.card_id)
    .join(versions, (versions.c.card_id == cards.c.id) & (versions.c.version == cards.c.version))
    .where(health_links.c.lookup_id == bindparam("lookup"))
)


@dataclass(frozen=True, slots=True)
class HealthLink:
    """A link as its owner sees it. ``id`` names it in forms and opens nothing.

    ``reader`` is the token of its reader link; ``address`` and ``key`` are in base64url.
    """

    id: str
    label: str = field(repr=False)
    reader: str = field(repr=False)
    address: str = field(repr=False)
    key: str = field(repr=False)
    made_on: date
    # None: when its owner stops it.
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class EncryptedSummary:
    """What a link's address serves: a compact JWE, and when the card was saved that it tells of."""

    jwe: bytes = field(repr=False)
    saved_at: datetime


class HealthLinks:
    """The links for record systems of the cards in a store.

    Every method raises UnknownCard; ``add`` also raises LinksFull and the store's EditedElsewhere.
    An owner's token may have any spelling.
    """

    def __init__(self, store: Store, write: SummaryWriter, clock: Callable[[], datetime]) -> None:
        self._store, self._write_summary, self._clock = store, write, clock

    @hide_reason
    def open(self, address: str) -> EncryptedSummary:
        """Return what an address serves; it takes one query and no key."""
        lookup = crypto.address_lookup_id(crypto.read_address(address))
        with self._store.engine.connect() as connection:
            row = connection.execute(_SERVED, {"lookup": lookup}).first()
        if row is None or has_ended(row.ends, self._clock):
            raise UnknownCard
        return EncryptedSummary(row.encrypted, row.saved_at)

    @hide_reason
    def list(self, token: str) -> tuple[HealthLink, ...]:
        """Return the links of the card behind an owner's token that hold, oldest first."""
        owner, found = self._present(token)
        return tuple(_health_link(owner.key, *each) for each in found)

    @hide_reason
    def add(self, token: str, label: str, today: date, ends_at: datetime | None) -> HealthLink:
        """Add a link with a reader link of its own; ``ends_at`` is in whole seconds.

        The links that there are get the summary of this program as well.
        """
        owner, row = owner_and_card(self._store, token)
        data_key = wrap.open_data_key(owner.key, owner.card_id, row)
        summary = self._write_summary(
            decode(wrap.open_card(data_key, row)), row.version, row.saved_at, row.card_id
        )
        keys, reader = wrap.Keys(owner.key, data_key), crypto.new_token()
        link = wrap.reader_link(reader, label, keys, owner.card_id, row.version, today)
        ends = None if ends_at is None else int(ends_at.timestamp())
        link, address, key = link._replace(ends=ends), crypto.new_key(), crypto.new_key()
        added = {
            "reader": link.lookup_id,
            "lookup_id": crypto.address_lookup_id(address),
            "sealed_secret": wrap.seal_secret(
                owner.key, address, key, owner.card_id, link.lookup_id
            ),
            "encrypted": crypto.encrypt_jwe(key, *summary),
        }

        def insert_row(connection: Connection, card_id: bytes) -> None:
            if len(self._holding(connection, card_id)) >= MOST:
                raise LinksFull(MOST)
            encrypt_again(owner.key, lambda: summary, connection, card_id)
            connection.execute(insert(health_links), added)

        self._store.add_link(link, owner.link, owner.version, insert_row)
        return _health_link(owner.key, link, added["sealed_secret"])

    @hide_reason
    def stop(self, token: str, link_id: str) -> None:
        """Delete one link with its reader link, given its ``id``."""
        owner, found = self._present(token)
        # A copy's link is no record system's.
        if link_id not in {link.lookup_id.hex() for link, _ in found}:
            raise UnknownCard
        if not self._store.delete_link(owner.card_id, link_bytes(link_id), "reader"):
            raise UnknownCard

    def _present(self, token: str) -> tuple[Owner, Sequence[tuple[Link, bytes]]]:
        """Return an owner and the links that hold, with their sealed secrets."""
        owner, _ = owner_and_card(self._store, token)
        with self._store.engine.connect() as connection:
            return owner, self._holding(connection, owner.card_id)

    def _holding(self, connection: Connection, card_id: bytes) -> Sequence[tuple[Link, bytes]]:
        found = _of_card(connection, card_id)
        return [each for each in found if not has_ended(each[0].ends, self._clock)]


def reader_rows(engine: Engine, card_id: bytes) -> list[Link]:
    """Return the reader links of a card that go with links for record systems, oldest first."""
    with engine.connect() as connection:
        return [link for link, _ in _of_card(connection, card_id)]


def encrypt_again(
    owner_key: bytes,
    write: Callable[[], tuple[bytes, str]],
    connection: Connection,
    card_id: bytes,
) -> None:
    """Encrypt a summary for each link of a card, in the transaction that changes the card."""
    found = _of_card(connection, card_id)
    summary = write() if found else (b"", "")
    for link, sealed in found:
        _, key = wrap.open_secret(owner_key, sealed, card_id, link.lookup_id)
        _change(connection, link, encrypted=crypto.encrypt_jwe(key, *summary))


def reseal(old_key: bytes, new_key: bytes, connection: Connection, card_id: bytes) -> None:
    """Seal each link's secret under a new owner key."""
    for link, sealed in _of_card(connection, card_id):
        secret = wrap.open_secret(old_key, sealed, card_id, link.lookup_id)
        again = wrap.seal_secret(new_key, *secret, card_id, link.lookup_id)
        _change(connection, link, sealed_secret=again)


def _of_card(connection: Connection, card_id: bytes) -> list[tuple[Link, bytes]]:
    """Return a card's links for record systems with their sealed secrets, oldest first."""
    statement = (
        select(health_links.c.sealed_secret, links)
        .join(links, links.c.lookup_id == health_links.c.reader)
        .where(links.c.card_id == card_id)
        .order_by(links.c.made_on, links.c.lookup_id)
    )
    return [(Link._make(row[1:]), row[0]) for row in connection.execute(statement)]


def _health_link(owner_key: bytes, link: Link, sealed_secret: bytes) -> HealthLink:
    reader, label = wrap.open_label(owner_key, link)
    secret = wrap.open_secret(owner_key, sealed_secret, link.card_id, link.lookup_id)
    address, key = map(crypto.write_base64url, secret)
    ends_at = None if link.ends is None else datetime.fromtimestamp(link.ends, UTC)
    return HealthLink(link.lookup_id.hex(), label, reader, address, key, link.made_on, ends_at)


def _change(connection: Connection, link: Link, **columns: bytes) -> None:
    this = health_links.c.reader == link.lookup_id
    connection.execute(update(health_links).where(this), columns)
