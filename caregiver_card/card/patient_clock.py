"""Convert between UTC and the patient's own clock: alerts fall due by the patient's day."""

from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from caregiver_card.card.model import Card


def patient_day(card: Card, now: datetime) -> date:
    """Return the date where the patient lives at ``now``, an aware datetime."""
    return local_day(card.time_zone or "", now)


def local_day(time_zone: str, now: datetime) -> date:
    """Return the date in an IANA time zone at ``now``; an empty name means UTC."""
    return local_time(time_zone, now).date()


def local_time(time_zone: str, now: datetime) -> datetime:
    """Convert ``now`` to an IANA time zone; an empty name means UTC."""
    return now.astimezone(_zone(time_zone))


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name or "UTC")
