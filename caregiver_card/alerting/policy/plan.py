"""A card -> its plan: what may have to be told, on which days, in finished words.

The sender has no token and never sees the card, so all that it will need is worked out when the
card is saved: the course of ``schedule`` in the words of ``notices``, and the numbers to call. No
name, no drug and no diagnosis is in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from caregiver_card.briefing import call_texts
from caregiver_card.briefing.alert_texts import AlertText, all_texts
from caregiver_card.briefing.briefing import review
from caregiver_card.briefing.content import Content
from caregiver_card.card.alert_kinds import KINDS
from caregiver_card.card.alert_schedule import Severity
from caregiver_card.card.model import Card


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedAlert:
    """Days on which one thing is to be told, until somebody knows; ``last_on`` None: for good."""

    kind: str
    severity: Severity
    first_on: date
    last_on: date | None
    due_on: date
    title: str
    action: str
    signs_now: str
    # Whether the title ends with the day of the event, so that "5 days ago" can follow it.
    dated: bool

    @property
    def key(self) -> str:
        """The same for the same thing, however often the card is saved."""
        return f"{self.kind}/{self.severity.name}/{self.first_on}/{self.due_on}"

    @property
    def subject(self) -> str:
        """What a person chose, or not, to be told about."""
        return KINDS[self.kind].subject

    @property
    def needs_signs(self) -> bool:
        """Whether who is told of it has to know the signs."""
        return bool(self.signs_now) or self.subject == "watch"

    def holds(self, day: date) -> bool:
        """Whether it is to be told on ``day``."""
        return self.first_on <= day and (self.last_on is None or day <= self.last_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPlan:
    """What a sender knows of one version of a card."""

    version: int
    language: str
    time_zone: str
    team: str
    emergency: str
    # Whether a clinician has reviewed the clinical words.
    review: str
    # What a book of an older program lacks has a default.
    team_dial: str = ""
    emergency_dial: str = ""
    occasions: tuple[PlannedAlert, ...]


def plan(card: Card, content: Content, version: int) -> AlertPlan:
    """Everything that may have to be told, if nothing more is recorded on the card."""
    return AlertPlan(
        version=version,
        language=content.language,
        time_zone=card.time_zone or "",
        team=call_texts.team(card, content).shown,
        team_dial=call_texts.team(card, content).dial,
        emergency=call_texts.emergency(card, content).name,
        emergency_dial=call_texts.emergency(card, content).dial,
        review=review(content),
        occasions=tuple(each for notice in all_texts(card, content) for each in _occasions(notice)),
    )


def _occasions(notice: AlertText) -> list[PlannedAlert]:
    """A notice, cut at the days on which it is told afresh."""
    alert = notice.alert
    cuts = [
        alert.due_on - timedelta(days=before) for before in KINDS[alert.kind].renotify_days_before
    ]
    within = [cut for cut in cuts if alert.first_on < cut and alert.holds(cut)]
    firsts = [alert.first_on, *within]
    lasts = [*(cut - timedelta(days=1) for cut in within), alert.last_on]
    return [
        PlannedAlert(
            kind=alert.kind,
            severity=alert.severity,
            first_on=first,
            last_on=last,
            due_on=alert.due_on,
            title=notice.title,
            action=notice.action,
            signs_now=notice.signs_now,
            dated=notice.dated,
        )
        for first, last in zip(firsts, lasts, strict=True)
    ]


def spoken(holding: Sequence[PlannedAlert]) -> list[PlannedAlert]:
    """What one message names, gravest first, the first of them with its action: of one event,
    the gravest alone. ``holding`` comes gravest first.
    """
    events: dict[tuple[str, date], PlannedAlert] = {}
    for each in holding:
        events.setdefault((each.subject, each.due_on), each)
    return [*events.values()]


def read(row: dict[str, Any]) -> AlertPlan:
    """A plan that was written down with ``dataclasses.asdict``."""
    return AlertPlan(**{**row, "occasions": tuple(map(_occasion, row["occasions"]))})


def _occasion(row: dict[str, Any]) -> PlannedAlert:
    days = {
        name: date.fromisoformat(row[name]) if row[name] else None
        for name in ("first_on", "last_on", "due_on")
    }
    return PlannedAlert(**{**row, **days, "severity": Severity(row["severity"])})
