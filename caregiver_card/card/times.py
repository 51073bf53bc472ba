"""A time of day as people and spreadsheet programs write it -> ``HH:MM``."""

import re
from decimal import Decimal
from typing import Any

from caregiver_card.card.values import LONGEST_TYPED, InvalidValue, plain_figures

# 6, 6:00, 06.00, 0600, 6h30, 24:00:00, 7:00 AM, 7p, 19 Uhr 30, 0600 hrs, 6時30分
_TIME = re.compile(
    r"(\d{1,2})(?:\s?(?:[:.h時]|uhr)\s?([0-5]\d)(?:\s?(?:分|min))?(?::00(?:\.0+)?)?|([0-5]\d))?"
    r"\s*(?:([ap])\.?(?:\s?m\.?)?|uhr|h|hs|hrs?|hours?|heures?|uur|時)?\.?",
    re.ASCII,
)
# What a spreadsheet program shows for a time in a cell with a date: the day before its first one.
_NO_DAY = re.compile(r"(?:1899-12-3[01]|1900-01-0[01])[ T]")
_NAMED = {"noon": "12:00", "12 noon": "12:00", "midnight": "00:00", "12 midnight": "00:00"}
_MINUTES = 24 * 60


def clock(raw: Any, region: str | None = None) -> str:
    """A time of day as ``HH:MM``, from 00:00 to 24:00."""
    if isinstance(raw, bool) or not isinstance(raw, (str, int, float, Decimal)):
        raise InvalidValue("not-clock")
    # A number is a spreadsheet program's: hours, or a part of a day.
    words = raw.strip() if isinstance(raw, str) else f"{float(raw):g}" if 0 <= raw <= 24 else ""
    if len(words) > LONGEST_TYPED:
        raise InvalidValue("not-clock")
    typed = _NO_DAY.sub("", plain_figures(words).lower())
    if typed in _NAMED:
        return _NAMED[typed]
    if re.fullmatch(r"0?\.\d+", typed, re.ASCII):
        return _part_of_day(typed, is_number=not isinstance(raw, str))
    found = _TIME.fullmatch(typed)
    if not found:
        raise InvalidValue("not-clock")
    hours, half = int(found[1]), found[4]
    after = found[2] or found[3] or "00"
    if half:
        # 12 AM is midnight and 12 PM is noon; there is no 13 AM.
        if hours > 12:
            raise InvalidValue("not-clock")
        hours = hours % 12 + (12 if half == "p" else 0)
    if hours > 24 or (hours == 24 and after != "00"):
        raise InvalidValue("not-clock")
    return f"{hours:02}:{after}"


def _part_of_day(typed: str, *, is_number: bool) -> str:
    """0.25 as a spreadsheet's number is 06:00, and on a German clock 00:25: where it may be both,
    it is neither."""
    part, figures = Decimal(typed) * _MINUTES, typed.partition(".")[2]
    on_clock = f"00:{figures}" if not is_number and len(figures) == 2 and figures < "60" else ""
    # No pump is set to the minute; and a third of a day has no end as a number.
    is_part = abs(part - round(part)) < Decimal("0.01") and round(part) % 5 == 0
    if on_clock and is_part and part:
        raise InvalidValue("clock-or-number", typed=typed)
    if on_clock or not is_part:
        return on_clock or _refused()
    hours, rest = divmod(round(part), 60)
    return f"{hours:02}:{rest:02}"


def _refused() -> str:
    raise InvalidValue("not-clock")


def minutes(clock_time: str) -> int:
    """Minutes since midnight of a ``HH:MM`` time."""
    hours, rest = clock_time.split(":")
    return int(hours) * 60 + int(rest)
