"""The alert plan of a card: what may have to be sent, on which days, as finished text.

The sender has no token and never sees the card, so a save works out everything that the sender
needs: the schedule of ``card.alert_schedule`` in the words of ``briefing.alert_texts``, and the
numbers to call. The plan holds no name, no drug and no diagnosis.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from caregiver_card.briefing import call_texts
from caregiver_card.briefing.alert_texts import AlertText, all_texts, text_of
from caregiver_card.briefing.briefing import review
from caregiver_card.briefing.content import Content
from caregiver_card.card.alert_kinds import KINDS
from caregiver_card.card.alert_schedule import Alert, Severity
from caregiver_card.card.model import Card

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedAlert:
    """One alert and the days on which it is current; ``last_on`` None: it never ends.

    ``asdict`` writes these fields into sealed rows: a field keeps its name.
    """

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
    # What the texts are made from, to be written in a recipient's language; plans of an older
    # program lack both.
    wording: str = ""
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The alert's name, which stays the same however often the card is saved."""
        return f"{self.kind}/{self.severity.name}/{self.first_on}/{self.due_on}"

    @property
    def subject(self) -> str:
        """The subject by which a recipient chooses this alert."""
        return KINDS[self.kind].subject

    @property
    def needs_signs(self) -> bool:
        """Whether the recipient has to know the signs of withdrawal and overdose."""
        return bool(self.signs_now) or self.subject == "watch"

    def in_language(self, content: Content) -> "PlannedAlert":
        """Return the alert with its texts in another language, as far as the plan allows it."""
        if not self.wording:
            return self
        alert = Alert(
            kind=self.kind,
            severity=self.severity,
            first_on=self.first_on,
            last_on=self.last_on,
            due_on=self.due_on,
            wording=self.wording,
            details=self.details,
        )
        text = text_of(alert, content)
        return replace(self, title=text.title, action=text.action, signs_now=text.signs_now)

    def is_current(self, day: date) -> bool:
        """Whether the alert is current on ``day``."""
        return self.first_on <= day and (self.last_on is None or day <= self.last_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPlan:
    """What the sender knows of one version of a card.

    ``asdict`` writes these fields into sealed rows: a field keeps its name, and one that records
    of an older program lack has a default.
    """

    version: int
    language: str
    time_zone: str
    team: str
    emergency: str
    # Whether a clinician has reviewed the clinical texts.
    review: str
    team_dial: str = ""
    emergency_dial: str = ""
    # The planned alerts.
    occasions: tuple[PlannedAlert, ...]

    def emergency_in(self, content: Content) -> str:
        """Return the words of the emergency number in another language."""
        if content.language == self.language or not self.emergency_dial:
            return self.emergency
        return content.say("page.call_number", number=self.emergency_dial)


def plan(card: Card, content: Content, version: int) -> AlertPlan:
    """Return every alert that becomes due if nothing more is recorded on the card."""
    return AlertPlan(
        version=version,
        language=content.language,
        time_zone=card.time_zone or "",
        team=call_texts.team(card, content).shown,
        team_dial=call_texts.team(card, content).dial,
        emergency=call_texts.emergency(card, content).name,
        emergency_dial=call_texts.emergency(card, content).dial,
        review=review(content),
        occasions=tuple(
            planned for text in all_texts(card, content) for planned in _planned_alerts(text)
        ),
    )


def _planned_alerts(text: AlertText) -> list[PlannedAlert]:
    """Split an alert at the days on which it starts anew, also for those who acknowledged it."""
    alert = text.alert
    restarts = [
        alert.due_on - timedelta(days=before) for before in KINDS[alert.kind].renotify_days_before
    ]
    restarts = [day for day in restarts if alert.first_on < day and alert.is_current(day)]
    firsts = [alert.first_on, *restarts]
    lasts = [*(day - timedelta(days=1) for day in restarts), alert.last_on]
    return [
        PlannedAlert(
            kind=alert.kind,
            severity=alert.severity,
            first_on=first,
            last_on=last,
            due_on=alert.due_on,
            title=text.title,
            action=text.action,
            signs_now=text.signs_now,
            dated=text.dated,
            wording=alert.wording,
            details=alert.details,
        )
        for first, last in zip(firsts, lasts, strict=True)
    ]


def most_severe_of_each_event(alerts: Sequence[PlannedAlert]) -> list[PlannedAlert]:
    """Return what one message names: the most severe alert of each event, most severe first.

    ``alerts`` must come most severe first. The message gives the action of the first alone.
    """
    events: dict[tuple[str, date], PlannedAlert] = {}
    for alert in alerts:
        events.setdefault((alert.subject, alert.due_on), alert)
    return [*events.values()]


def from_dict(row: dict[str, Any]) -> AlertPlan:
    """Return the plan that ``dataclasses.asdict`` wrote."""
    return AlertPlan(**{**row, "occasions": tuple(map(_alert_from_dict, row["occasions"]))})


def _alert_from_dict(row: dict[str, Any]) -> PlannedAlert:
    days = {
        name: date.fromisoformat(row[name]) if row[name] else None
        for name in ("first_on", "last_on", "due_on")
    }
    details = {name: _day_or_text(value) for name, value in row.get("details", {}).items()}
    given = {**row, **days, "severity": Severity(row["severity"]), "details": details}
    return PlannedAlert(**given)


def _day_or_text(value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) and _DAY.fullmatch(value) else value
