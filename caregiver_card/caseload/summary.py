"""Whom the rows of a caseload are about, in the few words by which a clinic compares a table."""

import json
from dataclasses import dataclass

from caregiver_card.briefing.briefing import brief
from caregiver_card.briefing.content import Content
from caregiver_card.card.model import Card
from caregiver_card.caseload.batch import Looked
from caregiver_card.questionnaire import flatten


@dataclass(frozen=True, slots=True)
class Person:
    """One row in finished words; empty where it says nothing. ``is_card``: it can be printed."""

    row: int
    name: str
    born: str
    dose: str
    concentration: str
    alarm: str
    is_card: bool


def person(looked: Looked, content: Content) -> Person:
    """As the card will say it, or, where there is none, as the row has it."""
    if looked.case.card:
        return _of_card(looked.row.number, looked.case.card, content)
    typed = _typed(looked.row.content)
    paths = ("full_name", "date_of_birth"), ("daily_dose_mcg", "concentration_mcg_per_ml")
    name, born = (typed.get(f"patient.{each}", "") for each in paths[0])
    dose, concentration = (typed.get(f"regimen.{each}", "") for each in paths[1])
    alarm = typed.get("refill.alarm_date", "")
    return Person(looked.row.number, name, born, dose, concentration, alarm, is_card=False)


def _of_card(row: int, card: Card, content: Content) -> Person:
    briefing = brief(card, content)
    label = content.say("page.alarm_date")
    alarm = next((each.value for each in briefing.dates if each.label == label), "")
    dose, strength = (
        f"{each.number} {each.unit}" for each in (briefing.dose, briefing.concentration)
    )
    born = content.day(card.patient.date_of_birth)
    return Person(row, card.patient.full_name, born, dose, strength, alarm, is_card=True)


def _typed(raw: bytes) -> dict[str, str]:
    """The row's own words, of whatever can be read of it."""
    try:
        content = json.loads(raw or b"{}")
    except (ValueError, RecursionError):
        return {}
    held = flatten.flatten(content) if isinstance(content, dict) else {}
    return {path: str(value)[:80] for path, value in held.items() if value is not None}
