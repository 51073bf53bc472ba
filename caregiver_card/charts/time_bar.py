"""The time since the last refill as a bar: how much has passed, and what stands ahead.

It shows time and never a level of drug, which nobody has measured.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from caregiver_card.card import reservoir
from caregiver_card.card.alert_schedule import next_appointment
from caregiver_card.card.model import Card

# The part of the bar after a day on which the reservoir runs low, in hundredths of the time before.
_AFTER_LOW = 9


@dataclass(frozen=True, slots=True)
class Mark:
    """A day on the bar; ``kind`` is refill, appointment, clinic, estimate or cap."""

    kind: str
    on: date
    at: float


@dataclass(frozen=True, slots=True)
class TimeBar:
    """The bar on one day. Positions are hundredths of its width.

    ``headline`` names what is counted, ``days`` how far away it is: negative where it has passed.
    ``low_at`` is where the reservoir runs low, if a day is known or estimated.
    """

    marks: tuple[Mark, ...]
    today: float
    low_at: float | None
    low_source: str
    headline: str
    days: int
    next_appointment: date | None

    @property
    def is_estimate(self) -> bool:
        """Whether the reservoir's day is no date of the clinic's."""
        return self.low_source in ("estimate", "cap")

    @property
    def is_past_alarm_date(self) -> bool:
        """Whether the clinic's own date has passed: the one time at which the bar is red."""
        return self.headline == "past-clinic"


def time_bar(card: Card, today: date) -> TimeBar:
    """Return the bar of a card on ``today``."""
    refilled, low = card.refill.last_refill_on, reservoir.low_day(card)
    appointment = next_appointment(card)
    ends = [refilled + timedelta(days=1), today]
    ends += [appointment] if appointment else []
    if low:
        ends.append(low.on + (low.on - refilled) * _AFTER_LOW // 100)
    whole = (max(ends) - refilled).days

    def place(day: date) -> float:
        return round(max(0, (day - refilled).days) * 100 / whole, 2)

    marks = [Mark("refill", refilled, 0)]
    marks += [Mark("appointment", appointment, place(appointment))] if appointment else []
    marks += [Mark(low.source, low.on, place(low.on))] if low else []
    headline, counted = _headline(low, appointment, refilled, today)
    return TimeBar(
        marks=tuple(sorted(marks, key=lambda each: each.on)),
        today=place(today),
        low_at=place(low.on) if low else None,
        low_source=low.source if low else "",
        headline=headline,
        days=(counted - today).days,
        next_appointment=appointment if appointment and appointment >= today else None,
    )


def _headline(
    low: reservoir.LowDay | None, appointment: date | None, refilled: date, today: date
) -> tuple[str, date]:
    """What a caregiver counts: the gravest day that has passed, or the next to come."""
    if low and low.on < today:
        return "-".join(("past", low.source)), low.on
    if appointment and appointment < today:
        return "past-appointment", appointment
    if appointment and (not low or appointment <= low.on):
        return "to-appointment", appointment
    if low:
        return "-".join(("to", low.source)), low.on
    return "since-refill", refilled
