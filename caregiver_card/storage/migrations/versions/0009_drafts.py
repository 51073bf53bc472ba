"""What was typed and is not saved yet, for a day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, empty."""
    op.create_table(
        "drafts",
        sa.Column("id", sa.LargeBinary(32), primary_key=True),
        sa.Column("name", sa.LargeBinary(16), primary_key=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_drafts_ends", "drafts", ["ends"])


def downgrade() -> None:
    """Drop the table: the earlier program keeps what is typed in its pages."""
    op.drop_table("drafts")
