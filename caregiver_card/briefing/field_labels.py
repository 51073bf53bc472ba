"""The fields of a card in words: the label of each, and its value as it is read.

Both go by the path that faults use (``contacts[1].phone``), so that a form, a history and a list of
faults use the same label. The texts are under ``label``, ``as_read`` and the tables of the choices.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from caregiver_card.briefing import card_texts, isolates, languages
from caregiver_card.briefing.content import Content
from caregiver_card.card import telephones
from caregiver_card.card.regimen import OralBaclofen

_INDEX = re.compile(r"\[(\d+)\]")
# The prefix of the texts of a choice; its value completes the key.
_CHOICES = {
    "patient.gender": "option.patient.gender.",
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
    """Return the label of the field at ``path``; an empty string if a card has no such field."""
    place = _INDEX.sub("", path)
    own = content.text.get(f"label.{place}") or content.text.get(f"label.{place}.item") or ""
    index = _INDEX.search(path)
    if not own or not index:
        return own
    item = content.say(f"label.{path[: index.start()]}.item")
    numbered = f"{item} {int(index[1]) + 1}"
    return numbered if path.endswith("]") else f"{numbered}: {own}"


def value_text(path: str, value: Any, content: Content) -> str:
    """Return the value of a field as it is read; an absent value is "not recorded"."""
    if value is None or value == ():
        return content.say("status.not_recorded")
    if isinstance(value, OralBaclofen):
        list_text = card_texts.oral(value, content)
        return "; ".join(list_text.items) or list_text.words
    if path in _CHOICES:
        return content.say(f"{_CHOICES[path]}{value}")
    if path == "confirmed":
        return label(value, content) or content.say("change.other_question")
    text = _formatted(path, value, content)
    frame = content.text.get(f"as_read.{path}")
    return isolates.protect_numbers(frame.format(value=text) if frame else text, content.is_rtl)


def _formatted(path: str, value: Any, content: Content) -> str:
    match value:
        case bool():
            return content.say("answer.yes" if value else "answer.no")
        case date():
            return content.day(value)
        case Decimal():
            return content.number(value)
    if path == "language":
        return languages.name(value)
    if path == "region":
        return content.country(value)
    if path.rpartition(".")[2].startswith("phone"):
        return telephones.format_phone(value)
    return str(value)
