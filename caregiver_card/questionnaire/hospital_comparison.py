"""What a hospital's file says, held against what there is: the same, new, or something else.

One rule for the questions of a new card, for ``card from-fhir --card`` and for the owner's page.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from caregiver_card.questionnaire import answers, field_paths, hospital_words
from caregiver_card.questionnaire.hospital_entries import (
    ALLERGIES,
    BIRTH,
    MEDICINES,
    NAME,
    PUMP,
    SERIAL,
    Values,
)
from caregiver_card.questionnaire.hospital_file import HospitalFile, WrongFile

SAME, NEW, OTHER = "same", "new", "other"
# Of each list of a file: what names a row, and the answer to whether there is any.
NAMED_BY = {ALLERGIES: f"{ALLERGIES}.substance", MEDICINES: f"{MEDICINES}.name"}
STATUS_OF = {ALLERGIES: "allergies.status", MEDICINES: "medicines.status"}
_DOSE, _OFTEN = f"{MEDICINES}.dose", f"{MEDICINES}.frequency"
# What separates the words of a name, or stands at their ends: "RIVERA, Alexandra (Alex) M.".
_BESIDE_NAMES = re.compile(r"[\s,.()\"'’\-\u2010\u2011]+")


@dataclass(frozen=True, slots=True)
class Compared:
    """A value or a row of a file, and what there is in its place; both by path.

    ``part`` is the path of the value, or that of the list. ``ours`` are the rows of the same name;
    where there is none, the answer to whether there is any.
    """

    state: str
    part: str
    theirs: Values
    ours: Values

    def is_unanswered(self, given: Mapping[str, str]) -> bool:
        """Whether nothing is said in its place: in a list, not even whether there is any."""
        return not answers.under(given, self.part.removesuffix(".items"))


def compare(given: Mapping[str, str], found: HospitalFile) -> list[Compared]:
    """Return everything that a file says, each beside the values that there are.

    ``given`` has the values by path, dates as YYYY-MM-DD. Raises ``WrongFile`` for a file of
    another name or another date of birth.
    """
    _check_person(given, found)
    is_other_pump = _is_other_pump(given, found.answers)
    compared = []
    for row, theirs in field_paths.by_row(found.answers).items():
        part = row.partition("[")[0]
        compare_one = _row if part in NAMED_BY else _value
        one = compare_one(given, part, theirs)
        if is_other_pump and one.state == NEW and part.startswith("pump."):
            one = replace(one, state=OTHER)
        compared.append(one)
    return compared


def _value(given: Mapping[str, str], path: str, theirs: Values) -> Compared:
    ours = answers.under(given, path)
    is_said = _is_same_name if path == NAME else _says
    state = NEW if not ours else SAME if is_said(ours, theirs) else OTHER
    return Compared(state, path, theirs, ours)


def _is_other_pump(given: Mapping[str, str], theirs: Values) -> bool:
    """Whether a file describes another pump, of which nothing may be added to this one.

    A pump is known by its serial number, or by its model where one of the two has no number.
    """
    for path, is_known in ((SERIAL, _is_alike), (PUMP, _is_name)):
        if (ours := given.get(path, "").strip()) and path in theirs:
            return not is_known(ours, theirs[path])
    return False


def _row(given: Mapping[str, str], part: str, theirs: Values) -> Compared:
    """Of one name there may be several rows; one that says all that the file says is enough."""
    name = NAMED_BY[part]
    rows = field_paths.by_row(answers.under(given, part)).values()
    wanted = _bare(theirs)[name]
    named = [row for row in rows if _is_alike(_bare(row).get(name, ""), wanted)]
    if not named:
        return Compared(NEW, part, theirs, answers.under(given, STATUS_OF[part]))
    state = SAME if any(_says(row, theirs) for row in named) else OTHER
    return Compared(state, part, theirs, {path: row[path] for row in named for path in row})


def _says(ours: Values, theirs: Values) -> bool:
    said = _bare(ours)
    return all(
        any(_is_alike(words, value) for words in _writings(said, path))
        for path, value in _bare(theirs).items()
    )


def _writings(said: Values, path: str) -> tuple[str, ...]:
    """What may stand in a file for a value: it has one text for a dose and how often."""
    own = said.get(path, "")
    if path != _OFTEN:
        return (own,)
    dose = said.get(_DOSE, "")
    return own, dose, f"{dose} {own}"


def _bare(row: Values) -> Values:
    return {field_paths.without_indexes(path): value for path, value in row.items()}


def _is_alike(one: str, other: str) -> bool:
    return _words(one) == _words(other)


def _words(said: str) -> list[str]:
    """Words to compare; commas between them do not matter, those of a number do."""
    return [word for each in hospital_words.plain(said).split() if (word := each.strip(",;"))]


def _check_person(given: Mapping[str, str], found: HospitalFile) -> None:
    for path, is_known in ((NAME, _is_name), (BIRTH, _is_birth)):
        ours, theirs = given.get(path, "").strip(), found.answers.get(path, "")
        if ours and theirs and not is_known(ours, theirs):
            raise WrongFile("somebody_else", path=path, theirs=theirs, ours=ours)


def _is_name(ours: str, theirs: str) -> bool:
    """Whether two may be one name: in any order, and with a middle name in one of them alone."""
    one, other = _name_words(ours), _name_words(theirs)
    return bool(one and other) and (one <= other or other <= one)


def _is_same_name(ours: Values, theirs: Values) -> bool:
    """Whether two have the same words, in any order: "RIVERA, Alex"."""
    return _name_words(ours[NAME]) == _name_words(theirs[NAME])


def _name_words(name: str) -> set[str]:
    return set(filter(None, _BESIDE_NAMES.split(hospital_words.plain(name))))


def _is_birth(ours: str, theirs: str) -> bool:
    """Whether it may be the same day; one that is half typed may be any."""
    return ours == theirs or not hospital_words.day(ours)
