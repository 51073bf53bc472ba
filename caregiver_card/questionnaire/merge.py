"""Two people changed one version of a card: what differs, and a card of what they choose.

Nobody's words are lost and nobody's are overwritten: a field that only one of them changed is
proposed as that one has it, and one that both changed is asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from caregiver_card.questionnaire import answers, confirmations
from caregiver_card.questionnaire.answers import Answers
from caregiver_card.questionnaire.steps import STEPS

MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True, slots=True)
class Difference:
    """A field, or a whole list, that is not the same; ``proposed`` is empty where both changed."""

    path: str
    proposed: str


def differences(base: Answers, mine: Answers, theirs: Answers) -> list[Difference]:
    """Where the two differ, in the order of the questions."""
    found = []
    for path in (each.path for step in STEPS for each in step.fields):
        before, one, other = (answers.under(each, path) for each in (base, mine, theirs))
        if one != other:
            only_one = MINE if other == before else THEIRS if one == before else ""
            found.append(Difference(path, only_one))
    return found


def merged(
    mine: Answers, theirs: Answers, found: list[Difference], picks: Mapping[str, str]
) -> Answers:
    """Their card with what was picked of mine."""
    after = theirs
    for each in found:
        if picks.get(each.path) == MINE:
            after = answers.without(after, each.path) | answers.under(mine, each.path)
    kept = confirmations.still_valid(mine, after), confirmations.still_valid(theirs, after)
    return confirmations.together(after, *kept)
