"""A card -> its alerts: which hold, from which day to which, and how grave they are.

The whole course is worked out from the card alone; a day then picks what holds on it. So a page
that is opened, a copy that is kept on a phone, and a sender read the same table.
Thresholds: CONTRACT "Alerts" and clinical-facts section 8. Days only, never times.
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
    """How soon somebody must act; the higher, the sooner."""

    INFO = 0
    DUE = 1
    URGENT = 2
    EMERGENCY = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One alert and the days on which it holds, both included; ``last_on`` None is "for good".

    ``due_on`` is the day of the event itself. ``wording`` names the words, ``details`` fill them.
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
        """Whether the title ends with ``due_on``, so that "5 days ago" can follow it."""
        kind = KINDS[self.kind]
        return kind.counts_days and self.wording not in kind.names_another_day

    def holds(self, day: date) -> bool:
        """Whether it holds on ``day``."""
        return self.first_on <= day and (self.last_on is None or day <= self.last_on)


def all_alerts(card: Card) -> tuple[Alert, ...]:
    """Every alert that this card raises on any day, if nothing more is recorded."""
    return tuple(alert for rule in _RULES for alert in rule(card))


def alerts_on(alerts: tuple[Alert, ...], day: date) -> list[Alert]:
    """Those that hold on ``day``: gravest first, then by date."""
    return sorted((alert for alert in alerts if alert.holds(day)), key=gravity)


def gravity(alert: Alert) -> tuple[int, date, str]:
    """The sorting key of alerts: gravest first, then by date."""
    return (-alert.severity, alert.due_on, alert.kind)


def _days(count: int) -> timedelta:
    return timedelta(days=count)


def _ladder(
    kind: str, due_on: date, steps: Sequence[tuple[date | None, Severity]], **words: Any
) -> Iterator[Alert]:
    """One alert that grows graver: each step lasts until the next begins."""
    wording, details = words.pop("wording", kind), words
    dated = [(first, severity) for first, severity in steps if first]
    for index, (first, severity) in enumerate(dated):
        later = [start for start, _ in dated[index + 1 :]]
        last = min(later) - _days(1) if later else None
        if last is None or first <= last:
            yield Alert(
                kind=kind,
                severity=severity,
                first_on=first,
                last_on=last,
                due_on=due_on,
                wording=wording,
                details=details,
            )


def _coming_until(card: Card) -> date | None:
    """The last day on which an appointment is still to come."""
    appointment, refilled = card.refill.next_appointment_on, card.refill.last_refill_on
    return appointment if appointment and appointment > refilled else None


def _refill(card: Card) -> Iterator[Alert]:
    low, appointment = reservoir.low_day(card), _coming_until(card)
    if appointment:
        yield Alert(
            kind="refill_due",
            severity=Severity.DUE,
            first_on=appointment - _days(14),
            last_on=appointment,
            due_on=appointment,
            wording="refill_due",
        )
        pressing = max(appointment + _days(1), low.on - _days(3)) if low else None
        yield from _ladder(
            "refill_missed",
            appointment,
            [(appointment + _days(1), Severity.URGENT), (pressing, Severity.EMERGENCY)],
        )
    if low:
        yield from _before_low(low, appointment)


def _unknown(card: Card) -> Iterator[Alert]:
    """Nothing tells when the reservoir runs low: that is said, for nothing else will come."""
    if reservoir.low_day(card):
        return
    refilled, appointment = card.refill.last_refill_on, _coming_until(card)
    soon = appointment if appointment and appointment <= refilled + _days(90) else None
    steps = [(refilled, Severity.INFO), (soon + _days(1), Severity.DUE)] if soon else []
    details = {"refilled": refilled, "no_estimate": reservoir.unsuitable(card)}
    yield from _ladder("refill_unknown", refilled, steps or [(refilled, Severity.DUE)], **details)


def _before_low(low: LowDay, appointment: date | None) -> Iterator[Alert]:
    book_from, late_from = low.on - _days(28), low.on - _days(10)
    if appointment:
        book_from = max(book_from, appointment + _days(1))
        if appointment < low.on:
            late_from = max(late_from, appointment + _days(1))
    words = {"wording": f"refill_to_book-{low.said_by}"}
    yield from _ladder("refill_to_book", low.on, [(book_from, Severity.DUE)], **words)
    words = {"wording": f"refill_late-{low.said_by}"}
    yield from _ladder("refill_late", low.on, [(late_from, Severity.URGENT)], **words)


def _reached(card: Card) -> Iterator[Alert]:
    low = reservoir.low_day(card)
    # "180 days since the refill" is never an alarm date: refill_180_days speaks for it.
    if low and low.said_by != "cap":
        graver = low.on + _days(3) if low.said_by == "clinic" else None
        yield from _ladder(
            "alarm_date_reached",
            low.on,
            [(low.on, Severity.URGENT), (graver, Severity.EMERGENCY)],
            wording=f"alarm_date_reached-{low.said_by}",
            refilled=card.refill.last_refill_on,
        )
    empty = reservoir.empty(card)
    if empty and not empty.capped and not card.refill.alarm_date:
        yield from _ladder(
            "empty_estimated",
            empty.on,
            [(empty.on - _days(5), Severity.URGENT), (empty.on, Severity.EMERGENCY)],
        )


def _half_year(card: Card) -> Iterator[Alert]:
    refilled = card.refill.last_refill_on
    last = refilled + _days(reservoir.LONGEST_DAYS)
    steps = [(last - _days(30), Severity.DUE), (last, Severity.URGENT)]
    yield from _ladder("refill_180_days", last, steps, refilled=refilled)


def _replacement(card: Card) -> Iterator[Alert]:
    by, implanted = card.pump.replace_by, card.pump.implanted_on
    life = pump_models.service(card.pump.maker, card.pump.model) or pump_models.Service()

    def first(months: int | None, before: int | None = None) -> date | None:
        """The earlier of an age in months and some months before ``replace_by``."""
        days = [months_later(implanted, months)] if implanted and months else []
        days += [months_later(by, -before)] if by and before else []
        return min(days, default=None)

    info, due = first(life.info_months, 6), first(life.due_months)
    urgent, end = first(life.urgent_months, 1), first(life.end_months)
    due_on = by or end or urgent or due or info
    if due_on:
        yield from _ladder(
            "replacement_due",
            due_on,
            [(info, Severity.INFO), (due, Severity.DUE), (urgent, Severity.URGENT)],
            wording="replacement_due" if by else "replacement_due-age",
            implanted=implanted,
        )


def _watch(card: Card) -> Iterator[Alert]:
    changed = card.regimen.last_change.on if card.regimen.last_change else None
    for event in sorted({card.refill.last_refill_on, changed or card.refill.last_refill_on}):
        # 72 hours from a day without a time of day: that day and the three after it.
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
    words = {"wording": wording, "checked": checked}
    yield from _ladder("card_review", first, [(first, Severity.DUE)], **words)


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
            yield from _ladder(kind, first, [(first, Severity.INFO)], since=since)


_RULES = (_refill, _unknown, _reached, _half_year, _replacement, _watch, _review, _stale)
