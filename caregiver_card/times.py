"""A time of day as people and spreadsheet programs write it -> ``HH:MM``."""

import re
from typing import Any

from caregiver_card.values import LONGEST_TYPED, InvalidValue, plain_figures

# 6, 6:00, 06.00, 0600, 6h30, 24:00:00, 7:00 AM, 7 p.m., 19:00 Uhr
_TIME = re.compile(
    r"(\d{1,2})(?:\s?[:.h]\s?([0-5]\d)(?::00)?|([0-5]\d)|\s?h)?\s*(?:([ap])\.?\s?m\.?|uhr|h)?",
    re.ASCII,
)


def clock(raw: Any, region: str | None = None) -> str:
    """A time of day as ``HH:MM``, from 00:00 to 24:00."""
    if not isinstance(raw, str) or len(raw) > LONGEST_TYPED:
        raise InvalidValue("not-clock")
    found = _TIME.fullmatch(plain_figures(raw.strip()).lower())
    if not found:
        raise InvalidValue("not-clock")
    hours, half = int(found[1]), found[4]
    if raw.strip().startswith("0.") and not half:
        # A spreadsheet's number for a time: 0.25 of a day is 06:00.
        raise InvalidValue("not-clock")
    after = found[2] or found[3] or "00"
    if half:
        # 12 AM is midnight and 12 PM is noon; there is no 0 PM and no 13 AM.
        if not 1 <= hours <= 12:
            raise InvalidValue("not-clock")
        hours = hours % 12 + (12 if half == "p" else 0)
    if hours > 24 or (hours == 24 and after != "00"):
        raise InvalidValue("not-clock")
    return f"{hours:02}:{after}"


def minutes(clock_time: str) -> int:
    """Minutes since midnight of a ``HH:MM`` time."""
    hours, rest = clock_time.split(":")
    return int(hours) * 60 + int(rest)
