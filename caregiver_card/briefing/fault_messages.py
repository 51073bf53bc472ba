"""Faults in words, one clear line each: ``LEVEL path: message``, or ``LEVEL row N path: …``."""

from collections.abc import Sequence
from typing import Any

from caregiver_card.briefing.content import Content
from caregiver_card.card.rules import DOUBTS, ERROR, Fault

# So many rows, and so many places, are named one by one.
_NAMED, _PLACES = 3, 6


def line(fault: Fault, content: Content, *rows: int) -> str:
    """The line that a command prints for one fault, in these rows of a file of many cards."""
    level = content.say(f"level.{fault.level}")
    words = sentence(fault, content)
    if offer := fault.details.get("offer"):
        words += content.say("fault_extra.offer", offer=offer)
    if len(rows) > 1:
        return f"{level} {fault.path}: {in_rows(rows, content)}: {words}"
    return f"{level} {_place(fault, *rows)}: {words}"


def in_rows(rows: Sequence[int], content: Content) -> str:
    """Where a fault is that many rows have: how many, and the first of them."""
    named = ", ".join(map(str, rows[:_NAMED])) + (", …" if len(rows) > _NAMED else "")
    return content.say("fault_extra.in_rows", count=len(rows), rows=named)


def _place(fault: Fault, row: int = 0) -> str:
    if not row:
        return fault.path
    # What is wrong with a row as a whole is a matter of no field.
    return f"row {row}" if fault.path == "file" else f"row {row} {fault.path}"


def sentence(fault: Fault, content: Content) -> str:
    """What is wrong, without its place: the words that stand beside a field."""
    words = content.say(f"fault.{fault.code}", **details(fault, content))
    confirm = fault.level == ERROR and fault.code in DOUBTS
    return words + content.say("fault_extra.confirm") if confirm else words


def details(fault: Fault, content: Content) -> dict[str, Any]:
    """What fills the words of a fault, itself in words."""
    found = dict(fault.details)
    if "near" in found:
        found["near"] = content.say("fault_extra.near", near=found["near"]) if found["near"] else ""
    if "words" in found:
        read = content.listed([f"“{each}”" for each in found["words"]])
        found["words"] = content.say("fault_extra.reads", words=read) if found["words"] else ""
    if "places" in found:
        first, more = found["places"][:_PLACES], len(found["places"]) - _PLACES
        found["places"] = ", ".join(first) + (f", … (+{more})" if more > 0 else "")
    if found.get("order"):
        found["order"] = content.say(f"fault_extra.{found['order']}")
    if "meant" in found:
        found["meant"] = content.either([_reading(fault, each, content) for each in found["meant"]])
    if "no_estimate" in found:
        found["no_estimate"] = content.say(f"no_estimate.{found['no_estimate']}")
    if "kind" in found:
        found["kind"] = content.say(f"kind.{found['kind']}")
    return found


def _reading(fault: Fault, meant: tuple[str, str], content: Content) -> str:
    """One thing that a number may have meant, and how it was then written."""
    unit = fault.details["unit"]
    return content.say("fault_extra.reading", number=meant[0], unit=unit, typed=meant[1])
