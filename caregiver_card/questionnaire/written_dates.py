"""Dates as people write them, spread over the three boxes that a form has for them.

A year may have two figures where only one century is possible, a month may be a word, and the
first box may hold the whole date. Whatever can be read in two ways stays as it was typed, and the
form says what is missing.
"""

import re
from datetime import date

from caregiver_card.briefing.content import Content
from caregiver_card.card import values
from caregiver_card.card.values import InvalidValue

Boxes = tuple[str, str, str]

_YEAR_FIRST = re.compile(r"(\d{4})[\s./-]+(\d{1,2})[\s./-]+(\d{1,2})")
_IN_ORDER = re.compile(r"(\d{1,2})[\s.]+(\d{1,2})[\s.]+(\d{2}|\d{4})")
# Some countries write the month first, with these signs or with figures alone.
_EITHER_ORDER = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{2}|\d{4})")
_FIGURES = re.compile(r"(\d{2})(\d{2})(\d{2}|\d{4})")
_WITH_WORD = re.compile(r"(?:(\d{1,2})(?:st|nd|rd|th)?[\s.,-]+)?([^\W\d]+)[\s.,-]+(.+)")
_DAY_AND_YEAR = re.compile(r"(?:(\d{1,2})(?:st|nd|rd|th)?[\s.,-]+)?(\d{2}|\d{4})")
# Pumps are younger than that, and so are their refills; a birth may be older (``births``).
_CENTURY_FROM = 1970
_MONTHS_IN_A_YEAR = 12


def spread(typed: Boxes, content: Content, births_until: date | None = None) -> Boxes:
    """Return the day, month and year of what was typed into three boxes.

    For a date of birth, ``births_until`` is the present day: two figures are then a year only if
    nobody alive was born in that year of the century before.
    """
    try:
        day, month, year = (values.ascii_digits(box).strip() for box in typed)
    except InvalidValue:
        return typed
    if day and not month and not year:
        typed = _whole(day, content) or typed
        day, month, year = typed
    return typed[0], _month(month, content) or typed[1], _full_year(year, births_until) or typed[2]


def _whole(typed: str, content: Content) -> Boxes | None:
    if match := _YEAR_FIRST.fullmatch(typed):
        return match[3], match[2], match[1]
    if match := _IN_ORDER.fullmatch(typed):
        return match[1], match[2], match[3]
    if match := _EITHER_ORDER.fullmatch(typed):
        return _in_one_order(match[1], match[2], match[3])
    # 112026 is no 20 November: figures alone are taken in the order of the boxes or not at all.
    if (match := _FIGURES.fullmatch(typed)) and int(match[2]) <= _MONTHS_IN_A_YEAR:
        return _in_one_order(match[1], match[2], match[3])
    return _with_word(typed, content)


def _in_one_order(first: str, second: str, year: str) -> Boxes | None:
    """Tell day and month apart; None where both can be both."""
    if int(second) > _MONTHS_IN_A_YEAR:
        return second, first, year
    if int(first) > _MONTHS_IN_A_YEAR or int(first) == int(second):
        return first, second, year
    return None


def _with_word(typed: str, content: Content) -> Boxes | None:
    match = _WITH_WORD.fullmatch(typed)
    rest = _DAY_AND_YEAR.fullmatch(match[3]) if match else None
    if not match or not rest or not _month(match[2], content) or bool(match[1]) == bool(rest[1]):
        return None
    return match[1] or rest[1], _month(match[2], content), rest[2]


def _full_year(year: str, births_until: date | None) -> str:
    if len(year) != 2 or not year.isdecimal():
        return ""
    if births_until is None:
        century = _CENTURY_FROM - _CENTURY_FROM % 100
        full = century + int(year)
        return str(full if full >= _CENTURY_FROM else full + 100)
    full = births_until.year - births_until.year % 100 + int(year)
    # A year that both somebody of this century and somebody very old may be born in is asked for.
    return str(full - 100) if full > births_until.year else ""


def _month(word: str, content: Content) -> str:
    """Return the figure of a month that is written as a word; an empty string for anything else."""
    typed = word.casefold().rstrip(".")
    for number in range(1, _MONTHS_IN_A_YEAR + 1):
        if typed in content.say(f"month.{number}").split():
            return str(number)
    return ""
