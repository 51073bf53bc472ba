"""Warnings about the regimen: doses in the pump and by mouth.

Limits and their sources: ``docs/clinical-sources.md``.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from caregiver_card.card import reservoir, times
from caregiver_card.card.dates import months_later
from caregiver_card.card.regimen import LOWEST_DOSE_MCG, dose_readings, tablet_readings
from caregiver_card.card.rules import Fault, value_at, warning


def dose_warnings(card: Any, today: date) -> Iterator[Fault]:
    """Yield every warning whose path begins with ``regimen``."""
    for rule in (_concentration, _dose, _change, _by_mouth):
        yield from rule(card, today)


def _concentration(card: Any, today: date) -> Iterator[Fault]:
    """Warn of a concentration that no label has, or that only a screening test uses."""
    path = "regimen.concentration_mcg_per_ml"
    strength = value_at(card, path)
    if not strength:
        return
    if strength == 50:
        yield warning(path, "screening-strength")
    elif strength > 2000:
        yield warning(path, "above-labelled", strength=strength)
    elif strength not in (500, 1000, 2000):
        yield warning(path, "unusual-strength", strength=strength)
    if value_at(card, "regimen.compounded"):
        yield warning("regimen.compounded", "compounded")


def _dose(card: Any, today: date) -> Iterator[Fault]:
    """Warn of an unusual dose, mode or flow, and of what does not fit the mode."""
    dose, mode = value_at(card, "regimen.daily_dose_mcg"), value_at(card, "regimen.mode")
    if dose and mode == "minimum_rate" and dose < LOWEST_DOSE_MCG:
        # No pump gives so little even at minimum rate, but the same figure in mg is a usual dose.
        meant = dose_readings(dose) if dose < 1 else ()
        code = "minimum-rate-or-mg" if meant else "minimum-rate-dose"
        shown, path = dose, "regimen.daily_dose_mcg"
        yield warning(path, code, dose=shown, unit="mcg", meant=meant)
    elif dose and (dose < 22 or dose > 2000):
        yield warning("regimen.daily_dose_mcg", "very-unusual-dose", dose=dose)
    elif dose and (dose < 50 or dose > 1000):
        yield warning("regimen.daily_dose_mcg", "unusual-dose", dose=dose)
    if mode == "minimum_rate":
        yield warning("regimen.mode", "minimum-rate")
    rows = value_at(card, "regimen.schedule")
    if mode == "flex" and rows and (hours := _covered_hours(rows)) and hours < 24:
        yield warning("regimen.schedule", "schedule-gap", hours=round(hours, 2))
    if mode == "flex" and not rows:
        yield warning("regimen.schedule", "flex-without-schedule")
    if mode and mode not in ("flex", "bolus") and rows:
        yield warning("regimen.schedule", "schedule-without-flex")
    others = value_at(card, "regimen.other_pump_drugs")
    if others and others.status == "listed":
        yield warning("regimen.other_pump_drugs", "mixture")
    yield from _flow(card)


def _covered_hours(rows: Any) -> Decimal | None:
    """Return the hours of the day that the periods cover, or ``None`` if a time is missing."""
    if any(None in (row.start, row.end) for row in rows):
        return None
    lengths = ((times.minutes(row.end) - times.minutes(row.start)) % 1440 or 1440 for row in rows)
    return Decimal(sum(lengths)) / 60


def _flow(card: Any) -> Iterator[Fault]:
    if not card.regimen:
        return
    flow = reservoir.flow_ml_per_day(card)
    path = "regimen.flow_ml_per_day" if card.regimen.flow_ml_per_day else "regimen.daily_dose_mcg"
    # More than 2 mL a day empties a reservoir within days; less than 0.048 mL is next to nothing.
    too_little = card.regimen.mode != "minimum_rate" and flow and flow < Decimal("0.048")
    if flow and (flow > 2 or too_little):
        yield warning(path, "unusual-flow", flow=round(flow, 3))
    dose, strength = card.regimen.daily_dose_mcg, card.regimen.concentration_mcg_per_ml
    if card.regimen.flow_ml_per_day and dose and strength:
        delivered = card.regimen.flow_ml_per_day * strength
        if abs(delivered - dose) > dose / 10:
            yield warning(
                "regimen.flow_ml_per_day",
                "flow-and-dose",
                delivered=delivered,
            )


def _change(card: Any, today: date) -> Iterator[Fault]:
    """Warn of a change that is large or recent, or that does not end at the daily dose."""
    change = value_at(card, "regimen.last_change")
    if not change:
        return
    before, after = change.from_mcg, change.to_mcg
    if before and after and abs(after - before) > before * Decimal("0.4"):
        yield warning("regimen.last_change.to_mcg", "big-step", before=before, after=after)
    dose = card.regimen.daily_dose_mcg
    if after and dose and after != dose:
        yield warning("regimen.last_change.to_mcg", "change-and-dose", after=after, dose=dose)
    if change.on and today - timedelta(days=7) <= change.on <= today:
        yield warning("regimen.last_change.on", "recent-change", day=change.on)


def _by_mouth(card: Any, today: date) -> Iterator[Fault]:
    """Warn of a high dose of oral baclofen, and of a rescue plan older than a year."""
    oral, plan = value_at(card, "regimen.oral_baclofen"), value_at(card, "regimen.rescue_plan")
    # 80 mg a day is the usual maximum (P11).
    if oral and oral.dose_mg and oral.dose_mg * (oral.times_per_day or 1) > 80:
        code = "high-backup-dose" if oral.purpose else "high-oral-dose"
        yield warning("regimen.oral_baclofen.dose_mg", code)
    # No tablet holds less than a milligram; the figure may be in grams.
    if oral and oral.dose_mg and oral.dose_mg < 1:
        path, shown = "regimen.oral_baclofen.dose_mg", oral.dose_mg
        yield warning(
            path, "oral-in-grams", dose=shown, unit="mg", meant=tablet_readings(oral.dose_mg)
        )
    if plan and plan.written_on and months_later(plan.written_on, 12) < today:
        yield warning("regimen.rescue_plan.written_on", "old-plan", day=plan.written_on)
