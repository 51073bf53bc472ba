"""Dates -> iCalendar (RFC 5545), as a file to open or a calendar to subscribe to.

The same event keeps its UID over every version of its card, and SEQUENCE is that version, so that
a newer calendar moves what an older one had. What is gone is absent: a subscribed calendar drops
it, and the page that hands out a file says that a file cannot take anything back.
"""

import hashlib
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar

from caregiver_card.exports.calendar_events import Dates, Event

_PRODUCT = "-//Caregiver Card//Refill dates//EN"
_MORNING = time(9)
_SHORT = timedelta(minutes=15)
# How often an app is asked to look again; most have an interval of their own.
_AGAIN = timedelta(hours=6)


def calendar(dates: Dates, card_id: bytes, version: int, saved_at: datetime) -> bytes:
    """The calendar of version ``version`` of a card, saved at ``saved_at`` (aware)."""
    made = icalendar.Calendar()
    for name, value in (
        ("prodid", _PRODUCT),
        ("version", "2.0"),
        ("calscale", "GREGORIAN"),
        ("method", "PUBLISH"),
        ("name", dates.name),
        ("x-wr-calname", dates.name),
        ("x-published-ttl", icalendar.vDuration(_AGAIN)),
    ):
        made.add(name, value)
    made.add("refresh-interval", _AGAIN, parameters={"VALUE": "DURATION"})
    # The card's own name in the database shows in no calendar, nor does anything that opens it.
    known = hashlib.sha256(b"calendar of " + card_id).hexdigest()[:32]
    stamp = {"dtstamp": saved_at.astimezone(UTC), "sequence": version}
    for event in dates.events:
        made.add_component(_all_day(event, known, stamp))
        made.add_component(_reminder(event, known, stamp, dates.time_zone))
    _zones(made, dates)
    return bytes(made.to_ical())


def _all_day(event: Event, known: str, stamp: dict[str, object]) -> icalendar.Event:
    made = _event(f"{event.key}.{known}", event.title, event.note, stamp)
    made.add("dtstart", event.on)
    made.add("dtend", event.on + timedelta(days=1))
    for days in event.days_before:
        _alarm(made, event.title, timedelta(hours=_MORNING.hour) - timedelta(days=days))
    return made


def _reminder(
    event: Event, known: str, stamp: dict[str, object], time_zone: str
) -> icalendar.Event:
    """At nine where the patient is; without a time zone at nine wherever it is read."""
    on, title = event.reminder
    made = _event(f"{event.key}-reminder.{known}", title, event.note, stamp)
    zone = ZoneInfo(time_zone) if time_zone else None
    made.add("dtstart", datetime.combine(on, _MORNING, zone))
    made.add("duration", _SHORT)
    _alarm(made, title, timedelta(0))
    return made


def _event(name: str, title: str, note: str, stamp: dict[str, object]) -> icalendar.Event:
    made = icalendar.Event()
    made.add("uid", f"{name}@caregiver-card")
    made.add("summary", title)
    made.add("description", note)
    made.add("class", "PRIVATE")
    # It is nobody's time that is taken.
    made.add("transp", "TRANSPARENT")
    for field, value in stamp.items():
        made.add(field, value)
    return made


def _alarm(event: icalendar.Event, words: str, trigger: timedelta) -> None:
    made = icalendar.Alarm()
    made.add("action", "DISPLAY")
    made.add("description", words)
    made.add("trigger", trigger)
    event.add_component(made)


def _zones(made: icalendar.Calendar, dates: Dates) -> None:
    """The rules of the time zone, for the years of the events: some apps know no names."""
    if dates.time_zone and dates.events:
        days = [event.on for event in dates.events]
        first, last = min(days).year, max(days).year
        made.add_missing_timezones(date(first - 1, 1, 1), date(last + 2, 1, 1))
