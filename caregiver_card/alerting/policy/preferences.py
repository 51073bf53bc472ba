"""The form for a recipient: read into the fields of ``Recipient``, or into its faults."""

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from caregiver_card.alerting.channels import mail
from caregiver_card.alerting.policy.recipients import OPENED
from caregiver_card.briefing import languages
from caregiver_card.card import times, values
from caregiver_card.card.alert_kinds import SUBJECTS
from caregiver_card.card.rules import ERROR, Fault

SUBJECT_CHOICES = (*SUBJECTS, OPENED)
TIERS = ("1", "2", "3", "4", "5")
TEST_FREQUENCIES = ("", "weekly", "monthly")
# Quiet hours may end at 24:00, which no clock shows.
_MIDNIGHT = "24:00"
_LIKE_ADDRESS = re.compile(r"@|://|\bwww\.|[^\W_]\.[^\W\d_]{2,}", re.IGNORECASE)
_NAME = values.text(40)
# Where most people have their mail, and what only looks like a slip of one of these.
_PROVIDERS = ("gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com")
_OTHER_PROVIDERS = frozenset(("mail.com", "ymail.com", "email.com"))
# Lets through one wrong, lost or turned letter; "gmx.com" is no "gmail.com".
_ALIKE = 0.85
# What a form says in place of "address" where an address is only asked about.
ASKED = "address-asked"


class Preferences(NamedTuple):
    """The fields of ``Recipient`` that a form sets, and the form's faults; one of them is empty."""

    values: dict[str, Any]
    faults: list[Fault]


def read(form: Mapping[str, str], subjects: Sequence[str], *, with_address: bool) -> Preferences:
    """Return what a form says; ``subjects`` are the ticked boxes.

    Without ``with_address`` the form has no fields for an address and for who invites.
    """
    readers: dict[str, Callable[[], Any]] = {
        "name": lambda: parse_name(form.get("name", "")),
        "address": lambda: _address(form.get("address", ""), form.get("confirm", "")),
        "asked_by": lambda: _optional_name(form.get("asked_by", "")),
        "turn": lambda: int(values.choice(*TIERS)(form.get("turn", ""), None)),
        "subjects": lambda: _subjects(subjects),
        "time_zone": lambda: _time_zone(form.get("time_zone", "")),
        "quiet": lambda: _quiet_hours(form.get("quiet_from", ""), form.get("quiet_until", "")),
        "proof": lambda: _one_of(TEST_FREQUENCIES, form.get("proof", "")),
        "open_subject": lambda: form.get("open_subject") == "yes",
        "language": lambda: languages.find(form.get("language")) or "",
    }
    if not with_address:
        del readers["address"], readers["asked_by"]
    fields, faults = {}, []
    for name, reader in readers.items():
        try:
            fields[name] = reader()
        except values.InvalidValue as error:
            path = ASKED if error.code == "mail-slip" else _form_field(name, form)
            faults.append(Fault(ERROR, path, error.code, error.details))
    return Preferences({} if faults else fields, faults)


def parse_name(typed: str) -> str:
    """Return a recipient's name, as the list and the invitation show it. Raises InvalidValue.

    Whoever makes a card chooses the name and a stranger may read it, so it must not look like a
    web or e-mail address.
    """
    name: str = _NAME(typed, None)
    if _LIKE_ADDRESS.search(name):
        raise values.InvalidValue("like-address")
    return name


def parse_patient_name(typed: str) -> str:
    """Return the patient's name for messages; empty for none. Raises InvalidValue."""
    return _optional_name(typed)


def _optional_name(typed: str) -> str:
    return parse_name(typed) if typed.strip() else ""


def _form_field(name: str, form: Mapping[str, str]) -> str:
    """Return the form field to correct: quiet hours have two."""
    if name != "quiet":
        return name
    try:
        times.clock(form.get("quiet_from", ""))
    except values.InvalidValue:
        return "quiet_from"
    return "quiet_until"


def _subjects(ticked: Sequence[str]) -> tuple[str, ...]:
    chosen = tuple(subject for subject in SUBJECT_CHOICES if subject in ticked)
    if not chosen:
        raise values.InvalidValue("nothing-ticked")
    return chosen


def _quiet_hours(start: str, end: str) -> tuple[str, ...]:
    if not start.strip() and not end.strip():
        return ()
    hours = tuple(times.clock(typed).replace(_MIDNIGHT, "00:00") for typed in (start, end))
    if hours[0] == hours[1]:
        raise values.InvalidValue("quiet-all-day")
    return hours


def _time_zone(name: str) -> str:
    if not name.strip():
        raise values.InvalidValue("not-chosen")
    return values.time_zone(name)


def _one_of(allowed: Sequence[str], choice: str) -> str:
    if choice not in allowed:
        raise values.InvalidValue("not-choice", allowed=", ".join(filter(None, allowed)), near="")
    return choice


def _address(typed: str, confirmed: str) -> str:
    """Return an address; one that may be a slip only where it is ``confirmed`` as it is typed."""
    if not typed.strip():
        raise values.InvalidValue("empty")
    try:
        address = mail.parse_address(typed)
    except mail.ForeignLetters:
        raise values.InvalidValue("mail-letters") from None
    except mail.InvalidAddress:
        raise values.InvalidValue("not-mail") from None
    local, _, host = address.rpartition("@")
    meant = _provider_meant(host)
    if "." not in host and not meant:
        raise values.InvalidValue("not-mail")
    if "." not in host:
        raise values.InvalidValue("mail-cut", address=f"{local}@{meant}")
    if meant and confirmed != typed:
        raise values.InvalidValue("mail-slip", address=f"{local}@{meant}")
    return address


def _provider_meant(host: str) -> str:
    """Return the large provider that a host nearly names; empty if it is one, or none."""
    if host in _OTHER_PROVIDERS or host.startswith(tuple(f"{each}." for each in _PROVIDERS)):
        return ""
    whole = "." in host
    names = {each if whole else each.partition(".")[0]: each for each in _PROVIDERS}
    found = difflib.get_close_matches(host, names, n=1, cutoff=_ALIKE)
    return names[found[0]] if found and names[found[0]] != host else ""
