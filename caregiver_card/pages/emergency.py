"""A briefing -> the emergency page: one HTML file that needs nothing else and no script.

The page is rendered once, with holes for what a day changes; ``words`` fills them. So a page
that is opened from the store and one that is written to a file are the same page.
"""

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
from caregiver_card.pages.precompressed import HOLE, LEAST_LEFT, precompress
from caregiver_card.style_sheets import screen_style

_LONGEST_ADDRESS = "/c/" + "0" * 26


def page(briefing: Briefing, today: date) -> str:
    """The page as one file to keep: it opens from anywhere, and its day is ``today``."""
    fill = words(_head(briefing), today, "")
    parts = render(briefing).split(HOLE)
    return "".join(fill(part) if index % 2 else part for index, part in enumerate(parts))


def pressed(briefing: Briefing, mark: str) -> bytes:
    """The page as it is kept beside the card, to be opened on any day at any address.

    ``mark`` is kept with it and tells which program made it.
    """
    head = _head(briefing)
    return precompress(render(briefing), {**head, "mark": mark}, _rooms(head))


def render(briefing: Briefing) -> str:
    """The page with its holes."""
    content = briefing.content
    rows = {name: tuple(group.values()) for name, group in content.groups.items()}
    telling = content.tagged("tells")
    numbers = Sources(content)
    return template("emergency.html").render(
        b=briefing,
        t=content.say,
        language=content.language,
        css=Markup(screen_style("emergency.css")),
        hole=lambda name: Markup(f"{HOLE}{name}{HOLE}"),
        telling=telling,
        not_telling=tuple(each for each in rows["discriminators"] if each not in telling),
        any_signs=content.tagged("for", "any"),
        extra=extra(content),
        alarms=briefing.alarms,
        site_leads=content.ranked("pump_site", "lead"),
        site_more=content.ranked("pump_site", "more"),
        do_nots=rows["do_nots"],
        interactions=rows["interactions"],
        cite=numbers.cite,
        sources=numbers.cited,
    )


def extra(content: Content) -> dict[str, tuple[Statement, ...]]:
    """What stands with each group of signs beside its own statements."""
    return {key: content.tagged("beside", key) for key in SIGNS}


class Sources:
    """The sources that a page has cited so far, numbered in that order."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self.cited: list[Any] = []

    def cite(self, statement: Statement) -> str:
        """The numbers of a statement's sources, a seed's with its line."""
        return "[" + "; ".join(self._number(source) for source in statement.sources) + "]"

    def _number(self, source: str) -> str:
        key, _, line = source.partition(":")
        found = self._content.sources[key]
        if found not in self.cited:
            self.cited.append(found)
        number = str(self.cited.index(found) + 1)
        return f"{number} {self._content.say('page.source_line', line=line)}" if line else number


# What a day changes ---------------------------------------------------------------------------


def _head(briefing: Briefing) -> dict[str, Any]:
    """What ``words`` needs of a briefing, as JSON: it is kept with the pressed page."""
    return {
        "language": briefing.content.language,
        "time_zone": briefing.time_zone,
        "born": briefing.person.born.toordinal(),
        "confirmed": [briefing.confirmed_on.toordinal(), _confirmed(briefing)],
        "notices": [
            _kept(each)
            for each in sorted(briefing.notices, key=lambda each: alert_order(each.alert))
        ],
    }


def _confirmed(briefing: Briefing) -> str:
    return str(escape(" · ".join(filter(None, [briefing.confirmed, briefing.version]))))


def _kept(notice: AlertText) -> list[Any]:
    alert = notice.alert
    return [
        alert.first_on.toordinal(),
        alert.last_on.toordinal() if alert.last_on else None,
        alert.due_on.toordinal() if notice.dated else None,
        notice.is_urgent,
        alert.severity.name,
        str(escape(notice.title)),
        str(escape(notice.action)),
    ]


def words(head: Mapping[str, Any], today: date, here: str) -> Callable[[str], str]:
    """What fills each hole on ``today`` for a page at the address ``here`` ("/c/…", or none)."""
    return _filled(head, _held(head, today), today, here).__getitem__


def _held(head: Mapping[str, Any], today: date) -> list[list[Any]]:
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


def _rooms(head: Mapping[str, Any]) -> dict[str, int]:
    """The bytes of each hole on the day on which it holds most: no day is as long as the last
    there is, and what it is as far from."""
    starts = (head["born"], *(first for first, *_ in head["notices"]))
    fillings = [
        _filled(head, _held(head, date.fromordinal(day)), today, _LONGEST_ADDRESS)
        for day in starts
        for today in (date.fromordinal(head["born"]), date.max)
    ]
    return {
        name: max(len(each[name].encode()) for each in fillings) + LEAST_LEFT
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
    """Directly under the number to call: an overdue refill is the likeliest clue there is."""
    if not rows:
        return ""
    # With spaces between them: on a phone three and more run on.
    items = " ".join(f"<li>{row[5]}{_away(row, today, language)}</li>" for row in rows)
    grave = _say(f"severity.{rows[0][4]}", language)
    heading = _say("page.urgent_heading", language).format(day=_day(today, language))
    action = f"{rows[0][6]} <b>{_say('alert.signs_now', language)}</b>"
    return f'<div class="alert"><h3>{grave}, {heading}</h3><ul>{items}</ul><p>{action}</p></div>'


def jumps(here: str, language: str) -> str:
    """The links to the card's own pages; on a page without an address, to what it says itself."""
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
        f'<section aria-labelledby="due"><h2 id="due">{title}</h2>'
        f'<p class="note">{_say("page.as_of", language).format(day=_day(today, language))}</p>'
        f"<ul>{items}</ul></section>"
    )


def _about(head: Mapping[str, Any], today: date, here: str) -> str:
    """How old the card and this copy are, and, on a page at an address, what is there beside it."""
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
