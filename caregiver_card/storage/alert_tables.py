"""The tables of what goes out. They stand in the same metadata as the cards, for backups.

    alert_books     one row a card with people to tell: its sealed book
    alert_links     one row a person told: which card their own page, /u/, belongs to
    alert_outbox    one row a message: to be sent, under way, sent. It is the log as well
    alert_invitations   one row an hour: how many were asked, which outlives their cards

What is sealed is sealed under a key of the card's own that is made from CARD_SECRET_KEY; a deleted
card takes its rows along.
"""

from datetime import datetime
from enum import IntEnum
from typing import NamedTuple

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table

from caregiver_card.storage.tables import UtcTime, cards, metadata

__all__ = ["OutboxRow", "OutboxState", "books", "invitations", "links", "metadata", "outbox"]


class OutboxState(IntEnum):
    """Where a message is."""

    QUEUED = 0
    # Its sender was about to say the last word: the other side may have it, or not.
    HANDED_OVER = 1
    SENT = 2
    # The address is no more, or what it was to say does not hold any more.
    REFUSED = 3
    WITHDRAWN = 4


def _card() -> Column[bytes]:
    reference = ForeignKey(cards.c.id, ondelete="CASCADE")
    return Column("card_id", LargeBinary(16), reference, nullable=False, index=True)


books = Table(
    "alert_books",
    metadata,
    Column(
        "card_id", LargeBinary(16), ForeignKey(cards.c.id, ondelete="CASCADE"), primary_key=True
    ),
    # When somebody has to look whether anything is due.
    Column("look_at", UtcTime, nullable=False, index=True),
    Column("sealed_book", LargeBinary, nullable=False),
)

links = Table(
    "alert_links",
    metadata,
    Column("lookup_id", LargeBinary(32), primary_key=True),
    _card(),
)

# The id is the lookup id of the message's own token, which /a/ opens.
outbox = Table(
    "alert_outbox",
    metadata,
    Column("id", LargeBinary(32), primary_key=True),
    _card(),
    Column("state", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    # When it is to be tried next, and when it came to its end.
    Column("due_at", UtcTime, nullable=False),
    Column("done_at", UtcTime, nullable=True),
    Column("seen_at", UtcTime, nullable=True),
    # Who has it in hand, and until when others leave it alone.
    Column("claim", LargeBinary(16), nullable=True),
    Column("claimed_until", UtcTime, nullable=True),
    Column("sealed_note", LargeBinary, nullable=False),
    Column("sealed_result", LargeBinary, nullable=False),
    Index("ix_alert_outbox_waiting", "state", "due_at"),
)


invitations = Table(
    "alert_invitations",
    metadata,
    # The number of whole hours since 1970.
    Column("hour", Integer, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
)


class OutboxRow(NamedTuple):
    """A row of `alert_outbox`."""

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
