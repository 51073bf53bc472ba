"""Alerts: the alert records, the recipients' links, and the outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the three tables."""
    _books()
    _links()
    _outbox()


def downgrade() -> None:
    """Drop the three tables with all messages in them."""
    for table in ("alert_outbox", "alert_links", "alert_books"):
        op.drop_table(table)


def _card() -> sa.ForeignKey:
    return sa.ForeignKey("cards.id", ondelete="CASCADE")


def _books() -> None:
    op.create_table(
        "alert_books",
        sa.Column("card_id", sa.LargeBinary(16), _card(), primary_key=True),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("sealed_book", sa.LargeBinary(), nullable=False),
    )


def _links() -> None:
    op.create_table(
        "alert_links",
        sa.Column("lookup_id", sa.LargeBinary(32), primary_key=True),
        sa.Column("card_id", sa.LargeBinary(16), _card(), nullable=False, index=True),
    )


def _outbox() -> None:
    op.create_table(
        "alert_outbox",
        sa.Column("id", sa.LargeBinary(32), primary_key=True),
        sa.Column("card_id", sa.LargeBinary(16), _card(), nullable=False, index=True),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claim", sa.LargeBinary(16), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed_note", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_result", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_alert_outbox_waiting", "alert_outbox", ["state", "due_at"])
