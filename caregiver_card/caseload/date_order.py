"""Dates as a spreadsheet writes them: the orders in which they can be read, never a guess."""

import re
from collections.abc import Iterable
from datetime import date

# The positions of year, month and day.
ORDERS = {
    "day-month-year": (2, 1, 0),
    "month-day-year": (2, 0, 1),
    "year-month-day": (0, 1, 2),
}
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
# Including the midnight that some programs write after a day.
_DATE = re.compile(
    r"(\d{1,4})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{1,4})(?:[ T]0?0:00(?::00(?:\.0+)?)?)?", re.ASCII
)


def readings(typed: str) -> dict[str, date]:
    """Return every day that a text can mean, by its order; empty for an ISO date or for no date.

    A year must have four figures: 04/05/06 has too many readings.
    """
    match = _DATE.fullmatch(typed.strip())
    if not match or _ISO.fullmatch(typed.strip()):
        return {}
    parts = match[1], match[3], match[4]
    days = {}
    for order, (year, month, day) in ORDERS.items():
        if len(parts[year]) == 4 and len(parts[month]) <= 2 and len(parts[day]) <= 2:
            try:
                days[order] = date(int(parts[year]), int(parts[month]), int(parts[day]))
            except ValueError:
                continue
    return days


def orders(column: Iterable[str]) -> list[str]:
    """Return the orders in which all of a column's dates can be read."""
    possible = [readings(typed).keys() for typed in column]
    return [order for order in ORDERS if possible and all(order in keys for keys in possible)]


def read(typed: str, order: str) -> str:
    """Return the date in ISO form if it can be read in that order, otherwise the text as typed."""
    day = readings(typed).get(order)
    return day.isoformat() if day else typed
