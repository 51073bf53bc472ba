"""The fields of the form that edits a section: its own, and what an answer in it calls for."""

from caregiver_card.questionnaire import answers, dose_correction, steps
from caregiver_card.questionnaire.answers import Answers
from caregiver_card.questionnaire.step_types import Field, Rows, Step

_FULL_NAME = "patient.full_name"
_FAMILY_NAME = steps.BY_KEY["matching"].fields[0]


def fields(step: Step, card: Answers, typed: Answers) -> tuple[Field | Rows, ...]:
    """Return the fields of a section's form, for a card and what was typed.

    A family name stands beside the full name, which must hold it: both may change at once.
    """
    found = dose_correction.fields(step, card, typed)
    paths = [each.path for each in found]
    if _FULL_NAME not in paths or not answers.under(card, _FAMILY_NAME.path):
        return found
    at = 1 + paths.index(_FULL_NAME)
    return (*found[:at], _FAMILY_NAME, *found[at:])
