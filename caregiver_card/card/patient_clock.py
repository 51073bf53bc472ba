"""The patient's day: what is due goes by the clock where the patient lives."""

from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from caregiver_card.card.model import Card


def day_of(card: Card, now: datetime) -> date:
    """The day where the patient is at ``now``, an aware time."""
    return day(card.time_zone or "", now)


def day(time_zone: str, now: datetime) -> date:
    """The day in an IANA time zone at ``now``; without a zone, the day in UTC."""
    return moment(time_zone, now).date()


def moment(time_zone: str, now: datetime) -> datetime:
    """``now`` by the clock of an IANA time zone; without a zone, by UTC."""
    return now.astimezone(_zone(time_zone))


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name or "UTC")
