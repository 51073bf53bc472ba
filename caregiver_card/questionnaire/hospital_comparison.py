"""What a hospital's file says, held against what there is: the same, new, or something else.

One rule for the questions of a new card, for ``card from-fhir --card`` and for the owner's page.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from caregiver_card.questionnaire import answers, field_paths, hospital_words
from caregiver_card.questionnaire.hospital_entries import ALLERGIES, BIRTH, MEDICINES, NAME, Values
from caregiver_card.questionnaire.hospital_file import HospitalFile, WrongFile

SAME, NEW, OTHER = "same", "new", "other"
# Of each list of a file: what names a row, and the answer to whether there is any.
NAMED_BY = {ALLERGIES: f"{ALLERGIES}.substance", MEDICINES: f"{MEDICINES}.name"}
STATUS_OF = {ALLERGIES: "allergies.status", MEDICINES: "medicines.status"}


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
    compared = []
    for row, theirs in field_paths.by_row(found.answers).items():
        part = row.partition("[")[0]
        compare_one = _row if part in NAMED_BY else _value
        compared.append(compare_one(given, part, theirs))
    return compared


def _value(given: Mapping[str, str], path: str, theirs: Values) -> Compared:
    ours = answers.under(given, path)
    state = NEW if not ours else SAME if _says(ours, theirs) else OTHER
    return Compared(state, path, theirs, ours)


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
    return all(_is_alike(said.get(path, ""), value) for path, value in _bare(theirs).items())


def _bare(row: Values) -> Values:
    return {field_paths.without_indexes(path): value for path, value in row.items()}


def _is_alike(one: str, other: str) -> bool:
    return hospital_words.plain(one).split() == hospital_words.plain(other).split()


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
