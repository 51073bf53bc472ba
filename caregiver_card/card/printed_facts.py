"""The facts of a card that prints can show, each by its path: two prints differ if these differ.

Paths and values are those of the card file, whose format outlives the program's wording. So the
same card has the same facts after every update, and a print of years ago can still be compared.
Never rename a path: every existing print would look out of date.

Not a fact about the patient or the pump, and so left out: who confirmed the card and when
(confirming again makes no print wrong), the time zone, the language, what only the hospital's file
has (family name, gender), and what the family does not share.
"""

import json
from collections.abc import Iterator
from typing import Any

from caregiver_card.card import codec, dose_warnings, reservoir
from caregiver_card.card.model import Card

# Pairs of a path and its value.
Facts = tuple[tuple[str, str], ...]
ALARM_DATE = "refill.alarm_date"
# The one contact on a small print, and all others.
FIRST_CONTACT, OTHER_CONTACTS = "contacts.first", "contacts.others"
CONFIRMED_UNUSUAL = "confirmed"
_NO_FACT = frozenset({"format", "time_zone", "language", "verified", "contacts", CONFIRMED_UNUSUAL})
_IN_NO_PRINT = frozenset({"patient.family_name", "patient.gender"})
# The numbers that prints mark as unusual, and as confirmed or not.
_NUMBERS_MARKED_UNUSUAL = ("regimen.daily_dose_mcg", "regimen.concentration_mcg_per_ml")
# The facts that fit the wallet card; a larger print shows them all.
_WALLET = frozenset(
    {
        *("patient.full_name", "patient.date_of_birth", "patient.baseline"),
        *("regimen.daily_dose_mcg", "regimen.concentration_mcg_per_ml", CONFIRMED_UNUSUAL),
        *("regimen.mode", "regimen.patient_bolus_device"),
        *("regimen.other_pump_drugs", "regimen.compounded", "regimen.oral_baclofen"),
        *("pump.maker", "pump.model", "pump.location"),
        *("refill.last_refill_on", ALARM_DATE),
        *("team.hospital", "team.phone_24h", "team.note"),
        *("maker_support.phone", "maker_support.for", "maker_support.checked_on"),
        *("allergies", FIRST_CONTACT),
    }
)


def facts(card: Card) -> Facts:
    """Return every recorded fact as a pair of path and value, written the same way each time."""
    content = codec.to_json(card)
    facts_by_path = dict(
        _flatten({key: value for key, value in content.items() if key not in _NO_FACT})
    )
    facts_by_path[FIRST_CONTACT] = next(
        contact for contact in content["contacts"] if "phone" in contact
    )
    facts_by_path[OTHER_CONTACTS] = [
        contact for contact in content["contacts"] if contact is not facts_by_path[FIRST_CONTACT]
    ]
    facts_by_path[CONFIRMED_UNUSUAL] = _confirmed_unusual(card)
    return tuple(
        (path, value if isinstance(value, str) else json.dumps(value, sort_keys=True))
        for path, value in facts_by_path.items()
        if value != [] and path not in _IN_NO_PRINT
    )


def differences(old: Card, new: Card) -> tuple[str, ...]:
    """Return the paths of the facts in which the prints of two cards differ, in file order."""
    before, after = dict(facts(old)), dict(facts(new))
    paths = {path for path in before | after if before.get(path) != after.get(path)}
    # Where there is no alarm date, prints show an estimate, which is no field of the card.
    if reservoir.low_day(old) != reservoir.low_day(new):
        paths.add(ALARM_DATE)
    return tuple(sorted(paths, key=[*after, *before, ALARM_DATE].index))


def fits_wallet(path: str) -> bool:
    """Return whether the wallet card shows this fact; larger prints show every fact."""
    return path in _WALLET


def _confirmed_unusual(card: Card) -> list[str]:
    """Return the paths of the numbers that prints mark as unusual and confirmed."""
    confirmed = [path for path in _NUMBERS_MARKED_UNUSUAL if path in card.confirmed]
    # Computed only where it matters: the warnings are slow.
    unusual = (
        {fault.path for fault in dose_warnings.dose_warnings(card, card.verified.on)}
        if confirmed
        else ()
    )
    return [path for path in confirmed if path in unusual]


def _flatten(part: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the values of a part by path; a list, with or without a status, is one value."""
    for key, value in part.items():
        if not isinstance(value, dict):
            yield f"{prefix}{key}", value
        elif "status" in value:
            yield f"{prefix}{key}", _printed_list(value)
        else:
            yield from _flatten(value, f"{prefix}{key}.")


def _printed_list(list_with_status: dict[str, Any]) -> dict[str, Any]:
    """Return a list with a status as prints show it; none shows when a wish was written."""
    if list_with_status["status"] == "not_shared":
        return {"status": list_with_status["status"]}
    return {key: value for key, value in list_with_status.items() if key != "written_on"}
