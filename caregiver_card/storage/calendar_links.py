"""Calendar subscriptions: each has its own token, which opens dates and no card.

Every save of a card writes the calendar of each token anew and seals it for that token alone. So a
stolen database reveals no dates, and a calendar's address opens no card.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from caregiver_card.card.codec import decode
from caregiver_card.storage import crypto, key_wrapping
from caregiver_card.storage.records import CalendarWriter
from caregiver_card.storage.rows import FoundCard, Link
from caregiver_card.storage.store import Store
from caregiver_card.storage.vault import UnknownCard


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar as its owner sees it. ``id`` names it in forms and opens nothing."""

    id: str
    token: str = field(repr=False)
    label: str = field(repr=False)
    made_on: date


class Calendars:
    """The calendars of the cards in a store.

    Tokens may have any spelling. Every method raises UnknownCard; ``add`` also raises the store's
    EditedElsewhere.
    """

    def __init__(self, store: Store, dates: CalendarWriter) -> None:
        self._store, self._write_calendar = store, dates

    def open(self, token: str) -> bytes:
        """Return the calendar file behind a calendar's token."""
        with _hiding_reason():
            token = crypto.read_token(token)
            page = self._store.find_page(crypto.lookup_id(token))
            if page is None or page.kind != "calendar":
                raise UnknownCard
            return key_wrapping.open_dates(token, page)

    def list(self, owner: str) -> tuple[Calendar, ...]:
        """Return every calendar of the card behind an owner's token, oldest first."""
        with _hiding_reason():
            key, row = self._unlock(owner)
            links = self._store.links_of(row.card_id, "calendar")
            return tuple(_calendar(key, link) for link in links)

    def add(self, owner: str, label: str, today: date) -> Calendar:
        """Add a calendar to the card behind an owner's token."""
        with _hiding_reason():
            key, row = self._unlock(owner)
            data_key = key_wrapping.open_data_key(key, row.card_id, row)
            card = decode(key_wrapping.open_card(data_key, row))
            calendar = partial(self._write_calendar, card, row.version, row.saved_at)
            link = key_wrapping.calendar_link(
                crypto.new_token(), label, key, calendar, row.card_id, row.version, today
            )
            self._store.add_link(link, crypto.lookup_id(crypto.read_token(owner)), row.version)
            return _calendar(key, link)

    def revoke(self, owner: str, calendar_id: str) -> None:
        """Revoke one calendar's token."""
        with _hiding_reason():
            _, row = self._unlock(owner)
            try:
                link = bytes.fromhex(calendar_id)
            except ValueError:
                raise UnknownCard from None
            if not self._store.delete_link(row.card_id, link, "calendar"):
                raise UnknownCard

    def _unlock(self, owner: str) -> tuple[bytes, FoundCard]:
        """Return the owner key and the present card behind an owner's token."""
        token = crypto.read_token(owner)
        row = self._store.find_card(crypto.lookup_id(token))
        if row is None or row.kind != "owner":
            raise UnknownCard
        return key_wrapping.open_owner_key(token, row), row


@contextmanager
def _hiding_reason() -> Iterator[None]:
    """Turn every reason for not opening into the same UnknownCard, as the vault does."""
    try:
        yield
    except (crypto.UnreadableToken, crypto.BrokenSeal):
        raise UnknownCard from None


def _calendar(owner_key: bytes, link: Link) -> Calendar:
    token, label = key_wrapping.open_label(owner_key, link)
    return Calendar(link.lookup_id.hex(), token, label, link.made_on)
