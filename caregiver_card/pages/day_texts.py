"""What a day changes on an emergency page: the texts of its holes, from the data stored with it.

``static/js/days.js`` fills the holes of a kept copy in the same way.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any

from caregiver_card.briefing import alert_texts, card_texts
from caregiver_card.briefing.content import load
from caregiver_card.pages import reading_languages

# What is kept and leads to the page's address, which a link that ends must not have.
_KEPT = ("page.print_card", "page.keep")


def words(
    head: Mapping[str, Any], today: date, here: str, *, lasts: bool = True
) -> Callable[[str], str]:
    """A function that returns the text of each hole on ``today``.

    ``here`` is the path of the page ("/c/…"), or empty for a file; ``lasts`` is whether that link
    ends only when its owner stops it.
    """
    return on_day(head, today, today, here, lasts=lasts).__getitem__


def _current(head: Mapping[str, Any], today: date) -> list[list[Any]]:
    day = today.toordinal()
    return [row for row in head["notices"] if row[0] <= day and (row[1] is None or day <= row[1])]


def on_day(
    head: Mapping[str, Any], day: date, today: date, here: str, *, lasts: bool = True
) -> dict[str, str]:
    """Return the text of each hole with the alerts of ``day``, as they are read ``today``."""
    held = _current(head, day)
    language = head["language"]
    ask = reading_languages.ask(language, head["own"])
    return {
        "age": card_texts.age(date.fromordinal(head["born"]), today, language),
        "urgent": _urgent([row for row in held if row[3]], today, language),
        "jumps": jumps(here, language, ask),
        "others": _others([row for row in held if not row[3]], today, language),
        "about": _about(head, today, here, lasts),
        # The one place where an opening is recorded: a person's browser fetches it, a preview does
        # not.
        "seen": f'<img src="{here}/seen" width="1" height="1" alt="">' if here else "",
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


def jumps(here: str, language: str, ask: str = "") -> str:
    """The links to the card's own pages; in a file, to its own sections."""
    beeping, see = (f"{here}/beeping{ask}", f"{here}/see{ask}") if here else ("#alarms", "#apart")
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


def _about(head: Mapping[str, Any], today: date, here: str, lasts: bool) -> str:
    """The age of the card and of this page, and, unless it is a file, links to its other pages."""
    language = head["language"]
    ask = reading_languages.ask(language, head["own"])
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
            (f"{here}/paper{ask}", "page.paper"),
            (f"{here}/card.pdf{ask}", "page.print_card"),
            (f"{here}/contact.vcf", "page.save_contact"),
            (f"{here}/keep", "page.keep"),
            (f"/guide{ask}", "page.guide"),
        )
        if lasts or place not in _KEPT
    )
    return f'{words}<p class="links">{links}</p>'
