"""A hospital's file held against what there is: the same, new, or something else."""

import pytest

from caregiver_card.questionnaire import answers, hospital_texts
from caregiver_card.questionnaire.hospital_answers import with_new
from caregiver_card.questionnaire.hospital_comparison import NEW, OTHER, SAME, compare
from caregiver_card.questionnaire.hospital_file import read
from tests.cast import CAST, WORDS, absent, alex, card_of, sam
from tests.summaries import ALEX, SAM, allergy, ours, pump, summary, taken

_ALEX = answers.from_card(card_of(alex()))
_OFTEN = [{"text": "three times a day"}]


@pytest.mark.parametrize(
    ("entry", "state"),
    [
        (allergy(), SAME),
        (allergy(code={"text": " LATEX "}), SAME),
        (allergy(code={"text": "Nuts"}), NEW),
        (allergy(reaction=[{"manifestation": [{"text": "hives"}]}]), SAME),
        (allergy(reaction=[{"manifestation": [{"text": "anaphylaxis"}]}]), OTHER),
        (taken(), SAME),
        (taken(dosage=_OFTEN), SAME),
        (taken(dosage=[{"text": "300 mg, three times a day"}]), SAME),
        (taken(dosage=[{"text": "300 MG three times a day"}]), SAME),
        (taken(dosage=[{"text": "300 mg"}]), SAME),
        (taken(dosage=[{"text": "600 mg"}]), OTHER),
        (taken(dosage=[{"text": "600 mg, three times a day"}]), OTHER),
        (taken(medicationCodeableConcept={"text": "Keppra"}), NEW),
    ],
)
def test_a_row_is_known_by_its_name(entry: dict[str, object], state: str) -> None:
    """One of the same name is the same where it says all that the file says, in any writing."""
    *_, row = compare(answers.join_dates(_ALEX), read(summary(entry)))
    assert row.state == state


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, SAME),
        ({"pump.serial": "ngp123456h"}, SAME),
        ({"pump.serial": absent}, NEW),
        ({"pump.serial": "NGP1"}, OTHER),
    ],
)
def test_a_value_is_new_only_where_there_is_none(changes: dict[str, object], state: str) -> None:
    """A day is compared as a day, whatever boxes it was typed into."""
    given = answers.join_dates(answers.from_card(card_of(alex(changes))))
    name, born, serial = compare(given, read(summary(*pump(serialNumber="NGP123456H"))))
    assert (name.state, born.state, serial.state) == (SAME, SAME, state)


@pytest.mark.parametrize("name", sorted(CAST))
def test_our_own_summary_of_a_card_is_the_same_as_the_card(name: str) -> None:
    """Whatever of it is taken: a dose and how often stand there as one text."""
    card = card_of(CAST[name]())
    compared = compare(answers.join_dates(answers.from_card(card)), read(ours(card)))
    assert len(compared) > 3
    assert [each for each in compared if each.state != SAME] == []


@pytest.mark.parametrize(
    ("own", "state"),
    [
        ({"modelNumber": "Prometra II"}, OTHER),
        ({"modelNumber": "8637-40"}, NEW),
        ({"modelNumber": "SynchroMed III", "serialNumber": "NGP123456H"}, NEW),
        ({"modelNumber": "SynchroMed II 8637-40", "serialNumber": "NGP1"}, OTHER),
        ({"manufacturer": "Medtronic"}, NEW),
    ],
)
def test_nothing_of_another_pump_is_added_to_this_one(own: dict[str, str], state: str) -> None:
    """A pump is known by its serial number, else by its model; the old one may be in the file."""
    card = card_of(alex({"pump.implanted_on": absent, "pump.replace_by": absent}))
    device, use = pump(**own)
    found = read(summary(device, use | {"timingDateTime": "2012-05-09"}))
    *_, implanted = compare(answers.join_dates(answers.from_card(card)), found)
    assert (implanted.part, implanted.state) == ("pump.implanted_on", state)


@pytest.mark.parametrize(
    ("name", "state"), [("RIVERA, Alex", SAME), ("Álex Rivera", SAME), ("Alex M. Rivera", OTHER)]
)
def test_a_name_is_the_same_in_any_order(name: str, state: str) -> None:
    """A middle name that the card has not is something else to look at."""
    person = ALEX | {"name": [{"text": name}]}
    first, *_ = compare(answers.join_dates(_ALEX), read(summary(patient=person)))
    assert (first.part, first.state) == ("patient.full_name", state)


def test_of_two_rows_with_one_name_either_may_be_meant() -> None:
    """Where neither is, both are shown."""
    dosed = {"medicines.items[1].name": "Gabapentin", "medicines.items[1].frequency": "at night"}
    given = answers.join_dates(_ALEX | dosed)
    at_night, else_ = (
        compare(given, read(summary(taken(dosage=[{"text": words}]))))[-1]
        for words in ("at night", "at noon")
    )
    assert (at_night.state, else_.state) == (SAME, OTHER)
    shown = hospital_texts.difference(else_, WORDS)
    assert shown.after == "Gabapentin, at noon"
    assert shown.before.split("; ") == [
        "Gabapentin, 300\u00a0mg, three times a day",
        "Gabapentin, 5\u00a0mg, at night",
    ]


def test_what_the_card_says_of_a_list_stands_beside_what_is_new_in_it() -> None:
    """That it is not in the list, or that there is no list."""
    found = read(summary(allergy(code={"text": "Nuts"}), taken(), patient=SAM))
    cards = alex({"patient.full_name": "Sam Lee", "patient.date_of_birth": "2015-09-30"}), sam()
    said = []
    for each in cards:
        given = answers.join_dates(answers.from_card(card_of(each)))
        new = [each for each in compare(given, found) if each.state == NEW]
        said.append([hospital_texts.difference(each, WORDS).before for each in new])
    assert said == [
        ["not in the list"],
        [WORDS.say("status.allergies-unknown"), WORDS.say("status.medicines-not_shared")],
    ]


def test_new_rows_stand_behind_the_others_and_a_list_of_none_is_asked_again() -> None:
    """The rest of the answers is as it was."""
    found = read(summary(allergy(code={"text": "Nuts"}), allergy(code={"text": "Bees"})))
    none = {"allergies.status": "none_known"}
    for card in (_ALEX, answers.without(_ALEX, "allergies") | none):
        new = [each for each in compare(answers.join_dates(card), found) if each.state == NEW]
        typed = with_new(card, new)
        rows = answers.under(typed, "allergies.items")
        assert list(rows.values())[-2:] == ["Nuts", "Bees"]
        assert answers.under(card, "allergies.items").items() <= rows.items()
        assert typed.get("allergies.status", "") == ("listed" if card is _ALEX else "")
        assert answers.without(typed, "allergies") == answers.without(card, "allergies")


def test_a_gender_is_said_in_words() -> None:
    """As the card says it, and not as the file does."""
    given = answers.join_dates(_ALEX)
    *_, gender = compare(given, read(summary(patient=ALEX | {"gender": "female"})))
    shown = hospital_texts.difference(gender, WORDS)
    assert (shown.before, shown.after) == ("Not recorded", "Female")
