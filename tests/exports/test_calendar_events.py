"""The calendar of a card, read by vobject: what it says, what moves, and what it never tells."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from caregiver_card.card.model import Card
from caregiver_card.exports import calendar_events, ics
from tests.cast import CAST, WORDS, absent, alex, card_of, cards, files, sam, tuyet

_SAVED = datetime(2026, 11, 21, 12, tzinfo=UTC)
_ID = bytes(range(16))
_NEXT = {
    "refill.last_refill_on": "2026-11-20",
    "refill.next_appointment_on": "2027-02-10",
    "refill.alarm_date": "2027-02-20",
}


def _made(card: Card, words: str = "neutral", version: int = 1, saved: datetime = _SAVED) -> bytes:
    dates = calendar_events.card_calendar(card, words, saved.date(), WORDS)
    return ics.calendar(dates, _ID, version, saved)


def _read(raw: bytes) -> Any:
    return vobject.readOne(raw.decode())


def _events(raw: bytes) -> dict[str, Any]:
    """Every event by the first part of its name."""
    held = getattr(_read(raw), "vevent_list", [])
    found = {each.uid.value.split(".")[0]: each for each in held}
    assert len(found) == len(held), "two events have one name"
    return found


def test_it_works() -> None:
    """The appointment and the alarm date stand on their days, with the day in the title."""
    found = _events(_made(card_of(alex())))
    assert found["refill_due"].summary.value == "Refill appointment, 6 Nov 2026"
    assert found["refill_due"].dtstart.value == date(2026, 11, 6)
    assert found["refill_due"].dtend.value == date(2026, 11, 7)
    assert found["alarm_date_reached"].summary.value == "Refill alarm date, 16 Nov 2026"


@settings(max_examples=8)
@given(cards(), st.sampled_from(calendar_events.WORDINGS), st.integers(1, 9999))
def test_any_calendar_is_read_by_another_library(card: Card, words: str, version: int) -> None:
    """Names, stamps, the day in the title, several alarms, and a second event with a time."""
    raw = _made(card, words, version)
    found = _events(raw)
    whole = {key for key in found if not key.endswith("-reminder")}
    assert found.keys() == whole | {f"{key}-reminder" for key in whole}
    for key, each in found.items():
        assert each.sequence.value == str(version) and each.dtstamp.value == _SAVED
        assert each.uid.value.endswith("@caregiver-card")
        assert all(alarm.action.value == "DISPLAY" for alarm in each.valarm_list)
        if key in whole:
            assert WORDS.day(each.dtstart.value) in each.summary.value
            assert not isinstance(each.dtstart.value, datetime)
        else:
            assert each.dtstart.value.hour == 9 and each.duration.value == timedelta(minutes=15)
    assert len(found.get("alarm_date_reached", found["card_review"]).valarm_list) in (1, 4)


@settings(max_examples=8)
@given(cards())
def test_lines_are_folded_and_nothing_is_cut(card: Card) -> None:
    """At most 75 octets a line, each a whole letter, CRLF at the end (RFC 5545, 3.1)."""
    raw = _made(card, "plain")
    assert raw.endswith(b"\r\n") and b"\n" not in raw.replace(b"\r\n", b"")
    for line in raw.split(b"\r\n"):
        assert len(line) <= 75 and line.decode("utf-8") is not None


@settings(max_examples=8)
@given(files(), files(), st.integers(1, 500))
def test_an_update_moves_and_never_doubles(one: Any, other: Any, version: int) -> None:
    """The same event has the same name on every card that follows, and its sequence grows."""
    before = _events(_made(card_of(one), version=version))
    after = _events(_made(card_of(other), version=version + 1))
    for key in before.keys() & after.keys():
        assert before[key].uid.value == after[key].uid.value
        assert int(before[key].sequence.value) < int(after[key].sequence.value)


def test_after_a_refill_the_dates_move() -> None:
    """The new appointment takes the place of the old one; what does not hold is absent."""
    old, new = _events(_made(card_of(alex()))), _events(_made(card_of(alex(_NEXT)), version=2))
    assert new["refill_due"].uid.value == old["refill_due"].uid.value
    assert new["refill_due"].dtstart.value == date(2027, 2, 10)
    none = _events(_made(card_of(alex({"refill.next_appointment_on": absent}))))
    assert "refill_due" not in none and "refill_to_book" in none and "refill_to_book" not in old


def test_two_cards_share_no_name() -> None:
    """And the name that a card has in the database is in none of them."""
    dates = calendar_events.card_calendar(card_of(sam()), "neutral", _SAVED.date(), WORDS)
    one, other = ics.calendar(dates, _ID, 1, _SAVED), ics.calendar(dates, _ID[::-1], 1, _SAVED)
    uids = [set(re.findall(rb"UID:(\S+)", raw)) for raw in (one, other)]
    assert uids[0] and not uids[0] & uids[1]
    assert _ID.hex().encode() not in one


@pytest.mark.parametrize("name", CAST)
def test_neutral_words_tell_nothing_of_the_person(name: str) -> None:
    """No name, drug, device, hospital or number, unless somebody has chosen them."""
    file = CAST[name]()
    telling = [file["patient"]["full_name"], file["team"]["hospital"], file["pump"]["model"]]
    telling += ["baclofen", "pump", "spastic", re.sub(r"\D", "", file["team"]["phone_24h"])]
    neutral = _unfolded(_made(card_of(file)))
    for each in telling:
        assert each.lower() not in re.sub(r"[ -]", " ", neutral).lower(), each
    plain = _unfolded(_made(card_of(file), "plain"))
    assert file["patient"]["full_name"] in plain and "baclofen" in plain


def _unfolded(raw: bytes) -> str:
    """The words of all events, as a reader has them."""
    return "\n".join(
        part.value
        for each in _events(raw).values()
        for part in (each.summary, each.description, each.uid)
    )


def test_no_dose_is_in_any_calendar() -> None:
    """Neither in neutral nor in plain words."""
    for words in calendar_events.WORDINGS:
        assert not re.search(r"\d\s?(mcg|mg|mL)\b", _unfolded(_made(card_of(tuyet()), words)))


@pytest.mark.parametrize("zone", ["America/Chicago", "Asia/Ho_Chi_Minh", "Europe/London"])
def test_the_morning_is_that_of_the_patient(zone: str) -> None:
    """Nine where the card is at home, with the rules of its time zone, summer time included."""
    raw = _made(card_of(alex({"time_zone": zone})))
    assert _read(raw).vtimezone.tzid.value == zone
    for key, each in _events(raw).items():
        if key.endswith("-reminder"):
            found = each.dtstart.value
            assert found.hour == 9
            here = datetime(found.year, found.month, found.day, 9, tzinfo=ZoneInfo(zone))
            assert found.astimezone(UTC) == here.astimezone(UTC)


def test_without_a_time_zone_it_is_nine_wherever_it_is_read() -> None:
    """A floating time, and no rules of any zone."""
    raw = _made(card_of(alex()))
    assert b"VTIMEZONE" not in raw
    assert _events(raw)["refill_due-reminder"].dtstart.value == datetime(2026, 11, 5, 9)


def test_the_alarms_ring_in_the_morning() -> None:
    """14, 7, 3 and 1 days before an appointment, at nine and not at midnight."""
    alarms = _events(_made(card_of(alex())))["refill_due"].valarm_list
    assert [alarm.trigger.value for alarm in alarms] == [
        timedelta(hours=9) - timedelta(days=days) for days in (14, 7, 3, 1)
    ]


def test_an_estimate_is_called_one() -> None:
    """And the capped day is never an alarm date (design rule 2)."""
    guessed = _events(_made(card_of(alex({"refill.alarm_date": absent}))))
    assert "by estimate" in guessed["alarm_date_reached"].summary.value
    assert "by estimate" in guessed["empty_estimated"].summary.value
    capped = alex({"refill.alarm_date": absent, "refill.volume_ml": absent})
    found = _events(_made(card_of(capped)))
    assert "alarm_date_reached" not in found
    assert found["refill_180_days"].summary.value == "180 days since the refill, 14 Feb 2027"


def test_a_calendar_without_a_low_day_says_so() -> None:
    """Silence would look as if nothing were due: an event says that nothing can be."""
    found = _events(_made(card_of(alex({"refill.alarm_date": absent, "regimen.mode": "flex"}))))
    summary = found["refill_unknown"].summary.value
    assert summary == "Refill of 18 Aug 2026: no alarm date is known, so no reminder can come"
