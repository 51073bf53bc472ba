"""Calendar subscriptions: each has its own token, which opens dates and no card.

Every save of a card writes the calendar of each token anew and seals it for that token alone. So a
stolen database reveals no dates, and a calendar's address opens no card.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import partial

from caregiver_card.card.codec import decode
from caregiver_card.storage import crypto, key_wrapping
from caregiver_card.storage.opening import (
    UnknownCard,
    hide_reason,
    link_bytes,
    of_kind,
    owner_and_card,
)
from caregiver_card.storage.records import CalendarWriter
from caregiver_card.storage.rows import Link, at_most
from caregiver_card.storage.store import Store

# Each save writes every calendar anew, and a card has few people to remind.
MOST = 10


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar as its owner sees it. ``id`` names it in forms and opens nothing."""

    id: str
    token: str = field(repr=False)
    label: str = field(repr=False)
    made_on: date


class Calendars:
    """The calendars of the cards in a store.

    Tokens may have any spelling. Every method raises UnknownCard; ``add`` also raises LinksFull
    and the store's EditedElsewhere.
    """

    def __init__(self, store: Store, dates: CalendarWriter) -> None:
        self._store, self._write_calendar = store, dates

    @hide_reason
    def open(self, token: str) -> bytes:
        """Return the calendar file behind a calendar's token."""
        token = crypto.read_token(token)
        page = of_kind("calendar", self._store.find_page(crypto.lookup_id(token)))
        return key_wrapping.open_dates(token, page)

    @hide_reason
    def list(self, token: str) -> tuple[Calendar, ...]:
        """Return every calendar of the card behind an owner's token, oldest first."""
        owner, _ = owner_and_card(self._store, token)
        links = self._store.links_of(owner.card_id, "calendar")
        return tuple(_calendar(owner.key, link) for link in links)

    @hide_reason
    def add(self, token: str, label: str, today: date) -> Calendar:
        """Add a calendar to the card behind an owner's token."""
        owner, row = owner_and_card(self._store, token)
        data_key = key_wrapping.open_data_key(owner.key, row.card_id, row)
        card = decode(key_wrapping.open_card(data_key, row))
        calendar = partial(self._write_calendar, card, row.version, row.saved_at)
        link = key_wrapping.calendar_link(
            crypto.new_token(), label, owner.key, calendar, row.card_id, row.version, today
        )
        self._store.add_link(link, owner.link, row.version, at_most(MOST, "calendar"))
        return _calendar(owner.key, link)

    @hide_reason
    def revoke(self, token: str, calendar_id: str) -> None:
        """Revoke one calendar's token."""
        owner, _ = owner_and_card(self._store, token)
        if not self._store.delete_link(owner.card_id, link_bytes(calendar_id), "calendar"):
            raise UnknownCard


def _calendar(owner_key: bytes, link: Link) -> Calendar:
    token, label = key_wrapping.open_label(owner_key, link)
    return Calendar(link.lookup_id.hex(), token, label, link.made_on)
