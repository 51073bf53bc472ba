"""A limit on the invitations of an installation: anybody can make cards and invite any address.

It protects the alerts: a mail server that is taken for a spammer's delivers none of them. What one
address may ask, and how often one may be asked, is limited far below (``web.limiting``), so that
no single visitor can use this one up for everybody.
"""

from datetime import UTC, datetime

from sqlalchemy import Engine, delete, text

from caregiver_card.storage.database import writing
from caregiver_card.storage.schema import alert_invitations

# Fifteen clinics' evenings in one hour; mail providers allow some hundred messages an hour and
# more. Who has another contract sets CARD_INVITATIONS_PER_HOUR.
USUAL = 600
_HOUR_S = 3600
# One statement, so that of two concurrent requests only one takes the last slot.
_ONE_MORE = text(
    "INSERT INTO alert_invitations (hour, count) VALUES (:hour, 1)"
    " ON CONFLICT (hour) DO UPDATE SET count = alert_invitations.count + 1"
    " WHERE alert_invitations.count < :most"
)


class InviteLimit:
    """Counts invitations by the full hour, for all cards together, deleted ones included."""

    def __init__(self, engine: Engine, most: int = USUAL) -> None:
        self._engine, self._most = engine, most

    def take(self, now: datetime) -> bool:
        """Take a slot of this hour; return False if none is left."""
        if not self._most:
            return False
        hour = _hour(now)
        with writing(self._engine) as connection:
            connection.execute(delete(alert_invitations).where(alert_invitations.c.hour < hour - 1))
            return connection.execute(_ONE_MORE, {"hour": hour, "most": self._most}).rowcount == 1


def next_hour(now: datetime) -> datetime:
    """Return the start of the next hour, when there are slots again."""
    return datetime.fromtimestamp((_hour(now) + 1) * _HOUR_S, UTC)


def _hour(now: datetime) -> int:
    return int(now.timestamp()) // _HOUR_S
