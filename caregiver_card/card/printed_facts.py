"""A card -> the facts that prints can show, each by its path: what makes two prints differ.

Paths and values are those of the card file, whose format outlives the program's wording. So the
same card has the same facts after every update of the program, and papers of years ago can be
told. A name here is printed matter: whoever changes one makes every paper look out of date.

Left out is what is no fact about the patient and the pump: who confirmed the card and when ("still
right" makes no paper wrong), the time zone, and what the family does not share.
"""

import json
from collections.abc import Iterator
from typing import Any

from caregiver_card.card import codec, dose_warnings, reservoir
from caregiver_card.card.model import Card

# Pairs of a path and a value.
Facts = tuple[tuple[str, str], ...]
ALARM = "refill.alarm_date"
# The contact that a small print names, and all others.
FIRST, OTHERS = "contacts.first", "contacts.others"
UNUSUAL = "confirmed"
_NO_FACTS = frozenset({"format", "time_zone", "verified", "contacts", UNUSUAL})
# Where prints say that a number is unusual, and whether a person has confirmed it.
_MARKED_UNUSUAL = ("regimen.daily_dose_mcg", "regimen.concentration_mcg_per_ml")
# What the wallet card has room for; a larger print shows everything.
_WALLET = frozenset(
    {
        *("patient.full_name", "patient.date_of_birth", "patient.baseline"),
        *("regimen.daily_dose_mcg", "regimen.concentration_mcg_per_ml", UNUSUAL),
        *("regimen.mode", "regimen.patient_bolus_device"),
        *("regimen.other_pump_drugs", "regimen.compounded", "regimen.oral_baclofen"),
        *("pump.maker", "pump.model", "pump.location"),
        *("refill.last_refill_on", ALARM),
        *("team.hospital", "team.phone_24h", "team.note"),
        *("maker_support.phone", "maker_support.for", "maker_support.checked_on"),
        *("allergies", FIRST),
    }
)


def facts(card: Card) -> Facts:
    """Every fact that is recorded: its path and its value, written the same way each time."""
    written = codec.to_json(card)
    found = dict(_flat({key: each for key, each in written.items() if key not in _NO_FACTS}))
    found[FIRST] = next(each for each in written["contacts"] if "phone" in each)
    found[OTHERS] = [each for each in written["contacts"] if each is not found[FIRST]]
    found[UNUSUAL] = _confirmed_unusual(card)
    return tuple(
        (path, value if isinstance(value, str) else json.dumps(value, sort_keys=True))
        for path, value in found.items()
        if value != []
    )


def differences(old: Card, new: Card) -> tuple[str, ...]:
    """The paths of the facts in which the prints of two cards differ, in the order of the file."""
    before, after = dict(facts(old)), dict(facts(new))
    paths = {path for path in before | after if before.get(path) != after.get(path)}
    # An estimate is no field of the card, and prints show it where the alarm date would stand.
    if reservoir.low_day(old) != reservoir.low_day(new):
        paths.add(ALARM)
    return tuple(sorted(paths, key=[*after, *before, ALARM].index))


def on_wallet(path: str) -> bool:
    """Whether the wallet card has room for a fact; if not, only larger prints show it."""
    return path in _WALLET


def _confirmed_unusual(card: Card) -> list[str]:
    """Which numbers prints call unusual and confirmed."""
    answered = [path for path in _MARKED_UNUSUAL if path in card.confirmed]
    # Asked only where it matters: it takes longer than all other facts together.
    asked = (
        {each.path for each in dose_warnings.dose_warnings(card, card.verified.on)}
        if answered
        else ()
    )
    return [path for path in answered if path in asked]


def _flat(part: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The values of a part by their paths; a list, and one with a status, is one value."""
    for key, value in part.items():
        if not isinstance(value, dict):
            yield f"{prefix}{key}", value
        elif "status" in value:
            yield f"{prefix}{key}", _shared(value)
        else:
            yield from _flat(value, f"{prefix}{key}.")


def _shared(listing: dict[str, Any]) -> dict[str, Any]:
    """A list with a status as prints show it; no print says when a wish was written."""
    if listing["status"] == "not_shared":
        return {"status": listing["status"]}
    return {key: value for key, value in listing.items() if key != "written_on"}
