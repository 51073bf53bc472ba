"""What a hospital's file adds to answers: it fills what is empty, and a person confirms each value.

What a person wrote stays. A list that is filled is no answer to whether there is any.
"""

from collections.abc import Mapping
from dataclasses import replace

from caregiver_card.card.rules import ERROR, Fault
from caregiver_card.questionnaire import answers, field_paths, hospital_words, steps
from caregiver_card.questionnaire.answers import Answers
from caregiver_card.questionnaire.draft import Draft
from caregiver_card.questionnaire.hospital_entries import ALLERGIES, BIRTH, MEDICINES, NAME
from caregiver_card.questionnaire.hospital_file import HospitalFile, WrongFile
from caregiver_card.questionnaire.hospital_words import skipped

# Of each list of a file: the part of the card that it belongs to, and the name in a row.
_LISTS = {ALLERGIES: ("allergies", "substance"), MEDICINES: ("medicines", "name")}


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
    _check_person(given, found)
    taken, left = {}, [*found.skipped]
    for path, value in found.answers.items():
        rows, _, rest = path.partition("[")
        part, name = _LISTS.get(rows, (path, ""))
        if not answers.under(given, part):
            taken[path] = value
        elif not name:
            left += [skipped(path, value, "yours")] if given.get(path) != value else []
        elif rest.endswith(f".{name}") and value not in _column(given, path):
            left.append(skipped(rows, value, "yours"))
    return HospitalFile(taken, tuple(left))


def _check_person(given: Mapping[str, str], found: HospitalFile) -> None:
    for path, is_known in ((NAME, _is_name), (BIRTH, _is_birth)):
        ours, theirs = given.get(path, "").strip(), found.answers.get(path, "")
        if ours and theirs and not is_known(ours, theirs):
            raise WrongFile("somebody_else", path=path, theirs=theirs, ours=ours)


def _is_name(ours: str, theirs: str) -> bool:
    """Whether two may be one name: in any order, and with a middle name in one of them alone."""
    one, other = (set(hospital_words.plain(each).split()) for each in (ours, theirs))
    return one <= other or other <= one


def _is_birth(ours: str, theirs: str) -> bool:
    """Whether it may be the same day; one that is half typed may be any."""
    return ours == theirs or not hospital_words.day(ours)


def still_theirs(typed: Answers, hospital: HospitalFile) -> frozenset[str]:
    """Return the paths whose values are those of the file; a row may have moved."""
    return frozenset(
        path
        for path, value in answers.join_dates(typed).items()
        if value and value in _column(hospital.answers, path)
    )


def _column(values: Mapping[str, str], path: str) -> set[str]:
    """The values at a path, in whichever row."""
    bare = field_paths.without_indexes(path)
    return {value for each, value in values.items() if field_paths.without_indexes(each) == bare}


def unanswered(begun: Draft) -> list[Fault]:
    """Return a fault for each list from the file of which nobody has said whether there is any."""
    return [
        Fault(ERROR, f"{part}.status", "missing", {})
        for rows, (part, _) in _LISTS.items()
        if answers.under(begun.hospital.answers, rows)
        if not begun.typed.get(f"{part}.status", "").strip()
    ]


def dumps(hospital: HospitalFile) -> str:
    """Return what a file gave, for a hidden field of a form."""
    typed: Answers = {}
    for path, value in hospital.answers.items():
        typed |= answers.as_typed(value, path)
    return answers.dumps(typed)


def loads(raw: str) -> HospitalFile:
    """Parse what ``dumps`` wrote; ignore whatever cannot be an answer."""
    return HospitalFile(answers.join_dates(answers.loads(raw)))
