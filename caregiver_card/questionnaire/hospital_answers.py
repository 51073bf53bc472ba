"""What a hospital's file adds to answers: it fills what is empty, and a person confirms each value.

What a person wrote stays. A list that is filled is no answer to whether there is any.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from caregiver_card.card.regimen import STATUSES
from caregiver_card.card.rules import ERROR, Fault
from caregiver_card.questionnaire import answers, field_paths, hospital_comparison, steps
from caregiver_card.questionnaire.answers import Answers
from caregiver_card.questionnaire.draft import Draft
from caregiver_card.questionnaire.hospital_comparison import (
    NAMED_BY,
    NEW,
    SAME,
    STATUS_OF,
    Compared,
)
from caregiver_card.questionnaire.hospital_file import HospitalFile
from caregiver_card.questionnaire.hospital_words import skipped


def fill(begun: Draft, found: HospitalFile) -> Draft:
    """Return a draft with what a file says beside it; what it fills is asked again.

    Raises ``WrongFile`` for a file about somebody else.
    """
    added = beside(answers.join_dates(begun.typed), found)
    typed = begun.typed
    for path, value in added.answers.items():
        typed = answers.without(typed, path) | answers.as_typed(value, path)
    again = {step.key for path in added.answers if (step := steps.step_of(path))}
    taken = begun.hospital.answers | added.answers
    return replace(
        begun,
        typed=typed,
        sent=begun.sent - again,
        hospital=HospitalFile(taken, added.skipped),
    )


def beside(given: Mapping[str, str], found: HospitalFile) -> HospitalFile:
    """Return what a file says beside the values that there are; what differs from them is named.

    ``given`` has the values by path, dates as YYYY-MM-DD. Raises ``WrongFile`` for a file of
    another name or another date of birth.
    """
    taken, left = {}, [*found.skipped]
    for each in hospital_comparison.compare(given, found):
        if each.state == NEW and each.is_unanswered(given):
            taken.update(each.theirs)
        elif each.state != SAME:
            left.append(skipped(each.part, ", ".join(each.theirs.values()), "yours"))
    return HospitalFile(taken, tuple(left))


def with_new(typed: Answers, new: Iterable[Compared]) -> Answers:
    """Return a card's answers with what is new in a file beside them, for a form to ask about.

    A new row of a list stands behind the others. Whether there is any is asked again where the
    answer was another than that there are some.
    """
    for each in new:
        at = len(field_paths.by_row(answers.under(typed, each.part)))
        for path, value in each.theirs.items():
            _, bracket, key = path.rpartition("]")
            typed = typed | answers.as_typed(value, f"{each.part}[{at}]{key}" if bracket else path)
        status = STATUS_OF.get(each.part)
        if status and typed.get(status) != STATUSES[0]:
            typed = answers.without(typed, status)
    return typed


def still_theirs(typed: Answers, hospital: HospitalFile) -> frozenset[str]:
    """Return the paths whose values are those of the file; a row may have moved.

    A row whose name is not in the file is somebody's own, whatever else it says.
    """
    values = answers.join_dates(typed)
    same = {path for path in values if values[path] in _column(hospital.answers, path)}
    own = {
        field_paths.row_of(path)
        for path in values.keys() - same
        if field_paths.without_indexes(path) in NAMED_BY.values()
    }
    return frozenset(path for path in same if field_paths.row_of(path) not in own)


def _column(values: Mapping[str, str], path: str) -> set[str]:
    """The values at a path, in whichever row."""
    bare = field_paths.without_indexes(path)
    return {value for each, value in values.items() if field_paths.without_indexes(each) == bare}


def unanswered(begun: Draft) -> list[Fault]:
    """Return a fault for each list from the file of which nobody has said whether there is any."""
    return [
        Fault(ERROR, status, "missing", {})
        for rows, status in STATUS_OF.items()
        if answers.under(begun.hospital.answers, rows)
        if not begun.typed.get(status, "").strip()
    ]


def dumps(hospital: HospitalFile) -> str:
    """Return what a file gave, for a hidden field of a form."""
    typed: Answers = {}
    for path, value in hospital.answers.items():
        typed |= answers.as_typed(value, path)
    return answers.dumps(typed)


def loads(raw: str) -> HospitalFile:
    """Parse what ``dumps`` wrote; ignore whatever no card can hold."""
    said = answers.join_dates(answers.loads(raw))
    return HospitalFile({path: said[path] for path in said if field_paths.fits(path, said[path])})
