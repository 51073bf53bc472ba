"""What is unusual in a card's dates: the rules of ``questions`` about days and years.

Limits and their sources: clinical-facts 7.6 and 7.8.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from caregiver_card.card import reservoir
from caregiver_card.card.dates import months_later, years_between
from caregiver_card.card.rules import Fault, value_at, warning

# In January one writes last year's date.
_NEAR_DAYS = 14
# No change, plan or check of a card that is in use is so old; its year may be a slip.
_LONG_AGO_YEARS = 5


def asked(card: Any, today: date) -> Iterator[Fault]:
    """Every question about a refill's dates, and about a year that may be wrong."""
    yield from _of_the_refill(card, today)
    yield from _years(card, today)


def _of_the_refill(card: Any, today: date) -> Iterator[Fault]:
    """Appointment and alarm date against the refill, one another and the estimate."""
    refill = card.refill
    if not refill or not refill.last_refill_on:
        return
    if (today - refill.last_refill_on).days > reservoir.LONGEST_DAYS:
        yield warning("refill.last_refill_on", "old-refill", day=refill.last_refill_on)
    appointment, alarm = refill.next_appointment_on, refill.alarm_date
    for path, day in (
        ("refill.next_appointment_on", appointment),
        ("refill.alarm_date", alarm),
    ):
        if day and (day - refill.last_refill_on).days > reservoir.LONGEST_DAYS:
            yield warning(path, "far-after-refill", day=day, refill=refill.last_refill_on)
    # One hospital refills seven to ten days before the alarm date (P14).
    if appointment and alarm and appointment > alarm - timedelta(days=7):
        yield warning("refill.next_appointment_on", "late-appointment", day=alarm)
    if not card.regimen or not card.pump:
        return
    reason = None if alarm else reservoir.unsuitable(card)
    if reason:
        yield warning("refill.alarm_date", "no-alarm-date", no_estimate=reason)
    low, empty = reservoir.low(card), reservoir.empty(card)
    # The cap is no estimate of this reservoir.
    if low and alarm and not low.capped:
        apart = abs((alarm - low.on).days)
        if apart > 5 or apart * 10 > max((alarm - refill.last_refill_on).days, 1):
            yield warning("refill.alarm_date", "alarm-and-estimate", day=low.on)
    if empty and (empty.days < 14 or empty.capped):
        yield warning("refill.volume_ml", "unusual-range", day=empty.on)


def _slipped(day: date, near: tuple[date, date]) -> bool:
    """Whether a day lies within two weeks of one of the others but for its year."""
    return any(
        day.year != other.year
        and abs((months_later(day, 12 * (other.year - day.year)) - other).days) <= _NEAR_DAYS
        and abs((day - other).days) > _NEAR_DAYS
        for other in near
    )


def _years(card: Any, today: date) -> Iterator[Fault]:
    """Days that only a wrong year explains: before the person or the pump, or many years ago."""
    born, implanted = value_at(card, "patient.date_of_birth"), value_at(card, "pump.implanted_on")
    refill = value_at(card, "refill.last_refill_on")
    change = value_at(card, "regimen.last_change.on")
    if change and refill and _slipped(change, (refill, today)):
        yield warning("regimen.last_change.on", "year-slip", day=change)
    for path, earliest in (
        ("regimen.last_change.on", ("pump.implanted_on", implanted)),
        ("regimen.rescue_plan.written_on", ("patient.date_of_birth", born)),
        ("maker_support.checked_on", ("patient.date_of_birth", born)),
        ("directives.written_on", ("patient.date_of_birth", born)),
        ("verified.on", ("pump.implanted_on", implanted)),
    ):
        day, (other, first) = value_at(card, path), earliest
        if day and first and day < first:
            yield warning(path, "before-that", other=other, day=first)
        elif day and years_between(day, today) >= _LONG_AGO_YEARS:
            yield warning(path, "long-ago", day=day)
