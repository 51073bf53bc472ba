"""Numbers that stay whole: with their unit on one line, and in their order among letters that run
from right to left.

There a browser, a mail program and a calendar draw "5 mg" as "mg 5" with the rest of the line in
between, and the groups of a telephone number from the last to the first. So what begins with a
figure is put into an isolate (Unicode Standard Annex 9), where such letters are around it. Prints
are laid out by an engine that knows none, and take them out again (``printing.direction``).
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import fields, replace
from typing import Any, TypeVar

_T = TypeVar("_T")
NO_BREAK = "\u00a0"
_LTR, _FIRST, _END = "\u2066", "\u2068", "\u2069"
ISOLATES = dict.fromkeys(map(ord, (_LTR, _FIRST, _END)))
# The blocks from Hebrew to Arabic: where there is none of them, nothing is turned round.
BACKWARDS = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_BEFORE_UNIT = re.compile(
    r"(?<=\d) (?=(?:mcg|ug|µg|μg|ng|mg|kg|g|m[lL]|[lL]|IU|units?|mmol|mEq|h|%)(?!\w))"
)
_DOSE = re.compile(r"(?<=\d)\s(?=[^\W\d])")
_BETWEEN_GROUPS = re.compile(r"(?<=[\d)]) (?=[\d(])")
# What is isolated already; or a figure and all that runs on from it from left to right.
_NUMBER = re.compile(
    rf"{_LTR}[^{_END}]*{_END}"
    r"|[+(]*\d(?:[\dA-Za-zµμ%°²³×]|[ \u00a0/:()+–-]{1,2}(?=[(+]?[\dA-Za-zµμ%])|[.,](?=\d))*"
)
_LATIN = re.compile(r"[A-Za-z]\s*\Z")


def dose(words: str) -> str:
    """A dose as it was typed, but for a space that no line may end at."""
    return _DOSE.sub(NO_BREAK, words)


def whole(words: str) -> str:
    """Finished words whose numbers stay whole; twice is as good as once."""
    words = _BEFORE_UNIT.sub(NO_BREAK, words)
    return _NUMBER.sub(_isolated, words) if BACKWARDS.search(words) else words


def _isolated(found: re.Match[str]) -> str:
    number = found[0]
    # Behind a Latin word a number goes with it.
    beside = _LATIN.search(found.string[: found.start()])
    if number.isdigit() or number[0] == _LTR or beside:
        return number
    return _LTR + _BETWEEN_GROUPS.sub(NO_BREAK, number) + _END


def joined(items: Iterable[str], between: str) -> str:
    """Items in one line, each in its own direction and all in that of the line."""
    return between.join(
        f"{_FIRST}{each}{_END}" if BACKWARDS.search(each) else each for each in items
    )


def marked(thing: _T, kinds: tuple[type, ...], but: Collection[str] = ()) -> _T:
    """The same with every text of it ``whole``, and of what it holds of these ``kinds``, ``but``
    for the fields of these names."""
    marked: _T = _marked(thing, kinds, but)
    return marked


def _marked(thing: Any, kinds: tuple[Any, ...], but: Collection[str]) -> Any:
    if isinstance(thing, str):
        return whole(thing)
    if isinstance(thing, tuple):
        return tuple(_marked(each, kinds, but) for each in thing)
    if not isinstance(thing, kinds):
        return thing
    held = {each.name: getattr(thing, each.name) for each in fields(thing) if each.name not in but}
    return replace(thing, **{name: _marked(each, kinds, but) for name, each in held.items()})
