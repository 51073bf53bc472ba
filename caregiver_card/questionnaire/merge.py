"""Merge two people's changes to one version of a card.

No change is lost and none overwrites another: where only one person changed a field, that change is
proposed; where both did, the form asks.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from caregiver_card.questionnaire import answers, confirmations
from caregiver_card.questionnaire.answers import Answers
from caregiver_card.questionnaire.steps import STEPS

MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True, slots=True)
class Difference:
    """A field or list that differs; ``proposed`` is empty where both people changed it."""

    path: str
    proposed: str


def differences(base: Answers, mine: Answers, theirs: Answers) -> list[Difference]:
    """Return where ``mine`` and ``theirs`` differ, in the order of the questions."""
    differing = []
    for path in (field.path for step in STEPS for field in step.fields):
        before, my_value, their_value = (
            answers.under(version, path) for version in (base, mine, theirs)
        )
        if my_value != their_value:
            proposed = MINE if their_value == before else THEIRS if my_value == before else ""
            differing.append(Difference(path, proposed))
    return differing


def merge(
    mine: Answers, theirs: Answers, differing: list[Difference], picks: Mapping[str, str]
) -> Answers:
    """Return their version with the fields that ``picks`` takes from mine."""
    after = theirs
    for difference in differing:
        if picks.get(difference.path) == MINE:
            after = answers.without(after, difference.path) | answers.under(mine, difference.path)
    still_valid = [confirmations.still_valid(version, after) for version in (mine, theirs)]
    return confirmations.combine(after, *still_valid)
