"""Dates as a spreadsheet writes them: in which orders they can be read, and never a guess."""

import re
from collections.abc import Iterable
from datetime import date

# What each of the three numbers is.
ORDERS = {
    "day-month-year": (2, 1, 0),
    "month-day-year": (2, 0, 1),
    "year-month-day": (0, 1, 2),
}
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
# With the midnight that some programs write behind a day.
_WRITTEN = re.compile(
    r"(\d{1,4})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{1,4})(?:[ T]0?0:00(?::00(?:\.0+)?)?)?", re.ASCII
)


def readings(typed: str) -> dict[str, date]:
    """Every day that it can be, by its order; none for what a card file has, or for no date.

    A year has four figures: 04/05/06 can be too much.
    """
    found = _WRITTEN.fullmatch(typed.strip())
    if not found or _ISO.fullmatch(typed.strip()):
        return {}
    parts = found[1], found[3], found[4]
    days = {}
    for order, (year, month, day) in ORDERS.items():
        if len(parts[year]) == 4 and len(parts[month]) <= 2 and len(parts[day]) <= 2:
            try:
                days[order] = date(int(parts[year]), int(parts[month]), int(parts[day]))
            except ValueError:
                continue
    return days


def orders(column: Iterable[str]) -> list[str]:
    """The orders in which all of a column's dates can be read."""
    held = [readings(typed).keys() for typed in column]
    return [order for order in ORDERS if held and all(order in each for each in held)]


def read(typed: str, order: str) -> str:
    """As a card file has it, if it can be read in that order; otherwise as it was typed."""
    day = readings(typed).get(order)
    return day.isoformat() if day else typed
