"""Which key seals what, with sealing and opening side by side.

    owner's token  --HKDF--> wrapping key --opens--> owner key
                                                       |--> label and token of every other link
                                                       |--> last print of every reader link
                                                       |--> note of every version
                                                       |--> address and key of every health link
                                                       '--> data key of every version --.
                                                                                        |
    reader's token --HKDF--> wrapping key --opens--> data key of the present version ---+--> page
                                                                                        |--> card
                                                                                        '--> papers
    calendar's token --HKDF--> wrapping key --opens--> its dates, as of the present version
    health link's key --opens--> its summary, as of the present version

Every seal authenticates the card's record id, the version (0 for what outlives versions) and its
purpose, so a row that was moved to another card, version or column does not open there. Opening
raises ``BrokenSeal``.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import NamedTuple

from caregiver_card.storage.crypto import (
    KEY_BYTES,
    TOKEN_LENGTH,
    associated_data,
    lookup_id,
    open_sealed,
    seal,
    wrapping_key,
)
from caregiver_card.storage.rows import FoundCard, FoundPage, Link, Save, Version

_OWNER_KEY = "owner key"
_DATA_KEY = "data key"  # under the owner key
_READER_KEY = "reader's data key"  # the same key, under a reader's wrapping key
_LABEL = "label"
_PRINT = "print"
_NOTE = "note"
_PAGE = "page"
_CARD = "card"
_DATES = "dates"
_PAPERS = "papers"
_SECRET = "health link"
# Writes the calendar of a version for one link, given the card's record id and the link's label.
CalendarForLink = Callable[[bytes, str], bytes]


class Keys(NamedTuple):
    """The owner key, and the data key of one version."""

    owner: bytes
    data: bytes


def owner_link(token: str, owner_key: bytes, card_id: bytes, day: date) -> Link:
    """Return the row for an owner's token. It has no label: the token is shown once, when made."""
    wrapped = seal(wrapping_key(token), owner_key, associated_data(card_id, 0, _OWNER_KEY))
    return Link(lookup_id(token), card_id, "owner", wrapped, b"", day)


def open_owner_key(token: str, row: FoundPage | FoundCard) -> bytes:
    """Return the owner key behind an owner's token."""
    about = associated_data(row.card_id, 0, _OWNER_KEY)
    return open_sealed(wrapping_key(token), row.wrapped_key, about)


def reader_link(
    token: str, label: str, keys: Keys, card_id: bytes, version: int, day: date
) -> Link:
    """Return the row for a reader's token."""
    wrapped = wrap_data_key(token, keys.data, card_id, version)
    sealed = seal_label(keys.owner, token, label, card_id)
    return Link(lookup_id(token), card_id, "reader", wrapped, sealed, day)


def seal_secret(
    owner_key: bytes, address: bytes, key: bytes, card_id: bytes, reader: bytes
) -> bytes:
    """Seal a health link's address and key; ``reader`` is the lookup id of its reader link."""
    return seal(owner_key, address + key, associated_data(card_id + reader, 0, _SECRET))


def open_secret(
    owner_key: bytes, sealed: bytes, card_id: bytes, reader: bytes
) -> tuple[bytes, bytes]:
    """Return a health link's address and key."""
    secret = open_sealed(owner_key, sealed, associated_data(card_id + reader, 0, _SECRET))
    return secret[:KEY_BYTES], secret[KEY_BYTES:]


def wrap_data_key(token: str, data_key: bytes, card_id: bytes, version: int) -> bytes:
    """Seal a version's data key for one reader's token."""
    return seal(wrapping_key(token), data_key, associated_data(card_id, version, _READER_KEY))


def unwrap_data_key(token: str, row: FoundPage | FoundCard) -> bytes:
    """Return the present version's data key behind a reader's token."""
    about = associated_data(row.card_id, row.version, _READER_KEY)
    return open_sealed(wrapping_key(token), row.wrapped_key, about)


def calendar_link(
    token: str,
    label: str,
    owner_key: bytes,
    calendar: CalendarForLink,
    card_id: bytes,
    version: int,
    day: date,
) -> Link:
    """Return the row for a calendar's token, which opens dates and nothing that leads to a card."""
    wrapped = _seal_dates(token, calendar(card_id, label), card_id, version)
    sealed = seal_label(owner_key, token, label, card_id)
    return Link(lookup_id(token), card_id, "calendar", wrapped, sealed, day)


def open_dates(token: str, row: FoundPage) -> bytes:
    """Return the dates behind a calendar's token."""
    about = associated_data(row.card_id, row.version, _DATES)
    return open_sealed(wrapping_key(token), row.wrapped_key, about)


def _seal_dates(token: str, dates: bytes, card_id: bytes, version: int) -> bytes:
    return seal(wrapping_key(token), dates, associated_data(card_id, version, _DATES))


def rewrap(
    owner_key: bytes, data_key: bytes, version: int, calendar: CalendarForLink, link: Link
) -> bytes:
    """Seal anew what a reader's or a calendar's link opens, for ``version`` as the present one."""
    token, label = open_label(owner_key, link)
    if link.kind == "calendar":
        return _seal_dates(token, calendar(link.card_id, label), link.card_id, version)
    return wrap_data_key(token, data_key, link.card_id, version)


def seal_label(owner_key: bytes, token: str, label: str, card_id: bytes) -> bytes:
    """Seal a token with its label, so that the owner can see both again."""
    about = associated_data(card_id + lookup_id(token), 0, _LABEL)
    return seal(owner_key, (token + label).encode(), about)


def open_label(owner_key: bytes, link: Link) -> tuple[str, str]:
    """Return the token and the label of a reader's or a calendar's link."""
    about = associated_data(link.card_id + link.lookup_id, 0, _LABEL)
    text = open_sealed(owner_key, link.sealed_label, about).decode()
    return text[:TOKEN_LENGTH], text[TOKEN_LENGTH:]


def seal_print(owner_key: bytes, last: bytes, card_id: bytes, link: bytes) -> bytes:
    """Seal what was printed last with the link of a lookup id."""
    return seal(owner_key, last, associated_data(card_id + link, 0, _PRINT))


def open_print(owner_key: bytes, link: Link) -> bytes | None:
    """Return what was printed last with a reader's link, or None."""
    if link.sealed_print is None:
        return None
    about = associated_data(link.card_id + link.lookup_id, 0, _PRINT)
    return open_sealed(owner_key, link.sealed_print, about)


def reseal_link(old_key: bytes, new_key: bytes, link: Link) -> dict[str, bytes | None]:
    """Seal a label and a last print under a new owner key; return them by their columns."""
    token, label = open_label(old_key, link)
    last = open_print(old_key, link)
    sealed = last and seal_print(new_key, last, link.card_id, link.lookup_id)
    label_sealed = seal_label(new_key, token, label, link.card_id)
    return {"sealed_label": label_sealed, "sealed_print": sealed}


def seal_data_key(owner_key: bytes, data_key: bytes, card_id: bytes, version: int) -> bytes:
    """Seal a version's data key for the owner."""
    return seal(owner_key, data_key, associated_data(card_id, version, _DATA_KEY))


def open_data_key(owner_key: bytes, card_id: bytes, row: Save | Version | FoundCard) -> bytes:
    """Return the data key of a version."""
    about = associated_data(card_id, row.version, _DATA_KEY)
    return open_sealed(owner_key, row.sealed_data_key, about)


def seal_note(owner_key: bytes, note: str, card_id: bytes, version: int) -> bytes:
    """Seal the owner's note about a save."""
    return seal(owner_key, note.encode(), associated_data(card_id, version, _NOTE))


def open_note(owner_key: bytes, card_id: bytes, row: Save) -> str:
    """Return the owner's note about a save."""
    about = associated_data(card_id, row.version, _NOTE)
    return open_sealed(owner_key, row.sealed_note, about).decode()


def reseal_save(old_key: bytes, new_key: bytes, card_id: bytes, row: Save) -> tuple[bytes, bytes]:
    """Seal a version's data key and note under a new owner key."""
    data_key, note = open_data_key(old_key, card_id, row), open_note(old_key, card_id, row)
    return (
        seal_data_key(new_key, data_key, card_id, row.version),
        seal_note(new_key, note, card_id, row.version),
    )


def seal_page(data_key: bytes, page: bytes, card_id: bytes, version: int) -> bytes:
    """Seal the page of a version."""
    return seal(data_key, page, associated_data(card_id, version, _PAGE))


def open_page(data_key: bytes, row: FoundPage | FoundCard) -> bytes:
    """Return the page of a version."""
    return open_sealed(data_key, row.sealed_page, associated_data(row.card_id, row.version, _PAGE))


def open_card(data_key: bytes, row: Version | FoundCard) -> bytes:
    """Return the card file of a version."""
    return open_sealed(data_key, row.sealed_card, associated_data(row.card_id, row.version, _CARD))


def open_papers(data_key: bytes, row: FoundCard) -> bytes | None:
    """Return the table of older papers, or None if the version has none."""
    if row.sealed_papers is None:
        return None
    about = associated_data(row.card_id, row.version, _PAPERS)
    return open_sealed(data_key, row.sealed_papers, about)


def version_row(
    card_id: bytes,
    version: int,
    keys: Keys,
    contents: tuple[bytes, bytes, bytes | None],
    note: str,
    saved_at: datetime,
) -> Version:
    """Return the row of a version; ``contents`` are card file, page and table of papers."""
    card, page, papers = contents
    return Version(
        card_id,
        version,
        seal_data_key(keys.owner, keys.data, card_id, version),
        seal_note(keys.owner, note, card_id, version),
        saved_at,
        seal_page(keys.data, page, card_id, version),
        seal(keys.data, card, associated_data(card_id, version, _CARD)),
        None
        if papers is None
        else seal(keys.data, papers, associated_data(card_id, version, _PAPERS)),
    )
