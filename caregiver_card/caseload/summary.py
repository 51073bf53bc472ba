"""The patients of a caseload, in the few facts by which a clinic compares a table."""

import json
from dataclasses import dataclass

from caregiver_card.briefing.briefing import brief
from caregiver_card.briefing.content import Content
from caregiver_card.card.model import Card
from caregiver_card.caseload.batch import CheckedRow
from caregiver_card.caseload.spreadsheet import TableRow
from caregiver_card.questionnaire import flatten


@dataclass(frozen=True, slots=True)
class PatientSummary:
    """One row as text; empty where the row has nothing. ``is_card``: it can be printed."""

    row: int
    name: str
    born: str
    dose: str
    concentration: str
    refilled: str
    alarm: str
    is_card: bool


def summarize(checked: CheckedRow, content: Content) -> PatientSummary:
    """Return a row as the card will state it, or as typed if it makes no card."""
    if checked.case.card:
        return _of_card(checked.row.number, checked.case.card, content)
    typed = _typed(checked.row)
    paths = ("full_name", "date_of_birth"), ("daily_dose_mcg", "concentration_mcg_per_ml")
    name, born = (typed.get(f"patient.{each}", "") for each in paths[0])
    dose, concentration = (typed.get(f"regimen.{each}", "") for each in paths[1])
    refilled, alarm = (typed.get(f"refill.{each}", "") for each in ("last_refill_on", "alarm_date"))
    row = checked.row.number
    return PatientSummary(row, name, born, dose, concentration, refilled, alarm, is_card=False)


def _of_card(row: int, card: Card, content: Content) -> PatientSummary:
    briefing = brief(card, content)
    label = content.say("page.alarm_date")
    alarm = next((each.value for each in briefing.dates if each.label == label), "")
    dose, strength = (
        f"{each.number} {each.unit}" for each in (briefing.dose, briefing.concentration)
    )
    born = content.day(card.patient.date_of_birth)
    refilled = content.day(card.refill.last_refill_on) if card.refill.last_refill_on else ""
    name = card.patient.full_name
    return PatientSummary(row, name, born, dose, strength, refilled, alarm, is_card=True)


def _typed(row: TableRow) -> dict[str, str]:
    """Return the row's own values, as far as it can be read: its cells as they stand there."""
    if row.typed:
        return {path: cell.strip()[:80] for path, cell in row.typed.items()}
    try:
        content = json.loads(row.content or b"{}")
    except (ValueError, RecursionError):
        return {}
    fields = flatten.flatten(content) if isinstance(content, dict) else {}
    return {path: str(value)[:80] for path, value in fields.items() if value is not None}
