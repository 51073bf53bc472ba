"""How many invitations an installation sends: anybody can make cards, and name any address."""

from datetime import UTC, datetime

from sqlalchemy import Engine, delete, text

from caregiver_card.storage.database import writing
from caregiver_card.storage.schema import alert_invitations

# The project's own choice: enough for an information evening of a clinic, and so few that nobody
# makes a nuisance of this server or gets it onto a list of spammers.
MOST_AN_HOUR = 60
_HOUR_S = 3600
# One statement, so that of two that come at once only one takes the last place.
_ONE_MORE = text(
    "INSERT INTO alert_invitations (hour, count) VALUES (:hour, 1)"
    " ON CONFLICT (hour) DO UPDATE SET count = alert_invitations.count + 1"
    " WHERE alert_invitations.count < :most"
).bindparams(most=MOST_AN_HOUR)


class InviteLimit:
    """Counted by the full hour, for all cards together, and whatever becomes of the cards."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def take(self, now: datetime) -> bool:
        """Whether one more may go out in this hour; it then counts."""
        hour = _hour(now)
        with writing(self._engine) as connection:
            connection.execute(delete(alert_invitations).where(alert_invitations.c.hour < hour - 1))
            return connection.execute(_ONE_MORE, {"hour": hour}).rowcount == 1


def next_hour(now: datetime) -> datetime:
    """When there are places again."""
    return datetime.fromtimestamp((_hour(now) + 1) * _HOUR_S, UTC)


def _hour(now: datetime) -> int:
    return int(now.timestamp()) // _HOUR_S
