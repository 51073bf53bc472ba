"""Seals for what a sender reads without a token, under a key of each card's own.

The key is derived from CARD_SECRET_KEY, which no backup contains: a stolen database reveals neither
recipients nor alerts. Opening raises ``crypto.BrokenSeal``, also after CARD_SECRET_KEY changed.
"""

import json
from typing import Any

from caregiver_card.alerting.policy import alert_record
from caregiver_card.alerting.policy.alert_record import AlertRecord
from caregiver_card.storage import secret_seals


class UnreadableMessage(ValueError):
    """A row that opens and holds no message, perhaps one of another version of this program."""


class Sealer:
    """Seals and opens records and outbox columns with the secret of one installation."""

    def __init__(self, secret: str) -> None:
        self.secret = secret

    def seal_record(self, card_id: bytes, record: AlertRecord) -> bytes:
        """Seal a card's alert record."""
        return self._seal(card_id, b"", secret_seals.BOOK, alert_record.dump(record))

    def open_record(self, card_id: bytes, sealed: bytes) -> AlertRecord:
        """Open a card's alert record."""
        return alert_record.load(self._open(card_id, b"", secret_seals.BOOK, sealed))

    def seal_column(
        self, card_id: bytes, row_id: bytes, column: str, content: dict[str, Any]
    ) -> bytes:
        """Seal the content of one column of one outbox row."""
        return self._seal(card_id, row_id, column, json.dumps(content).encode())

    def open_column(
        self, card_id: bytes, row_id: bytes, column: str, sealed: bytes
    ) -> dict[str, Any]:
        """Open the content of one column of one outbox row; an empty column is an empty dict."""
        raw = self._open(card_id, row_id, column, sealed) if sealed else b"{}"
        return json.loads(raw)  # type: ignore[no-any-return]

    def open_message(self, card_id: bytes, row_id: bytes, sealed: bytes) -> dict[str, Any]:
        """Open what an outbox row is to send. Raises UnreadableMessage as well."""
        raw = self._open(card_id, row_id, "note", sealed)
        try:
            content = json.loads(raw)
            return {name: content[name] for name in ("what", "person", "details", "token")}
        except (ValueError, TypeError, KeyError) as error:
            raise UnreadableMessage(type(error).__name__) from None

    def _seal(self, card_id: bytes, row_id: bytes, purpose: str, plaintext: bytes) -> bytes:
        return secret_seals.seal(self.secret, card_id, row_id, purpose, plaintext)

    def _open(self, card_id: bytes, row_id: bytes, purpose: str, sealed: bytes) -> bytes:
        return secret_seals.unseal(self.secret, card_id, row_id, purpose, sealed)
