"""The calendar of a card: the events of its alerts, with their days, texts and reminders.

An event is identified by its card and its kind, never by its day, so that the next version of the
calendar moves it after a refill.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from caregiver_card.briefing import alert_texts, isolates
from caregiver_card.briefing.content import Content
from caregiver_card.card import alert_schedule, telephones
from caregiver_card.card.alert_kinds import KINDS
from caregiver_card.card.alert_schedule import Alert
from caregiver_card.card.model import Card

# Titles are neutral, or name drug, device and patient if a person has chosen so.
WORDINGS = ("neutral", "plain")


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One event; ``reminder`` is the day and the title of a second event at nine in the morning.

    Many calendars drop the alarms of an all-day event, but few drop a second event.
    """

    key: str
    on: date
    title: str
    note: str
    days_before: tuple[int, ...]
    reminder: tuple[date, str]


@dataclass(frozen=True, slots=True)
class CardCalendar:
    """The events of a card and the name of its calendar; ``time_zone`` may be empty."""

    name: str
    events: tuple[CalendarEvent, ...]
    time_zone: str


def card_calendar(card: Card, wording: str, saved_on: date, content: Content) -> CardCalendar:
    """Return the calendar of ``card`` in the ``wording`` "neutral" or "plain"."""
    name = content.say(f"calendar.{wording}.name", name=card.patient.full_name)
    events = tuple(_events(card, wording, saved_on, content))
    return CardCalendar(name, events, card.time_zone or "")


def _events(card: Card, wording: str, saved_on: date, content: Content) -> Iterator[CalendarEvent]:
    first_alerts = _first_alerts(card)
    for kind, alert_kind in KINDS.items():
        if kind not in first_alerts or not alert_kind.reminder_days_before:
            continue
        alert = first_alerts[kind]
        on = alert.first_on if alert_kind.starts_event else alert.due_on
        key = f"calendar.{wording}.{_text_key(alert)}"
        details = {"name": isolates.join_isolated([card.patient.full_name], ""), "due": on}
        title = content.say(key, **details)
        note = content.say(
            f"calendar.{wording}.note",
            action=alert_texts.text_of(alert, content).action,
            number=telephones.format_phone(card.team.phone_24h),
            saved=saved_on,
        )
        reminder = (on, title)
        if f"{key}-reminder" in content.text:
            reminder = (on - timedelta(days=1), content.say(f"{key}-reminder", **details))
        yield CalendarEvent(kind, on, title, note, alert_kind.reminder_days_before, reminder)


def _first_alerts(card: Card) -> dict[str, Alert]:
    """Return the first alert of each kind, except those that another makes redundant."""
    alerts: dict[str, Alert] = {}
    for alert in alert_schedule.all_alerts(card):
        alerts.setdefault(alert.kind, alert)
    if "refill_due" in alerts:
        # The appointment is booked: this alert applies only if it passes with no refill recorded.
        alerts.pop("refill_to_book", None)
    low = alerts.get("alarm_date_reached")
    if low and low.due_on <= alerts["refill_180_days"].due_on:
        del alerts["refill_180_days"]
    return alerts


def _text_key(alert: Alert) -> str:
    """Return the key of an event's text; the low day tells the clinic's date from an estimate."""
    if alert.kind == "alarm_date_reached":
        return "low-" + alert.wording.removeprefix("alarm_date_reached-")
    return alert.kind
