"""What is in the reservoir and how it is given: the part of a card that changes most."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from caregiver_card.card import quantities, times, values
from caregiver_card.card.fields import (
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


# The lowest and highest seen in labels and reports (clinical-facts 7.3). A dose below the lowest is
# possible at minimum rate only, which is a rule between fields.
LOWEST_DOSE_MCG, HIGHEST_DOSE_MCG = 10, 3000
MG = quantities.Slip("mg", 1000)
_MG_PER_ML = quantities.Slip("mg/mL", 1000)
_G_PER_L = quantities.Slip("g/L", 1000)
# A gram in 100 mL: what is sold as 0.05 % and 0.2 % are 500 and 2000 mcg/mL.
_PERCENT = quantities.Slip("%", 10_000)
_dose = quantities.number(0, HIGHEST_DOSE_MCG, "mcg", above_low=True, slips=(MG,))
_any_dose = quantities.number(0, HIGHEST_DOSE_MCG, "mcg", slips=(MG,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Period(Part):
    """One stretch of a flex schedule and the dose given in it."""

    start: str = required(times.clock)
    end: str = required(times.clock)
    mcg: Decimal = required(_any_dose)


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
    from_mcg: Decimal | None = optional(_any_dose)
    to_mcg: Decimal | None = optional(_any_dose)


@dataclass(frozen=True, slots=True, kw_only=True)
class OralBaclofen(Part):
    """Baclofen by mouth, beside the pump: taken now, or only kept for an emergency."""

    status: str = required(status)
    purpose: str | None = optional(purpose)
    dose_mg: Decimal | None = optional(quantities.number(0, 200, "mg", above_low=True))
    times_per_day: int | None = optional(quantities.whole(1, 12))


@dataclass(frozen=True, slots=True, kw_only=True)
class RescuePlan(Part):
    """The team's own words for an emergency; never written or changed by this program."""

    text: str = required(OWN_WORDS)
    written_by: str = required(NAME)
    written_on: date | None = optional(values.day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Regimen(Part):
    """What is in the reservoir and how it is given; limits of the numbers: clinical-facts 7.3."""

    drug: str = required(values.choice("baclofen"))
    concentration_mcg_per_ml: Decimal = required(
        quantities.number(50, 6000, "mcg/mL", slips=(_MG_PER_ML, _PERCENT), openly=(_G_PER_L,))
    )
    compounded: bool | None = optional(values.flag)
    daily_dose_mcg: Decimal = required(_dose)
    mode: str = required(values.choice(*MODES))
    flow_ml_per_day: Decimal | None = optional(quantities.number(0, 10, "mL", above_low=True))
    schedule: tuple[Period, ...] = parts(Period, 48)
    patient_bolus_device: str | None = optional(RISK)
    other_pump_drugs: PumpDrugs | None = part(PumpDrugs)
    last_change: DoseChange | None = part(DoseChange)
    oral_baclofen: OralBaclofen | None = part(OralBaclofen, whole=True)
    rescue_plan: RescuePlan | None = part(RescuePlan)


def meant_by(dose: Decimal) -> tuple[tuple[str, str], ...]:
    """What a dose below the lowest may have meant: the same figure in mg, if a pump gives that."""
    return quantities.readings(dose, (MG,), Decimal(LOWEST_DOSE_MCG), Decimal(HIGHEST_DOSE_MCG))


def meant_by_mouth(dose_mg: Decimal) -> tuple[tuple[str, str], ...]:
    """What a tablet of less than a milligram may have meant: the same figure in grams."""
    return quantities.readings(dose_mg, (quantities.Slip("g", 1000),), Decimal(1), Decimal(200))
