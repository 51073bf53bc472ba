"""Local times as moments, and which repetition of an alert is due."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MORNING = time(8)
# The sender evaluates each record at full quarters of an hour.
CHECK_INTERVAL = timedelta(minutes=15)


def zone_info(name: str) -> ZoneInfo:
    """Return a time zone; UTC where this machine does not know it, so that alerts still go out."""
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:
        return ZoneInfo("UTC")


def at_local_time(day: date, local_time: time, zone: ZoneInfo) -> datetime:
    """Return a local time in UTC; a time that the clock skips counts as one hour later."""
    return datetime.combine(day, local_time, zone).astimezone(UTC)


def start_of_quarter(now: datetime) -> datetime:
    """Return the last full quarter of an hour."""
    return now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)


def latest_repetition(
    start: datetime, interval: timedelta, zone: ZoneInfo, now: datetime
) -> int | None:
    """Return the number of the latest repetition that is due, 0 for the first; None before it.

    An interval below one day counts hours. A longer one counts days: each repetition is due in the
    recipient's morning, whether or not the clocks changed in between.
    """
    if now < start:
        return None
    if interval < timedelta(days=1):
        return (now - start) // interval
    first, today = start.astimezone(zone).date(), now.astimezone(zone).date()
    number = (today - first) // interval
    if number and now < at_local_time(first + number * interval, MORNING, zone):
        number -= 1
    return number


def next_repetition(
    start: datetime, interval: timedelta, zone: ZoneInfo, now: datetime
) -> datetime:
    """Return the moment at which the next repetition is due."""
    latest = latest_repetition(start, interval, zone, now)
    number = 0 if latest is None else latest + 1
    if number == 0 or interval < timedelta(days=1):
        return start + number * interval
    return at_local_time(start.astimezone(zone).date() + number * interval, MORNING, zone)
