"""A card for a phone without a network: the pressed page in its parts, and what fills its holes.

The phone fills the holes for the day on which the page is read (``static/js/days.js``) as
``emergency.words`` does here; it has every notice with its days, and only compares dates.
"""

import json
from datetime import date

from caregiver_card.content import Content
from caregiver_card.pages.pressed import HOLE, Pressed

# What a phone reads; a change that an older worker could not read is a new number.
FORMAT = 1
# Directly under the band of danger: how old the copy is.
_UNDER_THE_DANGER = "<main>\n"
# The words that ``days.js`` fills in.
_PLACES = (
    "day.ago",
    "day.ahead",
    "day.month",
    "day.months",
    "day.newborn",
    "day.today",
    "day.tomorrow",
    "day.years",
    "day.yesterday",
    "alert.signs_now",
    "page.as_of",
    "page.beeping",
    "page.copy_made",
    "page.guide",
    "page.other_alerts",
    "page.urgent_heading",
    "severity.DUE",
    "severity.EMERGENCY",
    "severity.INFO",
    "severity.URGENT",
    "phone.age",
    "phone.age-days",
    "phone.age-hour",
    "phone.age-hours",
    "phone.age-moment",
    "phone.clock",
    "phone.gone",
    "phone.list",
    "phone.newer",
)


def copy(pressed: Pressed, name: str, address: str, content: Content) -> bytes:
    """The copy of a card as JSON: the same bytes on every day until the card changes.

    ``name`` is the patient's, ``address`` the path of the page in one spelling.
    """
    head = pressed.head
    text = pressed.plain(lambda hole: f"{HOLE}{hole}{HOLE}").decode()
    band, rest = text.split(_UNDER_THE_DANGER, 1)
    parts = f"{band}{_UNDER_THE_DANGER}{HOLE}copy{HOLE}{rest}".split(HOLE)
    kept = {
        "format": FORMAT,
        "name": name,
        "address": address,
        **{key: head[key] for key in ("time_zone", "born", "confirmed", "notices")},
        "days": _days(content),
        "words": {place: content.text[place] for place in _PLACES},
        # Text and the name of a hole by turns.
        "parts": parts,
    }
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()


def _days(content: Content) -> list[str]:
    """How a day of each month is written, with its number and its year to be filled in."""
    written = (content.day(date(1999, month, 28)) for month in range(1, 13))
    return [each.replace("28", "{day}").replace("1999", "{year}") for each in written]
