"""Warnings about the dates of a card, and about years that may be slips.

Limits and their sources: ``docs/clinical-sources.md``.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from caregiver_card.card import reservoir
from caregiver_card.card.dates import months_later, years_between
from caregiver_card.card.rules import Fault, value_at, warning

# People still write the old year in January.
_NEAR_DAYS = 14
# An older change, plan or check is unlikely on a card in use: its year may be a slip.
_LONG_AGO_YEARS = 5


def date_warnings(card: Any, today: date) -> Iterator[Fault]:
    """Yield every warning about the dates of a refill, and about years that may be wrong."""
    yield from _refill_dates(card, today)
    yield from _years(card, today)


def _refill_dates(card: Any, today: date) -> Iterator[Fault]:
    """Compare the appointment and the alarm date with the refill, each other and the estimate."""
    refill = card.refill
    if not refill or not refill.last_refill_on:
        return
    if (today - refill.last_refill_on).days > reservoir.MAX_DAYS_BETWEEN_REFILLS:
        yield warning("refill.last_refill_on", "old-refill", day=refill.last_refill_on)
    appointment, alarm = refill.next_appointment_on, refill.alarm_date
    for path, day in (
        ("refill.next_appointment_on", appointment),
        ("refill.alarm_date", alarm),
    ):
        if day and (day - refill.last_refill_on).days > reservoir.MAX_DAYS_BETWEEN_REFILLS:
            yield warning(path, "far-after-refill", day=day, refill=refill.last_refill_on)
    # One hospital refills seven to ten days before the alarm date (P14).
    if appointment and alarm and appointment > alarm - timedelta(days=7):
        yield warning("refill.next_appointment_on", "late-appointment", day=alarm)
    if not card.regimen or not card.pump:
        return
    reason = None if alarm else reservoir.no_estimate_reason(card)
    if reason:
        yield warning("refill.alarm_date", "no-alarm-date", no_estimate=reason)
    low, empty = reservoir.estimate_low(card), reservoir.estimate_empty(card)
    # A capped date is the 180-day limit, not an estimate of this reservoir.
    if low and alarm and not low.capped:
        days_apart = abs((alarm - low.on).days)
        if days_apart > 5 or days_apart * 10 > max((alarm - refill.last_refill_on).days, 1):
            yield warning("refill.alarm_date", "alarm-and-estimate", day=low.on)
    if empty and (empty.days < 14 or empty.capped):
        yield warning("refill.volume_ml", "unusual-range", day=empty.on)


def _has_year_slip(day: date, near: tuple[date, date]) -> bool:
    """Return whether ``day`` lies within two weeks of one of the ``near`` days in another year."""
    return any(
        day.year != other.year
        and abs((months_later(day, 12 * (other.year - day.year)) - other).days) <= _NEAR_DAYS
        and abs((day - other).days) > _NEAR_DAYS
        for other in near
    )


def _years(card: Any, today: date) -> Iterator[Fault]:
    """Warn of dates that only a wrong year explains: before birth or implant, or years ago."""
    born, implanted = value_at(card, "patient.date_of_birth"), value_at(card, "pump.implanted_on")
    refill = value_at(card, "refill.last_refill_on")
    change = value_at(card, "regimen.last_change.on")
    if change and refill and _has_year_slip(change, (refill, today)):
        yield warning("regimen.last_change.on", "year-slip", day=change)
    for path, earliest in (
        ("regimen.last_change.on", ("pump.implanted_on", implanted)),
        ("regimen.rescue_plan.written_on", ("patient.date_of_birth", born)),
        ("maker_support.checked_on", ("patient.date_of_birth", born)),
        ("directives.written_on", ("patient.date_of_birth", born)),
        ("verified.on", ("pump.implanted_on", implanted)),
    ):
        day, (earliest_path, earliest_day) = value_at(card, path), earliest
        if day and earliest_day and day < earliest_day:
            yield warning(path, "before-that", other=earliest_path, day=earliest_day)
        elif day and years_between(day, today) >= _LONG_AGO_YEARS:
            yield warning(path, "long-ago", day=day)
