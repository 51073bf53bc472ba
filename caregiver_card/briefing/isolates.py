"""Protect numbers in right-to-left text: keep their order, and keep each on one line with its unit.

Next to right-to-left letters a browser, a mail program and a calendar draw "5 mg" as "mg 5" with
the rest of the line in between, and reverse the groups of a telephone number. So a number next to
such letters goes into an isolate (Unicode Standard Annex 9). The layout engine of the prints does
not know isolates, so prints remove them again (``printing.text.bidi``).
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import fields, replace
from typing import Any, TypeVar

_T = TypeVar("_T")
NO_BREAK = "\u00a0"
_LTR, _FIRST, _END = "\u2066", "\u2068", "\u2069"
ISOLATES = dict.fromkeys(map(ord, (_LTR, _FIRST, _END)))
# The blocks from Hebrew to Arabic; text without them needs no protection.
BACKWARDS = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_BEFORE_UNIT = re.compile(
    r"(?<=\d) (?=(?:mcg|ug|µg|μg|ng|mg|kg|g|m[lL]|[lL]|IU|units?|mmol|mEq|h|%)(?!\w))"
)
_DOSE = re.compile(r"(?<=\d)\s(?=[^\W\d])")
_BETWEEN_GROUPS = re.compile(r"(?<=[\d)]) (?=[\d(])")
_FIGURES = r"\d(?:[\dA-Za-zµμ%°²³×]|[ \u00a0/:+–-](?=\+?[\dA-Za-zµμ%])|[.,](?=\d))*"
# Of a telephone number. Any other bracket stays outside: it turns with the text that it stands in.
_AREA = r"\(\+?\d+\)[ \u00a0-]?(?=\d)"
# An existing isolate; a file's ending; or a digit and all that follows it from left to right.
_NUMBER = re.compile(
    rf"{_LTR}[^{_END}]*{_END}|(?<!\w)\.[a-z]+"
    rf"|(?:\+|{_AREA})*{_FIGURES}(?:[ \u00a0/-]?{_AREA}{_FIGURES})*"
)
# One line with letters, or with digits in groups, not isolated yet.
_FORWARDS = re.compile(rf"(?=.*\w)(?![\d.,]+\Z)[^{_LTR}{_FIRST}\n][^\n]*")
_LATIN = re.compile(r"[A-Za-z]\s*\Z")


def protect_dose(words: str) -> str:
    """Return a dose as typed, but with a no-break space before its unit."""
    return _DOSE.sub(NO_BREAK, words)


def protect_numbers(words: str, rtl: bool = False) -> str:
    """Return a finished text with its numbers protected; repeating it changes nothing.

    With ``rtl`` the page runs from right to left, and a text without such letters is isolated
    whole.
    """
    words = _BEFORE_UNIT.sub(NO_BREAK, words)
    if BACKWARDS.search(words):
        return isolate_numbers(words)
    return isolate(words) if rtl and _FORWARDS.fullmatch(words) else words


def plain(words: str) -> str:
    """Return words for a program: without the marks that isolate them."""
    return words.translate(ISOLATES)


def isolate(words: str) -> str:
    """Return words from left to right that keep their order on any page."""
    return f"{_LTR}{words}{_END}"


def isolate_numbers(words: str) -> str:
    """Return a text on a page that runs from right to left with each number in an isolate."""
    return _NUMBER.sub(_isolated, words)


def _isolated(match: re.Match[str]) -> str:
    number = match[0]
    # A number after a Latin word keeps the direction of the word.
    after_latin = _LATIN.search(match.string[: match.start()])
    if number.isdigit() or number[0] == _LTR or after_latin:
        return number
    return _LTR + _BETWEEN_GROUPS.sub(NO_BREAK, number) + _END


def join_isolated(items: Iterable[str], between: str) -> str:
    """Join items into one line, each in its own direction."""
    return between.join(
        f"{_FIRST}{item}{_END}" if BACKWARDS.search(item) else item for item in items
    )


def protect_texts(
    value: _T, kinds: tuple[type, ...], skip: Collection[str] = (), rtl: bool = False
) -> _T:
    """Return a copy of ``value`` with the numbers in all its texts protected.

    It includes the texts of tuples and of dataclasses of these ``kinds``, except those in fields
    named in ``skip``.
    """
    protected: _T = _protect(value, kinds, skip, rtl)
    return protected


def _protect(value: Any, kinds: tuple[Any, ...], skip: Collection[str], rtl: bool) -> Any:
    if isinstance(value, str):
        return protect_numbers(value, rtl)
    if isinstance(value, tuple):
        return tuple(_protect(item, kinds, skip, rtl) for item in value)
    if not isinstance(value, kinds):
        return value
    names = [field.name for field in fields(value) if field.name not in skip]
    return replace(
        value, **{name: _protect(getattr(value, name), kinds, skip, rtl) for name in names}
    )
