"""A table of a time zone's UTC offsets, for the offline copy of a card.

A phone knows the zones as well, but its service worker would need long to load them.
"""

from bisect import bisect_left
from calendar import timegm
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

# The length of a table: longer than a pump lasts.
_YEARS = 12
_DAY = 86_400


@cache
def table(time_zone: str, year: int) -> tuple[tuple[int, int | None], ...]:
    """The offsets of a time zone for twelve years from the first day of ``year``.

    Each row is a moment, in seconds since 1970, and the offset from then on, in seconds ahead of
    UTC. The last row has no offset: the table ends there. An empty ``time_zone`` means UTC.
    """
    zone = ZoneInfo(time_zone or "UTC")
    start, end = (timegm((first, 1, 1, 0, 0, 0)) for first in (year, year + _YEARS))
    rows: list[tuple[int, int | None]] = [(start, _offset(zone, start))]
    for day in range(start, end, _DAY):
        if _offset(zone, day) != _offset(zone, day + _DAY):
            change = _change(zone, day)
            rows.append((change, _offset(zone, change)))
    return (*rows, (end, None))


def _change(zone: ZoneInfo, day: int) -> int:
    """The second of a day at which the offset changes."""
    before, seconds = _offset(zone, day), range(day, day + _DAY)
    return seconds[bisect_left(seconds, True, key=lambda second: _offset(zone, second) != before)]


def _offset(zone: ZoneInfo, moment: int) -> int:
    offset = datetime.fromtimestamp(moment, zone).utcoffset()
    return int(offset.total_seconds()) if offset else 0
