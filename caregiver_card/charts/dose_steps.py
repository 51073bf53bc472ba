"""The daily dose over time, from a card's saved versions, as steps with a ring at each refill."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from caregiver_card.card import reservoir
from caregiver_card.card.model import Card

# Steps that are at least so far apart, in hundredths of the width, have room for their numbers.
_ROOM = 9
# Room above the highest dose and below the lowest, in hundredths of the height.
_TOP, _BOTTOM = 16, 78


@dataclass(frozen=True, slots=True)
class SavedCard:
    """A version of a card and the day it was saved, in the patient's time zone."""

    on: date
    card: Card
    version: int


@dataclass(frozen=True, slots=True)
class DoseStep:
    """A daily dose and the day from which it was given."""

    on: date
    dose_mcg: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """A dose as it is drawn: a line at a height, and where the next begins."""

    step: DoseStep
    left: float
    right: float
    height: float
    next_height: float | None
    is_named: bool


@dataclass(frozen=True, slots=True)
class DoseSteps:
    """The chart. Positions are hundredths of its width and height.

    ``past`` is where the reservoir's alarm date or estimate lies, if it has passed.
    """

    steps: tuple[DoseStep, ...]
    lines: tuple[Line, ...]
    refills: tuple[tuple[date, float, float], ...]
    first: date
    past: float | None
    years: tuple[tuple[int, float], ...]


def dose_steps(saved: Sequence[SavedCard], today: date) -> DoseSteps:
    """Return the chart of ``today``, given at least one version, oldest first."""
    steps = _steps(saved)
    refills = sorted({each.card.refill.last_refill_on for each in saved})
    first = min(steps[0].on, refills[0])
    last = max(today, steps[-1].on, refills[-1])
    whole = max(1, (last - first).days)
    lowest, highest = (pick(each.dose_mcg for each in steps) for pick in (min, max))
    spread = highest - lowest

    def across(day: date) -> float:
        return round((day - first).days * 100 / whole, 2)

    def height(dose: Decimal) -> float:
        share = (dose - lowest) / spread if spread else Decimal("0.5")
        return round(_BOTTOM - float(share) * (_BOTTOM - _TOP), 2)

    low = reservoir.low_day(saved[-1].card)
    return DoseSteps(
        steps=tuple(steps),
        lines=tuple(_lines(steps, across, height)),
        refills=tuple((day, across(day), height(_dose_on(steps, day))) for day in refills),
        first=first,
        past=across(low.on) if low and first <= low.on < today else None,
        years=tuple(
            (year, across(date(year, 1, 1))) for year in range(first.year + 1, last.year + 1)
        ),
    )


def _steps(saved: Sequence[SavedCard]) -> list[DoseStep]:
    steps = _first_steps(saved[0].card)
    for each in saved[1:]:
        dose, day = each.card.regimen.daily_dose_mcg, _changed_on(each)
        # A version that only corrects an earlier one takes the place of what it corrects.
        while steps and day <= steps[-1].on and dose != steps[-1].dose_mcg:
            day = steps.pop().on
        if not steps or steps[-1].dose_mcg != dose:
            steps.append(DoseStep(day, dose))
    return steps


def _first_steps(card: Card) -> list[DoseStep]:
    """From the first refill on, unless the dose was changed after it."""
    refilled, change = card.refill.last_refill_on, card.regimen.last_change
    now = card.regimen.daily_dose_mcg
    if not change or change.on <= refilled or change.to_mcg not in (None, now):
        return [DoseStep(refilled, now)]
    before = [DoseStep(refilled, change.from_mcg)] if change.from_mcg else []
    return [*before, DoseStep(change.on, now)]


def _changed_on(each: SavedCard) -> date:
    """The day from which a version's dose was given, as far as the version says."""
    regimen, refilled = each.card.regimen, each.card.refill.last_refill_on
    change = regimen.last_change
    if change and change.on <= each.on and change.to_mcg in (None, regimen.daily_dose_mcg):
        return change.on
    return min(each.on, refilled)


def _dose_on(steps: Sequence[DoseStep], day: date) -> Decimal:
    return next((each.dose_mcg for each in reversed(steps) if each.on <= day), steps[0].dose_mcg)


def _lines(
    steps: Sequence[DoseStep],
    across: Callable[[date], float],
    height: Callable[[Decimal], float],
) -> Iterator[Line]:
    named_at = -float(_ROOM)
    for step, following in pairwise([*steps, None]):
        assert step
        left = across(step.on)
        is_named = following is None or left - named_at >= _ROOM
        named_at = left if is_named else named_at
        yield Line(
            step,
            left,
            across(following.on) if following else 100.0,
            height(step.dose_mcg),
            height(following.dose_mcg) if following else None,
            is_named,
        )
