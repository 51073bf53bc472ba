"""Links that record systems follow, and reader links that end by themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, empty, and the column: no link ended by itself."""
    op.add_column("links", sa.Column("ends", sa.BigInteger(), nullable=True))
    op.create_table(
        "health_links",
        sa.Column(
            "reader",
            sa.LargeBinary(32),
            sa.ForeignKey("links.lookup_id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("lookup_id", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.Column("encrypted", sa.LargeBinary(), nullable=False),
    )


def downgrade() -> None:
    """Drop both; ``way_back`` has deleted the links that would never end."""
    op.drop_table("health_links")
    op.drop_column("links", "ends")
