"""What the vault takes and hands out. Nothing shows a token or a card when printed or logged."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from caregiver_card.card.model import Card

# A card, the number of its version and when that was saved, the card's record id, and the label of
# a calendar -> what that calendar's token opens.
Dates = Callable[[Card, int, datetime, bytes, str], bytes]


def no_dates(*_: object) -> bytes:
    """The dates of a vault that nobody makes calendars in."""
    return b""


@dataclass(frozen=True, slots=True)
class ReaderLink:
    """One printed copy. `id` names it in forms and opens nothing; `token` opens the page."""

    id: str
    label: str = field(repr=False)
    token: str = field(repr=False)
    made_on: date
    seen_on: date | None


@dataclass(frozen=True, slots=True)
class AddedCard:
    """A card just added: the owner's token, which is shown this once, and its copies."""

    owner: str = field(repr=False)
    readers: tuple[ReaderLink, ...]
    version: int


@dataclass(frozen=True, slots=True)
class StoredPage:
    """The present page, as it was given."""

    content: bytes = field(repr=False)
    version: int
    card_id: bytes = field(default=b"", repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class OpenedCard:
    """The present version; `saved_at` is in UTC. `papers` is absent in a first version."""

    card_id: bytes = field(repr=False)
    card: Card = field(repr=False)
    page: bytes = field(repr=False)
    version: int
    saved_at: datetime
    papers: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class VersionEntry:
    """One line of a card's history."""

    version: int
    saved_at: datetime
    note: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OwnedCard:
    """What an owner sees: copies oldest first, history newest first."""

    card_id: bytes = field(repr=False)
    card: Card = field(repr=False)
    version: int
    saved_at: datetime
    copies: tuple[ReaderLink, ...]
    history: tuple[VersionEntry, ...]

    @property
    def reader(self) -> str:
        """The token of the oldest copy, which opens the card's own pages; empty without one."""
        return self.copies[0].token if self.copies else ""
