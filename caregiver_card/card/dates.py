"""Whole months and years between dates."""

from calendar import monthrange
from datetime import date


def months_later(start: date, months: int) -> date:
    """Return the same day ``months`` later (earlier if negative), or the last day of that month."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def years_between(born: date, today: date) -> int:
    """Return the completed years from ``born`` to ``today``."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def months_between(born: date, today: date) -> int:
    """Return the completed months from ``born`` to ``today``."""
    months = (today.year - born.year) * 12 + today.month - born.month
    return months - (today.day < born.day)
