"""Alerts in words: what a page, a list and a kept copy show of ``schedule``."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from caregiver_card.briefing.content import Content, load
from caregiver_card.card import alert_schedule
from caregiver_card.card.alert_schedule import Alert, Severity
from caregiver_card.card.model import Card


@dataclass(frozen=True, slots=True)
class AlertText:
    """An alert with its finished words; the days on which it holds are its own."""

    alert: Alert
    title: str
    action: str
    # What is added for a reader who may be alone with the patient.
    signs_now: str = ""
    # Whether the title ends with the day of the event, so that "5 days ago" can follow it.
    dated: bool = False

    def away(self, today: date, language: str) -> str:
        """How far the day that the title names is: " (5 days ago)", or nothing."""
        return f" ({relative_day(self.alert.due_on, today, language)})" if self.dated else ""

    @property
    def presses(self) -> bool:
        """Whether it stands at the top of the page, under the telephone number."""
        return self.alert.severity >= Severity.URGENT


def all_texts(card: Card, content: Content) -> tuple[AlertText, ...]:
    """Every alert of the card's course, in words."""
    return tuple(text_of(alert, content) for alert in alert_schedule.all_alerts(card))


def text_of(alert: Alert, content: Content) -> AlertText:
    """One alert in words; an emergency may have words of its own."""
    place = f"alert.{alert.wording}"
    graver = f"{place}-{alert.severity.name.lower()}"
    place = graver if f"{graver}.title" in content.text else place
    details = {"due": alert.due_on, **alert.details}
    if "no_estimate" in details:
        details["no_estimate"] = content.say(f"no_estimate.{details['no_estimate']}")
    pressing = alert.severity >= Severity.URGENT and alert.kind != "replacement_due"
    return AlertText(
        alert,
        content.say(f"{place}.title", **details),
        content.say(f"{place}.action", **details),
        content.say("alert.signs_now") if pressing else "",
        alert.counts_days,
    )


def list_alerts(card: Card, content: Content, day: date) -> list[dict[str, str]]:
    """What ``alerts list`` prints for ``day``: gravest first, then by date."""
    found = (
        text_of(alert, content)
        for alert in alert_schedule.alerts_on(alert_schedule.all_alerts(card), day)
    )
    return [
        {
            "kind": each.alert.kind,
            "severity": each.alert.severity.name,
            "due_on": each.alert.due_on.isoformat(),
            "title": each.title,
            "action": f"{each.action} {each.signs_now}".strip(),
        }
        for each in found
    ]


# A page is opened for few days and about few events: the words are kept.
@lru_cache(maxsize=4096)
def relative_day(day: date, today: date, language: str) -> str:
    """How far ``day`` is from ``today``: "5 days ago", "tomorrow"."""
    content, days = load(language), (day - today).days
    if abs(days) <= 1:
        return content.say(("day.yesterday", "day.today", "day.tomorrow")[days + 1])
    return content.say("day.ahead" if days > 0 else "day.ago", days=abs(days))
