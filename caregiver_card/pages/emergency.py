"""The emergency page: one HTML file that needs no script and no other file.

The page is rendered once, with holes for what changes with the day; ``words`` fills them. So a
stored page and one that is written to a file are the same page.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any

from markupsafe import Markup, escape

from caregiver_card.briefing import alert_texts, card_texts
from caregiver_card.briefing.alert_texts import AlertText
from caregiver_card.briefing.briefing import SIGNS, Briefing
from caregiver_card.briefing.content import Content, Statement, load
from caregiver_card.card.alert_schedule import alert_order
from caregiver_card.document_templates import template
from caregiver_card.pages.cited_sources import CitedSources
from caregiver_card.pages.precompressed import HOLE, SHORTEST_COMMENT, precompress
from caregiver_card.style_sheets import screen_style

# Characters of a note beside the number; a longer one stands before the words to say.
_LONGEST_NOTE = 80
_LINE_BREAKS = re.compile(r"\n+<")
_LONGEST_ADDRESS = "/c/" + "0" * 26


def page(briefing: Briefing, today: date) -> str:
    """The page as a self-contained file for the day ``today``."""
    fill = words(_head(briefing), today, "")
    parts = render(briefing).split(HOLE)
    return "".join(fill(part) if index % 2 else part for index, part in enumerate(parts))


def precompressed_page(briefing: Briefing, mark: str) -> bytes:
    """The page as it is stored with the card, for any day and any address.

    ``mark`` is stored with it: the hash of the program that rendered it.
    """
    head = _head(briefing)
    return precompress(render(briefing), {**head, "mark": mark}, _hole_sizes(head))


def render(briefing: Briefing) -> str:
    """The page with its holes."""
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


def words(head: Mapping[str, Any], today: date, here: str) -> Callable[[str], str]:
    """A function that returns the text of each hole on ``today``.

    ``here`` is the path of the page ("/c/…"), or empty for a file.
    """
    return _filled(head, _current(head, today), today, here).__getitem__


def _current(head: Mapping[str, Any], today: date) -> list[list[Any]]:
    day = today.toordinal()
    return [row for row in head["notices"] if row[0] <= day and (row[1] is None or day <= row[1])]


def _filled(
    head: Mapping[str, Any], held: list[list[Any]], today: date, here: str
) -> dict[str, str]:
    language = head["language"]
    return {
        "age": card_texts.age(date.fromordinal(head["born"]), today, language),
        "urgent": _urgent([row for row in held if row[3]], today, language),
        "jumps": jumps(here, language),
        "others": _others([row for row in held if not row[3]], today, language),
        "about": _about(head, today, here),
        "seen": f'<img src="{here}/seen" width="1" height="1" alt="">' if here else "",
    }


def _hole_sizes(head: Mapping[str, Any]) -> dict[str, int]:
    """The size of each hole, in bytes, on the day on which its text is longest.

    The last day that Python knows has the longest date, and the longest distance from any other.
    """
    starts = (head["born"], *(first for first, *_ in head["notices"]))
    fillings = [
        _filled(head, _current(head, date.fromordinal(day)), today, _LONGEST_ADDRESS)
        for day in starts
        for today in (date.fromordinal(head["born"]), date.max)
    ]
    return {
        name: max(len(each[name].encode()) for each in fillings) + SHORTEST_COMMENT
        for name in fillings[0]
    }


@cache
def _say(place: str, language: str) -> str:
    return load(language).text[place]


@cache
def _day(today: date, language: str) -> str:
    return load(language).day(today)


def _away(row: list[Any], today: date, language: str) -> str:
    if row[2] is None:
        return ""
    return f" ({alert_texts.relative_day(date.fromordinal(row[2]), today, language)})"


def _urgent(rows: list[list[Any]], today: date, language: str) -> str:
    """The box under the number to call: an overdue refill is the likeliest clue."""
    if not rows:
        return ""
    first = rows[0]
    heading = _say("page.urgent_heading", language).format(day=_day(today, language))
    title = f"{first[5]}{_away(first, today, language)}"
    signs_now = _say("alert.signs_now", language)
    shorts = [row[7].replace("{away}", _away(row, today, language)) for row in rows[1:]]
    also = f"<p><b>{_say('page.also', language)}:</b> {'; '.join(shorts)}.</p>" if shorts else ""
    return (
        f'<div class="alert"><h3>{_say(f"severity.{first[4]}", language)}, {heading}</h3>'
        f"<p><b>{title}.</b> {first[6]} <b>{signs_now}</b></p>{also}</div>"
    )


def jumps(here: str, language: str) -> str:
    """The links to the card's own pages; in a file, to its own sections."""
    beeping, see = (f"{here}/beeping", f"{here}/see") if here else ("#alarms", "#apart")
    places = (beeping, "page.jump-beeping"), (see, "page.jump-see")
    return "".join(f'<a href="{to}">{_say(place, language)}</a> ' for to, place in places)


def _others(rows: list[list[Any]], today: date, language: str) -> str:
    if not rows:
        return ""
    items = "".join(
        f"<li><b>{row[5]}</b>{_away(row, today, language)}. {row[6]}</li>" for row in rows
    )
    title = _say("page.other_alerts", language)
    return (
        f'<section class="due"><h2>{title}</h2>'
        f'<p class="note">{_say("page.as_of", language).format(day=_day(today, language))}</p>'
        f"<ul>{items}</ul></section>"
    )


def _about(head: Mapping[str, Any], today: date, here: str) -> str:
    """The age of the card and of this page, and, unless it is a file, links to its other pages."""
    language = head["language"]
    confirmed, statement = head["confirmed"]
    away = alert_texts.relative_day(date.fromordinal(confirmed), today, language)
    made = _say("page.copy_made", language).format(day=_day(today, language))
    newer = _say("page.newer" if here else "page.newer_file", language)
    told = f" {_say('page.told', language)}" if here else ""
    words = f'<p dir="auto"><b>{statement}</b> ({away}). {made} {newer}{told}</p>'
    if not here:
        return words
    links = "".join(
        f'<a href="{address}">{_say(place, language)}</a> '
        for address, place in (
            (f"{here}/paper", "page.paper"),
            (f"{here}/card.pdf", "page.print_card"),
            (f"{here}/contact.vcf", "page.save_contact"),
            (f"{here}/keep", "page.keep"),
            ("/guide", "page.guide"),
        )
    )
    return f'{words}<p class="links">{links}</p>'
