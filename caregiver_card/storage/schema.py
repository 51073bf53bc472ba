"""Every table of the database, once.

    cards       one row a card: which version is the present one
    versions    one row a save: the card and its page, sealed under a data key of their own
    links       one row a token: what the token's wrapping key opens
    health_links    one row a reader link that a record system follows: the encrypted summary
    alert_books     one row a card with recipients: its sealed alert record
    alert_links     one row a recipient: which card their own page, /u/, belongs to
    alert_outbox    one row a message, waiting or sent; it is the log as well
    alert_invitations   one row an hour: the number of invitations, also of deleted cards
    operator_notes  one row an event: when a write, a sender's pass and a backup last succeeded
    limit_counters  one row a hashed key: how often, until when; in no backup
    drafts          one row a form that was begun: what was typed, sealed; in no backup
    key_checks      one row: what the right CARD_SECRET_KEY alone opens
    device_marks    one row a card whose owner's address or secret key was renewed: the cookie of
                    its family's devices

The tables of alerts are sealed under each card's own key, derived from CARD_SECRET_KEY. Deleting a
card deletes its rows. A change here needs a step in migrations/versions; a test compares the two on
both databases.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    TypeDecorator,
)


class UtcTime(TypeDecorator[datetime]):
    """An aware time, stored and returned in UTC; SQLite knows no zones and PostgreSQL many.

    Raises ValueError for a naive time.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to the database."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert from the database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData()

# The two tables with short rows are WITHOUT ROWID in SQLite, so that a row takes one search.
cards = Table(
    "cards",
    metadata,
    Column("id", LargeBinary(16), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("saved_on", Date, nullable=False),
    sqlite_with_rowid=False,
)

# The page stands before the card, because SQLite reads a long row from its front and an emergency
# needs only the page.
versions = Table(
    "versions",
    metadata,
    Column(
        "card_id", LargeBinary(16), ForeignKey(cards.c.id, ondelete="CASCADE"), primary_key=True
    ),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("sealed_data_key", LargeBinary, nullable=False),
    Column("sealed_note", LargeBinary, nullable=False),
    Column("saved_at", UtcTime, nullable=False),
    Column("sealed_page", LargeBinary, nullable=False),
    Column("sealed_card", LargeBinary, nullable=False),
    # NULL in a first version, in every past one, and in those that an older program saved.
    Column("sealed_papers", LargeBinary, nullable=True),
    # The schema of the earliest program that reads this version: see ``migrations.way_back``.
    Column("least_schema", Integer, nullable=False, server_default="4"),
)

links = Table(
    "links",
    metadata,
    Column("lookup_id", LargeBinary(32), primary_key=True),
    Column(
        "card_id",
        LargeBinary(16),
        ForeignKey(cards.c.id, ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("kind", String(8), nullable=False),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("sealed_label", LargeBinary, nullable=False),
    Column("made_on", Date, nullable=False),
    Column("seen_on", Date, nullable=True),
    # What the owner printed last with this link.
    Column("sealed_print", LargeBinary, nullable=True),
    # In seconds since 1970: when the link ends by itself. NULL: when its owner stops it.
    Column("ends", BigInteger, nullable=True),
    CheckConstraint("kind IN ('owner', 'reader', 'calendar')", name="links_kind"),
    sqlite_with_rowid=False,
)


# A table of its own: the rows of ``links`` stay short.
health_links = Table(
    "health_links",
    metadata,
    # The reader link that it goes with, and ends with.
    Column(
        "reader",
        LargeBinary(32),
        ForeignKey(links.c.lookup_id, ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("lookup_id", LargeBinary(32), nullable=False, unique=True),
    Column("sealed_secret", LargeBinary, nullable=False),
    # A JWE under the link's own key, as it is served.
    Column("encrypted", LargeBinary, nullable=False),
)


def _card() -> Column[bytes]:
    reference = ForeignKey(cards.c.id, ondelete="CASCADE")
    return Column("card_id", LargeBinary(16), reference, nullable=False, index=True)


alert_records = Table(
    "alert_books",
    metadata,
    Column(
        "card_id", LargeBinary(16), ForeignKey(cards.c.id, ondelete="CASCADE"), primary_key=True
    ),
    # When a sender has to evaluate the record.
    Column("look_at", UtcTime, nullable=False, index=True),
    Column("sealed_book", LargeBinary, nullable=False),
)

alert_links = Table(
    "alert_links",
    metadata,
    Column("lookup_id", LargeBinary(32), primary_key=True),
    _card(),
)

# The id is the lookup id of the message's own token, which /a/ opens.
alert_outbox = Table(
    "alert_outbox",
    metadata,
    Column("id", LargeBinary(32), primary_key=True),
    _card(),
    Column("state", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    # When a sender is to try next, and when the message was settled.
    Column("due_at", UtcTime, nullable=False),
    Column("done_at", UtcTime, nullable=True),
    Column("seen_at", UtcTime, nullable=True),
    # Which sender claimed it, and until when.
    Column("claim", LargeBinary(16), nullable=True),
    Column("claimed_until", UtcTime, nullable=True),
    Column("sealed_note", LargeBinary, nullable=False),
    Column("sealed_result", LargeBinary, nullable=False),
    Index("ix_alert_outbox_waiting", "state", "due_at"),
)


alert_invitations = Table(
    "alert_invitations",
    metadata,
    # The number of whole hours since 1970.
    Column("hour", Integer, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
)

# Of the installation and not of its cards: no backup has it.
operator_notes = Table(
    "operator_notes",
    metadata,
    Column("event", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
)

limit_counters = Table(
    "limit_counters",
    metadata,
    Column("key", LargeBinary(16), primary_key=True),
    Column("count", Integer, nullable=False),
    # When its window ends, in seconds since 1970.
    Column("ends", BigInteger, nullable=False, index=True),
)

drafts = Table(
    "drafts",
    metadata,
    # The lookup id of a browser's token, and the name of a form under that token.
    Column("id", LargeBinary(32), primary_key=True),
    Column("name", LargeBinary(16), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    # In seconds since 1970.
    Column("ends", BigInteger, nullable=False, index=True),
)

key_checks = Table(
    "key_checks",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("sealed_check", LargeBinary, nullable=False),
    # The private push keys of former secrets, to which phones are bound that subscribed then.
    Column("sealed_push_keys", LargeBinary, nullable=False),
)

device_marks = Table(
    "device_marks",
    metadata,
    Column(
        "card_id", LargeBinary(16), ForeignKey(cards.c.id, ondelete="CASCADE"), primary_key=True
    ),
    # Changes the derived cookie; a renewal needs no secret for it.
    Column("salt", LargeBinary(16), nullable=False),
    # The cookie itself, once it was derived from a former secret.
    Column("sealed_cookie", LargeBinary, nullable=True),
)
