"""What a person typed and what a card file says are the same thing in two forms."""

import json
from copy import copy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiver_card.card import codec
from caregiver_card.card.model import Card
from caregiver_card.questionnaire import (
    answers,
    confirmations,
    field_paths,
    merge,
    number_words,
    refill,
    steps,
)
from tests.cast import CAST, TODAY, WORDS, alex, card_of, cards, found, tuyet


@given(cards())
def test_any_card_can_be_typed_again(card: Card) -> None:
    """A card, taken apart into boxes and put together, is the same card."""
    typed = answers.from_card(card)
    assert answers.loads(answers.dumps(typed)) == typed
    assert codec.decode(json.dumps(answers.to_content(typed)).encode()) == card


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (("1", "2", "2026"), "2026-02-01"),
        ((" 1 ", "02", "2026"), "2026-02-01"),
        (("٣", "１", "2026"), "2026-01-03"),
        (("31", "2", "2026"), "2026-02-31"),
        (("", "", ""), ""),
        (("", "2", "2026"), "2026-02-0?"),
        (("1", "Feb", "2026"), "2026-Feb-01"),
        (("1", "2", "26"), "0026-02-01"),
    ],
)
def test_three_boxes_are_one_date(typed: tuple[str, str, str], read: str) -> None:
    """What is a date is written as one; what is none stays none."""
    boxes = dict(zip((f"verified.on-{each}" for each in answers.DATE_BOXES), typed, strict=True))
    assert answers.join_dates(boxes)["verified.on"] == read
    assert answers.date_boxes(boxes, "verified.on") == typed


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "[",
        "[]",
        "3",
        "null",
        '{"a": "b"}',
        '{"patient.full_name": 3}',
        '{"patient": "x"}',
        '{"confirmed[99999]": "x"}',
        '{"verified.on": "2026-01-01"}',
        "[" * 9999,
    ],
)
def test_what_is_no_answer_is_left_behind(raw: str) -> None:
    """A hidden field that somebody has changed breaks nothing."""
    assert answers.loads(raw) == {} or raw.startswith('{"confirmed')
    answers.read(answers.loads(raw), TODAY)


@given(st.dictionaries(st.sampled_from(sorted(field_paths.places())), st.text(max_size=30)))
def test_any_answers_can_be_read(typed: dict[str, str]) -> None:
    """A reading finds faults, and never fails."""
    typed = {path.replace("[]", "[0]"): words for path, words in typed.items()}
    assert answers.read(typed, TODAY).card is None or typed


def test_every_fault_has_a_page() -> None:
    """Whatever a reading says of a card stands on some page."""
    for path in field_paths.places():
        if path not in ("confirmed[]",):
            assert steps.step_of(path.replace("[]", "[0]")), path


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("0", "zero"),
        ("13", "thirteen"),
        ("40", "forty"),
        ("96", "ninety-six"),
        ("400", "four hundred"),
        ("405", "four hundred and five"),
        ("2000", "two thousand"),
        ("1260.5", "one thousand, two hundred and sixty point five"),
        ("3012.25", "three thousand and twelve point two five"),
        ("1000000", "1000000"),
    ],
)
def test_a_number_is_said_in_words(number: str, words: str) -> None:
    """Four hundred is not forty."""
    assert number_words.in_words(Decimal(number), WORDS) == words


@pytest.mark.parametrize(("language", "words"), [("de", "vierhundert"), ("km", "400")])
def test_a_number_is_said_in_the_language_of_the_card(language: str, words: str) -> None:
    """In figures where nobody wrote the words."""
    content = copy(WORDS)
    content.language = language
    assert number_words.in_words(Decimal(400), content) == words


def _confirmed(typed: dict[str, str]) -> set[str]:
    return set(answers.under(typed, "confirmed").values())


@pytest.mark.parametrize(
    ("path", "value", "holds"),
    [
        ("patient.full_name", "Another", True),
        ("regimen.daily_dose_mcg", "1261", False),
        ("regimen.concentration_mcg_per_ml", "2000", False),
        ("regimen.daily_dose_mcg", "1260.5", True),
    ],
)
def test_a_confirmation_holds_for_its_value(path: str, value: str, holds: bool) -> None:
    """An answer about one dose is none about another."""
    before = answers.from_card(card_of(tuyet({"confirmed": ["regimen.daily_dose_mcg"]})))
    after = confirmations.still_valid(before, before | {path: value})
    assert ("regimen.daily_dose_mcg" in _confirmed(after)) == holds


@pytest.mark.parametrize("name", CAST)
def test_a_version_differs_from_itself_in_nothing(name: str) -> None:
    """Two saves of the same words are no conflict."""
    card = answers.from_card(card_of(CAST[name]()))
    assert merge.differences(card, card, card) == []
    assert merge.merge(card, card, [], {}) == card


def test_lists_are_chosen_as_a_whole() -> None:
    """Half of one list and half of another would be nobody's words."""
    base = answers.from_card(card_of(alex()))
    mine = answers.from_card(card_of(alex({"contacts[0].phone": "+13125550100"})))
    theirs = answers.from_card(card_of(alex({"contacts[1].name": "Joe"})))
    differ = merge.differences(base, mine, theirs)
    assert [(each.path, each.proposed) for each in differ] == [("contacts", "")]
    assert merge.merge(mine, theirs, differ, {"contacts": "mine"}) == mine


@pytest.mark.parametrize(
    ("put_in", "left_in", "volume", "faults"),
    [
        ("20", "", "20", set()),
        ("18,5", "1.5", "20", set()),
        ("", "", None, set()),
        ("", "2", None, {("put_in", "missing")}),
        ("0", "", None, {("put_in", "number-positive")}),
        ("x", "y", None, {("put_in", "not-number"), ("left_in", "not-number")}),
        ("20", "-1", None, {("left_in", "number-range")}),
    ],
)
def test_a_volume_is_two_boxes(put_in: str, left_in: str, volume: Any, faults: Any) -> None:
    """What was put in and what had stayed; what is no number is said at its own box."""
    card = answers.from_card(card_of(alex()))
    typed = refill.initial_answers(card) | {
        refill.DAY: refill.OTHER,
        "put_in": put_in,
        "left_in": left_in,
    }
    after, wrong = refill.apply_refill(card, typed, TODAY)
    assert after.get("refill.volume_ml") == volume
    assert found(wrong) == faults
