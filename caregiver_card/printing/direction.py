"""Words that run from right to left, marked as a browser would for ``dir="auto"``.

WeasyPrint orders letters within one piece of text, from the direction that it is told, and knows no
``auto``. So each piece that begins from right to left is put into an element that says so. The
paragraph around it keeps its own direction: on an English card a name stands at the left.
"""

import re
import unicodedata
from xml.etree.ElementTree import Element

# The blocks from Hebrew to Arabic: where there is none of them, there is nothing to do.
_ANY = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_STRONG = {"L": False, "R": True, "AL": True}


def backwards(words: str) -> bool:
    """Whether the first letter that has a direction runs from right to left."""
    kinds = map(unicodedata.bidirectional, words)
    return next((_STRONG[kind] for kind in kinds if kind in _STRONG), False)


def mark(html: str, root: Element) -> None:
    """Mark each piece of text of ``root``, which was read from ``html``."""
    if _ANY.search(html):
        for element in list(root.iter()):
            _mark(element)


def _mark(element: Element) -> None:
    if element.tag in ("title", "style"):
        return
    for index, child in reversed(list(enumerate(element))):
        if backwards(child.tail or ""):
            child.tail = _turned(element, index + 1, child.tail or "")
    if backwards(element.text or ""):
        element.text = _turned(element, 0, element.text or "")


def _turned(parent: Element, index: int, words: str) -> str:
    """Put the words into an element of their own; the space before it, which stays outside."""
    piece = Element("bdi", dir="rtl")
    piece.text = words.strip()
    before, after = words.split(piece.text)
    piece.tail = after
    parent.insert(index, piece)
    return before
