"""Faults in words, one clear line each: ``LEVEL path: message``."""

from caregiver_card.content import Content
from caregiver_card.rules import Fault


def line(fault: Fault, content: Content) -> str:
    """The line that ``card check`` prints for one fault."""
    level = content.say(f"level.{fault.level}")
    return f"{level} {fault.path}: {sentence(fault, content)}"


def sentence(fault: Fault, content: Content) -> str:
    """What is wrong, without its place: the words that stand beside a field."""
    details = dict(fault.details)
    if "near" in details:
        near = details["near"]
        details["near"] = content.say("fault_extra.near", near=near) if near else ""
    if "kind" in details:
        details["kind"] = content.say(f"kind.{details['kind']}")
    return content.say(f"fault.{fault.code}", **details)
