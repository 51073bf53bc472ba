"""Keeps cards: codec + crypto + store. `seals` has the picture of the keys.

Three decisions carry the rest:

- Every version has a data key of its own. Who could read yesterday's version cannot read
  tomorrow's unless the save wrapped the new key for them, so a revoked copy is shut out of every
  later save even if the whole database is stolen.
- A reader's token opens the present version and nothing else, and an owner's token is no reader's:
  what leads to editing is never what is printed on a card.
- Every kind of absence is the same ``UnknownCard``: unreadable, unknown, revoked or deleted token,
  the wrong kind of token, rows that were altered or moved. An answer that told them apart would
  tell a stranger something.

The page is opaque here: a finished form of the card, made by the caller, kept sealed beside it so
that an emergency opens it without composing anything. So is what is kept of older papers.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import partial, wraps
from typing import NamedTuple, ParamSpec, TypeVar

from caregiver_card.card.codec import decode, encode
from caregiver_card.card.model import Card
from caregiver_card.storage import crypto, new_card, records
from caregiver_card.storage import key_wrapping as wrap
from caregiver_card.storage.new_card import NewCard
from caregiver_card.storage.rows import FoundCard, FoundPage, Link, Save
from caregiver_card.storage.store import Beside, Store

_P = ParamSpec("_P")
_T = TypeVar("_T")


class UnknownCard(LookupError):
    """There is nothing to open here; deliberately without a word on why."""


class _Owner(NamedTuple):
    """An owner's token that opened: where its link is, and the owner key behind it."""

    link: bytes
    key: bytes
    card_id: bytes
    version: int


def _one_answer(method: Callable[_P, _T]) -> Callable[_P, _T]:
    """Makes every way of not opening the same ``UnknownCard``, without its cause."""

    @wraps(method)
    def answered(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        try:
            return method(*args, **kwargs)
        except (crypto.UnreadableToken, crypto.BrokenSeal):
            raise UnknownCard from None

    return answered


class Vault:
    """Cards in a store, each opened by the tokens that were made for it.

    Tokens are taken in any spelling. Every method but `add` raises UnknownCard; those that change
    a card as its owner raise the store's EditedElsewhere too.
    """

    def __init__(self, store: Store, dates: records.Dates = records.no_dates) -> None:
        self._store, self._dates = store, dates

    def add(
        self, card: Card, page: bytes, *, labels: Sequence[str] = ("wallet",), now: datetime
    ) -> records.AddedCard:
        """Keeps a new card, with one copy for each label. `now` is aware."""
        new = new_card.prepare(card, page, labels, now)
        self.add_all([new.rows])
        return new.kept

    def add_all(self, new: Iterable[NewCard]) -> None:
        """Keeps cards that were made ready, all of them or none."""
        self._store.add_cards(new)

    @_one_answer
    def page(self, token: str) -> records.StoredPage:
        """The present page behind a reader's token; what an emergency waits for."""
        token = crypto.read_token(token)
        found = _of_kind("reader", self._store.find_page(crypto.lookup_id(token)))
        data_key = wrap.open_reader_key(token, found)
        return records.StoredPage(wrap.open_page(data_key, found), found.version, found.card_id)

    @_one_answer
    def card(self, token: str) -> records.OpenedCard:
        """The present card and page behind a reader's token."""
        token = crypto.read_token(token)
        found = _of_kind("reader", self._store.find_card(crypto.lookup_id(token)))
        data_key = wrap.open_reader_key(token, found)
        card = decode(wrap.open_card(data_key, found))
        page, papers = (
            wrap.open_page(data_key, found),
            wrap.open_papers(data_key, found),
        )
        return records.OpenedCard(found.card_id, card, page, found.version, found.saved_at, papers)

    @_one_answer
    def refresh_page(self, token: str, page: bytes, version: int) -> bool:
        """Puts a newer form of the page beside the card, given a reader's token.

        False, and nothing done, if `version` is not the present one any more.
        """
        token = crypto.read_token(token)
        found = _of_kind("reader", self._store.find_page(crypto.lookup_id(token)))
        data_key = wrap.open_reader_key(token, found)
        sealed = wrap.sealed_page(data_key, page, found.card_id, found.version)
        return found.version == version and self._store.replace_page(found.card_id, version, sealed)

    @_one_answer
    def seen(self, token: str, today: date) -> None:
        """Notes on a copy the last day it was opened; writes at most once a day."""
        if not self._store.mark_seen(crypto.lookup_id(crypto.read_token(token)), today):
            raise UnknownCard

    @_one_answer
    def owned(self, token: str) -> records.OwnedCard:
        """The present card with its copies and history, behind an owner's token."""
        owner, found = self._owner_and_card(token)
        data_key = wrap.open_data_key(owner.key, found.card_id, found)
        links = self._store.links_of(found.card_id, "reader")
        return records.OwnedCard(
            found.card_id,
            decode(wrap.open_card(data_key, found)),
            found.version,
            found.saved_at,
            tuple(_copy(owner.key, link) for link in links),
            tuple(_entry(owner, save) for save in self._store.saves_of(found.card_id)),
        )

    @_one_answer
    def version(self, token: str, number: int) -> Card:
        """The card as it was in one version, past or present, behind an owner's token."""
        owner = self._owner(token)
        row = self._store.version_of(owner.card_id, number)
        if row is None:
            raise UnknownCard
        data_key = wrap.open_data_key(owner.key, owner.card_id, row)
        return decode(wrap.open_card(data_key, row))

    @_one_answer
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
        beside: Beside = None,
    ) -> int:
        """Keeps a new version, made from `expected_version`, and returns its number.

        All copies and calendars lead to it from then on. `note` is for the owner alone; `now`
        is aware; `beside` is the store's.
        """
        owner, data_key, version = self._owner(token), crypto.new_key(), expected_version + 1
        keys, contents = wrap.Keys(owner.key, data_key), (encode(card), page, papers)
        feed = partial(self._dates, card, version, now)
        rewrap = partial(wrap.rewrapped, owner.key, data_key, version, feed)
        row = wrap.version_row(owner.card_id, version, keys, contents, note, now)
        self._store.save(row, owner.link, rewrap, beside)
        return version

    @_one_answer
    def add_copy(self, token: str, label: str, today: date) -> records.ReaderLink:
        """One more copy, with a reader's token of its own."""
        owner, found = self._owner_and_card(token)
        keys = wrap.Keys(owner.key, wrap.open_data_key(owner.key, owner.card_id, found))
        link = wrap.reader_link(
            crypto.new_token(), label, keys, owner.card_id, owner.version, today
        )
        self._store.add_link(link, owner.link, owner.version)
        return _copy(owner.key, link)

    @_one_answer
    def revoke(self, token: str, copy_id: str) -> None:
        """Makes one copy's token open nothing from now on; `copy_id` is the copy's `id`."""
        owner = self._owner(token)
        try:
            link = bytes.fromhex(copy_id)
        except ValueError:
            raise UnknownCard from None
        if not self._store.delete_link(owner.card_id, link, "reader"):
            raise UnknownCard

    @_one_answer
    def renew_owner(self, token: str, today: date) -> str:
        """A new owner's token in the place of the old one, which opens nothing from now on.

        The owner key is new as well: with the old token and an old backup somebody has the old
        key, and it shall not open what is kept after this.
        """
        owner, key, renewed = self._owner(token), crypto.new_key(), crypto.new_token()
        self._store.renew_owner(
            wrap.owner_link(renewed, key, owner.card_id, today),
            owner.link,
            owner.version,
            relabel=partial(wrap.relabelled, owner.key, key),
            reseal=partial(wrap.resealed, owner.key, key, owner.card_id),
        )
        return renewed

    @_one_answer
    def delete(self, token: str) -> None:
        """Removes the card, all versions and all links, at once and for good."""
        if not self._store.delete_card(self._owner(token).card_id):
            raise UnknownCard

    def _owner(self, token: str) -> _Owner:
        token = crypto.read_token(token)
        return _opened(token, _of_kind("owner", self._store.find_page(crypto.lookup_id(token))))

    def _owner_and_card(self, token: str) -> tuple[_Owner, FoundCard]:
        token = crypto.read_token(token)
        found = _of_kind("owner", self._store.find_card(crypto.lookup_id(token)))
        return _opened(token, found), found


_Found = TypeVar("_Found", FoundPage, FoundCard)


def _of_kind(kind: str, found: _Found | None) -> _Found:
    if found is None or found.kind != kind:
        raise UnknownCard
    return found


def _opened(token: str, found: FoundPage | FoundCard) -> _Owner:
    key = wrap.open_owner_key(token, found)
    return _Owner(crypto.lookup_id(token), key, found.card_id, found.version)


def _copy(owner_key: bytes, link: Link) -> records.ReaderLink:
    token, label = wrap.open_label(owner_key, link)
    return records.ReaderLink(link.lookup_id.hex(), label, token, link.made_on, link.seen_on)


def _entry(owner: _Owner, save: Save) -> records.VersionEntry:
    return records.VersionEntry(
        save.version, save.saved_at, wrap.open_note(owner.key, owner.card_id, save)
    )
