"""Parse a time of day, as people and spreadsheet programs write it, into ``HH:MM``."""

import re
from decimal import Decimal
from typing import Any

from caregiver_card.card.values import MAX_TYPED_LENGTH, InvalidValue, ascii_digits

# 6, 6:00, 06.00, 0600, 6h30, 24:00:00, 7:00 AM, 7p, 19 Uhr 30, 0600 hrs, 6時30分
_TIME = re.compile(
    r"(\d{1,2})(?:\s?(?:[:.h時]|uhr)\s?([0-5]\d)(?:\s?(?:分|min))?(?::00(?:\.0+)?)?|([0-5]\d))?"
    r"\s*(?:([ap])\.?(?:\s?m\.?)?|uhr|h|hs|hrs?|hours?|heures?|uur|時)?\.?",
    re.ASCII,
)
# A spreadsheet program shows a bare time in a date cell with the day before its first one.
_NO_DAY = re.compile(r"(?:1899-12-3[01]|1900-01-0[01])[ T]")
_NAMED = {"noon": "12:00", "12 noon": "12:00", "midnight": "00:00", "12 midnight": "00:00"}
_MINUTES = 24 * 60


def clock(raw: Any, region: str | None = None) -> str:
    """Parse a time of day into ``HH:MM``, from 00:00 to 24:00."""
    if isinstance(raw, bool) or not isinstance(raw, (str, int, float, Decimal)):
        raise InvalidValue("not-clock")
    # A number comes from a spreadsheet program: hours, or a fraction of a day.
    text = raw.strip() if isinstance(raw, str) else f"{float(raw):g}" if 0 <= raw <= 24 else ""
    if len(text) > MAX_TYPED_LENGTH:
        raise InvalidValue("not-clock")
    typed = _NO_DAY.sub("", ascii_digits(text).lower())
    if typed in _NAMED:
        return _NAMED[typed]
    if re.fullmatch(r"0?\.\d+", typed, re.ASCII):
        return _fraction_of_day(typed, is_number=not isinstance(raw, str))
    match = _TIME.fullmatch(typed)
    if not match:
        raise InvalidValue("not-clock")
    hours, am_or_pm = int(match[1]), match[4]
    minute = match[2] or match[3] or "00"
    if am_or_pm:
        # 12 AM is midnight and 12 PM is noon; there is no 13 AM.
        if hours > 12:
            raise InvalidValue("not-clock")
        hours = hours % 12 + (12 if am_or_pm == "p" else 0)
    if hours > 24 or (hours == 24 and minute != "00"):
        raise InvalidValue("not-clock")
    return f"{hours:02}:{minute}"


def _fraction_of_day(typed: str, *, is_number: bool) -> str:
    """Convert a fraction of a day, or the time on a German clock, to ``HH:MM``.

    As a number in a spreadsheet 0.25 is 06:00; on a German clock it is 00:25. Raises
    ``InvalidValue`` where both are possible.
    """
    total_minutes, decimals = Decimal(typed) * _MINUTES, typed.partition(".")[2]
    on_clock = f"00:{decimals}" if not is_number and len(decimals) == 2 and decimals < "60" else ""
    # No pump is set to the minute, and a third of a day has no exact decimal.
    is_fraction = (
        abs(total_minutes - round(total_minutes)) < Decimal("0.01")
        and round(total_minutes) % 5 == 0
    )
    if on_clock and is_fraction and total_minutes:
        raise InvalidValue("clock-or-number", typed=typed)
    if on_clock or not is_fraction:
        return on_clock or _invalid()
    hours, minute = divmod(round(total_minutes), 60)
    return f"{hours:02}:{minute:02}"


def _invalid() -> str:
    raise InvalidValue("not-clock")


def minutes(clock_time: str) -> int:
    """Return the minutes since midnight of a ``HH:MM`` time."""
    hours, minute = clock_time.split(":")
    return int(hours) * 60 + int(minute)
