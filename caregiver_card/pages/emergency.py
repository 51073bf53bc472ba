"""The emergency page: one HTML file that needs no script and no other file.

The page is rendered once, with holes for what changes with the day; ``words`` fills them. So a
stored page and one that is written to a file are the same page.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from markupsafe import Markup, escape

from caregiver_card.briefing.alert_texts import AlertText
from caregiver_card.briefing.briefing import Briefing
from caregiver_card.briefing.content import Content, Statement, load
from caregiver_card.briefing.sign_groups import SIGNS
from caregiver_card.card.alert_schedule import alert_order
from caregiver_card.document_templates import template
from caregiver_card.pages import day_texts, reading_languages
from caregiver_card.pages.cited_sources import CitedSources
from caregiver_card.pages.precompressed import (
    HOLE,
    SHORTEST_COMMENT,
    PrecompressedPage,
    precompress,
)
from caregiver_card.style_sheets import screen_style

# Characters of a note beside the number; a longer one stands before the words to say.
_LONGEST_NOTE = 80
_LINE_BREAKS = re.compile(r"\n+<")
# The first ten segments of a TCP connection hold 14,000 bytes. A page that is longer than this in
# pieces is compressed in one when it is opened.
_MOST_BYTES = 12_000
_LONGEST_ADDRESS = "/c/" + "0" * 26


def page(briefing: Briefing, today: date, here: str = "", *, lasts: bool = True) -> str:
    """The page for the day ``today``: as it is served at ``here``, else as a file for itself.

    ``lasts`` is as in ``day_texts.words``.
    """
    fill = day_texts.words(_head(briefing), today, here, lasts=lasts)
    parts = render(briefing, reading_languages.row(briefing.content) if here else "").split(HOLE)
    return "".join(fill(part) if index % 2 else part for index, part in enumerate(parts))


def precompressed_page(briefing: Briefing, mark: str) -> bytes:
    """The page as it is stored with the card, for any day and any address.

    ``mark`` is stored with it: the hash of the program that rendered it.
    """
    head = _head(briefing)
    fillings = _longest_fillings(head)
    page = render(briefing, reading_languages.row(briefing.content))
    found = precompress(page, {**head, "mark": mark}, _hole_sizes(fillings))
    pieces = PrecompressedPage(found)
    if max(len(pieces.gzip(each.__getitem__)) for each in fillings) <= _MOST_BYTES:
        return found
    return precompress(page, {**head, "mark": mark, "whole": True})


def render(briefing: Briefing, languages: str = "") -> str:
    """The page with its holes, and the links to it in other languages."""
    content = briefing.content
    rows = {name: tuple(group.values()) for name, group in content.groups.items()}
    telling, cautions = content.tagged("tells"), content.tagged("caution")
    rules = content.tagged("rule")
    numbers = CitedSources(content)
    html = template("emergency.html").render(
        b=briefing,
        asking=len(briefing.team.note) > _LONGEST_NOTE and briefing.team_note,
        t=content.say,
        language=content.language,
        own=Markup(' lang="{}"').format(briefing.language) if briefing.is_foreign else "",
        languages=languages,
        state=content.state,
        english=load().say,
        css=Markup(screen_style("emergency.css")),
        hole=lambda name: Markup(f"{HOLE}{name}{HOLE}"),
        telling=telling,
        cautions=cautions,
        differences=tuple(
            each for each in rows["discriminators"] if each not in (*telling, *cautions)
        ),
        any_signs=content.tagged("for", "any"),
        extra=extra(content),
        alarms=briefing.alarms,
        site_leads=content.ranked("pump_site", "lead"),
        site_more=content.ranked("pump_site", "more"),
        nevers=tuple(each for each in rows["do_nots"] if each not in rules),
        rules=rules,
        interactions=rows["interactions"],
        cite=numbers.cite,
        sources=numbers.cited,
    )
    # Between tags they are only bytes.
    return _LINE_BREAKS.sub("<", html)


def extra(content: Content) -> dict[str, tuple[Statement, ...]]:
    """What stands with each group of signs beside its own statements."""
    return {key: content.tagged("beside", key) for key in SIGNS}


# What a day changes ---------------------------------------------------------------------------


def _head(briefing: Briefing) -> dict[str, Any]:
    """What ``words`` needs of a briefing, as JSON; it is stored with the page."""
    return {
        "language": briefing.content.language,
        "own": briefing.language,
        "time_zone": briefing.time_zone,
        "born": briefing.person.born.toordinal(),
        "confirmed": [briefing.confirmed_on.toordinal(), _confirmed(briefing)],
        "notices": [
            _notice_row(each)
            for each in sorted(briefing.notices, key=lambda each: alert_order(each.alert))
        ],
    }


def _confirmed(briefing: Briefing) -> str:
    return str(escape(" · ".join(filter(None, [briefing.confirmed, briefing.version]))))


def _notice_row(notice: AlertText) -> list[Any]:
    alert = notice.alert
    return [
        alert.first_on.toordinal(),
        alert.last_on.toordinal() if alert.last_on else None,
        alert.due_on.toordinal() if notice.dated else None,
        notice.is_urgent,
        alert.severity.name,
        str(escape(notice.title)),
        str(escape(notice.action)),
        str(escape(notice.short)),
    ]


def _longest_fillings(head: Mapping[str, Any]) -> list[dict[str, str]]:
    """The texts of the holes on the days on which they are longest.

    The last day that Python knows has the longest date, and the longest distance from any other.
    """
    starts = (head["born"], *(first for first, *_ in head["notices"]))
    return [
        day_texts.on_day(head, date.fromordinal(day), today, _LONGEST_ADDRESS)
        for day in starts
        for today in (date.fromordinal(head["born"]), date.max)
    ]


def _hole_sizes(fillings: list[dict[str, str]]) -> dict[str, int]:
    """The size of each hole, in bytes, with its longest text."""
    return {
        name: max(len(each[name].encode()) for each in fillings) + SHORTEST_COMMENT
        for name in fillings[0]
    }
