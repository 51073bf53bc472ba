"""A card may have a family name and a gender: no table changes, only what a card file may hold."""

from __future__ import annotations

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change nothing: a version whose card has one of them names this schema as its least."""


def downgrade() -> None:
    """Change nothing: there is no way back while a present card has one of them."""
