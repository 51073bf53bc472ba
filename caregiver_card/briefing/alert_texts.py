"""Alerts in words, as a page, a list and the copy on a phone show them."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from caregiver_card.briefing.content import Content, load
from caregiver_card.card import alert_schedule
from caregiver_card.card.alert_schedule import Alert, Severity
from caregiver_card.card.model import Card


@dataclass(frozen=True, slots=True)
class AlertText:
    """An alert with its finished texts; ``alert`` holds the days on which it applies."""

    alert: Alert
    title: str
    action: str
    # The title in a few words, to stand beside a graver one; "{away}" is how far the day is.
    short: str
    # Added for a reader who may be alone with the patient.
    signs_now: str = ""
    # Whether the title ends with the day of the event, so that "5 days ago" can follow it.
    dated: bool = False

    def relative_day_suffix(self, today: date, language: str) -> str:
        """Return how far away the day in the title is, as " (5 days ago)", or an empty string."""
        return f" ({relative_day(self.alert.due_on, today, language)})" if self.dated else ""

    @property
    def is_urgent(self) -> bool:
        """Whether the alert belongs at the top of the page, below the telephone number."""
        return self.alert.severity >= Severity.URGENT


def all_texts(card: Card, content: Content) -> tuple[AlertText, ...]:
    """Return every alert in the schedule of a card, in words."""
    return tuple(text_of(alert, content) for alert in alert_schedule.all_alerts(card))


def text_of(alert: Alert, content: Content) -> AlertText:
    """Return one alert in words; a severity may have a wording of its own."""
    key = f"alert.{alert.wording}"
    severe_key = f"{key}-{alert.severity.name.lower()}"
    key = severe_key if f"{severe_key}.title" in content.text else key
    details = {"due": alert.due_on, **alert.details}
    if "no_estimate" in details:
        details["no_estimate"] = content.say(f"no_estimate.{details['no_estimate']}")
    needs_signs = alert.severity >= Severity.URGENT and alert.kind != "replacement_due"
    return AlertText(
        alert,
        content.say(f"{key}.title", **details),
        content.say(f"{key}.action", **details),
        content.say(f"{key}.short", **details, away="{away}"),
        content.say("alert.signs_now") if needs_signs else "",
        alert.counts_days,
    )


def list_alerts(card: Card, content: Content, day: date) -> list[dict[str, str]]:
    """Return the rows that ``alerts list`` prints for ``day``, the most severe first."""
    alerts = alert_schedule.alerts_on(alert_schedule.all_alerts(card), day)
    return [
        {
            "kind": text.alert.kind,
            "severity": text.alert.severity.name,
            "due_on": text.alert.due_on.isoformat(),
            "title": text.title,
            "action": f"{text.action} {text.signs_now}".strip(),
        }
        for text in (text_of(alert, content) for alert in alerts)
    ]


# Pages are opened on few days and name few events, so most results repeat.
@lru_cache(maxsize=4096)
def relative_day(day: date, today: date, language: str) -> str:
    """Return how far ``day`` is from ``today`` in words: "5 days ago", "tomorrow"."""
    content, days = load(language), (day - today).days
    if abs(days) <= 1:
        return content.say(("day.yesterday", "day.today", "day.tomorrow")[days + 1])
    return content.say("day.ahead" if days > 0 else "day.ago", count=abs(days))
