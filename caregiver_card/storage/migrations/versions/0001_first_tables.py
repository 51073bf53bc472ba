"""The first tables: cards, their versions, and the links that lead to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the three tables."""
    _cards()
    _versions()
    _links()


def downgrade() -> None:
    """Drops the three tables with all cards in them."""
    for table in ("links", "versions", "cards"):
        op.drop_table(table)


def _cards() -> None:
    op.create_table(
        "cards",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_on", sa.Date(), nullable=False),
        sqlite_with_rowid=False,
    )


def _versions() -> None:
    card = sa.ForeignKey("cards.id", ondelete="CASCADE")
    op.create_table(
        "versions",
        sa.Column("card_id", sa.LargeBinary(16), card, primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("sealed_data_key", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_note", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed_page", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_card", sa.LargeBinary(), nullable=False),
    )


def _links() -> None:
    card = sa.ForeignKey("cards.id", ondelete="CASCADE")
    op.create_table(
        "links",
        sa.Column("lookup_id", sa.LargeBinary(32), primary_key=True),
        sa.Column("card_id", sa.LargeBinary(16), card, nullable=False, index=True),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_label", sa.LargeBinary(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=True),
        sa.CheckConstraint("kind IN ('owner', 'reader', 'calendar')", name="links_kind"),
        sqlite_with_rowid=False,
    )
