"""A card for a phone without a network: its pages in their parts, and what fills their holes.

They are one file, so that what is kept, compared, marked and removed is all of a card or nothing.
The phone fills the holes for the day on which the page is read (``static/js/days.js``) as
``emergency.words`` does here; it has every notice with its days, and only compares dates.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from caregiver_card.briefing.content import Content
from caregiver_card.pages import emergency, utc_offsets
from caregiver_card.pages.precompressed import HOLE, PrecompressedPage

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
    "phone.own",
    "seeing.due",
)


@dataclass(frozen=True, slots=True)
class CompanionPage:
    """A page of the card beside its emergency page, with its holes, and the policy it is under."""

    page: str
    policy: str


def build_copy(
    pressed: PrecompressedPage,
    name: str,
    address: str,
    content: Content,
    beside: Mapping[str, CompanionPage],
) -> bytes:
    """The copy of a card as JSON: the same bytes on every day until the card changes.

    ``name`` is the patient's, ``address`` the path of the page in one spelling; ``beside`` has the
    pages under that path by their last segment.
    """
    head = pressed.head
    # Where the pages beside it are is no matter of the day.
    known = {"jumps": emergency.jumps(address, content.language)}
    page = pressed.plain(lambda hole: known.get(hole, f"{HOLE}{hole}{HOLE}"))
    kept = {
        "format": FORMAT,
        "name": name,
        "address": address,
        **{key: head[key] for key in ("time_zone", "born", "confirmed", "notices")},
        "clock": utc_offsets.table(head["time_zone"], date.fromordinal(head["confirmed"][0]).year),
        "days": content.day_frames(),
        "words": {place: content.text[place] for place in _PLACES},
        "parts": _parts(page.decode()),
        "beside": {
            key: {"policy": each.policy, "parts": _parts(each.page)} for key, each in beside.items()
        },
    }
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()


def _parts(page: str) -> list[str]:
    """Text and the name of a hole by turns, with one more hole for how old the copy is."""
    band, rest = page.split(_UNDER_THE_DANGER, 1)
    return f"{band}{_UNDER_THE_DANGER}{HOLE}copy{HOLE}{rest}".split(HOLE)
