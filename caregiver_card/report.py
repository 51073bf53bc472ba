"""Faults in words, one clear line each: ``LEVEL path: message``, or ``LEVEL row N path: …``."""

from collections.abc import Sequence

from caregiver_card.content import Content
from caregiver_card.rules import Fault

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
    details = dict(fault.details)
    if "near" in details:
        near = details["near"]
        details["near"] = content.say("fault_extra.near", near=near) if near else ""
    if "words" in details:
        words = content.listed([f"“{each}”" for each in details["words"]])
        details["words"] = content.say("fault_extra.reads", words=words) if words else ""
    if "places" in details:
        first, more = details["places"][:_PLACES], len(details["places"]) - _PLACES
        details["places"] = ", ".join(first) + (f", … (+{more})" if more > 0 else "")
    if details.get("order"):
        details["order"] = content.say(f"fault_extra.{details['order']}")
    if "kind" in details:
        details["kind"] = content.say(f"kind.{details['kind']}")
    return content.say(f"fault.{fault.code}", **details)
