"""A limit on the invitations of an installation: anybody can make cards and invite any address."""

from datetime import UTC, datetime

from sqlalchemy import Engine, delete, text

from caregiver_card.storage.database import writing
from caregiver_card.storage.schema import alert_invitations

# The project's own choice: enough for a clinic's information evening, and too few to get this
# server onto a list of spammers.
MAX_INVITATIONS_AN_HOUR = 60
_HOUR_S = 3600
# One statement, so that of two concurrent requests only one takes the last slot.
_ONE_MORE = text(
    "INSERT INTO alert_invitations (hour, count) VALUES (:hour, 1)"
    " ON CONFLICT (hour) DO UPDATE SET count = alert_invitations.count + 1"
    " WHERE alert_invitations.count < :most"
).bindparams(most=MAX_INVITATIONS_AN_HOUR)


class InviteLimit:
    """Counts invitations by the full hour, for all cards together, deleted ones included."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def take(self, now: datetime) -> bool:
        """Take a slot of this hour; return False if none is left."""
        hour = _hour(now)
        with writing(self._engine) as connection:
            connection.execute(delete(alert_invitations).where(alert_invitations.c.hour < hour - 1))
            return connection.execute(_ONE_MORE, {"hour": hour}).rowcount == 1


def next_hour(now: datetime) -> datetime:
    """Return the start of the next hour, when there are slots again."""
    return datetime.fromtimestamp((_hour(now) + 1) * _HOUR_S, UTC)


def _hour(now: datetime) -> int:
    return int(now.timestamp()) // _HOUR_S
