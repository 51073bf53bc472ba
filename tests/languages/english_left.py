"""Finds the program's English on a page of another language, where it is not marked as English."""

import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from itertools import chain
from xml.etree.ElementTree import Element

from caregiver_card.briefing.content import ENGLISH, Content, load
from tests.languages.catalogue import statements
from tests.web.reading import Page, single_spaced

# What a reader sees or hears of an element beside its words.
_SPOKEN = ("aria-label", "title", "alt", "placeholder")
_SILENT = ("style", "script", "template")
# Shorter ones are names, or words that two languages share.
_LEAST = 13
_HOLE = re.compile(r"\{[^}]*\}")


def english_left(page: Page, tag: str) -> list[str]:
    """The English texts of ours that a page in another language shows."""
    heard = (word for part in page.root for word in _heard(part))
    return english_in(" ".join(heard), tag)


def english_in(said: str, tag: str) -> list[str]:
    """The English texts of ours in what is said in another language."""
    spaced = single_spaced(said)
    return [each for each in _english(tag) if each in spaced]


def _heard(element: Element) -> Iterator[str]:
    """The words of an element without those that are marked as English."""
    if element.tag in _SILENT or element.get("lang", "").startswith(ENGLISH):
        return
    yield from (element.get(name, "") for name in _SPOKEN)
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str):
            yield from _heard(child)
        yield child.tail or ""


@cache
def _english(tag: str) -> tuple[str, ...]:
    """The pieces of the English texts that no text of the other language has, and no title."""
    named = (each.title for each in load(tag).sources.values())
    own = " ".join(single_spaced(each) for each in chain(_texts(load(tag)), named))
    pieces = {
        piece
        for each in _texts(load())
        for part in _HOLE.split(each)
        if len(piece := single_spaced(unescape(part)).strip(" .:;,()“”")) >= _LEAST
        # A word alone may be the name of a column, or of a file.
        if " " in piece
    }
    return tuple(sorted(each for each in pieces if each not in own))


def _texts(content: Content) -> Iterator[str]:
    yield from content.text.values()
    yield from chain.from_iterable(each.values() for each in content.forms.values())
    yield from (each.text for each in statements(content).values())
