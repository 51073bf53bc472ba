"""Whether a paper is still right, from its mark: what differs, where it stands, and what cannot be
told."""

import json
from typing import Any

import pytest
from hypothesis import given, settings

from caregiver_card.briefing import paper_check, version_mark
from caregiver_card.briefing.briefing import brief
from caregiver_card.briefing.version_mark import VersionMark
from caregiver_card.card import printed_facts
from caregiver_card.card.model import Card
from tests.cast import WORDS, absent, alex, card_of, cards, tuyet

PAPER = card_of(alex())


def mark_of(card: Card) -> VersionMark:
    """The mark on a card's paper, read as a person copies it."""
    read = version_mark.parse_mark(version_mark.mark_of(brief(card, WORDS)))
    assert read
    return read


def asked(present: Card, *past: Card, paper: Card = PAPER) -> paper_check.PaperStatus:
    """What a reader is told of ``paper`` when the card, after these versions, is ``present``."""
    return paper_check.check_paper(
        mark_of(paper), paper_check.version_table(past, present), present, WORDS
    )


def rows(changes: tuple[Any, ...]) -> list[tuple[str, str]]:
    """What differs, as plain rows."""
    return [(each.label, each.after) for each in changes]


def test_after_a_refill_the_paper_is_out_of_date() -> None:
    """What the wallet card shows and what only larger prints show stand apart, as of today."""
    refilled = {"regimen.daily_dose_mcg": 350, "refill.last_refill_on": "2026-11-06"}
    today = card_of(alex(refilled, **{"patient.weight_kg": 66}))
    told = asked(today, PAPER)
    assert told.kind == "differs"
    assert rows(told.wallet) == [
        ("Daily dose", "350\u00a0mcg a day"),
        ("Last refill", "6 Nov 2026"),
    ]
    assert rows(told.larger) == [("Weight", "66\u00a0kg")]


def test_the_present_paper_is_right() -> None:
    """Confirming it again, or restoring what it says, leaves or makes it right."""
    other = card_of(alex({"regimen.daily_dose_mcg": 350}))
    confirmed = card_of(alex({"verified.on": "2026-09-01"}))
    assert asked(PAPER).kind == asked(confirmed, PAPER).kind == "right"
    assert asked(PAPER, other, PAPER).kind == "right"
    assert asked(PAPER, other, PAPER, paper=other).kind == "differs"


def test_newer_sentences_are_told_from_other_facts() -> None:
    """The last two characters alone differ: the numbers on the paper are right."""
    typed = mark_of(PAPER)
    other = VersionMark(typed.facts, "00" if typed.words != "00" else "11")
    kept = paper_check.version_table([], PAPER)
    assert paper_check.check_paper(other, kept, PAPER, WORDS).kind == "reworded"
    # Who has left them out is told of the facts.
    assert paper_check.check_paper(VersionMark(typed.facts), kept, PAPER, WORDS).kind == "right"


def test_what_is_not_known_is_not_called_wrong_or_right() -> None:
    """A mark of no version, and a card that an older program saved."""
    other = card_of(tuyet())
    assert asked(PAPER, paper=other).kind == "unknown"
    assert paper_check.check_paper(mark_of(other), None, PAPER, WORDS).kind == "untold"
    assert paper_check.check_paper(mark_of(PAPER), None, PAPER, WORDS).kind == "right"


def test_two_versions_with_one_mark_are_never_called_right() -> None:
    """Once in a million: the older paper must not be taken for today's."""
    kept = json.dumps({mark_of(PAPER).facts: ["regimen.daily_dose_mcg"]}).encode()
    told = paper_check.check_paper(mark_of(PAPER), kept, PAPER, WORDS)
    assert told.kind == "alike"
    assert rows(told.wallet) == [("Daily dose", "400\u00a0mcg a day")]


def test_the_table_holds_no_value() -> None:
    """Whoever opens today's card learns which facts were others, and not what they were."""
    old = card_of(alex({"patient.full_name": "Before Marriage", "regimen.daily_dose_mcg": 123}))
    kept = paper_check.version_table([old], PAPER)
    assert b"Before" not in kept and b"123" not in kept
    assert json.loads(kept) == {mark_of(old).facts: ["patient.full_name", "regimen.daily_dose_mcg"]}


def test_what_is_not_shared_today_is_not_told() -> None:
    """A list that was printed and is withheld by now is said to be withheld."""
    today = card_of(alex({"medicines.status": "not_shared", "allergies.status": "not_shared"}))
    told = asked(today, PAPER)
    assert rows(told.wallet) == [("Allergies", WORDS.say("status.allergies-not_shared"))]
    assert rows(told.larger) == [("Other medicines", WORDS.say("status.medicines-not_shared"))]
    assert "Gabapentin" not in str(told) and "Latex" not in str(told)


@pytest.mark.parametrize(
    ("changes", "label", "today"),
    [
        ({"contacts[0].phone": "+13125550178"}, "Contact named on the wallet card", "0178"),
        ({"refill.alarm_date": absent}, "Alarm date", "by estimate"),
        ({"patient.baseline": absent}, "Normal for this person", "Not recorded"),
        ({"regimen.daily_dose_mcg": 2400}, "Daily dose", "2400\u00a0mcg a day"),
    ],
)
def test_each_fact_has_its_words_of_today(changes: dict[str, Any], label: str, today: str) -> None:
    """An estimate where the alarm date would stand, a person with a number, nothing recorded."""
    found = dict(rows(asked(card_of(alex(changes)), PAPER).wallet))
    assert today in found[label]


def test_a_path_of_another_program_is_no_fault() -> None:
    """The table outlives the program that wrote it."""
    kept = json.dumps({"0000": ["pump.colour"]}).encode()
    told = paper_check.check_paper(VersionMark("0000"), kept, PAPER, WORDS)
    assert rows(told.larger) == [(WORDS.say("paper.other"), "Not recorded")]


def test_the_owner_sees_what_stands_on_the_paper() -> None:
    """The newest version with that mark beside today's."""
    past = [card_of(alex({"regimen.daily_dose_mcg": dose})) for dose in (380, 350)]
    told = paper_check.check_own_paper(mark_of(past[1]), past, PAPER, WORDS)
    assert [(e.label, e.before, e.after) for e in told.wallet] == [
        ("Daily dose", "350\u00a0mcg a day", "400\u00a0mcg a day")
    ]


@pytest.mark.slow
@settings(max_examples=40)
@given(cards(), cards())
def test_readers_owners_and_the_page_after_saving_agree(old: Card, new: Card) -> None:
    """One rule: the same facts for all three, each with a name, and different when the owner sees
    both."""
    reader = asked(new, old, paper=old)
    owner = paper_check.check_own_paper(mark_of(old), [old], new, WORDS)
    saved = paper_check.after_saving(old, new, WORDS)
    paths = [each.path for each in (*reader.wallet, *reader.larger)]
    assert sorted(paths) == sorted(printed_facts.differences(old, new))
    for other in (owner, saved):
        assert [each.path for each in (*other.wallet, *other.larger)] == paths
    assert (reader.kind == "differs") == bool(paths)
    for each in (*owner.wallet, *owner.larger):
        assert each.label and each.after and each.before != each.after, each
