"""The bar of time from refill to alarm date: each moment has its place and its words."""

from datetime import date

import pytest

from caregiver_card.card.model import Card
from caregiver_card.charts.time_bar import time_bar
from tests.cast import alex, card_of


def _card(**refill: str | None) -> Card:
    given = alex()
    given["refill"] = {"last_refill_on": "2026-08-18", "volume_ml": "20", **refill}
    given["refill"] = {name: value for name, value in given["refill"].items() if value}
    return card_of(given)


_BOTH = {"next_appointment_on": "2026-11-06", "alarm_date": "2026-11-16"}


@pytest.mark.parametrize(
    ("today", "headline", "days"),
    [
        (date(2026, 8, 19), "to-appointment", 79),
        (date(2026, 11, 6), "to-appointment", 0),
        (date(2026, 11, 7), "past-appointment", -1),
        (date(2026, 11, 16), "past-appointment", -10),
        (date(2026, 11, 28), "past-clinic", -12),
    ],
)
def test_the_gravest_day_that_has_passed_is_counted_or_the_next(
    today: date, headline: str, days: int
) -> None:
    """An alarm date that has passed is worse than an appointment that has."""
    bar = time_bar(_card(**_BOTH), today)
    assert (bar.headline, bar.days) == (headline, days)
    assert bar.is_past_alarm_date == (headline == "past-clinic")


def test_the_marks_stand_in_their_order_and_within_the_bar() -> None:
    """The refill at the beginning; after the alarm date some room, and today never outside."""
    bar = time_bar(_card(**_BOTH), date(2026, 10, 1))
    assert [each.kind for each in bar.marks] == ["refill", "appointment", "clinic"]
    places = [each.at for each in bar.marks]
    assert places[0] == 0 and places == sorted(places) and places[-1] < 100
    assert bar.low_at == places[-1]
    assert time_bar(_card(**_BOTH), date(2027, 3, 1)).today == 100


def test_an_estimate_is_never_taken_for_the_clinics_date() -> None:
    """Nor for red, however late it is."""
    bar = time_bar(_card(), date(2027, 2, 1))
    assert bar.is_estimate and not bar.is_past_alarm_date
    assert bar.headline in ("past-estimate", "past-cap")


def test_without_any_date_the_bar_ends_today() -> None:
    """Nothing is invented: a flex schedule has no estimate."""
    given = alex()
    given["refill"] = {"last_refill_on": "2026-08-18"}
    bar = time_bar(card_of(given), date(2026, 11, 28))
    assert (bar.headline, bar.days, bar.today, bar.low_at) == ("since-refill", -102, 100, None)


def test_an_appointment_before_the_refill_is_answered_by_it() -> None:
    """It is neither due nor missed."""
    card = _card(next_appointment_on="2026-08-18", alarm_date="2026-11-16")
    bar = time_bar(card, date(2026, 9, 1))
    assert [each.kind for each in bar.marks] == ["refill", "clinic"]
