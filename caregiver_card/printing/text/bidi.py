"""Isolate text that runs from right to left, as a browser does for ``dir="auto"``.

WeasyPrint orders the letters of a piece of text by the direction that the element states; it
supports neither ``auto`` nor isolation. So this module puts text that begins from right to left
into an element with ``dir="rtl"``, up to the next entry of a list or sentence that begins from left
to right; the comma between the two stays outside. A dose begins an entry, since a number is never
parted from its unit. The paragraph keeps its direction: on an English card a name is at the left.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby
from xml.etree.ElementTree import Element

from caregiver_card.briefing import isolates
from caregiver_card.briefing.isolates import BACKWARDS

# What an isolate holds; a number in it may be one of its own.
_ISOLATED = re.compile(
    "[\u2066\u2068]((?:[^\u2066\u2068\u2069]|[\u2066\u2068][^\u2069]*\u2069)*)\u2069"
)
_STRONG = {"L": False, "R": True, "AL": True}
# The separators of entries in sentences and lists, and the space before a number with its unit.
_SEPARATOR = re.compile(r"(^[\s.;,:·]+|[;,.:]\s+| · |\s(?=[\d.,]+\s[A-Za-z])|[\s;,:]+$)")


def is_rtl(text: str) -> bool:
    """Whether the first letter with a direction runs from right to left."""
    return _is_rtl(text) is True


def may_be_reordered(letter: str) -> bool:
    """Whether PDFium, and so Chromium, may read a letter back in another place.

    It leaves out a letter that takes two code units in UTF-16, and puts letters that run from right
    to left among the words around them in another order.
    """
    return letter > "\uffff" or is_rtl(letter)


def _is_rtl(text: str) -> bool | None:
    """Whether a text begins from right to left; ``None`` if no letter has a direction."""
    classes = map(unicodedata.bidirectional, text)
    return next((_STRONG[bidi_class] for bidi_class in classes if bidi_class in _STRONG), None)


def isolate_rtl(html: str, root: Element) -> None:
    """Isolate every right-to-left text in ``root``, which was parsed from ``html``."""
    if BACKWARDS.search(html):
        for element in list(root.iter()):
            _isolate_in(element)


def isolate_ltr(element: Element) -> None:
    """Isolate each number, and what the text isolates, in an element that runs right to left.

    Each becomes an element: of characters that isolate, the second line of a text knows nothing.
    """
    if element.tag in ("title", "style") or element.get("dir") == "ltr":
        return
    for index, child in reversed(list(enumerate(element))):
        isolate_ltr(child)
        child.tail = _insert_isolated(element, index + 1, child.tail or "")
    element.text = _insert_isolated(element, 0, element.text or "")


def _insert_isolated(parent: Element, index: int, text: str) -> str:
    """Insert what is isolated in a text as elements; return the text before the first."""
    before, *others = _ISOLATED.split(isolates.isolate_numbers(text))
    for at in range(0, len(others), 2):
        inner, after = others[at : at + 2]
        made = Element("bdi", dir="rtl" if is_rtl(inner) else "ltr")
        made.text, made.tail = inner.translate(isolates.ISOLATES), after
        parent.insert(index + at // 2, made)
    return before


def _isolate_in(element: Element) -> None:
    if element.tag in ("title", "style"):
        return
    for index, child in reversed(list(enumerate(element))):
        child.tail = _insert_runs(element, index + 1, child.tail or "")
    element.text = _insert_runs(element, 0, element.text or "")


def _insert_runs(parent: Element, index: int, text: str) -> str:
    """Insert the right-to-left runs of a text as elements; return the text before the first."""
    if not BACKWARDS.search(text):
        return text
    before, last = "", None
    for rtl, run in _runs(text):
        if rtl:
            last = Element("bdi", dir="rtl")
            last.text = run
            parent.insert(index, last)
            index += 1
        elif last is None:
            before = run
        else:
            last.tail = run
    return before


def _runs(text: str) -> Iterator[tuple[bool, str]]:
    """Group the entries of a text by direction; each run with whether it is right-to-left."""
    entries = _SEPARATOR.split(text)
    directions = [_is_rtl(entry) for entry in entries]
    # An entry without a direction is right-to-left only between two that are.
    rtl = [
        next(filter(_is_known, reversed(directions[: at + 1])), None) is True
        and next(filter(_is_known, directions[at:]), None) is True
        for at in range(len(entries))
    ]
    for direction, group in groupby(zip(rtl, entries, strict=True), key=lambda pair: pair[0]):
        yield direction, "".join(entry for _, entry in group)


def _is_known(direction: bool | None) -> bool:
    return direction is not None
