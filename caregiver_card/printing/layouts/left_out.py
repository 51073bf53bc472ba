"""Name what a card records and a print does not show, so that the print can refer to the page.

The names come from the facts of the briefing, so no fact is forgotten: one that this module does
not know is named "further details".
"""

import json
from collections.abc import Collection

from caregiver_card.briefing.briefing import Briefing

# The name of what every print shows, or what nobody looks for on a print.
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
    "maker_support.for": "line",
    "maker_support.checked_on": "line",
    "allergies": "allergies",
    "medicines": "medicines",
    "contacts.first": "contact",
    "contacts.others": "others",
    "directives": "wishes",
    "confirmed": "caution",
}
# The rules, and what has a text even if nothing is recorded.
_ALWAYS_SAID = frozenset(("alarm", "by", "drugs", "late", "mri", "never", "oral"))
# Named together where more than one of them is left out.
SMALLER = ("communication", "weight", "language", "details", "line")
# In the order in which they are named: what changes a treatment first.
ORDER = (
    *("hospital", "note", "drugs", "alarm", "refill", "mode", "location", "allergies", "contact"),
    *("by", "oral", "medicines", "schedule", "change", "risks", "never", "late", "caution"),
    *("normal", "mri", "wishes", "rescue", "others", "maker"),
    *("communication", "weight", "language", "details", "line", "more"),
)


def name(path: str) -> str:
    """The name of the field at ``path``, by the longest beginning of the path that has a name."""
    parts = path.split(".")
    beginnings = (".".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next((_NAMES[part] for part in beginnings if part in _NAMES), _UNKNOWN)


def _lists_nothing(value: str) -> bool:
    """Whether a fact is a list without items, which nobody looks for on the page."""
    return value.startswith("{") and json.loads(value).get("status", "listed") != "listed"


def left(b: Briefing, shown: Collection[str]) -> list[str]:
    """The names of everything that the page shows of this card, except those in ``shown``."""
    names = {name(path) for path, value in b.facts if not _lists_nothing(value)} | _ALWAYS_SAID
    # A number is unusual even before somebody has confirmed it.
    names |= {"caution"} if b.cautions else set()
    first = next(contact for contact in b.contacts if contact.number)
    names |= {"language"} if first.about != first.relation else set()
    return [key for key in ORDER if key in names and key not in shown]


def _folded(names: list[str]) -> list[str]:
    """The names, with one for all smaller things, so that none of them costs a rule its room."""
    smaller = [key for key in names if key in SMALLER]
    if len(smaller) < 2:
        return names
    return ["smaller" if key == smaller[-1] else key for key in names if key not in smaller[:-1]]


def sentence(b: Briefing, kept: frozenset[str], guide: bool, most: int) -> str:
    """The sentence about what a card with the blocks ``kept`` leaves to the page.

    It gives at most ``most`` names. With ``guide`` the code opens no page of the patient, and the
    sentence refers to the family.
    """
    # The card always says that there are no allergies, or that nobody knows.
    shown = kept | {"alarm", "never"} | (set() if b.allergies.items else {"allergies"})
    names = _folded(left(b, shown | {_ALWAYS}))
    if not names:
        return ""
    names = names if len(names) <= most else [*names[:most], "else"]
    listed = b.content.join_and([b.content.say(f"wallet.left-{key}") for key in names])
    return b.content.say("wallet.left_guide" if guide else "wallet.left", what=listed)
