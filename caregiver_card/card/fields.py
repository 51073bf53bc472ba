"""How the parts of a card declare their fields: each names its own parser.

``codec`` walks these declarations, and a part that is built directly parses its own values, so
that a file, a form and a test build the same thing by the same rule.
"""

from dataclasses import MISSING, field, fields
from typing import Any

from caregiver_card.card import values
from caregiver_card.card.values import Parser

# What several parts hold. The lengths are those that every layout is tested at.
NAME = values.text(80)
SHORT = values.text(40)
OWN_WORDS = values.text(600, lines=True)
RISK = values.choice("yes", "no", "unknown")


def required(parse: Parser) -> Any:
    """A field that a card cannot do without."""
    return field(metadata={"parse": parse})


def optional(parse: Parser) -> Any:
    """A field that may be left out, and is then ``None``."""
    return field(default=None, metadata={"parse": parse})


def part(kind: type, *, needed: bool = False, whole: bool = False) -> Any:
    """A field that is a part of its own; one that is read ``whole`` says little in pieces."""
    metadata = {"part": kind, "whole": whole}
    return field(default=MISSING if needed else None, metadata=metadata)


def parts(kind: Any, most: int) -> Any:
    """A field that is a list of at most ``most`` parts (or values, for a parser)."""
    return field(default=(), metadata={"parts": kind, "most": most})


class Part:
    """What the parts of a card share: built from any accepted value, they hold typed ones."""

    __slots__ = ()

    def __post_init__(self) -> None:
        for each in fields(self):  # type: ignore[arg-type]
            parse = each.metadata.get("parse")
            value = getattr(self, each.name)
            if parse and (value is not None or each.default is MISSING):
                object.__setattr__(self, each.name, _taken(parse, value))


def _taken(parse: Parser, value: Any) -> Any:
    """What is doubtful is possible: whoever builds a part has asked, or stored it long ago."""
    try:
        return parse(value, None)
    except values.DoubtfulValue as doubt:
        return doubt.value
