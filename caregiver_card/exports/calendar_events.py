"""A card's alerts -> the events of its calendar, with their days, words and reminders.

An event is known by what it is about and by its card, never by its day: after a refill the next
version of the calendar moves it.
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

# What the titles say: neutral words, or drug, device and name, which a person must choose.
WORDS = ("neutral", "plain")


@dataclass(frozen=True, slots=True)
class Event:
    """One event. ``reminder`` is a second one at nine in the morning: its day and its title.

    Many calendars forget the alarms of an all-day event, and few a second event.
    """

    key: str
    on: date
    title: str
    note: str
    days_before: tuple[int, ...]
    reminder: tuple[date, str]


@dataclass(frozen=True, slots=True)
class Dates:
    """The events of a card and the name of its calendar; ``time_zone`` may be empty."""

    name: str
    events: tuple[Event, ...]
    time_zone: str


def dates(card: Card, words: str, saved_on: date, content: Content) -> Dates:
    """The calendar of ``card`` in neutral or plain ``words``."""
    name = content.say(f"calendar.{words}.name", name=card.patient.full_name)
    found = tuple(_events(card, words, saved_on, content))
    return Dates(name, found, card.time_zone or "")


def _events(card: Card, words: str, saved_on: date, content: Content) -> Iterator[Event]:
    first = _first(card)
    for kind, its in KINDS.items():
        if kind not in first or not its.reminder_days_before:
            continue
        alert = first[kind]
        on = alert.first_on if its.starts_event else alert.due_on
        place = f"calendar.{words}.{_wording(alert)}"
        given = {"name": isolates.joined([card.patient.full_name], ""), "due": on}
        title = content.say(place, **given)
        note = content.say(
            f"calendar.{words}.note",
            action=alert_texts.text_of(alert, content).action,
            number=telephones.format_phone(card.team.phone_24h),
            saved=saved_on,
        )
        reminder = (on, title)
        if f"{place}-reminder" in content.text:
            reminder = (on - timedelta(days=1), content.say(f"{place}-reminder", **given))
        yield Event(kind, on, title, note, its.reminder_days_before, reminder)


def _first(card: Card) -> dict[str, Alert]:
    """The first alert of each kind, without what would only confuse beside another."""
    first: dict[str, Alert] = {}
    for alert in alert_schedule.all_alerts(card):
        first.setdefault(alert.kind, alert)
    if "refill_due" in first:
        # There is an appointment; "book" would mean: should it pass with nothing recorded.
        first.pop("refill_to_book", None)
    low = first.get("alarm_date_reached")
    if low and low.due_on <= first["refill_180_days"].due_on:
        del first["refill_180_days"]
    return first


def _wording(alert: Alert) -> str:
    """The words of the low day tell the clinic's own date from an estimate."""
    if alert.kind == "alarm_date_reached":
        return "low-" + alert.wording.removeprefix("alarm_date_reached-")
    return alert.kind
