"""Seal cards into the store and open them again; ``key_wrapping`` draws the keys.

Three rules hold for every method:

- Every version has its own data key. Whoever could read yesterday's version cannot read tomorrow's
  unless the save wrapped the new key for them, so a revoked link opens no later save, even for
  somebody who steals the whole database.
- A reader's token opens the present version and nothing else, and an owner's token is no reader's:
  what leads to editing is never what is printed on a card.
- Every reason for not opening raises the same ``UnknownCard``: an unreadable, unknown, revoked or
  deleted token, the wrong kind of token, rows that were altered or moved. Different answers would
  tell a stranger something.

The page is opaque here: the caller renders it and the vault seals it with the card, so that an
emergency opens it without rendering. The table of older papers is opaque as well.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime
from functools import partial

from caregiver_card.card.codec import decode, encode
from caregiver_card.card.model import Card
from caregiver_card.storage import crypto, health_links, new_card, reader_links, records
from caregiver_card.storage import key_wrapping as wrap
from caregiver_card.storage.new_card import NewCard
from caregiver_card.storage.opening import (
    Owner,
    hide_reason,
    lasts,
    link_bytes,
    of_kind,
    of_reader,
    open_owner,
    owner_and_card,
)
from caregiver_card.storage.opening import UnknownCard as UnknownCard
from caregiver_card.storage.rows import FoundCard, FoundPage, Save, delete_ended, least_schema
from caregiver_card.storage.store import InTransaction, Store


class Vault:
    """Cards in a store, each opened by the tokens that were made for it.

    Tokens may have any spelling. Every method but ``add`` raises UnknownCard; those that change a
    card as its owner also raise the store's EditedElsewhere. Without a ``clock`` no link opens that
    ends by itself.
    """

    def __init__(
        self,
        store: Store,
        writers: records.Writers = records.NO_WRITERS,
        opened: Callable[[Card], object] = lambda card: None,
        clock: Callable[[], datetime] = records.no_clock,
    ) -> None:
        self._store, self._writers, self._opened, self._clock = store, writers, opened, clock

    def add(
        self, card: Card, page: bytes, *, labels: Sequence[str] = ("wallet",), now: datetime
    ) -> records.AddedCard:
        """Add a card, with a reader link for each label. ``now`` is aware."""
        new = new_card.prepare(card, page, labels, now)
        self.add_all([new.rows])
        return new.added

    def add_all(self, new: Iterable[NewCard]) -> None:
        """Add prepared cards, all of them or none."""
        self._store.add_cards(new)

    @hide_reason
    def page(self, token: str) -> records.StoredPage:
        """Return the present page behind a reader's token. An emergency waits for this."""
        token, row = self._present_page(token)
        data_key = wrap.unwrap_data_key(token, row)
        page = wrap.open_page(data_key, row)
        return records.StoredPage(page, row.version, row.card_id, lasts(row))

    @hide_reason
    def card(self, token: str) -> records.OpenedCard:
        """Return the present card and page behind a reader's token."""
        token = crypto.read_token(token)
        row = of_reader(self._store.find_card(crypto.lookup_id(token)), self._clock)
        data_key = wrap.unwrap_data_key(token, row)
        card = self._open(data_key, row)
        page, papers = wrap.open_page(data_key, row), wrap.open_papers(data_key, row)
        return records.OpenedCard(
            row.card_id, card, page, row.version, row.saved_at, papers, lasts(row)
        )

    def lasting_card(self, token: str) -> records.OpenedCard:
        """Do as ``card``, for what is kept and leads to the token: no link that ends has it."""
        opened = self.card(token)
        if not opened.lasts:
            raise UnknownCard
        return opened

    @hide_reason
    def refresh_page(self, token: str, page: bytes, version: int) -> bool:
        """Replace the page of the present version, given a reader's token.

        Returns False, and changes nothing, if ``version`` is not the present one any more.
        """
        token, row = self._present_page(token)
        data_key = wrap.unwrap_data_key(token, row)
        sealed = wrap.seal_page(data_key, page, row.card_id, row.version)
        return row.version == version and self._store.replace_page(row.card_id, version, sealed)

    @hide_reason
    def record_opened(self, token: str, today: date) -> None:
        """Note on a reader link the day it was last opened; writes at most once a day."""
        if not self._store.record_opened(crypto.lookup_id(crypto.read_token(token)), today):
            raise UnknownCard

    @hide_reason
    def owned(self, token: str) -> records.OwnedCard:
        """Return the present card with its reader links and history, behind an owner's token."""
        owner, row = owner_and_card(self._store, token)
        data_key = wrap.open_data_key(owner.key, row.card_id, row)
        links = self._store.links_of(row.card_id, "reader")
        code_links = health_links.reader_rows(self._store.engine, row.card_id)
        return records.OwnedCard(
            row.card_id,
            self._open(data_key, row),
            row.version,
            row.saved_at,
            tuple(reader_links.record(owner.key, link) for link in links),
            tuple(reader_links.record(owner.key, link) for link in code_links),
            tuple(_entry(owner, save) for save in self._store.saves_of(row.card_id)),
        )

    @hide_reason
    def version(self, token: str, number: int) -> Card:
        """Return the card as of one version, past or present, behind an owner's token."""
        owner = self._owner(token)
        row = self._store.version_of(owner.card_id, number)
        if row is None:
            raise UnknownCard
        data_key = wrap.open_data_key(owner.key, owner.card_id, row)
        return decode(wrap.open_card(data_key, row))

    @hide_reason
    def save(
        self,
        token: str,
        card: Card,
        page: bytes,
        papers: bytes | None = None,
        *,
        expected_version: int,
        note: str = "",
        now: datetime,
        in_transaction: InTransaction = None,
    ) -> int:
        """Add a new version, made from ``expected_version``, and return its number.

        All reader links, calendars and health links lead to it from then on. ``note`` is for the
        owner alone; ``now`` is aware; ``in_transaction`` is as in ``Store.save``.
        """
        owner, data_key, version = self._owner(token), crypto.new_key(), expected_version + 1
        keys, contents = wrap.Keys(owner.key, data_key), (encode(card), page, papers)
        calendar = partial(self._writers.calendar, card, version, now)
        summary = partial(self._writers.summary, card, version, now, owner.card_id)
        rewrap = partial(wrap.rewrap, owner.key, data_key, version, calendar)
        row = wrap.version_row(owner.card_id, version, keys, contents, note, now)
        row = row._replace(least_schema=least_schema(card))
        encrypt = partial(health_links.encrypt_again, owner.key, summary)
        # ``now`` is still to come where the clock was ahead at an earlier save.
        delete = partial(delete_ended, now=min(now, self._clock()))
        self._store.save(row, owner.link, rewrap, [delete, encrypt, in_transaction])
        return version

    @hide_reason
    def add_reader_link(self, token: str, label: str, today: date) -> records.ReaderLink:
        """Add a reader link with a token of its own. Raises LinksFull."""
        owner, row = owner_and_card(self._store, token)
        keys = wrap.Keys(owner.key, wrap.open_data_key(owner.key, owner.card_id, row))
        link = wrap.reader_link(
            crypto.new_token(), label, keys, owner.card_id, owner.version, today
        )
        self._store.add_link(link, owner.link, owner.version, reader_links.LIMIT)
        return reader_links.record(owner.key, link)

    @hide_reason
    def note_print(self, token: str, link_id: str, last: records.LastPrint) -> None:
        """Note what the owner printed last with a reader link, given its ``id``."""
        owner, link = self._owner(token), link_bytes(link_id)
        if not reader_links.note_print(self._store.engine, owner.key, owner.card_id, link, last):
            raise UnknownCard

    @hide_reason
    def revoke(self, token: str, link_id: str) -> None:
        """Revoke one reader link, given its ``id``."""
        owner = self._owner(token)
        if not self._store.delete_link(owner.card_id, link_bytes(link_id), "reader"):
            raise UnknownCard

    @hide_reason
    def renew_owner(
        self,
        token: str,
        today: date,
        ended: Collection[str] = (),
        in_transaction: InTransaction = None,
    ) -> str:
        """Replace the owner's token by a new one, and return that.

        Reader links and calendars whose ids are in ``ended`` open nothing any more, and the
        family's devices are strangers'; all of it or nothing. ``in_transaction`` is as in
        ``Store.renew_owner``.

        The owner key is new as well: somebody with the old token and an old backup has the old key,
        which must not open what is saved from now on.
        """
        owner, key, renewed = self._owner(token), crypto.new_key(), crypto.new_token()
        self._store.renew_owner(
            wrap.owner_link(renewed, key, owner.card_id, today),
            owner.link,
            owner.version,
            reseal_link=partial(wrap.reseal_link, owner.key, key),
            reseal=partial(wrap.reseal_save, owner.key, key, owner.card_id),
            ended={link for link in map(link_bytes, ended) if link},
            in_transaction=[partial(health_links.reseal, owner.key, key), in_transaction],
        )
        return renewed

    @hide_reason
    def delete(self, token: str) -> None:
        """Delete the card, all versions and all links, at once and for good."""
        if not self._store.delete_card(self._owner(token).card_id):
            raise UnknownCard

    def _open(self, data_key: bytes, row: FoundCard) -> Card:
        card = decode(wrap.open_card(data_key, row))
        self._opened(card)
        return card

    def _present_page(self, token: str) -> tuple[str, FoundPage]:
        token = crypto.read_token(token)
        return token, of_reader(self._store.find_page(crypto.lookup_id(token)), self._clock)

    def _owner(self, token: str) -> Owner:
        token = crypto.read_token(token)
        return open_owner(token, of_kind("owner", self._store.find_page(crypto.lookup_id(token))))


def _entry(owner: Owner, save: Save) -> records.VersionEntry:
    note = wrap.open_note(owner.key, owner.card_id, save)
    return records.VersionEntry(save.version, save.saved_at, *records.parted_note(note))
