"""The table of older papers in each version: in which facts each paper differs from it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; it is empty in older versions."""
    op.add_column("versions", sa.Column("sealed_papers", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("versions", "sealed_papers")
