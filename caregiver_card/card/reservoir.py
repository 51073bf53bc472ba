"""Estimate when the reservoir runs low and empty.

The estimate is a fallback for a missing printout: the clinic's own alarm date always wins (rule 2
in ``docs/design-rules.md``), and there is none where the arithmetic would be wrong. The arithmetic
and its sources: ``docs/clinical-sources.md``.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import floor
from typing import Any

# The longest recommended time between refills (P17).
MAX_DAYS_BETWEEN_REFILLS = 180
# The maker's recommended low-reservoir setting (P71), for a card that gives none.
USUAL_ALARM_VOLUME_ML = Decimal(2)


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimated day; ``capped`` means that it is only the 180-day limit since the refill."""

    on: date
    days: int
    capped: bool


@dataclass(frozen=True, slots=True)
class LowDay:
    """The day the reservoir runs low; ``source`` is "clinic", "estimate" or "cap" (180 days)."""

    on: date
    source: str


def low_day(card: Any) -> LowDay | None:
    """Return the clinic's alarm date, or the estimate where there is none, or ``None``."""
    if card.refill.alarm_date:
        return LowDay(card.refill.alarm_date, "clinic")
    estimate = estimate_low(card)
    return LowDay(estimate.on, "cap" if estimate.capped else "estimate") if estimate else None


def estimate_low(card: Any) -> Estimate | None:
    """Estimate the day on which the volume reaches the low-reservoir setting."""
    volume = card.pump.alarm_volume_ml if card.pump else None
    return _estimate(card, USUAL_ALARM_VOLUME_ML if volume is None else volume)


def estimate_empty(card: Any) -> Estimate | None:
    """Estimate the day on which the reservoir is empty."""
    return _estimate(card, Decimal(0))


def _estimate(card: Any, reserve_ml: Decimal) -> Estimate | None:
    if no_estimate_reason(card):
        return None
    days = max(0, floor((card.refill.volume_ml - reserve_ml) / flow_ml_per_day(card)))
    shown_days = min(days, MAX_DAYS_BETWEEN_REFILLS)
    on = card.refill.last_refill_on + timedelta(days=shown_days)
    return Estimate(on=on, days=shown_days, capped=days > MAX_DAYS_BETWEEN_REFILLS)


def flow_ml_per_day(card: Any) -> Decimal | None:
    """Return the daily flow in mL: a constant-flow pump's own, else dose by concentration."""
    regimen = card.regimen
    if regimen.mode == "constant_flow":
        return regimen.flow_ml_per_day  # type: ignore[no-any-return]
    if not regimen.daily_dose_mcg or not regimen.concentration_mcg_per_ml:
        return None
    return regimen.daily_dose_mcg / regimen.concentration_mcg_per_ml  # type: ignore[no-any-return]


def no_estimate_reason(card: Any) -> str | None:
    """Return a short code for why there is no estimate, or ``None`` if there is one."""
    regimen, refill = card.regimen, card.refill
    if refill is None or regimen is None or not refill.last_refill_on or not flow_ml_per_day(card):
        return "unknown"
    if regimen.mode not in ("simple_continuous", "constant_flow"):
        return "mode"
    if regimen.patient_bolus_device in ("yes", "unknown"):
        return "bolus"
    if regimen.other_pump_drugs and regimen.other_pump_drugs.status in ("listed", "not_shared"):
        # The reason must not reveal what is not shared.
        return "mixture" if regimen.other_pump_drugs.status == "listed" else "not_shared"
    if refill.volume_ml is None:
        return "volume"
    if (
        regimen.last_change
        and regimen.last_change.on
        and (regimen.last_change.on > refill.last_refill_on)
    ):
        return "changed"
    return None
