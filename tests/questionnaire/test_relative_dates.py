"""A date said as "10 weeks": what is understood, and that it is shown before it is kept."""

from datetime import date, timedelta
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from caregiver_card.card.values import InvalidValue
from caregiver_card.questionnaire import relative_dates
from tests.cast import WORDS, alex
from tests.web.client import Site
from tests.web.filling import open_page

_START = date(2026, 11, 20)
_NEXT = "refill.next_appointment_on"
_STARTS = st.dates(date(1900, 1, 1), date(2199, 1, 1))


@given(_STARTS, st.integers(1, 52), st.sampled_from(["", "in ", "After  "]), st.sampled_from("wW"))
def test_weeks_are_weeks(start: date, count: int, lead: str, unit: str) -> None:
    """Whatever the day and the spelling."""
    for typed in (f"{lead}{count}{unit}", f" {lead}{count} {unit}eeks "):
        assert relative_dates.date_after(typed, start, WORDS) == start + timedelta(weeks=count)
    assert relative_dates.date_after(f"{lead}{count} days", start, WORDS) == start + timedelta(
        days=count
    )


@given(_STARTS, st.integers(1, 12))
def test_months_are_calendar_months(start: date, count: int) -> None:
    """The 31st becomes the last day of a shorter month."""
    assert relative_dates.date_after(f"{count} months", start, WORDS) == start + relativedelta(
        months=count
    )


@given(st.text(max_size=200))
def test_anything_else_is_no_span(typed: str) -> None:
    """A date within a year, or a refusal; never a fault of ours."""
    try:
        day = relative_dates.date_after(typed, _START, WORDS)
    except InvalidValue as fault:
        assert fault.code == "not-span"
    else:
        assert 0 < (day - _START).days <= 366


REFUSED = [
    "10",
    "ten weeks",
    "10 years",
    "0 weeks",
    "-3 weeks",
    "53 weeks",
    "13 months",
    "1.5 weeks",
]
REFUSED += ["10 weeks or so", "for 10 weeks", "10 mg", "in", "weeks", "\u202e10 weeks", "²⁰⁰ weeks"]


@pytest.mark.parametrize("typed", REFUSED)
def test_what_could_mean_something_else_is_refused(typed: str) -> None:
    """No guess is made of a unit or of a length that no filling has."""
    with pytest.raises(InvalidValue, match="not-span"):
        relative_dates.date_after(typed, _START, WORDS)


@pytest.fixture
def client(site: Site) -> FlaskClient:
    """A browser without script."""
    return site.app.test_client()


@pytest.mark.parametrize("page", ["refill", "edit/refill"])
def test_the_date_is_shown_before_it_is_kept(site: Site, client: FlaskClient, page: str) -> None:
    """Counted from the refill day on the same page; the next press keeps it."""
    owner = site.add(alex()).owner
    typed: dict[str, Any] = {
        "refill.last_refill_on": ("20", "11", "2026"),
        "refill.alarm_date": ("15", "2", "2027"),
        f"{_NEXT}-after": "in 10 weeks",
    }
    typed |= {"put_in": "20"} if page == "refill" else {"refill.volume_ml": "20"}
    shown = open_page(client, f"/o/{owner}/{page}").send(typed)
    assert shown.answer.status_code == 200 and not shown.summary
    assert site.keeper.vault.owned(owner).version == 1
    assert "in 10 weeks after 20 Nov 2026: that is Friday, 29 January 2027" in shown.page.text
    sent = shown.values()
    assert [sent[f"{_NEXT}-{part}"] for part in ("day", "month", "year")] == ["29", "1", "2027"]
    assert sent[f"{_NEXT}-after"] == ""
    saved = shown.send()
    assert saved.heading == WORDS.say("saved.title"), saved.errors
    kept = site.keeper.vault.owned(owner).card.refill.next_appointment_on
    assert kept == date(2027, 1, 29)


def test_a_blank_is_nothing(site: Site, client: FlaskClient) -> None:
    """A space in the box is no words that could be wrong."""
    page = open_page(client, f"/o/{site.add(alex()).owner}/refill").send(
        {f"{_NEXT}-after": " ", "refill_day": "2026-11-21"}
    )
    assert not page.errors
    page = page.confirm()
    assert page.heading == WORDS.say("saved.title"), page.errors


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({f"{_NEXT}-after": "soon", "refill_day": "2026-11-21"}, "for example 10 weeks"),
        (
            {f"{_NEXT}-after": "10 weeks", "refill.last_refill_on": ("", "", "")},
            "fill in the day of the last refill too",
        ),
    ],
    ids=["no span", "no start"],
)
def test_what_cannot_be_counted_is_refused_at_its_box(
    site: Site, client: FlaskClient, more: dict[str, Any], said: str
) -> None:
    """The box of the words is marked and keeps them; the three beside it are not."""
    page = open_page(client, f"/o/{site.add(alex()).owner}/refill").send(more)
    assert page.answer.status_code == 200
    assert [said in each for each in page.errors] == [True] and page.summary == page.errors
    (link,) = (each for each in page.page.all("a") if said in "".join(each.itertext()))
    box = page.page.one("input", name=f"{_NEXT}-after")
    assert link.get("href") == f"#{box.get('id')}"
    assert box.get("aria-invalid") and box.get("value") == more[f"{_NEXT}-after"]
    marked = page.page.having("input", **{"aria-invalid": "true"})
    assert marked == [box]
