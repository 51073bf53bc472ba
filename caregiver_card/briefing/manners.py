"""How a language is named and written: its dates, its numbers and its plurals."""

import re
from collections.abc import Callable, Set
from dataclasses import dataclass
from functools import cache
from typing import Any

from babel import Locale


@dataclass(frozen=True, slots=True)
class Manner:
    """``name`` is the language's own. ``day`` and ``weekday`` are patterns of CLDR."""

    locale: Locale
    name: str
    direction: str
    day: str
    weekday: str
    decimal_mark: str
    plurals: Set[str]
    plural: Callable[[int], str]


@cache
def locale(language: str) -> Locale:
    """Return Babel's locale of a BCP 47 tag."""
    return Locale.parse(language, sep="-")


@cache
def is_rtl(language: str) -> bool:
    """Whether a language is written from right to left."""
    return bool(locale(language).text_direction == "rtl")


def manner(language: str, row: dict[str, Any]) -> Manner:
    """Return how a language is written: as its ``language.toml`` says, else as CLDR does.

    Digits stay 0-9 and numbers are not grouped, so that a dose reads as its printout has it.
    """
    found = locale(language)
    return Manner(
        locale=found,
        name=row["name"],
        direction=found.text_direction,
        day=row.get("day") or found.datetime_skeletons["yMMMd"].pattern,
        weekday=row.get("weekday") or found.date_formats["full"].pattern,
        decimal_mark=row.get("decimal_mark") or found.number_symbols["latn"]["decimal"],
        plurals=found.plural_form.tags | {"other"},
        plural=found.plural_form,
    )


def frame(pattern: str) -> str:
    """Return a pattern of a date in which only the month is written, and the rest to be filled in.

    Day and year become ``{day}`` and ``{year}``; what a pattern quotes stays quoted.
    """
    parts = re.split(r"('[^']*')", pattern)
    return "".join(
        part if part.startswith("'") else re.sub(r"d+", "'{day}'", re.sub(r"y+", "'{year}'", part))
        for part in parts
    ).replace("''", "")
