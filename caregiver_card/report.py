"""Faults in words, one clear line each: ``LEVEL path: message``, or ``LEVEL row N path: …``."""

from caregiver_card.content import Content
from caregiver_card.rules import Fault


def line(fault: Fault, content: Content, row: int = 0) -> str:
    """The line that a command prints for one fault, in the row ``row`` of a file of many cards."""
    level = content.say(f"level.{fault.level}")
    return f"{level} {_place(fault, row)}: {sentence(fault, content)}"


def _place(fault: Fault, row: int) -> str:
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
    if "kind" in details:
        details["kind"] = content.say(f"kind.{details['kind']}")
    return content.say(f"fault.{fault.code}", **details)
