"""Declare the fields of a card's parts, each with its own parser.

``codec`` walks these declarations, and a part that is built directly parses its values too, so a
file, a form and a test all build the same thing by the same rules.
"""

from dataclasses import MISSING, field, fields
from typing import Any

from caregiver_card.card import values
from caregiver_card.card.values import Parser

# Shared by several parts. Every layout is tested at these lengths.
NAME = values.text(80)
SHORT_TEXT = values.text(40)
LONG_TEXT = values.text(600, lines=True)
RISK = values.choice("yes", "no", "unknown")


def required(parse: Parser) -> Any:
    """Declare a field that a card cannot do without."""
    return field(metadata={"parse": parse})


def optional(parse: Parser) -> Any:
    """Declare a field that is ``None`` where it is absent."""
    return field(default=None, metadata={"parse": parse})


def part(kind: type, *, needed: bool = False, whole: bool = False) -> Any:
    """Declare a field that is itself a part.

    A history shows a part that is ``whole`` as one value, since its fields say little by
    themselves.
    """
    metadata = {"part": kind, "whole": whole}
    return field(default=MISSING if needed else None, metadata=metadata)


def parts(kind: Any, most: int) -> Any:
    """Declare a list of at most ``most`` parts, or of values where ``kind`` is a parser."""
    return field(default=(), metadata={"parts": kind, "most": most})


class Part:
    """Base class of all parts: accepts raw values and holds typed ones."""

    __slots__ = ()

    def __post_init__(self) -> None:
        for declared in fields(self):  # type: ignore[arg-type]
            parse = declared.metadata.get("parse")
            value = getattr(self, declared.name)
            if parse and (value is not None or declared.default is MISSING):
                object.__setattr__(self, declared.name, _parse(parse, value))


def _parse(parse: Parser, value: Any) -> Any:
    """Parse a value; accept a doubtful one, which was confirmed before a part was built."""
    try:
        return parse(value, None)
    except values.DoubtfulValue as doubt:
        return doubt.value
