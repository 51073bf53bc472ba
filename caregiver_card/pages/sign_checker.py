"""The page "Check signs": signs to tick, the lists that contain them, and a text message.

Without script, the button sends the ticks and the server returns the page with the answer. They
travel in the body of the request, and nothing stores them: in an address they would stay in the
browser's history and in the logs of proxies.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from caregiver_card.briefing.briefing import Briefing, review
from caregiver_card.briefing.content import ENGLISH, Content, Statement
from caregiver_card.briefing.sign_groups import signs
from caregiver_card.document_templates import template
from caregiver_card.pages import reading_languages, sign_rules
from caregiver_card.pages.cited_sources import CitedSources
from caregiver_card.pages.precompressed import HOLE, PrecompressedPage, precompress
from caregiver_card.style_sheets import screen_style

STYLES = ("emergency.css", "asking.css")
# Characters of the person's own words: the whole fits a text message of five or six parts.
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Documented:
    """A documented list, with those of its statements that have a sign to tick."""

    key: str
    title: str
    cue: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """The card of a page: its path ("/c/…"), its full address, and the patient's day.

    Without a day, the page has a hole for the urgent alerts.
    """

    briefing: Briefing
    here: str
    address: str
    today: date | None


@dataclass(frozen=True, slots=True)
class SignQuestion:
    """A posted form: the ticked signs, the person's own words, and the moment, an aware time."""

    ticked: frozenset[str]
    own: str
    at: datetime


# It holds no personal data, so it is rendered and compressed once.
@cache
def page(content: Content) -> PrecompressedPage:
    """The page without a patient and without an answer."""
    return page_of(content, None, None)


def page_of(
    content: Content, subject: Subject | None, asked: SignQuestion | None
) -> PrecompressedPage:
    """The page with the numbers of a card and with an answer, if given."""
    return PrecompressedPage(precompress(_render(content, subject, asked), {}))


def offline_page(subject: Subject) -> str:
    """The page as HTML for an offline copy, with a hole for the urgent alerts."""
    return _render(subject.briefing.content, subject, None)


def _render(content: Content, subject: Subject | None, asked: SignQuestion | None) -> str:
    numbers, table = CitedSources(content), sign_rules.table(content)
    ticked = asked.ticked if asked else frozenset()
    lists, found = _lists(content, table), sign_rules.answer(ticked, table)
    always = content.tagged("caution")
    says = tuple(content.statement(rule["say"]) for rule in table["rules"])
    return template("sign_checker.html").render(
        t=content.say,
        c=content.clinical,
        language=content.language,
        css=Markup(screen_style(*STYLES)),
        b=subject.briefing if subject else None,
        here=subject.here if subject else "",
        ask=reading_languages.ask(
            content.language, subject.briefing.language if subject else ENGLISH
        ),
        due=urgent_alerts(subject),
        areas=sign_rules.areas(content),
        ticked=ticked,
        unknown=bool(ticked - table["ticks"].keys()),
        found=found,
        first=content.say(f"seeing.bar-{found.say[0]}"),
        graves={key for key in table["ticks"] if sign_rules.answer([key], table).grave},
        says=says,
        lists=lists,
        always=always,
        shown=(*says, *always, *(each for group in lists for each in group.statements)),
        cite=numbers.cite,
        sources=numbers.cited,
        review=review(content),
        **_message(content, table, subject, asked),
    )


def _message(
    content: Content, table: dict[str, Any], subject: Subject | None, asked: SignQuestion | None
) -> dict[str, Any]:
    """The data of the page's script, and, with an answer, the text message."""
    words = {key: content.text[f"message.{key}"] for key in ("seen", "nothing", "place")}
    lines, text = _lines(subject) if subject else [], ""
    bar = {rule["say"]: content.say(f"seeing.bar-{rule['say']}") for rule in table["rules"]}
    if asked:
        ticks = content.groups["ticks"]
        seen = [each.text for key, each in ticks.items() if key in asked.ticked]
        time = f"{content.day(asked.at)}, {asked.at:%H:%M %Z}"
        text = sign_rules.message(words, seen, time, asked.own, lines)
    return {
        "given": json.dumps({"table": table, "words": words, "lines": lines, "bar": bar}),
        "answered": bool(asked),
        "own": asked.own if asked else "",
        "longest": LONGEST,
        "text": text,
        "sms": lambda number: f"sms:{number}?&body={quote(text, safe='')}",
    }


def _lines(subject: Subject) -> list[str]:
    """The lines of the message about the card."""
    briefing = subject.briefing
    pump = briefing.content.say(
        "message.pump",
        pump=briefing.pump_name,
        strength=briefing.concentration.number,
        dose=briefing.dose.number,
        refill=briefing.refill.value,
    )
    return [pump, briefing.content.say("message.page", address=subject.address)]


def urgent_alerts(subject: Subject | None) -> Markup:
    """The box with the urgent alerts of the day: an overdue refill is the likeliest clue.

    ``static/js/days.js`` builds the same box on a phone.
    """
    if not subject:
        return Markup()
    if subject.today is None:
        return Markup(f"{HOLE}due{HOLE}")
    briefing = subject.briefing
    titles = [each.title for each in briefing.on(subject.today) if each.is_urgent]
    items = Markup(" ").join(Markup("<li>{}</li>").format(each) for each in titles)
    box = Markup('<div class="alert"><h3>{}</h3><ul>{}</ul></div>')
    return box.format(briefing.content.say("seeing.due"), items) if titles else Markup()


def _lists(content: Content, table: dict[str, Any]) -> list[Documented]:
    held = {place for tick in table["ticks"].values() for place in tick["listed"]}
    groups = {each.key: (each.title, each.cue) for each in signs(content)}
    groups["pump_site"] = (content.say("seeing.list-pump_site"), "")
    return [
        Documented(
            key,
            *groups[key],
            tuple(
                each for each in content.groups[key].values() if f"{each.group}.{each.key}" in held
            ),
        )
        for key in table["lists"]
    ]
