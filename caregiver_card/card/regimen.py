"""The drugs in the reservoir and how the pump gives them: the part of a card that changes most."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from caregiver_card.card import quantities, times, values
from caregiver_card.card.fields import (
    LONG_TEXT,
    NAME,
    RISK,
    SHORT_TEXT,
    Part,
    optional,
    part,
    parts,
    required,
)

# Tablets kept for an emergency, and not taken now.
BACKUP = "backup"
STATUSES = ("listed", "none_known", "unknown", "not_shared")
MODES = ("simple_continuous", "flex", "bolus", "constant_flow", "minimum_rate")

status = values.choice(*STATUSES)
_purpose = values.choice("daily", BACKUP)


def purpose(raw: Any, region: str | None = None) -> str | None:
    """Parse the purpose of tablets: "backup", or ``None`` where they are taken every day."""
    return BACKUP if _purpose(raw, region) == BACKUP else None


# The extremes in labels and reports (docs/clinical-sources.md). A lower dose is possible only at
# minimum rate, which is a rule between fields.
LOWEST_DOSE_MCG, HIGHEST_DOSE_MCG = 10, 3000
MG = quantities.UnitSlip("mg", 1000)
_MG_PER_ML = quantities.UnitSlip("mg/mL", 1000)
_G_PER_L = quantities.UnitSlip("g/L", 1000)
# Grams per 100 mL: 0.05 % and 0.2 %, as on labels, are 500 and 2000 mcg/mL.
_PERCENT = quantities.UnitSlip("%", 10_000)
_dose = quantities.number(0, HIGHEST_DOSE_MCG, "mcg", above_low=True, slips=(MG,))
_any_dose = quantities.number(0, HIGHEST_DOSE_MCG, "mcg", slips=(MG,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Period(Part):
    """One period of a flex schedule and the dose given in it."""

    start: str = required(times.clock)
    end: str = required(times.clock)
    mcg: Decimal = required(_any_dose)


@dataclass(frozen=True, slots=True, kw_only=True)
class PumpDrug(Part):
    """Another drug in the reservoir."""

    name: str = required(NAME)
    concentration: str | None = optional(SHORT_TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class PumpDrugs(Part):
    """The other drugs in the reservoir, and whether they are known."""

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
    """Baclofen by mouth in addition to the pump: taken now, or kept for an emergency."""

    status: str = required(status)
    purpose: str | None = optional(purpose)
    dose_mg: Decimal | None = optional(quantities.number(0, 200, "mg", above_low=True))
    times_per_day: int | None = optional(quantities.whole_number(1, 12))


@dataclass(frozen=True, slots=True, kw_only=True)
class RescuePlan(Part):
    """The team's own instructions for an emergency; this program never writes or changes them."""

    text: str = required(LONG_TEXT)
    written_by: str = required(NAME)
    written_on: date | None = optional(values.day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Regimen(Part):
    """The drugs in the reservoir and how the pump gives them.

    Limits of the numbers and their sources: ``docs/clinical-sources.md``.
    """

    drug: str = required(values.choice("baclofen"))
    concentration_mcg_per_ml: Decimal = required(
        quantities.number(50, 6000, "mcg/mL", slips=(_MG_PER_ML, _PERCENT), explicit=(_G_PER_L,))
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


def dose_readings(dose: Decimal) -> tuple[tuple[str, str], ...]:
    """Return what a dose below the lowest may mean: the same figure in mg, if possible."""
    return quantities.possible_readings(
        dose, (MG,), Decimal(LOWEST_DOSE_MCG), Decimal(HIGHEST_DOSE_MCG)
    )


def tablet_readings(dose_mg: Decimal) -> tuple[tuple[str, str], ...]:
    """Return what a tablet below a milligram may have meant: the same figure in grams."""
    return quantities.possible_readings(
        dose_mg, (quantities.UnitSlip("g", 1000),), Decimal(1), Decimal(200)
    )
