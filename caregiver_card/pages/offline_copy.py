"""The offline copy of a card: its pages in parts, and the data that fills their holes.

The copy is one file, so that a phone stores, compares and removes all of a card or nothing. The
phone fills the holes for the day of reading (``static/js/days.js``), as ``day_texts.words`` does on
the server: it has every alert with its days, and only compares dates.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from caregiver_card.briefing.content import Content
from caregiver_card.pages import day_texts, reading_languages, utc_offsets
from caregiver_card.pages.precompressed import HOLE, PrecompressedPage

# The version of the format; a change that an older service worker cannot read needs a new number.
FORMAT = 1
# The age of the copy goes directly under the danger band.
_UNDER_THE_DANGER = "<main>"
# The words that ``days.js`` fills in.
_PLACES = (
    "day.ago",
    "day.ahead",
    "day.months",
    "day.newborn",
    "day.today",
    "day.tomorrow",
    "day.years",
    "day.yesterday",
    "alert.signs_now",
    "page.also",
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
    """Another page of the card, with its holes, and its Content-Security-Policy."""

    page: str
    policy: str


def build_copy(
    pressed: PrecompressedPage,
    name: str,
    address: str,
    content: Content,
    beside: Mapping[str, CompanionPage],
    calls: dict[str, list[str]],
) -> bytes:
    """The copy of a card as JSON: the same bytes on every day until the card changes.

    ``name`` is the patient's, ``address`` the path of the page in its canonical spelling;
    ``beside`` has the other pages, by the last segment of their paths; ``calls`` are
    ``call_texts.to_dial``.
    """
    head = pressed.head
    # The links to the other pages do not change with the day.
    known = {"jumps": day_texts.jumps(address, content.language)}
    page = pressed.plain(lambda hole: known.get(hole, f"{HOLE}{hole}{HOLE}"))
    kept = {
        "format": FORMAT,
        "name": name,
        "address": address,
        "calls": calls,
        **{key: head[key] for key in ("time_zone", "born", "confirmed", "notices")},
        "clock": utc_offsets.table(head["time_zone"], date.fromordinal(head["confirmed"][0]).year),
        "days": content.day_frames(),
        "language": content.language,
        "words": {place: content.forms.get(place) or content.text[place] for place in _PLACES},
        # Another language needs the server.
        "parts": _parts(page.decode().replace(reading_languages.row(content), "")),
        "beside": {
            key: {"policy": each.policy, "parts": _parts(each.page)} for key, each in beside.items()
        },
    }
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()


def _parts(page: str) -> list[str]:
    """Texts and names of holes alternately, with another hole for the age of the copy."""
    band, rest = page.split(_UNDER_THE_DANGER, 1)
    return f"{band}{_UNDER_THE_DANGER}{HOLE}copy{HOLE}{rest}".split(HOLE)
