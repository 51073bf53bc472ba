"""Calendars that are subscribed to: each has a token of its own, which opens dates and no card.

What a calendar's token opens is worked out whenever the card is saved, and sealed for that token
alone: a stolen database tells no dates, and a calendar's address no card.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from caregiver_card.card.codec import decode
from caregiver_card.storage import crypto, key_wrapping
from caregiver_card.storage.records import Dates
from caregiver_card.storage.rows import FoundCard, Link
from caregiver_card.storage.store import Store
from caregiver_card.storage.vault import UnknownCard


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar as its owner sees it. `id` names it in forms and opens nothing."""

    id: str
    token: str = field(repr=False)
    label: str = field(repr=False)
    made_on: date


class Calendars:
    """The calendars of the cards in a store.

    Tokens are taken in any spelling. Every method raises UnknownCard; `add` the store's
    EditedElsewhere too.
    """

    def __init__(self, store: Store, dates: Dates) -> None:
        self._store, self._dates = store, dates

    def open(self, token: str) -> bytes:
        """The dates behind a calendar's token."""
        with _one_answer():
            token = crypto.read_token(token)
            found = self._store.find_page(crypto.lookup_id(token))
            if found is None or found.kind != "calendar":
                raise UnknownCard
            return key_wrapping.open_dates(token, found)

    def of(self, owner: str) -> tuple[Calendar, ...]:
        """Every calendar of the card behind an owner's token, oldest first."""
        with _one_answer():
            key, found = self._unlock(owner)
            links = self._store.links_of(found.card_id, "calendar")
            return tuple(_calendar(key, link) for link in links)

    def add(self, owner: str, label: str, today: date) -> Calendar:
        """One more calendar of the card behind an owner's token."""
        with _one_answer():
            key, found = self._unlock(owner)
            data_key = key_wrapping.open_data_key(key, found.card_id, found)
            card = decode(key_wrapping.open_card(data_key, found))
            feed = partial(self._dates, card, found.version, found.saved_at)
            link = key_wrapping.calendar_link(
                crypto.new_token(), label, key, feed, found.card_id, found.version, today
            )
            self._store.add_link(link, crypto.lookup_id(crypto.read_token(owner)), found.version)
            return _calendar(key, link)

    def revoke(self, owner: str, calendar_id: str) -> None:
        """Makes one calendar's token open nothing from now on."""
        with _one_answer():
            _, found = self._unlock(owner)
            try:
                link = bytes.fromhex(calendar_id)
            except ValueError:
                raise UnknownCard from None
            if not self._store.delete_link(found.card_id, link, "calendar"):
                raise UnknownCard

    def _unlock(self, owner: str) -> tuple[bytes, FoundCard]:
        """The owner key and the rows of the present card behind an owner's token."""
        token = crypto.read_token(owner)
        found = self._store.find_card(crypto.lookup_id(token))
        if found is None or found.kind != "owner":
            raise UnknownCard
        return key_wrapping.open_owner_key(token, found), found


@contextmanager
def _one_answer() -> Iterator[None]:
    """Makes every way of not opening the same UnknownCard, as the vault does."""
    try:
        yield
    except (crypto.UnreadableToken, crypto.BrokenSeal):
        raise UnknownCard from None


def _calendar(owner_key: bytes, link: Link) -> Calendar:
    token, label = key_wrapping.open_label(owner_key, link)
    return Calendar(link.lookup_id.hex(), token, label, link.made_on)
