"""The steps of the questionnaire, in order, as data.

A field gives only its path in the card file and the kind of its input. What it may hold is defined
in ``card``; its label and where to find it on a printout are texts (``ask``). One step is one
subject and one page.
"""

from caregiver_card.card.model import GENDERS
from caregiver_card.card.regimen import BACKUP, MODES, STATUSES
from caregiver_card.questionnaire.step_types import Field, Rows, Step

_ANSWERS = ("yes", "no", "unknown")


def _number(path: str, unit: str) -> Field:
    return Field(path, "number", unit=unit)


def _if_listed(part: str, *fields: Field) -> Rows:
    """A list that an answer of Yes asks for."""
    return Rows(f"{part}.items", fields, opened_by=(f"{part}.status", STATUSES[:1]))


def _choice(path: str, *options: str) -> Field:
    return Field(path, "radios", options or _ANSWERS)


_MODE = "regimen.mode"
_TABLETS = "regimen.oral_baclofen.status", (STATUSES[0], BACKUP)
_WISHES = "directives.status", STATUSES[:1]

STEPS = (
    Step(
        "patient",
        ("patient", "region", "time_zone"),
        (
            Field("patient.full_name"),
            Field("patient.date_of_birth", "date"),
            Field("region", "country"),
            Field("time_zone", "zone"),
            _number("patient.weight_kg", "kg"),
            Field("patient.reason_for_pump"),
            Field("patient.record_number"),
        ),
    ),
    Step(
        "baseline",
        ("patient.baseline", "patient.communication"),
        (Field("patient.baseline", "lines"), Field("patient.communication", "lines")),
    ),
    Step(
        "risks",
        ("patient.risks",),
        (
            _choice("patient.risks.past_withdrawal"),
            _choice("patient.risks.cord_injury_t6_or_above"),
            _choice("patient.risks.communication_difficulty"),
            _choice("patient.risks.seizure_history"),
            _choice("patient.risks.kidney_disease"),
        ),
        first=False,
    ),
    Step(
        "pump",
        ("pump.maker", "pump.model", "pump.location", "pump.implanted_on", "pump.replace_by"),
        (
            Field("pump.model"),
            Field("pump.maker"),
            Field("pump.location"),
            Field("pump.implanted_on", "date"),
            Field("pump.replace_by", "date"),
        ),
    ),
    Step(
        "device",
        ("pump",),
        (
            Field("pump.serial"),
            _number("pump.reservoir_ml", "mL"),
            _number("pump.alarm_volume_ml", "mL"),
            Field("pump.catheter"),
            _choice("pump.catheter_access_port"),
            _choice("pump.alarms", "single_and_two_tone", "none", "unknown"),
        ),
        first=False,
    ),
    Step(
        "regimen",
        ("regimen",),
        (
            _number("regimen.concentration_mcg_per_ml", "mcg/mL"),
            _number("regimen.daily_dose_mcg", "mcg"),
            _choice(_MODE, *MODES),
            _choice("regimen.patient_bolus_device"),
        ),
    ),
    Step(
        "schedule",
        ("regimen.schedule",),
        (
            Rows(
                "regimen.schedule",
                (Field("start", "clock"), Field("end", "clock"), _number("mcg", "mcg")),
            ),
        ),
        when=(_MODE, ("flex", "bolus")),
    ),
    Step(
        "flow",
        ("regimen.flow_ml_per_day",),
        (_number("regimen.flow_ml_per_day", "mL"),),
        when=(_MODE, ("constant_flow",)),
    ),
    Step(
        "mixture",
        ("regimen.compounded", "regimen.other_pump_drugs"),
        (
            _choice("regimen.compounded", "yes", "no", ""),
            _choice("regimen.other_pump_drugs.status", *STATUSES),
            _if_listed("regimen.other_pump_drugs", Field("name"), Field("concentration")),
        ),
    ),
    Step(
        "change",
        ("regimen.last_change",),
        (
            Field("regimen.last_change.on", "date"),
            _number("regimen.last_change.from_mcg", "mcg"),
            _number("regimen.last_change.to_mcg", "mcg"),
        ),
        first=False,
    ),
    Step(
        "refill",
        ("refill",),
        (
            Field("refill.last_refill_on", "date"),
            _number("refill.volume_ml", "mL"),
            Field("refill.next_appointment_on", "date", after="refill.last_refill_on"),
            Field("refill.alarm_date", "date"),
        ),
    ),
    Step(
        "team",
        ("team",),
        (
            Field("team.hospital"),
            Field("team.phone_24h", "phone"),
            Field("team.note", "lines"),
            Field("team.clinic"),
            Field("team.phone_clinic", "phone"),
            Field("team.physician"),
            Field("team.implanted_by"),
        ),
    ),
    Step(
        "support",
        ("maker_support",),
        (
            Field("maker_support.phone", "phone"),
            Field("maker_support.for"),
            Field("maker_support.checked_on", "date"),
        ),
        first=False,
    ),
    Step(
        "allergies",
        ("allergies",),
        (
            _choice("allergies.status", *STATUSES),
            _if_listed("allergies", Field("substance"), Field("reaction")),
        ),
    ),
    Step(
        "medicines",
        ("medicines",),
        (
            _choice("medicines.status", *STATUSES),
            _if_listed("medicines", Field("name"), Field("dose"), Field("frequency")),
        ),
    ),
    Step(
        "oral",
        ("regimen.oral_baclofen",),
        (
            _choice("regimen.oral_baclofen.status", STATUSES[0], BACKUP, *STATUSES[1:]),
            Field("regimen.oral_baclofen.dose_mg", "number", unit="mg", opened_by=_TABLETS),
            Field("regimen.oral_baclofen.times_per_day", "number", opened_by=_TABLETS),
        ),
    ),
    Step(
        "contacts",
        ("contacts",),
        (
            Rows(
                "contacts",
                (Field("name"), Field("relation"), Field("phone", "phone"), Field("language")),
            ),
        ),
    ),
    Step(
        "wishes",
        ("directives",),
        (
            _choice("directives.status", *STATUSES),
            Field("directives.text", "lines", opened_by=_WISHES),
            Field("directives.written_on", "date", opened_by=_WISHES),
        ),
        first=False,
    ),
    # For a hospital's record system alone, so it is asked where its file is made.
    Step(
        "matching",
        ("patient.family_name", "patient.gender"),
        (Field("patient.family_name"), _choice("patient.gender", *GENDERS, "")),
        first=False,
        hidden=True,
    ),
    Step("language", ("language",), (Field("language", "language"),), first=False),
    Step(
        "plan",
        ("regimen.rescue_plan",),
        (
            Field("regimen.rescue_plan.text", "lines"),
            Field("regimen.rescue_plan.written_by"),
            Field("regimen.rescue_plan.written_on", "date"),
        ),
        first=False,
    ),
    Step(
        "verified",
        ("verified",),
        (Field("verified.on", "date"), Field("verified.by")),
    ),
)

BY_KEY = {step.key: step for step in STEPS}
# Asked on the last page, beside the numbers that it is about.
LAST = BY_KEY["verified"]


def step_of(path: str) -> Step | None:
    """Return the step that shows a fault at this path, or ``None``: the longest owned path wins."""
    owners = [
        (len(owned), step)
        for step in STEPS
        for owned in step.owns
        if path == owned or path.startswith((f"{owned}.", f"{owned}["))
    ]
    return max(owners, key=lambda owner: owner[0])[1] if owners else None
