"""What a sender must read without a token, sealed under a key of the card's own.

The key is made from CARD_SECRET_KEY, which is in no backup: a stolen database tells nobody who is
told what. Opening raises ``crypto.BrokenSeal``, as it does after that key was changed.
"""

import json
from typing import Any

from caregiver_card.alerting.policy import alert_record
from caregiver_card.alerting.policy.alert_record import AlertRecord
from caregiver_card.storage import crypto


class Sealer:
    """Seals and opens with the secret of one installation."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def book(self, card_id: bytes, plain: AlertRecord) -> bytes:
        """A card's book, sealed."""
        return self._seal(card_id, b"", "book", alert_record.dump(plain))

    def open_book(self, card_id: bytes, sealed: bytes) -> AlertRecord:
        """A card's book."""
        return alert_record.load(self._open(card_id, b"", "book", sealed))

    def words(self, card_id: bytes, row: bytes, column: str, plain: dict[str, Any]) -> bytes:
        """What stands in one column of one row, sealed."""
        return self._seal(card_id, row, column, json.dumps(plain).encode())

    def open_words(self, card_id: bytes, row: bytes, column: str, sealed: bytes) -> dict[str, Any]:
        """What stands in one column of one row; nothing where nothing was written yet."""
        raw = self._open(card_id, row, column, sealed) if sealed else b"{}"
        return json.loads(raw)  # type: ignore[no-any-return]

    def _seal(self, card_id: bytes, row: bytes, purpose: str, plain: bytes) -> bytes:
        return crypto.seal(self._key(card_id), plain, crypto.subject(card_id + row, 0, purpose))

    def _open(self, card_id: bytes, row: bytes, purpose: str, sealed: bytes) -> bytes:
        about = crypto.subject(card_id + row, 0, purpose)
        return crypto.open_sealed(self._key(card_id), sealed, about)

    def _key(self, card_id: bytes) -> bytes:
        return crypto.derived_key(self._secret, card_id, "alerting")
