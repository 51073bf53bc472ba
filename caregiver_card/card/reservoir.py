"""When the reservoir is expected to run low and empty (clinical-facts 7.8): date arithmetic.

An estimate is a fallback for a missing printout. The clinic's own alarm date always wins, and
where the arithmetic would be wrong there is no estimate at all.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import floor
from typing import Any

# The recommended longest time between refills (clinical-facts 3, P17).
LONGEST_DAYS = 180
# The maker's recommended low-reservoir setting, where the card has none (5.3, P71).
USUAL_ALARM_VOLUME_ML = Decimal(2)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A computed day; ``capped`` means it is only "180 days since the refill"."""

    on: date
    days: int
    capped: bool


@dataclass(frozen=True, slots=True)
class LowDay:
    """The day the reservoir runs low, and who says so: clinic, estimate, or the 180-day cap."""

    on: date
    said_by: str


def low_day(card: Any) -> LowDay | None:
    """The clinic's alarm date; without one, the estimate (rule 2)."""
    if card.refill.alarm_date:
        return LowDay(card.refill.alarm_date, "clinic")
    estimate = low(card)
    return LowDay(estimate.on, "cap" if estimate.capped else "estimate") if estimate else None


def low(card: Any) -> Estimate | None:
    """The day on which the volume is expected to reach the low-reservoir setting."""
    volume = card.pump.alarm_volume_ml if card.pump else None
    return _estimate(card, USUAL_ALARM_VOLUME_ML if volume is None else volume)


def empty(card: Any) -> Estimate | None:
    """The day on which the reservoir is expected to hold nothing."""
    return _estimate(card, Decimal(0))


def _estimate(card: Any, reserve_ml: Decimal) -> Estimate | None:
    if unsuitable(card):
        return None
    days = max(0, floor((card.refill.volume_ml - reserve_ml) / flow_ml_per_day(card)))
    capped = min(days, LONGEST_DAYS)
    on = card.refill.last_refill_on + timedelta(days=capped)
    return Estimate(on=on, days=capped, capped=days > LONGEST_DAYS)


def flow_ml_per_day(card: Any) -> Decimal | None:
    """What leaves the reservoir in a day: the pump's own flow, otherwise dose by concentration."""
    regimen = card.regimen
    if regimen.mode == "constant_flow":
        return regimen.flow_ml_per_day  # type: ignore[no-any-return]
    if not regimen.daily_dose_mcg or not regimen.concentration_mcg_per_ml:
        return None
    return regimen.daily_dose_mcg / regimen.concentration_mcg_per_ml  # type: ignore[no-any-return]


def unsuitable(card: Any) -> str | None:
    """Why there can be no estimate, as a short code; ``None`` when there can be one."""
    regimen, refill = card.regimen, card.refill
    if refill is None or regimen is None or not refill.last_refill_on or not flow_ml_per_day(card):
        return "unknown"
    if regimen.mode not in ("simple_continuous", "constant_flow"):
        return "mode"
    if regimen.patient_bolus_device in ("yes", "unknown"):
        return "bolus"
    if regimen.other_pump_drugs and regimen.other_pump_drugs.status in ("listed", "not_shared"):
        # What is not shared is not told by the reason either.
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
