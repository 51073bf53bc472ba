"""Which questions are asked on the way to a new card, and where on it a person is."""

from caregiver_card.questionnaire import answers
from caregiver_card.questionnaire.answers import Answers
from caregiver_card.questionnaire.step_types import Step
from caregiver_card.questionnaire.steps import LAST, STEPS


def applies(step: Step, typed: Answers) -> bool:
    """Whether to ask a step, given the answers so far."""
    if step.hidden or answered(step, typed):
        return answered(step, typed)
    return step.when is None or typed.get(step.when[0], "") in step.when[1]


def answered(step: Step, typed: Answers) -> bool:
    """Whether any field of a step is answered."""
    return any(answers.under(typed, field.path) for field in step.fields)


def asked(typed: Answers) -> list[Step]:
    """Return the steps that have a page of their own on the way to a new card, in order."""
    return [step for step in STEPS if step.first and step is not LAST and applies(step, typed)]


def previous(step: Step, typed: Answers) -> Step | None:
    """Return the step before this one; None at the first, and of one that is not on the way."""
    way = asked(typed)
    return way[way.index(step) - 1] if step in way[1:] else None


def following(step: Step, typed: Answers) -> Step | None:
    """Return the step after this one, or None if the last page is next."""
    later = STEPS[STEPS.index(step) + 1 :]
    return next((other for other in later if other in asked(typed)), None) if step.first else None


def opened(step: Step, typed: Answers) -> Step | None:
    """Return the step that an answer of this one asks for and nobody has answered.

    Such as the schedule of a pump that now has one.
    """
    paths = [field.path for field in step.fields]
    return next(
        (
            other
            for other in STEPS
            if other.when and other.when[0] in paths
            if applies(other, typed) and not answered(other, typed)
        ),
        None,
    )
