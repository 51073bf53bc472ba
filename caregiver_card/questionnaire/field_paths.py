"""Every value that a card file can have, by path, from the declarations of the card.

A form names its fields by these paths, as a file does. Here ``[]`` stands for the index of a list
item.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache
from typing import Any

from caregiver_card.card import quantities, values
from caregiver_card.card.model import Card
from caregiver_card.card.values import Parser

_INDEX = re.compile(r"\[\d*\]")


@dataclass(frozen=True, slots=True)
class Place:
    """One value of a card file; ``needed`` means that its part or row is nothing without it."""

    path: str
    parse: Parser
    needed: bool

    @property
    def is_date(self) -> bool:
        """Whether the value is a date."""
        return self.parse is values.day

    @property
    def is_number(self) -> bool:
        """Whether the value is a number."""
        return getattr(self.parse, "is_number", False)

    def as_typed(self, typed: str) -> str:
        """Return what a person typed here as a card file may have it, its doubts left in."""
        return quantities.with_mark_in_doubt(typed) if self.is_number else typed

    def parse_typed(self, typed: str, region: str | None) -> Any:
        """Parse what a person typed here. Raises ``InvalidValue``."""
        return self.parse(self.as_typed(typed), region)


@cache
def places() -> dict[str, Place]:
    """Return every place by its path."""
    return {place.path: place for place in _places(Card, "", needed=True)}


def place(path: str) -> Place | None:
    """Return the place at a path, with or without indexes; ``None`` if a card has no such place."""
    return places().get(_INDEX.sub("[]", path))


def fits(path: str, typed: str) -> bool:
    """Return whether a card can hold what was typed at a path, which is one of a card's."""
    found = place(path)
    assert found, path
    try:
        found.parse_typed(typed, None)
    except values.InvalidValue:
        return False
    return True


def most_rows(path: str) -> int:
    """Return how many rows the list at a path can have."""
    declared = {each.name: each for each in fields(Card)}
    *outer, last = path.split(".")
    for name in outer:
        declared = {each.name: each for each in fields(declared[name].metadata["part"])}
    most: int = declared[last].metadata["most"]
    return most


def without_indexes(path: str) -> str:
    """Return a path without its indexes, as the keys of texts have it: ``contacts.phone``."""
    return _INDEX.sub("", path)


def row_of(path: str) -> str:
    """Return the row of a list that a path is in, ``contacts[1]``; outside a list, the path."""
    row, bracket, _ = path.rpartition("]")
    return row + bracket or path


def by_row(values: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return values by path, those of one row of a list together; any other value is alone."""
    rows: dict[str, dict[str, str]] = {}
    for path, value in values.items():
        rows.setdefault(row_of(path), {})[path] = value
    return rows


def _places(kind: Any, prefix: str, *, needed: bool) -> Iterator[Place]:
    for declared in fields(kind):
        path = f"{prefix}{declared.metadata.get('key', declared.name)}"
        required = needed and declared.default is MISSING
        if "part" in declared.metadata:
            yield from _places(declared.metadata["part"], f"{path}.", needed=required)
        elif "parts" not in declared.metadata:
            yield Place(path, declared.metadata["parse"], required)
        elif isinstance(declared.metadata["parts"], type):
            yield from _places(declared.metadata["parts"], f"{path}[].", needed=True)
        else:
            yield Place(f"{path}[]", declared.metadata["parts"], True)
