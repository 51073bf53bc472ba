"""What a card records and a print does not show: each fact has a name, by which the print says that
it is elsewhere.

The list is made from the facts of the briefing, so that nothing can be forgotten: one that is not
known here is still named, as "further details".
"""

import json
from collections.abc import Collection

from caregiver_card.briefing.briefing import Briefing

# What every print shows, or nobody looks for on one.
_ALWAYS = ""
_UNKNOWN = "more"
_NAMES = {
    **dict.fromkeys(
        (
            *("region", "language", "patient.full_name", "patient.date_of_birth", "regimen.drug"),
            *("regimen.daily_dose_mcg", "regimen.concentration_mcg_per_ml"),
            *("pump.maker", "pump.model", "team.phone_24h"),
        ),
        _ALWAYS,
    ),
    "patient.weight_kg": "weight",
    "patient.reason_for_pump": "risks",
    "patient.record_number": "risks",
    "patient.risks": "risks",
    "patient.baseline": "normal",
    "patient.communication": "communication",
    "regimen.compounded": "drugs",
    "regimen.other_pump_drugs": "drugs",
    "regimen.mode": "mode",
    "regimen.patient_bolus_device": "mode",
    "regimen.flow_ml_per_day": "schedule",
    "regimen.schedule": "schedule",
    "regimen.last_change": "change",
    "regimen.oral_baclofen": "oral",
    "regimen.rescue_plan": "rescue",
    "pump": "details",
    "pump.location": "location",
    "refill.last_refill_on": "refill",
    "refill.volume_ml": "details",
    "refill.next_appointment_on": "details",
    "refill.alarm_date": "alarm",
    "team": "details",
    "team.hospital": "hospital",
    "team.note": "note",
    "maker_support": "maker",
    "allergies": "allergies",
    "medicines": "medicines",
    "contacts.first": "contact",
    "contacts.others": "others",
    "directives": "wishes",
    "confirmed": "caution",
}
# The rules, and what says so where nothing is recorded.
_ALWAYS_SAID = frozenset(("alarm", "by", "drugs", "late", "mri", "never"))
# Named together where more than one of them is left out.
SMALLER = ("communication", "weight", "language", "details")
# In the order in which they are named: what changes a treatment first.
ORDER = (
    *("hospital", "note", "drugs", "alarm", "refill", "mode", "location", "allergies", "contact"),
    *("by", "oral", "medicines", "schedule", "change", "risks", "never", "late", "caution"),
    *("normal", "mri", "wishes", "rescue", "others", "maker"),
    *("communication", "weight", "language", "details", "more"),
)


def name(path: str) -> str:
    """The name of what stands at ``path`` on the card, by the longest part of it that has one."""
    parts = path.split(".")
    held = (".".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next((_NAMES[each] for each in held if each in _NAMES), _UNKNOWN)


def _lists_nothing(value: str) -> bool:
    """Whether a fact is a list that has nothing to show: nobody looks for it on the page."""
    return value.startswith("{") and json.loads(value).get("status", "listed") != "listed"


def left(b: Briefing, shown: Collection[str]) -> list[str]:
    """The names of what the page shows of this card, but for those that are ``shown``."""
    held = {name(path) for path, value in b.facts if not _lists_nothing(value)} | _ALWAYS_SAID
    # A number is unusual before anybody has answered that it is right.
    held |= {"caution"} if b.cautions else set()
    first = next(each for each in b.contacts if each.number)
    held |= {"language"} if first.about != first.relation else set()
    return [each for each in ORDER if each in held and each not in shown]


def _folded(names: list[str]) -> list[str]:
    """The names, those of smaller things as one, so that none of them costs a rule its room."""
    smaller = [each for each in names if each in SMALLER]
    if len(smaller) < 2:
        return names
    return [
        "smaller" if each == smaller[-1] else each for each in names if each not in smaller[:-1]
    ]


def said(b: Briefing, kept: frozenset[str], guide: bool, most: int) -> str:
    """What a card with these blocks leaves to the page, in words, the first ``most`` by their
    names; where its QR opens no page, to the family."""
    # That there are no allergies, or that nobody knows, is always there.
    shown = kept if b.allergies.items else kept | {"allergies"}
    names = _folded(left(b, shown | {_ALWAYS}))
    if not names:
        return ""
    names = names if len(names) <= most else [*names[:most], "else"]
    words = b.content.join_and([b.content.say(f"wallet.left-{each}") for each in names])
    return b.content.say("wallet.left_guide" if guide else "wallet.left", what=words)
