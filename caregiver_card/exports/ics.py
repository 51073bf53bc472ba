"""Write a calendar as iCalendar (RFC 5545), as a file to open or a calendar to subscribe to.

An event keeps its UID across all versions of its card, and SEQUENCE is the version, so that a newer
calendar moves the events of an older one. A cancelled event is left out: a subscribed calendar then
drops it, and the page that hands out a file says that a file cannot do so.
"""

import hashlib
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar

from caregiver_card.exports.calendar_events import CalendarEvent, CardCalendar

_PRODUCT = "-//Caregiver Card//Refill dates//EN"
_MORNING = time(9)
_REMINDER_LENGTH = timedelta(minutes=15)
# How often an app should look for changes; most have an interval of their own.
_REFRESH = timedelta(hours=6)


def calendar(
    card_calendar: CardCalendar, card_id: bytes, version: int, saved_at: datetime
) -> bytes:
    """Return the calendar of a version of a card, saved at ``saved_at`` (aware)."""
    ical = icalendar.Calendar()
    for name, value in (
        ("prodid", _PRODUCT),
        ("version", "2.0"),
        ("calscale", "GREGORIAN"),
        ("method", "PUBLISH"),
        ("name", card_calendar.name),
        ("x-wr-calname", card_calendar.name),
        ("x-published-ttl", icalendar.vDuration(_REFRESH)),
    ):
        ical.add(name, value)
    ical.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    # Hashed, since a calendar must not show the card's id, nor anything that opens the card.
    card_key = hashlib.sha256(b"calendar of " + card_id).hexdigest()[:32]
    stamp = {"dtstamp": saved_at.astimezone(UTC), "sequence": version}
    for event in card_calendar.events:
        ical.add_component(_all_day(event, card_key, stamp))
        ical.add_component(_reminder(event, card_key, stamp, card_calendar.time_zone))
    _add_time_zone(ical, card_calendar)
    return bytes(ical.to_ical())


def _all_day(event: CalendarEvent, card_key: str, stamp: dict[str, object]) -> icalendar.Event:
    component = _event(f"{event.key}.{card_key}", event.title, event.note, stamp)
    component.add("dtstart", event.on)
    component.add("dtend", event.on + timedelta(days=1))
    for days in event.days_before:
        _alarm(component, event.title, timedelta(hours=_MORNING.hour) - timedelta(days=days))
    return component


def _reminder(
    event: CalendarEvent, card_key: str, stamp: dict[str, object], time_zone: str
) -> icalendar.Event:
    """Return an event at nine by the patient's clock, or the viewer's if there is no time zone."""
    on, title = event.reminder
    component = _event(f"{event.key}-reminder.{card_key}", title, event.note, stamp)
    zone = ZoneInfo(time_zone) if time_zone else None
    component.add("dtstart", datetime.combine(on, _MORNING, zone))
    component.add("duration", _REMINDER_LENGTH)
    _alarm(component, title, timedelta(0))
    return component


def _event(uid: str, title: str, note: str, stamp: dict[str, object]) -> icalendar.Event:
    component = icalendar.Event()
    component.add("uid", f"{uid}@caregiver-card")
    component.add("summary", title)
    component.add("description", note)
    component.add("class", "PRIVATE")
    # The event does not block anybody's time.
    component.add("transp", "TRANSPARENT")
    for field, value in stamp.items():
        component.add(field, value)
    return component


def _alarm(event: icalendar.Event, text: str, trigger: timedelta) -> None:
    alarm = icalendar.Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", text)
    alarm.add("trigger", trigger)
    event.add_component(alarm)


def _add_time_zone(ical: icalendar.Calendar, card_calendar: CardCalendar) -> None:
    """Add the rules of the time zone for the years of the events: some apps know no names."""
    if card_calendar.time_zone and card_calendar.events:
        days = [event.on for event in card_calendar.events]
        first, last = min(days).year, max(days).year
        ical.add_missing_timezones(date(first - 1, 1, 1), date(last + 2, 1, 1))
