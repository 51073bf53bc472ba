"""Which warnings a person has confirmed as right, and how long that confirmation holds.

A card stores only the paths. A confirmation is about one value: when that value changes, or one
that it was compared with, the warning is open again.
"""

from caregiver_card.card.rules import DOUBTS, WARNING, Fault
from caregiver_card.questionnaire import answers
from caregiver_card.questionnaire.answers import Answers

_ROOT = "confirmed"
_DOSE, _STRENGTH = "regimen.daily_dose_mcg", "regimen.concentration_mcg_per_ml"
# Warnings that ask for confirmation, since a slip may cause them; the others only inform.
ASKED = DOUBTS | frozenset(
    (
        "under-four",
        "over-hundred",
        "screening-strength",
        "above-labelled",
        "unusual-strength",
        "very-unusual-dose",
        "unusual-dose",
        "minimum-rate",
        "minimum-rate-dose",
        "minimum-rate-or-mg",
        "schedule-gap",
        "unusual-weight",
        "year-slip",
        "oral-in-grams",
        "flex-without-schedule",
        "schedule-without-flex",
        "unusual-flow",
        "flow-and-dose",
        "big-step",
        "change-and-dose",
        "high-oral-dose",
        "high-backup-dose",
        "unusual-alarm-volume",
        "maker-near",
        "pump-unknown",
        "pump-legacy",
        "capacity-and-model",
        "past-service",
        "replace-late",
        "replace-passed",
        "replace-far",
        "old-pump",
        "before-that",
        "long-ago",
        "far-after-refill",
        "no-alarm-date",
        "old-refill",
        "late-appointment",
        "alarm-and-estimate",
        "unusual-range",
        "odd-phone",
        "baclofen-allergy",
        "older-than-refill",
    )
)
# The other values that the warnings at a path take into account.
_COMPARED = {
    _DOSE: (_STRENGTH, "regimen.mode"),
    "regimen.flow_ml_per_day": (_DOSE, _STRENGTH),
    "regimen.last_change.from_mcg": ("regimen.last_change",),
    "regimen.last_change.to_mcg": ("regimen.last_change", _DOSE),
    "regimen.schedule": ("regimen.mode",),
    "regimen.oral_baclofen.dose_mg": ("regimen.oral_baclofen",),
    "refill.volume_ml": ("refill", _DOSE, _STRENGTH),
    "refill.alarm_date": ("refill", "pump.alarm_volume_ml", "regimen"),
    "refill.next_appointment_on": ("refill.alarm_date", "refill.last_refill_on"),
    "pump.maker": ("pump.model",),
    "pump.model": ("pump.maker",),
    "pump.reservoir_ml": ("pump.maker", "pump.model"),
    "pump.implanted_on": ("pump.maker", "pump.model"),
    "pump.replace_by": ("pump.maker", "pump.model", "pump.implanted_on"),
    "regimen.last_change.on": ("pump.implanted_on", "refill.last_refill_on"),
    "regimen.rescue_plan.written_on": ("patient.date_of_birth",),
    "directives.written_on": ("patient.date_of_birth",),
    "maker_support.checked_on": ("patient.date_of_birth",),
    "verified.on": ("refill.last_refill_on", "pump.implanted_on"),
}


def _compared_paths(path: str) -> tuple[str, ...]:
    """Return the other paths that a warning at this path takes into account.

    A telephone number is read as its country writes it.
    """
    if path.rpartition(".")[2].startswith("phone"):
        return ("region",)
    return _COMPARED.get(path, ())


def still_valid(before: Answers, after: Answers) -> Answers:
    """Return ``after`` with the confirmations that what changed since ``before`` leaves valid."""
    valid = [
        path
        for path in answers.under(before, _ROOT).values()
        if all(
            answers.under(before, compared) == answers.under(after, compared)
            for compared in (path, *_compared_paths(path))
        )
    ]
    return _with_confirmed(after, valid)


def with_ticked(typed: Answers, faults: tuple[Fault, ...], ticked: set[str]) -> Answers:
    """Return ``typed`` with a confirmation for each path whose warnings are all ``ticked``."""
    asked: dict[str, list[bool]] = {}
    for question in open_questions(faults):
        asked.setdefault(question.path, []).append(tick_value(question, typed) in ticked)
    paths = [path for path, confirmed in asked.items() if all(confirmed)]
    return _with_confirmed(typed, [*answers.under(typed, _ROOT).values(), *paths])


def combine(typed: Answers, *others: Answers) -> Answers:
    """Return ``typed`` with the confirmations of all the others."""
    return _with_confirmed(
        typed, [path for other in others for path in answers.under(other, _ROOT).values()]
    )


def open_questions(faults: tuple[Fault, ...]) -> list[Fault]:
    """Return the warnings that ask for confirmation."""
    return [fault for fault in faults if fault.level == WARNING and fault.code in ASKED]


def tick_value(question: Fault, typed: Answers) -> str:
    """Return the form value of a tick: it names the warning and the value confirmed."""
    value = " ".join(answers.under(typed, question.path).values())
    return f"{question.path} {question.code} {value}"


def _with_confirmed(typed: Answers, paths: list[str]) -> Answers:
    unconfirmed = answers.without(typed, _ROOT)
    return unconfirmed | {
        f"{_ROOT}[{index}]": path for index, path in enumerate(dict.fromkeys(paths))
    }
