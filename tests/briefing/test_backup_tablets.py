"""Tablets that are only kept for an emergency: they never read as a running dose."""

import json
from typing import Any

import pytest
import vobject

from caregiver_card.briefing import changes
from caregiver_card.briefing.briefing import brief
from caregiver_card.card import codec, printed_facts
from caregiver_card.caseload import cases
from caregiver_card.exports import medical_id_texts, vcard
from caregiver_card.pages import emergency
from caregiver_card.questionnaire import answers, flatten
from tests import tables
from tests.cast import TODAY, WORDS, alex, card_of, found, reading_of
from tests.web.reading import Page, single_spaced

_DAILY = {"status": "listed", "dose_mg": 10, "times_per_day": 3}
_BACKUP = {**_DAILY, "purpose": "backup"}
_SAID = "NOT taken now; kept for an emergency: 10 mg, if used 3 times a day"


def _file(oral: dict[str, Any]) -> dict[str, Any]:
    return alex({"regimen.oral_baclofen": oral})


def test_a_card_that_says_nothing_else_is_one_of_daily_tablets() -> None:
    """What was stored before is as it was: to say "daily" adds nothing to a card."""
    plain, said = card_of(_file(_DAILY)), card_of(_file({**_DAILY, "purpose": "daily"}))
    assert plain == said and printed_facts.facts(plain) == printed_facts.facts(said)
    assert "purpose" not in codec.encode(said).decode()


def test_a_backup_stays_one() -> None:
    """In the file, in a table, in the answers of a form, and as another fact for a paper."""
    card = card_of(_file(_BACKUP))
    assert codec.decode(codec.encode(card)) == card
    [row] = cases.cards(tables.table(_file(_BACKUP)))
    assert cases.validate_row(row, TODAY).card == card
    assert answers.read(answers.from_card(card), TODAY).card == card
    assert printed_facts.differences(card_of(_file(_DAILY)), card) == ("regimen.oral_baclofen",)


def test_wherever_a_backup_stands_it_says_first_that_it_is_not_taken() -> None:
    """On the page, in the words to say, on the phone's own screen, in the contact's note."""
    b = brief(card_of(_file(_BACKUP)), WORDS)
    assert single_spaced(b.oral.items[0]) == _SAID
    texts = [each.words for kind in medical_id_texts.texts(b).values() for each in kind]
    shown = [
        Page(emergency.page(b, TODAY)).text,
        b.say[1],
        vobject.readOne(vcard.contact(b)).note.value,
        *texts,
    ]
    for words in shown:
        plain = single_spaced(words)
        for at in range(len(plain)):
            if plain.startswith("10 mg, ", at):
                assert plain[:at].endswith("kept for an emergency: "), plain[at - 60 : at + 20]
    assert sum("NOT taken now" in single_spaced(words) for words in shown) == 5


@pytest.mark.parametrize(
    ("before", "after", "was", "now"),
    [
        (_DAILY, _BACKUP, "10 mg, 3 times a day", _SAID),
        ({**_BACKUP, "dose_mg": 5}, _BACKUP, _SAID.replace("10", "5"), _SAID),
        ({"status": "none_known"}, _BACKUP, "None taken", _SAID),
    ],
)
def test_a_change_is_told_whole(
    before: dict[str, Any], after: dict[str, Any], was: str, now: str
) -> None:
    """A dose alone would read as one that is taken."""
    [change] = changes.changes(card_of(_file(before)), card_of(_file(after)), WORDS)
    assert (change.label, single_spaced(change.before)) == ("Baclofen by mouth", was)
    assert single_spaced(change.after) == now


def test_how_often_a_backup_would_be_taken_may_be_left_to_the_team() -> None:
    """Of daily tablets it is needed."""
    once = {"status": "listed", "dose_mg": 10}
    assert reading_of(_file({**once, "purpose": "backup"})).card
    missing = ("regimen.oral_baclofen.times_per_day", "missing")
    assert missing in found(reading_of(_file(once)).errors)


@pytest.mark.parametrize(
    ("oral", "code"),
    [
        ({**_DAILY, "dose_mg": 30}, "high-oral-dose"),
        ({**_BACKUP, "dose_mg": 30}, "high-backup-dose"),
        ({"status": "listed", "purpose": "backup", "dose_mg": 100}, "high-backup-dose"),
    ],
)
def test_much_of_a_backup_is_asked_about_as_one(oral: dict[str, Any], code: str) -> None:
    """Nobody takes it now, so nobody is asked whether somebody does."""
    path = "regimen.oral_baclofen.dose_mg"
    assert [each.code for each in reading_of(_file(oral)).faults if each.path == path] == [code]


@pytest.mark.parametrize("status", ["none_known", "unknown"])
def test_a_backup_of_nothing_is_refused(status: str) -> None:
    """No tablets, and what they are for, cannot both be right."""
    reading = reading_of(_file({"status": status, "purpose": "backup"}))
    assert found(reading.errors) == {("regimen.oral_baclofen.status", "listed-something")}


def test_the_form_has_an_answer_for_it() -> None:
    """One question: every day, a backup, or no; the card file has the answer in two places."""
    typed = answers.from_card(card_of(_file(_DAILY)))
    path = "regimen.oral_baclofen.status"
    card = answers.read(typed | {path: "backup"}, TODAY).card
    assert card and codec.encode(card) == codec.encode(card_of(_file(_BACKUP)))
    again = answers.from_card(card)
    assert again[path] == "backup" and f"{path[:-6]}purpose" not in again
    assert answers.read(again | {path: "listed"}, TODAY).card == card_of(_file(_DAILY))
    assert flatten.flatten(json.loads(codec.encode(card)))["regimen.oral_baclofen.purpose"]
