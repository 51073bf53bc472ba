"""The version mark: the same for the same facts, another for others, read as it is copied."""

import copy
import io
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from caregiver_card.briefing import version_mark
from caregiver_card.briefing.briefing import brief
from caregiver_card.card import codec
from caregiver_card.card.model import Card
from caregiver_card.card.printed_facts import differences
from caregiver_card.printing import printer
from tests import cast
from tests.cast import WORDS, alex, card_of, cards

ADDRESS = "HTTPS://CARD.EXAMPLE/C/" + 26 * "0"


def marked(card: Card, version: int | None = None) -> str:
    """The mark of a card's prints."""
    return version_mark.mark_of(brief(card, WORDS, version))


def test_marks_outlive_the_program() -> None:
    """Papers of years ago carry these; a change here makes every paper look out of date."""
    first = {name: marked(card_of(file()))[:4] for name, file in cast.CAST.items()}
    assert first == {"typical": "DSCF", "complex": "8YFX", "minimal": "RHS3"}


def test_saving_does_not_change_a_mark() -> None:
    """A print from a file, of version 1 and of version 7 say the same, so their marks are one."""
    card = card_of(alex())
    assert marked(card) == marked(card, 1) == marked(codec.decode(codec.encode(card)), 7)


@given(cards(), cards())
def test_marks_differ_when_facts_do(old: Card, new: Card) -> None:
    """Two cards of chance share a mark once in a million."""
    same = not differences(old, new)
    assert (marked(old)[:4] == marked(new)[:4]) == same


@given(cards())
def test_confirming_changes_no_mark(card: Card) -> None:
    """ "Still right" makes no paper wrong."""
    confirmed = replace(card, verified=replace(card.verified, by="somebody else"))
    assert marked(card) == marked(confirmed)


def test_a_better_sentence_changes_only_the_last_two() -> None:
    """The numbers on everyone's paper stay right when a clinical sentence is revised."""
    briefing = brief(card_of(alex()), WORDS)
    words = copy.copy(WORDS)
    line = replace(WORDS.statement("danger.never_line"), text="Never stop the pump.")
    words.groups = {**WORDS.groups, "danger": {**WORDS.groups["danger"], "never_line": line}}
    revised = replace(briefing, content=words)
    assert version_mark.mark_of(revised)[:4] == version_mark.mark_of(briefing)[:4]
    assert version_mark.mark_of(revised)[5:] != version_mark.mark_of(briefing)[5:]


@pytest.mark.parametrize("name", sorted(cast.CAST))
def test_the_wallet_card_carries_its_mark(name: str) -> None:
    """In its foot, whole, in letters of at least 6 points."""
    briefing = brief(card_of(cast.CAST[name]()), WORDS)
    pdf = printer.make_pdf("wallet", briefing, ADDRESS)
    text = PdfReader(io.BytesIO(pdf)).pages[1].extract_text()
    assert f"Mark {version_mark.mark_of(briefing)}" in " ".join(text.split())


@pytest.mark.parametrize(
    "typed",
    ["N4H1-HF", "n4h1hf", " n4hi hf ", "N4HL–HF", "N4H1 -\u00a0HF", "n4h1_hf", "N4H1.HF"],
)
def test_a_mark_is_read_as_people_copy_it(typed: str) -> None:
    """Any case, with or without the stroke, I and L for 1."""
    assert version_mark.parse_mark(typed) == ("N4H1", "HF")


def test_the_first_four_are_enough() -> None:
    """Who leaves the last two out has named the facts."""
    assert version_mark.parse_mark("o1il") == ("0111", "")


@pytest.mark.parametrize(
    "typed", ["", "N4H", "N4H1H", "N4H1-HFX", "N4U1", "N4H!", "٣٣٣٣", "N\x004H"]
)
def test_what_is_no_mark_is_none(typed: str) -> None:
    """Too short, too long, or with a letter that no mark has."""
    assert version_mark.parse_mark(typed) is None


@given(st.text(max_size=20))
def test_anything_typed_is_a_mark_or_none(typed: str) -> None:
    """A mark that was read is one that could be printed, and reads back as itself."""
    found = version_mark.parse_mark(typed)
    if found is not None:
        assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{2})?", str(found))
        assert version_mark.parse_mark(str(found)) == found
