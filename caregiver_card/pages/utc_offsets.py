"""A time zone's clock as a table, for who has none of the world's zones at hand.

A phone knows them, but a worker that has just begun needs longer to ask for them than for all the
rest of a page.
"""

from bisect import bisect_left
from calendar import timegm
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

# How far a table goes: longer than a pump lasts.
_YEARS = 12
_DAY = 86_400


@cache
def table(time_zone: str, year: int) -> tuple[tuple[int, int | None], ...]:
    """How many seconds the clock is ahead of UTC, from which moment on, from ``year`` on.

    Moments are seconds since 1970; the last has no clock, for there the table ends. No zone is UTC.
    """
    zone = ZoneInfo(time_zone or "UTC")
    start, end = (timegm((each, 1, 1, 0, 0, 0)) for each in (year, year + _YEARS))
    rows: list[tuple[int, int | None]] = [(start, _ahead(zone, start))]
    for day in range(start, end, _DAY):
        if _ahead(zone, day) != _ahead(zone, day + _DAY):
            changed = _change(zone, day)
            rows.append((changed, _ahead(zone, changed)))
    return (*rows, (end, None))


def _change(zone: ZoneInfo, day: int) -> int:
    """The second of that day with which another clock begins."""
    before, seconds = _ahead(zone, day), range(day, day + _DAY)
    return seconds[bisect_left(seconds, True, key=lambda each: _ahead(zone, each) != before)]


def _ahead(zone: ZoneInfo, moment: int) -> int:
    offset = datetime.fromtimestamp(moment, zone).utcoffset()
    return int(offset.total_seconds()) if offset else 0
