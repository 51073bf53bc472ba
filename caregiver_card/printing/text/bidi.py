"""Words that run from right to left, marked as a browser would for ``dir="auto"``.

WeasyPrint orders letters within one piece of text, from the direction that it is told, and knows
neither ``auto`` nor isolation. So what begins from right to left is put into an element that says
so, up to the next entry of a list or sentence that begins from left to right; the comma between the
two stays outside. A dose begins an entry, for its number is never parted from its unit. The
paragraph keeps its direction: on an English card a name stands at the left.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby
from xml.etree.ElementTree import Element

from caregiver_card.briefing.isolates import BACKWARDS

_STRONG = {"L": False, "R": True, "AL": True}
# What sentences and lists put between entries, and the space before a number with its unit.
_BETWEEN = re.compile(r"(^[\s.;,:·]+|[;,.:]\s+| · |\s(?=[\d.,]+\s[A-Za-z])|[\s;,:]+$)")


def backwards(words: str) -> bool:
    """Whether the first letter that has a direction runs from right to left."""
    return _direction(words) is True


def wanders(letter: str) -> bool:
    """Whether PDFium, and so Chromium, may read a letter elsewhere than where it is spelled.

    It leaves out one that takes two places in UTF-16, and what runs from right to left it puts
    among the words around it in another order.
    """
    return letter > "\uffff" or backwards(letter)


def _direction(words: str) -> bool | None:
    """Whether the words begin from right to left; None where no letter has a direction."""
    kinds = map(unicodedata.bidirectional, words)
    return next((_STRONG[kind] for kind in kinds if kind in _STRONG), None)


def isolate_rtl(html: str, root: Element) -> None:
    """Mark each piece of text of ``root``, which was read from ``html``."""
    if BACKWARDS.search(html):
        for element in list(root.iter()):
            _mark(element)


def _mark(element: Element) -> None:
    if element.tag in ("title", "style"):
        return
    for index, child in reversed(list(enumerate(element))):
        child.tail = _turned(element, index + 1, child.tail or "")
    element.text = _turned(element, 0, element.text or "")


def _turned(parent: Element, index: int, words: str) -> str:
    """Put what runs backwards into elements of their own; the words before the first of them."""
    if not BACKWARDS.search(words):
        return words
    before, last = "", None
    for turned, run in _runs(words):
        if turned:
            last = Element("bdi", dir="rtl")
            last.text = run
            parent.insert(index, last)
            index += 1
        elif last is None:
            before = run
        else:
            last.tail = run
    return before


def _runs(words: str) -> Iterator[tuple[bool, str]]:
    """The entries, those of one direction together, each run with whether it is backwards."""
    entries = _BETWEEN.split(words)
    ways = [_direction(each) for each in entries]
    # What has no direction belongs to what surrounds it on both sides.
    turned = [
        next(filter(_known, reversed(ways[: at + 1])), None) is True
        and next(filter(_known, ways[at:]), None) is True
        for at in range(len(entries))
    ]
    for way, group in groupby(zip(turned, entries, strict=True), key=lambda each: each[0]):
        yield way, "".join(entry for _, entry in group)


def _known(way: bool | None) -> bool:
    return way is not None
