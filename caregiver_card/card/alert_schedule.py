"""Derive the alerts of a card: on which days each one holds, and how severe it is.

The schedule depends on the card alone and covers all days; ``alerts_on`` picks those of one day. So
the page, the copy on a phone and the sender all read the same table. It counts in days, never in
times of day. Thresholds and their sources: ``docs/clinical-sources.md``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import IntEnum
from typing import Any

from caregiver_card.card import pump_models, reservoir
from caregiver_card.card.alert_kinds import KINDS
from caregiver_card.card.dates import months_later
from caregiver_card.card.model import Card
from caregiver_card.card.reservoir import LowDay


class Severity(IntEnum):
    """How soon somebody must act; a higher value is more urgent."""

    INFO = 0
    DUE = 1
    URGENT = 2
    EMERGENCY = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One alert and the days on which it holds, first and last included.

    ``last_on`` is ``None`` where the alert has no end. ``due_on`` is the day of the event itself.
    ``wording`` is the key of its text, and ``details`` fill that text.
    """

    kind: str
    severity: Severity
    first_on: date
    last_on: date | None
    due_on: date
    wording: str
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def counts_days(self) -> bool:
        """Whether the title ends with ``due_on``, so that "(5 days ago)" can follow it."""
        kind = KINDS[self.kind]
        return kind.counts_days and self.wording not in kind.undated_wordings

    def is_current(self, day: date) -> bool:
        """Return whether the alert holds on ``day``."""
        return self.first_on <= day and (self.last_on is None or day <= self.last_on)


def all_alerts(card: Card) -> tuple[Alert, ...]:
    """Return every alert that this card raises on any day, provided that it never changes."""
    return tuple(alert for rule in _RULES for alert in rule(card))


def alerts_on(alerts: tuple[Alert, ...], day: date) -> list[Alert]:
    """Return the alerts that hold on ``day``, the most severe first, then by date."""
    return sorted((alert for alert in alerts if alert.is_current(day)), key=alert_order)


def alert_order(alert: Alert) -> tuple[int, date, str]:
    """Sort key for alerts: the most severe first, then by date, then by kind."""
    return (-alert.severity, alert.due_on, alert.kind)


def _days(count: int) -> timedelta:
    return timedelta(days=count)


def _escalating(
    kind: str,
    due_on: date,
    steps: Sequence[tuple[date | None, Severity]],
    *,
    wording: str | None = None,
    **details: Any,
) -> Iterator[Alert]:
    """Yield one alert that grows more severe: each step lasts until the next one begins."""
    dated_steps = [(first, severity) for first, severity in steps if first]
    for index, (first, severity) in enumerate(dated_steps):
        later_starts = [start for start, _ in dated_steps[index + 1 :]]
        last = min(later_starts) - _days(1) if later_starts else None
        if last is None or first <= last:
            yield Alert(
                kind=kind,
                severity=severity,
                first_on=first,
                last_on=last,
                due_on=due_on,
                wording=wording or kind,
                details=details,
            )


def next_appointment(card: Card) -> date | None:
    """Return the day of the next refill appointment, unless a refill has taken place since."""
    appointment, refilled = card.refill.next_appointment_on, card.refill.last_refill_on
    return appointment if appointment and appointment > refilled else None


def _refill(card: Card) -> Iterator[Alert]:
    low, appointment = reservoir.low_day(card), next_appointment(card)
    if appointment:
        yield Alert(
            kind="refill_due",
            severity=Severity.DUE,
            first_on=appointment - _days(14),
            last_on=appointment,
            due_on=appointment,
            wording="refill_due",
        )
        emergency_from = max(appointment + _days(1), low.on - _days(3)) if low else None
        yield from _escalating(
            "refill_missed",
            appointment,
            [(appointment + _days(1), Severity.URGENT), (emergency_from, Severity.EMERGENCY)],
        )
    if low:
        yield from _booking(low, appointment)


def _no_low_day(card: Card) -> Iterator[Alert]:
    """Warn that nothing predicts when the reservoir runs low, since no other alert will."""
    if reservoir.low_day(card):
        return
    refilled, appointment = card.refill.last_refill_on, next_appointment(card)
    soon = appointment if appointment and appointment <= refilled + _days(90) else None
    steps = [(refilled, Severity.INFO if soon else Severity.DUE)]
    steps += [(soon + _days(1), Severity.DUE)] if soon else []
    reason = reservoir.no_estimate_reason(card)
    yield from _escalating("refill_unknown", refilled, steps, refilled=refilled, no_estimate=reason)


def _booking(low: LowDay, appointment: date | None) -> Iterator[Alert]:
    """Yield the alerts for a low-reservoir day without a timely appointment."""
    book_from, late_from = low.on - _days(28), low.on - _days(10)
    if appointment:
        book_from = max(book_from, appointment + _days(1))
        if appointment < low.on:
            late_from = max(late_from, appointment + _days(1))
    book, late = [(book_from, Severity.DUE)], [(late_from, Severity.URGENT)]
    yield from _escalating("refill_to_book", low.on, book, wording=f"refill_to_book-{low.source}")
    yield from _escalating("refill_late", low.on, late, wording=f"refill_late-{low.source}")


def _low_reservoir(card: Card) -> Iterator[Alert]:
    low = reservoir.low_day(card)
    # The 180-day limit is no alarm date; "refill_180_days" covers it.
    if low and low.source != "cap":
        emergency_from = low.on + _days(3) if low.source == "clinic" else None
        yield from _escalating(
            "alarm_date_reached",
            low.on,
            [(low.on, Severity.URGENT), (emergency_from, Severity.EMERGENCY)],
            wording=f"alarm_date_reached-{low.source}",
            refilled=card.refill.last_refill_on,
        )
    empty = reservoir.estimate_empty(card)
    if empty and not empty.capped and not card.refill.alarm_date:
        yield from _escalating(
            "empty_estimated",
            empty.on,
            [(empty.on - _days(5), Severity.URGENT), (empty.on, Severity.EMERGENCY)],
        )


def _180_days(card: Card) -> Iterator[Alert]:
    refilled = card.refill.last_refill_on
    last = refilled + _days(reservoir.MAX_DAYS_BETWEEN_REFILLS)
    steps = [(last - _days(30), Severity.DUE), (last, Severity.URGENT)]
    yield from _escalating("refill_180_days", last, steps, refilled=refilled)


def _replacement(card: Card) -> Iterator[Alert]:
    replace_by, implanted = card.pump.replace_by, card.pump.implanted_on
    life = pump_models.service_life(card.pump.maker, card.pump.model) or pump_models.ServiceLife()

    def first(months: int | None, before: int | None = None) -> date | None:
        """Return the earlier of an age in months and ``before`` months ahead of ``replace_by``."""
        days = [months_later(implanted, months)] if implanted and months else []
        days += [months_later(replace_by, -before)] if replace_by and before else []
        return min(days, default=None)

    info, due = first(life.info_months, 6), first(life.due_months)
    urgent, end = first(life.urgent_months, 1), first(life.end_months)
    due_on = replace_by or end or urgent or due or info
    if due_on:
        yield from _escalating(
            "replacement_due",
            due_on,
            [(info, Severity.INFO), (due, Severity.DUE), (urgent, Severity.URGENT)],
            wording="replacement_due" if replace_by else "replacement_due-age",
            implanted=implanted,
        )


def _watch(card: Card) -> Iterator[Alert]:
    changed = card.regimen.last_change.on if card.regimen.last_change else None
    for event in sorted({card.refill.last_refill_on, changed or card.refill.last_refill_on}):
        # The card gives the day without a time: 72 hours may reach into the third day after it.
        yield Alert(
            kind="watch_after_change",
            severity=Severity.INFO,
            first_on=event,
            last_on=event + _days(3),
            due_on=event,
            wording="watch_after_change",
        )


def _review(card: Card) -> Iterator[Alert]:
    checked, change = card.verified.on, card.regimen.last_change
    events = [card.refill.last_refill_on] + ([change.on] if change else [])
    newer = [event for event in events if event > checked]
    first = min([*newer, checked + _days(90)])
    wording = "card_review-changed" if first in newer else "card_review"
    yield from _escalating(
        "card_review", first, [(first, Severity.DUE)], wording=wording, checked=checked
    )


def _stale(card: Card) -> Iterator[Alert]:
    checked, wish = card.verified.on, card.directives
    plan, support = card.regimen.rescue_plan, card.maker_support
    for kind, since, months in (
        ("maker_line_stale", support.checked_on if support else None, 6),
        ("contacts_stale", checked, 6),
        ("rescue_plan_old", plan.written_on if plan else None, 12),
        (
            "directives_old",
            (wish.written_on or checked) if wish and wish.status == "listed" else None,
            24,
        ),
    ):
        if since:
            first = months_later(since, months)
            yield from _escalating(kind, first, [(first, Severity.INFO)], since=since)


_RULES = (_refill, _no_low_day, _low_reservoir, _180_days, _replacement, _watch, _review, _stale)
