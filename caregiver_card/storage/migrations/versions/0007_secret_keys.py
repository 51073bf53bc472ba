"""What tells the right CARD_SECRET_KEY from a wrong one, and what survives its rotation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, empty: the program that opens the database next fills the first."""
    op.create_table(
        "key_checks",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("sealed_check", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_push_keys", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "device_marks",
        sa.Column(
            "card_id",
            sa.LargeBinary(16),
            sa.ForeignKey("cards.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("salt", sa.LargeBinary(16), nullable=False),
        sa.Column("sealed_cookie", sa.LargeBinary(), nullable=True),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("device_marks")
    op.drop_table("key_checks")
