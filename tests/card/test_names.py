"""A family name stands in the full name, and tells which words are the given ones."""

import pytest

from caregiver_card.card.names import given_names, without_family
from tests.cast import alex, card_of, found, reading_of, tuyet


@pytest.mark.parametrize(
    ("full", "family", "given"),
    [
        ("Alex Rivera", "Rivera", ("Alex",)),
        ("Alex RIVERA", "Rivera", ("Alex",)),
        ("Rivera, Alex", "Rivera", ("Alex",)),
        ("Nguyễn Thị Ánh", "Nguyễn", ("Thị", "Ánh")),
        ("Jan van der Berg", "van der Berg", ("Jan",)),
        ("María José García López", "García López", ("María", "José")),
        ("Juan García García", "García", ("Juan", "García")),
        ("Straße Anna", "STRASSE", ("Anna",)),
        ("דוד לוי", "לוי", ("דוד",)),
        ("王小明", "王", ("小明",)),
        ("김민수", "김", ("민수",)),
        ("山田 太郎", "山田", ("太郎",)),
        ("Suharto", "Suharto", ()),
        ("王", "王", ()),
    ],
)
def test_the_other_words_are_the_given_names(full: str, family: str, given: tuple[str]) -> None:
    """In their order, wherever the family name stands."""
    assert without_family(full, family) and given_names(full, family) == given


def test_of_two_places_neither_is_chosen() -> None:
    """Both are right for the rule, and the given names are not guessed."""
    assert len(without_family("Ali Hassan Ali", "Ali")) == 2
    assert given_names("Ali Hassan Ali", "Ali") == ()


@pytest.mark.parametrize(
    ("full", "family"),
    [
        ("Alex Rivera", "River"),
        ("Alex Rivera", "Riveras"),
        ("Alex Rivera", "Stone"),
        ("Alex Rivera", "Alex Stone"),
        ("Alex Rivera", "Rivera Alex"),
        ("Alex Rivera", "Rivera,"),
        ("Ana García", "Garcia"),
        ("Li Featherstonehaugh-Wójcik", "Wójcik"),
        ("王小明", "小"),
        ("王 小明", "小"),
    ],
)
def test_part_of_a_word_or_another_word_is_no_family_name(full: str, family: str) -> None:
    """Nor is a word without its accent: the fault names the field, and nothing is stored."""
    file = alex({"patient.full_name": full, "patient.family_name": family})
    assert found(reading_of(file).errors) == {("patient.family_name", "not-in-name")}


def test_both_values_may_be_absent_or_empty() -> None:
    """Absent is not recorded, which is not the unknown that somebody wrote."""
    assert card_of(alex()).patient.gender is None
    assert reading_of(alex({"patient.family_name": "", "patient.gender": ""})).errors == ()
    held = card_of(tuyet({"patient.family_name": "Nguyễn", "patient.gender": "Unknown"})).patient
    assert (held.family_name, held.gender) == ("Nguyễn", "unknown")


@pytest.mark.parametrize("gender", ["m", "F", "divers", "not recorded"])
def test_a_gender_is_one_of_four_words(gender: str) -> None:
    """Those of hospitals' records; nothing is guessed from a letter."""
    faults = found(reading_of(alex({"patient.gender": gender})).errors)
    assert faults == {("patient.gender", "not-choice")}
