"""Every place that a card file has, from the card's own declarations.

A form, like a file, names its fields by their paths; a list's items stand behind ``[]`` here.
"""

import re
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields
from functools import cache
from typing import Any

from caregiver_card.card import values
from caregiver_card.card.model import Card
from caregiver_card.card.values import Parser

_INDEX = re.compile(r"\[\d*\]")


@dataclass(frozen=True, slots=True)
class Place:
    """One value of a card file. ``needed``: its part, or its row, is nothing without it."""

    path: str
    parse: Parser
    needed: bool

    @property
    def is_day(self) -> bool:
        """Whether it holds a date."""
        return self.parse is values.day


@cache
def places() -> dict[str, Place]:
    """Every place by its path."""
    return {each.path: each for each in _places(Card, "", needed=True)}


def place(path: str) -> Place | None:
    """The place at a path, whatever its indexes are; ``None`` if a card has no such place."""
    return places().get(_INDEX.sub("[]", path))


def bare(path: str) -> str:
    """A path without its indexes, as the text names it: ``contacts.phone``."""
    return _INDEX.sub("", path)


def _places(kind: Any, prefix: str, *, needed: bool) -> Iterator[Place]:
    for each in fields(kind):
        path = f"{prefix}{each.metadata.get('key', each.name)}"
        whole = needed and each.default is MISSING
        if "part" in each.metadata:
            yield from _places(each.metadata["part"], f"{path}.", needed=whole)
        elif "parts" not in each.metadata:
            yield Place(path, each.metadata["parse"], whole)
        elif isinstance(each.metadata["parts"], type):
            yield from _places(each.metadata["parts"], f"{path}[].", needed=True)
        else:
            yield Place(f"{path}[]", each.metadata["parts"], True)
