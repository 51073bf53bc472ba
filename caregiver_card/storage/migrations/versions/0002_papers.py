"""What is kept of older papers beside a version: in which facts each differs from it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column; older versions have nothing in it."""
    op.add_column("versions", sa.Column("sealed_papers", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Takes the column away."""
    op.drop_column("versions", "sealed_papers")
