"""The questions that a person has answered with "it is right", and for how long that holds.

A card keeps the paths alone. An answer is about the value that was asked about: when it, or what
it was weighed against, is changed, the question is open again.
"""

from caregiver_card.card.rules import DOUBTS, WARNING, Fault
from caregiver_card.questionnaire import answers
from caregiver_card.questionnaire.answers import Answers

_ROOT = "confirmed"
_DOSE, _STRENGTH = "regimen.daily_dose_mcg", "regimen.concentration_mcg_per_ml"
# A warning about something typed that may be a slip is asked; any other is only worth knowing.
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
# What else a question looks at, where it is more than the value itself.
_WEIGHED = {
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


def _weighed(path: str) -> tuple[str, ...]:
    """What else a question at this path looked at; a number is read as its country writes it."""
    if path.rpartition(".")[2].startswith("phone"):
        return ("region",)
    return _WEIGHED.get(path, ())


def still_valid(before: Answers, after: Answers) -> Answers:
    """``after`` with those of its confirmations that still hold, given what stood before."""
    kept = [
        path
        for path in answers.under(before, _ROOT).values()
        if all(
            answers.under(before, each) == answers.under(after, each)
            for each in (path, *_weighed(path))
        )
    ]
    return _with(after, kept)


def given(typed: Answers, faults: tuple[Fault, ...], ticked: set[str]) -> Answers:
    """``typed`` with a confirmation for each path all of whose questions are among ``ticked``."""
    asked: dict[str, list[bool]] = {}
    for each in open_questions(faults):
        asked.setdefault(each.path, []).append(answer(each, typed) in ticked)
    paths = [path for path, answered in asked.items() if all(answered)]
    return _with(typed, [*answers.under(typed, _ROOT).values(), *paths])


def together(typed: Answers, *others: Answers) -> Answers:
    """``typed`` with the confirmations of all the others."""
    return _with(typed, [path for each in others for path in answers.under(each, _ROOT).values()])


def open_questions(faults: tuple[Fault, ...]) -> list[Fault]:
    """The warnings that ask something."""
    return [each for each in faults if each.level == WARNING and each.code in ASKED]


def answer(question: Fault, typed: Answers) -> str:
    """What a tick says: which question, and about which value."""
    value = " ".join(answers.under(typed, question.path).values())
    return f"{question.path} {question.code} {value}"


def _with(typed: Answers, paths: list[str]) -> Answers:
    bare = answers.without(typed, _ROOT)
    return bare | {f"{_ROOT}[{index}]": path for index, path in enumerate(dict.fromkeys(paths))}
