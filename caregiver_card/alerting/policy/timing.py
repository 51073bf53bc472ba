"""Moments: a wall clock's mornings, and which repetition's time has come."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MORNING = time(8)
# Everything that happens by the clock happens at full quarters of an hour.
LOOK = timedelta(minutes=15)


def zone(name: str) -> ZoneInfo:
    """A clock's place; UTC where this machine does not know it any more, or nobody were told."""
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:
        return ZoneInfo("UTC")


def moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """A wall clock's time as a moment; one that the clock skips is an hour later on it."""
    return datetime.combine(day, at, zone).astimezone(UTC)


def quarter(now: datetime) -> datetime:
    """The last full quarter of an hour."""
    return now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)


def newest(start: datetime, again: timedelta, zone: ZoneInfo, now: datetime) -> int | None:
    """The number of the newest repetition whose time has come, 0 the first; None before it.

    Repetitions by the hour count hours; those by the day come in the morning there, whatever
    the clocks did in the night.
    """
    if now < start:
        return None
    if again < timedelta(days=1):
        return (now - start) // again
    first, today = start.astimezone(zone).date(), now.astimezone(zone).date()
    number = (today - first) // again
    if number and now < moment(first + number * again, MORNING, zone):
        number -= 1
    return number


def following(start: datetime, again: timedelta, zone: ZoneInfo, now: datetime) -> datetime:
    """When the next repetition comes."""
    last = newest(start, again, zone, now)
    number = 0 if last is None else last + 1
    if number == 0 or again < timedelta(days=1):
        return start + number * again
    return moment(start.astimezone(zone).date() + number * again, MORNING, zone)
