"""For the operator: notes of what last succeeded, and which program a version needs at least."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table, and the column: what is stored was written by program 4 or before."""
    op.create_table(
        "operator_notes",
        sa.Column("event", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.add_column(
        "versions", sa.Column("least_schema", sa.Integer(), nullable=False, server_default="4")
    )


def downgrade() -> None:
    """Drop the column and the table."""
    op.drop_column("versions", "least_schema")
    op.drop_table("operator_notes")
