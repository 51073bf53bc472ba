"""A card's fields in words: what each is called, and how its value is read.

Both go by the field's path as faults name it (``contacts[1].phone``), so that a form, a history
and a list of faults call one thing by one name. The words stand in the text, under ``label``,
``as_read`` and the choices' own tables.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from caregiver_card.briefing import card_texts, isolates
from caregiver_card.briefing.content import Content
from caregiver_card.card import telephones, values
from caregiver_card.card.regimen import OralBaclofen

_INDEX = re.compile(r"\[(\d+)\]")
# Where the words of a choice stand; a choice's own value follows the prefix.
_CHOICES = {
    "patient.risks.cord_injury_t6_or_above": "answer.",
    "patient.risks.communication_difficulty": "answer.",
    "patient.risks.past_withdrawal": "answer.",
    "patient.risks.seizure_history": "answer.",
    "patient.risks.kidney_disease": "answer.",
    "regimen.drug": "drug.",
    "regimen.mode": "mode.",
    "regimen.patient_bolus_device": "answer.",
    "regimen.other_pump_drugs.status": "status.pump_drugs-",
    "regimen.oral_baclofen.status": "status.oral-",
    "pump.catheter_access_port": "answer.",
    "pump.alarms": "page.alarms-",
    "allergies.status": "status.allergies-",
    "medicines.status": "status.medicines-",
    "directives.status": "status.directives-",
}


def label(path: str, content: Content) -> str:
    """What the field at ``path`` is called; an empty string for what is no field of a card."""
    place = _INDEX.sub("", path)
    own = content.text.get(f"label.{place}") or content.text.get(f"label.{place}.item") or ""
    index = _INDEX.search(path)
    if not own or not index:
        return own
    item = content.say(f"label.{path[: index.start()]}.item")
    numbered = f"{item} {int(index[1]) + 1}"
    return numbered if path.endswith("]") else f"{numbered}: {own}"


def words(path: str, value: Any, content: Content) -> str:
    """A field's value as it is read; what is absent is "not recorded"."""
    if value is None or value == ():
        return content.say("status.not_recorded")
    if isinstance(value, OralBaclofen):
        listing = card_texts.oral(value, content)
        return "; ".join(listing.items) or listing.words
    if path in _CHOICES:
        return content.say(f"{_CHOICES[path]}{value}")
    if path == "confirmed":
        return label(value, content) or content.say("change.other_question")
    read = _read(path, value, content)
    frame = content.text.get(f"as_read.{path}")
    return isolates.whole(frame.format(value=read) if frame else read)


def _read(path: str, value: Any, content: Content) -> str:
    match value:
        case bool():
            return content.say("answer.yes" if value else "answer.no")
        case date():
            return content.day(value)
        case Decimal():
            return values.format_number(value)
    if path == "region":
        return content.country(value)
    if path.rpartition(".")[2].startswith("phone"):
        return telephones.format_phone(value)
    return str(value)
