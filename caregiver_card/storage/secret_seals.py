"""Seals under CARD_SECRET_KEY, for what the program reads without anybody's token.

Each card has a key of its own, derived from the secret; the installation's own seals have the
record ``b""``.
"""

from caregiver_card.storage import crypto

BOOK = "book"


def seal(secret: str, card_id: bytes, row_id: bytes, purpose: str, plain: bytes) -> bytes:
    """Seal the content of one column of one row of a card."""
    return crypto.seal(_key(secret, card_id), plain, _about(card_id, row_id, purpose))


def unseal(secret: str, card_id: bytes, row_id: bytes, purpose: str, sealed: bytes) -> bytes:
    """Return what ``seal`` sealed. Raises ``crypto.BrokenSeal``."""
    return crypto.open_sealed(_key(secret, card_id), sealed, _about(card_id, row_id, purpose))


def _about(card_id: bytes, row_id: bytes, purpose: str) -> bytes:
    return crypto.associated_data(card_id + row_id, 0, purpose)


def _key(secret: str, card_id: bytes) -> bytes:
    return crypto.derived_key(secret, card_id, "alerting")
