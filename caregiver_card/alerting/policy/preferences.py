"""A form -> what one person on the list is told, how and when; or what is wrong with it."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from caregiver_card.alerting.channels import mail
from caregiver_card.alerting.policy.recipients import OPENED
from caregiver_card.card import times, values
from caregiver_card.card.alert_kinds import SUBJECTS
from caregiver_card.card.rules import ERROR, Fault

CHOICES = (*SUBJECTS, OPENED)
TURNS = ("1", "2", "3", "4", "5")
PROOFS = ("", "weekly", "monthly")
# What a day holds apart from 24:00, which a quiet hour may end at but no clock shows.
_MIDNIGHT = "24:00"
_LIKE_ADDRESS = re.compile(r"@|://|\bwww\.|[^\W_]\.[^\W\d_]{2,}", re.IGNORECASE)
_NAME = values.text(40)


class Preferences(NamedTuple):
    """The fields of a ``Person`` that a form sets, and its faults; of the two, one is empty."""

    values: dict[str, Any]
    faults: list[Fault]


def read(form: Mapping[str, str], subjects: Sequence[str], *, with_address: bool) -> Preferences:
    """What a form says; ``subjects`` are its ticks. A channel of its own has its own address."""
    readers: dict[str, Callable[[], Any]] = {
        "name": lambda: name(form.get("name", "")),
        "address": lambda: _address(form.get("address", "")),
        "asked_by": lambda: _optional_name(form.get("asked_by", "")),
        "turn": lambda: int(values.choice(*TURNS)(form.get("turn", ""), None)),
        "subjects": lambda: _subjects(subjects),
        "time_zone": lambda: _zone(form.get("time_zone", "")),
        "quiet": lambda: _quiet(form.get("quiet_from", ""), form.get("quiet_until", "")),
        "proof": lambda: _one_of(PROOFS, form.get("proof", "")),
        "open_subject": lambda: form.get("open_subject") == "yes",
    }
    if not with_address:
        del readers["address"], readers["asked_by"]
    found, faults = {}, []
    for box, reader in readers.items():
        try:
            found[box] = reader()
        except values.InvalidValue as fault:
            # A missing name is said as such; every other fault as the value's own.
            faults.append(Fault(ERROR, _box(box, form), fault.code, fault.details))
    return Preferences({} if faults else found, faults)


def name(words: str) -> str:
    """What somebody is called on the list, and in an invitation. Raises InvalidValue.

    Whoever makes a card chooses it, and a stranger may read it: it is no address to press.
    """
    found: str = _NAME(words, None)
    if _LIKE_ADDRESS.search(found):
        raise values.InvalidValue("like-address")
    return found


def _optional_name(words: str) -> str:
    return name(words) if words.strip() else ""


def patient_name(words: str) -> str:
    """What the messages may call the patient; empty for nothing. Raises InvalidValue."""
    return _optional_name(words)


def _box(name: str, form: Mapping[str, str]) -> str:
    """Which box of the form is wrong."""
    if name != "quiet":
        return name
    try:
        times.clock(form.get("quiet_from", ""))
    except values.InvalidValue:
        return "quiet_from"
    return "quiet_until"


def _subjects(ticked: Sequence[str]) -> tuple[str, ...]:
    chosen = tuple(each for each in CHOICES if each in ticked)
    if not chosen:
        raise values.InvalidValue("nothing-ticked")
    return chosen


def _quiet(start: str, end: str) -> tuple[str, ...]:
    if not start.strip() and not end.strip():
        return ()
    found = tuple(times.clock(each).replace(_MIDNIGHT, "00:00") for each in (start, end))
    if found[0] == found[1]:
        raise values.InvalidValue("quiet-all-day")
    return found


def _zone(words: str) -> str:
    if not words.strip():
        raise values.InvalidValue("not-chosen")
    return values.time_zone(words)


def _one_of(allowed: Sequence[str], word: str) -> str:
    if word not in allowed:
        raise values.InvalidValue("not-choice", allowed=", ".join(filter(None, allowed)), near="")
    return word


def _address(words: str) -> str:
    if not words.strip():
        raise values.InvalidValue("empty")
    try:
        return mail.parse_address(words)
    except mail.ForeignLetters:
        raise values.InvalidValue("mail-letters") from None
    except mail.InvalidAddress:
        raise values.InvalidValue("not-mail") from None
