"""Another daily dose typed into the form of the dose: the slip of a hand, or a new dose.

The card says which dose its last change led to. Another dose beside it would contradict it, so the
form asks: a slip corrects the change as well, and a new dose is a change on a day of its own.
"""

from caregiver_card.card import rules, values
from caregiver_card.card.rules import ERROR, Fault
from caregiver_card.card.values import InvalidValue
from caregiver_card.questionnaire import answers, field_paths
from caregiver_card.questionnaire.answers import Answers
from caregiver_card.questionnaire.step_types import Field, Rows, Step

DOSE = "regimen.daily_dose_mcg"
# The question, its answers, and the day of a new dose.
WHY, SLIP, NEW, DAY = "dose_change", "slip", "new", "dose_change_day"
_CHANGE = "regimen.last_change"
_ON, _FROM, _TO = f"{_CHANGE}.on", f"{_CHANGE}.from_mcg", f"{_CHANGE}.to_mcg"
_ASKED = (
    Field(WHY, "radios", (SLIP, NEW)),
    Field(DAY, "date", opened_by=(WHY, (NEW,))),
)


def fields(step: Step, card: Answers, typed: Answers) -> tuple[Field | Rows, ...]:
    """Return the fields of a step, with the question where what was typed calls for it."""
    if not any(each.path == DOSE for each in step.fields) or not _is_asked(card, typed):
        return step.fields
    at = 1 + [each.path for each in step.fields].index(DOSE)
    return (*step.fields[:at], *_ASKED, *step.fields[at:])


def apply(card: Answers, typed: Answers) -> tuple[Answers, list[Fault]]:
    """Return the answers with the last change as it then is, and what is not answered."""
    after = answers.without(answers.without(typed, WHY), DAY)
    if not _is_asked(card, typed):
        return after, []
    why, dose = typed.get(WHY), values.unambiguous_number(_number(typed, DOSE))
    if why == SLIP:
        return after | {_TO: dose}, []
    if why != NEW:
        return after, [Fault(ERROR, WHY, "missing")]
    after = answers.without(after, _CHANGE) | {_FROM: card[DOSE], _TO: dose}
    boxes = zip(answers.DATE_BOXES, answers.date_boxes(typed, DAY), strict=True)
    return after | {f"{_ON}-{box}": text for box, text in boxes}, []


def at_question(faults: list[Fault], typed: Answers) -> list[Fault]:
    """Return the faults, with those of the new dose's day at the box it is typed into."""
    return rules.move_errors(faults, (_CHANGE, _ON), DAY) if typed.get(WHY) == NEW else faults


def _is_asked(card: Answers, typed: Answers) -> bool:
    """Whether the card's last change led to its dose, and another dose was typed."""
    was, now = _number(card, DOSE), _number(typed, DOSE)
    return None not in (was, now) and was != now and was == _number(card, _TO)


def _number(typed: Answers, path: str) -> object:
    try:
        return field_paths.places()[path].parse_typed(typed.get(path, ""), None)
    except InvalidValue:
        return None
