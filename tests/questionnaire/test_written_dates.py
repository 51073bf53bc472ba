"""Dates as people write them: whole in the first box, two figures of a year, a month in words."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiver_card.questionnaire.written_dates import spread
from tests.cast import TODAY, WORDS

# What the first box holds, and the date that it is.
WHOLE = {
    "18 8 2026": ("18", "8", "2026"),
    "18.08.26": ("18", "08", "2026"),
    "2026-08-18": ("18", "08", "2026"),
    "5 2 27": ("5", "2", "2027"),
    "18/8/2026": ("18", "8", "2026"),
    "8/18/2026": ("18", "8", "2026"),
    "5/5/2027": ("5", "5", "2027"),
    "180826": ("18", "08", "2026"),
    "18082026": ("18", "08", "2026"),
    "18 Aug 2026": ("18", "8", "2026"),
    "August 18, 2026": ("18", "8", "2026"),
    "18th of": None,
    "3rd Sept. 27": ("3", "9", "2027"),
    "\u0661\u0668 8 2026": ("\u0661\u0668", "8", "2026"),
    # Day or month first? Nobody can know, so the form asks.
    "5/2/2027": None,
    "050227": None,
    "112026": None,
    "18": None,
    "soon": None,
    "18 8": None,
    "Aug 2026": None,
    "²/2/2026": None,
}


@pytest.mark.parametrize("typed", WHOLE)
def test_the_first_box_takes_a_whole_date(typed: str) -> None:
    """Where it can be read in one way only; else it stays as it was typed."""
    assert spread((typed, "", ""), WORDS) == (WHOLE[typed] or (typed, "", ""))


@pytest.mark.parametrize(
    ("typed", "year"), [("26", "2026"), ("69", "2069"), ("98", "1998"), ("6", "6"), ("026", "026")]
)
def test_two_figures_are_a_year_of_the_pumps(typed: str, year: str) -> None:
    """Of a refill or an implant there is one century that is possible."""
    assert spread(("1", "2", typed), WORDS) == ("1", "2", year)


@pytest.mark.parametrize(
    ("typed", "year"),
    [("91", "1991"), ("27", "1927"), ("26", "26"), ("15", "15"), ("2015", "2015")],
)
def test_two_figures_of_a_birth_are_taken_where_one_century_is_possible(
    typed: str, year: str
) -> None:
    """Born in 15 is eleven or a hundred and eleven years old: that is asked."""
    assert spread(("1", "2", typed), WORDS, TODAY) == ("1", "2", year)


@pytest.mark.parametrize(
    ("typed", "month"), [("Aug", "8"), ("may", "5"), ("SEPT.", "9"), ("Au", "Au"), ("", "")]
)
def test_a_month_may_be_a_word(typed: str, month: str) -> None:
    """As it stands on a printout."""
    assert spread(("1", typed, "2026"), WORDS) == ("1", month, "2026")


@given(st.tuples(st.text(max_size=12), st.text(max_size=6), st.text(max_size=6)))
def test_whatever_is_typed_is_three_boxes(typed: tuple[str, str, str]) -> None:
    """And spread again it is the same."""
    once = spread(typed, WORDS, TODAY)
    assert spread(once, WORDS, TODAY) == once


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)))
def test_a_date_in_the_order_of_the_boxes_is_that_date(day: date) -> None:
    """With spaces or dots, in any year that a refill may have."""
    wanted = (str(day.day), str(day.month), str(day.year))
    for sign in (" ", "."):
        assert spread((sign.join(wanted), "", ""), WORDS) == wanted
