"""What is in the reservoir and how it is given: the part of a card that changes most."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from caregiver_card import values
from caregiver_card.parts import (
    NAME,
    OWN_WORDS,
    RISK,
    SHORT,
    Part,
    optional,
    part,
    parts,
    required,
)

# Tablets that are kept for an emergency and not taken now.
BACKUP = "backup"
STATUSES = ("listed", "none_known", "unknown", "not_shared")
MODES = ("simple_continuous", "flex", "bolus", "constant_flow", "minimum_rate")

status = values.choice(*STATUSES)
_purpose = values.choice("daily", BACKUP)


def purpose(raw: Any, region: str | None = None) -> str | None:
    """What tablets are for: "backup", or nothing where they are taken every day, as most are."""
    return BACKUP if _purpose(raw, region) == BACKUP else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Period(Part):
    """One stretch of a flex schedule and the dose given in it."""

    start: str = required(values.clock)
    end: str = required(values.clock)
    mcg: Decimal = required(values.number(0, 3000, "mcg"))


@dataclass(frozen=True, slots=True, kw_only=True)
class PumpDrug(Part):
    """Another drug in the reservoir."""

    name: str = required(NAME)
    concentration: str | None = optional(SHORT)


@dataclass(frozen=True, slots=True, kw_only=True)
class PumpDrugs(Part):
    """What else is in the reservoir."""

    status: str = required(status)
    items: tuple[PumpDrug, ...] = parts(PumpDrug, 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseChange(Part):
    """The last change of the daily dose."""

    on: date = required(values.day)
    from_mcg: Decimal | None = optional(values.number(0, 3000, "mcg"))
    to_mcg: Decimal | None = optional(values.number(0, 3000, "mcg"))


@dataclass(frozen=True, slots=True, kw_only=True)
class OralBaclofen(Part):
    """Baclofen by mouth, beside the pump: taken now, or only kept for an emergency."""

    status: str = required(status)
    purpose: str | None = optional(purpose)
    dose_mg: Decimal | None = optional(values.number(0, 200, "mg", above_low=True))
    times_per_day: int | None = optional(values.whole(1, 12))


@dataclass(frozen=True, slots=True, kw_only=True)
class RescuePlan(Part):
    """The team's own words for an emergency; never written or changed by this program."""

    text: str = required(OWN_WORDS)
    written_by: str = required(NAME)
    written_on: date | None = optional(values.day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Regimen(Part):
    """What is in the reservoir and how it is given.

    Limits of the numbers: clinical-facts 7.3 (lowest and highest seen in labels and reports).
    """

    drug: str = required(values.choice("baclofen"))
    concentration_mcg_per_ml: Decimal = required(
        values.number(50, 6000, "mcg/mL", thousandth=(0.05, 6, "mg/mL"))
    )
    compounded: bool | None = optional(values.flag)
    daily_dose_mcg: Decimal = required(values.number(10, 3000, "mcg", thousandth=(0.01, 3, "mg")))
    mode: str = required(values.choice(*MODES))
    flow_ml_per_day: Decimal | None = optional(values.number(0, 10, "mL", above_low=True))
    schedule: tuple[Period, ...] = parts(Period, 48)
    patient_bolus_device: str | None = optional(RISK)
    other_pump_drugs: PumpDrugs | None = part(PumpDrugs)
    last_change: DoseChange | None = part(DoseChange)
    oral_baclofen: OralBaclofen | None = part(OralBaclofen, whole=True)
    rescue_plan: RescuePlan | None = part(RescuePlan)
