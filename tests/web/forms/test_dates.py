"""A wrong date: which of its three boxes is marked, what is said, and where the summary leads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiver_card.card import values
from caregiver_card.questionnaire import answers, field_paths
from tests.cast import TODAY, alex, card_of
from tests.web.client import Site
from tests.web.filling import Filled, open_page
from tests.web.reading import words

_PATH = "refill.alarm_date"
ALL = ("day", "month", "year")
# What was typed, the boxes that are marked, and all that is said after the field's name.
WRONG = [
    (("31", "2", "2027"), ("day",), "there is no such day in the calendar. Look at the day: "),
    (("29", "2", "2027"), ("day",), "there is no such day in the calendar. Look at the day: "),
    (("32", "1", "2027"), ("day",), "in the calendar. Write the day as a figure from 1 to 31"),
    (("0", "1", "2027"), ("day",), "in the calendar. Write the day as a figure from 1 to 31"),
    (("3", "13", "2027"), ("month",), "calendar. Write the month as a figure from 1 to 12"),
    (("3", "Fab", "2027"), ("month",), "not a date. Write the month as a figure from 1 to 12"),
    (("3", "2", "270"), ("year",), "write the year with four figures, from 1900 to 2200"),
    (("3", "2", "1850"), ("year",), "write the year with four figures, from 1900 to 2200"),
    (("3", "2", "20277"), ("year",), "not a date. Write the year with four figures"),
    (("", "2", "2027"), ("day",), "this is not a date. The day is missing"),
    (("3", "", "2027"), ("month",), "this is not a date. The month is missing"),
    (("3", "2", " "), ("year",), "this is not a date. The year is missing"),
    (("31", "", ""), ("month", "year"), "The month is missing. The year is missing"),
    (("x", "13", "2027"), ("day", "month"), "from 1 to 31. Write the month as a figure from 1"),
    (("16", "11", "0"), ("year",), "calendar. Write the year with four figures"),
    # A date that is one, and does not fit another: no box alone is wrong.
    (("1", "8", "2026"), ALL, "before “Day of the last refill”"),
]


@pytest.mark.parametrize(("typed", "marked", "said"), WRONG, ids=["-".join(w[0]) for w in WRONG])
def test_only_the_wrong_box_is_marked(
    site: Site, typed: tuple[str, str, str], marked: tuple[str, ...], said: str
) -> None:
    """On the edit page and after a refill; the summary leads to the first of them."""
    home = f"/o/{site.add(alex()).owner}"
    for page in ("edit/refill", "refill"):
        again = open_page(site.app.test_client(), f"{home}/{page}").send(
            {_PATH: typed, "refill_day": "2026-11-21"} if page == "refill" else {_PATH: typed}
        )
        boxes = {part: again.page.one("input", name=f"{_PATH}-{part}") for part in ALL}
        found = tuple(part for part, box in boxes.items() if box.get("aria-invalid"))
        assert found == marked
        assert [said in each for each in again.errors] == [True], again.errors
        assert again.summary == again.errors
        (link,) = (each for each in again.page.all("a") if words(each) == again.errors[0])
        assert link.get("href") == f"#{boxes[marked[0]].get('id')}"
        assert tuple(box.get("value", "") for box in boxes.values()) == typed


def test_a_date_that_is_missing_is_missing_as_a_whole(site: Site) -> None:
    """No box is singled out where nothing was typed."""
    page = open_page(site.app.test_client(), f"/o/{site.add(alex()).owner}/edit/patient")
    again = page.send({"patient.date_of_birth": ("", "", "")})
    marked = [
        each.get("name", "") for each in again.page.having("input", **{"aria-invalid": "true"})
    ]
    assert marked == [f"patient.date_of_birth-{part}" for part in ALL]
    assert again.errors == ["Enter the date of birth"]


def test_the_last_page_says_what_is_wrong_with_a_date(site: Site) -> None:
    """Of answers that a device held: the very words that stand beside the box on its own page."""
    typed = answers.from_card(card_of(alex())) | {
        f"{_PATH}-{part}": each for part, each in zip(ALL, WRONG[0][0], strict=True)
    }
    client = site.app.test_client()
    form = open_page(client, "/new").values()
    held = {**form, "answers": answers.dumps(typed), "go": "check"}
    last = Filled(client, client.post("/new", data=held, follow_redirects=True)).send(go="save")
    assert [WRONG[0][2] in each for each in last.summary] == [True], last.summary
    assert last.summary == last.errors


_BOX = st.one_of(
    st.integers(-2, 40).map(str), st.integers(1890, 2210).map(str), st.text(max_size=4)
)


@given(_BOX, _BOX, _BOX)
def test_some_box_is_wrong_exactly_when_there_is_no_date(day: str, month: str, year: str) -> None:
    """Whatever was typed; and what is right by itself is never called missing."""
    typed = {f"{_PATH}-{part}": each for part, each in zip(ALL, (day, month, year), strict=True)}
    wrong = answers.wrong_boxes(typed, _PATH)
    raw = answers.join_dates(typed)[_PATH]
    try:
        is_day = bool(raw) and field_paths.places()[_PATH].parse(raw, None) is not None
    except values.InvalidValue:
        is_day = False
    assert bool(wrong) == (bool(raw) and not is_day)
    for part, how in wrong.items():
        assert (how == "missing") == (not typed[f"{_PATH}-{part}"].strip())
    if raw and not is_day:
        assert {each.path for each in answers.read(typed, TODAY).errors} >= {_PATH}


def test_a_date_is_written_as_people_write_it(site: Site) -> None:
    """The whole of it in the first box, two figures of the year, the month in words."""
    home = f"/o/{site.add(alex()).owner}"
    page = open_page(site.app.test_client(), f"{home}/edit/refill")
    for typed in (("15 2 27", "", ""), ("15", "2", "27"), ("15", "Feb", "2027")):
        saved = page.send({_PATH: typed})
        assert not saved.errors, saved.errors
        if saved.questions:
            saved = saved.confirm()
        again = open_page(saved.client, f"{home}/edit/refill")
        assert [again.values()[f"{_PATH}-{part}"] for part in ALL] == ["15", "2", "2027"]
        page = open_page(saved.client, f"{home}/edit/refill")
