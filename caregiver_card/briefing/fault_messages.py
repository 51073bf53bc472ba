"""Faults in words, one line each: ``LEVEL path: message``, or ``LEVEL row N path: …``."""

from collections.abc import Sequence
from typing import Any

from caregiver_card.briefing.content import Content
from caregiver_card.card.rules import DOUBTS, ERROR, Fault

# The most rows, and the most places, that one message lists.
_MAX_ROWS, _MAX_PLACES = 3, 6


def line(fault: Fault, content: Content, *rows: int) -> str:
    """Return the line that a command prints for one fault; ``rows`` are its rows in a table."""
    level = content.say(f"level.{fault.level}")
    message = sentence(fault, content)
    if offer := fault.details.get("offer"):
        message += content.say("fault_extra.offer", offer=offer)
    if len(rows) > 1:
        return f"{level} {fault.path}: {rows_text(rows, content)}: {message}"
    return f"{level} {_place(fault, *rows)}: {message}"


def rows_text(rows: Sequence[int], content: Content) -> str:
    """Return which rows share a fault: how many, and the first of them."""
    first_rows = ", ".join(map(str, rows[:_MAX_ROWS])) + (", …" if len(rows) > _MAX_ROWS else "")
    return content.say("fault_extra.in_rows", count=len(rows), rows=first_rows)


def _place(fault: Fault, row: int = 0) -> str:
    if not row:
        return fault.path
    # A fault of the row as a whole has no field.
    return f"row {row}" if fault.path == "file" else f"row {row} {fault.path}"


def sentence(fault: Fault, content: Content) -> str:
    """Return what is wrong without its place, as shown next to a field."""
    message = content.say(f"fault.{fault.code}", **detail_texts(fault, content))
    confirm = fault.level == ERROR and fault.code in DOUBTS
    return message + content.say("fault_extra.confirm") if confirm else message


def detail_texts(fault: Fault, content: Content) -> dict[str, Any]:
    """Return the details of a fault in words, to fill its message."""
    texts = dict(fault.details)
    if "near" in texts:
        texts["near"] = content.say("fault_extra.near", near=texts["near"]) if texts["near"] else ""
    if "words" in texts:
        read = content.join_and([f"“{word}”" for word in texts["words"]])
        texts["words"] = content.say("fault_extra.reads", words=read) if texts["words"] else ""
    if "places" in texts:
        first, more = texts["places"][:_MAX_PLACES], len(texts["places"]) - _MAX_PLACES
        texts["places"] = ", ".join(first) + (f", … (+{more})" if more > 0 else "")
    if texts.get("order"):
        texts["order"] = content.say(f"fault_extra.{texts['order']}")
    if "meant" in texts:
        texts["meant"] = content.join_or(
            [_reading(fault, meant, content) for meant in texts["meant"]]
        )
    if "no_estimate" in texts:
        texts["no_estimate"] = content.say(f"no_estimate.{texts['no_estimate']}")
    if "kind" in texts:
        texts["kind"] = content.say(f"medicine_class.{texts['kind']}")
    return texts


def _reading(fault: Fault, meant: tuple[str, str], content: Content) -> str:
    """Return one thing that a number may have meant, and how it would then be written."""
    unit = fault.details["unit"]
    return content.say("fault_extra.reading", number=meant[0], unit=unit, typed=meant[1])
