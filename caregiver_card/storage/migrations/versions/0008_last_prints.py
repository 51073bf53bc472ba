"""What was last printed with each reader link."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, empty: what was printed before is not known."""
    op.add_column("links", sa.Column("sealed_print", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Drop the column with its notes."""
    op.drop_column("links", "sealed_print")
