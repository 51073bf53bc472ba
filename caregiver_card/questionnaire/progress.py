"""Which questions are asked on the way to a new card, and where on it a person is."""

from caregiver_card.questionnaire import answers
from caregiver_card.questionnaire.answers import Answers
from caregiver_card.questionnaire.draft import Draft
from caregiver_card.questionnaire.step_types import Step
from caregiver_card.questionnaire.steps import LAST, STEPS, step_of


def applies(step: Step, typed: Answers) -> bool:
    """Whether to ask a step, given the answers so far."""
    if step.hidden or answered(step, typed):
        return answered(step, typed)
    return step.when is None or typed.get(step.when[0], "") in step.when[1]


def answered(step: Step, typed: Answers) -> bool:
    """Whether any field of a step is answered."""
    return any(answers.under(typed, field.path) for field in step.fields)


def asked(begun: Draft) -> list[Step]:
    """Return the steps that have a page of their own on the way to a new card, in order.

    What a hospital's file fills is asked, whatever step it belongs to.
    """
    return [
        step
        for step in STEPS
        if step is not LAST
        and (step.first or _is_filled(step, begun))
        and applies(step, begun.typed)
    ]


def previous(step: Step, begun: Draft) -> Step | None:
    """Return the step before this one; None at the first, and of one that is not on the way."""
    way = asked(begun)
    return way[way.index(step) - 1] if step in way[1:] else None


def following(step: Step, begun: Draft) -> Step | None:
    """Return the step after this one, or None if the last page is next."""
    way = asked(begun)
    later = STEPS[STEPS.index(step) + 1 :]
    on_way = step.first or step in way
    return next((other for other in later if other in way), None) if on_way else None


def waiting(begun: Draft) -> Step | None:
    """Return the first step on the way that was not sent yet."""
    return next((step for step in asked(begun) if step.key not in begun.sent), None)


def unseen(begun: Draft) -> Step | None:
    """Return the first step that a hospital's file filled and nobody has sent."""
    filled = (step for step in asked(begun) if _is_filled(step, begun))
    return next((step for step in filled if step.key not in begun.sent), None)


def opened(step: Step, begun: Draft) -> Step | None:
    """Return the step that an answer of this one asks for and nobody has answered.

    Such as the schedule of a pump that now has one.
    """
    paths = [field.path for field in step.fields]
    return next(
        (
            other
            for other in STEPS
            if other.when and other.when[0] in paths
            if applies(other, begun.typed) and not answered(other, begun.typed)
        ),
        None,
    )


def _is_filled(step: Step, begun: Draft) -> bool:
    return any(step_of(path) is step for path in begun.hospital.answers)
