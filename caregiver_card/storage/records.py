"""What the vault takes and returns. The repr of these classes shows neither a token nor a card."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import NamedTuple

from caregiver_card.card.model import Card

# Writes a calendar file from a card, the number of its version and when it was saved, the card's
# record id, and the calendar's label.
CalendarWriter = Callable[[Card, int, datetime, bytes, str], bytes]
# Writes the summary for record systems from the same, without a label; with its content type.
SummaryWriter = Callable[[Card, int, datetime, bytes], tuple[bytes, str]]

# Parts a note's words from what the program reads of it: no text that a person types has it.
_MARK = "\x1f"


def marked_note(words: str, mark: str) -> str:
    """Return the note of a save with a mark that is not shown: ``VersionEntry.mark``."""
    return f"{words}{_MARK}{mark}"


def parted_note(note: str) -> tuple[str, str]:
    """Return the words of a stored note, and its mark."""
    words, _, mark = note.partition(_MARK)
    return words, mark


class Writers(NamedTuple):
    """What a vault derives from a card at each save."""

    calendar: CalendarWriter
    summary: SummaryWriter


NO_WRITERS = Writers(lambda *_: b"", lambda *_: (b"", ""))


def no_clock() -> datetime:
    """Return the end of all days, at which every link has ended that ends by itself."""
    return datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class LastPrint:
    """What an owner printed last with a link: the layout, the day, and the card's version."""

    layout: str
    on: date
    version: int


@dataclass(frozen=True, slots=True)
class ReaderLink:
    """An address that is printed on a card.

    ``id`` names the link in forms and opens nothing; ``token`` opens the page. ``last_print`` is
    None where no print was noted, by this program or at all.
    """

    id: str
    label: str = field(repr=False)
    token: str = field(repr=False)
    made_on: date
    opened_on: date | None
    last_print: LastPrint | None = None


@dataclass(frozen=True, slots=True)
class AddedCard:
    """A card just added: the owner's token, which is shown this once, and the reader links."""

    owner: str = field(repr=False)
    reader_links: tuple[ReaderLink, ...]
    version: int


@dataclass(frozen=True, slots=True)
class StoredPage:
    """The present page, as the caller saved it. ``lasts`` is as in ``opening.lasts``."""

    content: bytes = field(repr=False)
    version: int
    card_id: bytes = field(default=b"", repr=False, compare=False)
    lasts: bool = True


@dataclass(frozen=True, slots=True)
class OpenedCard:
    """The present version; ``saved_at`` is in UTC. A first version has no ``papers``.

    ``lasts`` is as in ``opening.lasts``.
    """

    card_id: bytes = field(repr=False)
    card: Card = field(repr=False)
    page: bytes = field(repr=False)
    version: int
    saved_at: datetime
    papers: bytes | None = field(repr=False)
    lasts: bool


@dataclass(frozen=True, slots=True)
class VersionEntry:
    """A line of a card's history. ``mark`` is what the program reads of a note, mostly nothing."""

    version: int
    saved_at: datetime
    note: str = field(repr=False)
    mark: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class OwnedCard:
    """What an owner sees: reader links oldest first, history newest first.

    ``code_links`` are the reader links that go with codes for record systems.
    """

    card_id: bytes = field(repr=False)
    card: Card = field(repr=False)
    version: int
    saved_at: datetime
    reader_links: tuple[ReaderLink, ...]
    code_links: tuple[ReaderLink, ...]
    history: tuple[VersionEntry, ...]

    @property
    def reader(self) -> str:
        """The token of the oldest reader link, for the card's own pages; empty without one."""
        return self.reader_links[0].token if self.reader_links else ""
