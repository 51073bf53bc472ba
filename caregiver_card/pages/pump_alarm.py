"""The page "The pump is making a sound": whom to call with and without signs, and what it means.

It asks nothing: both answers stand on the first screen, each with its number.
"""

from functools import cache

from markupsafe import Markup

from caregiver_card.briefing.briefing import Briefing, review
from caregiver_card.briefing.content import ENGLISH, Content, Statement
from caregiver_card.briefing.sign_groups import SignGroup, signs
from caregiver_card.document_templates import template
from caregiver_card.pages import reading_languages
from caregiver_card.pages.cited_sources import CitedSources
from caregiver_card.pages.precompressed import PrecompressedPage, precompress
from caregiver_card.pages.sign_checker import Subject, urgent_alerts
from caregiver_card.style_sheets import screen_style

STYLES = ("emergency.css", "asking.css")
# What can be heard. A sound of unknown kind counts as the critical one, and silence proves nothing
# (design rule 5); ``sounds`` in alarms.toml says which statements tell what each means.
SOUNDS = ("one", "two", "unsure", "silent")


# It holds no personal data, so it is rendered and compressed once.
@cache
def page(content: Content) -> PrecompressedPage:
    """The page with no patient in it."""
    return PrecompressedPage(precompress(_render(content, None), {}))


def page_of(subject: Subject) -> PrecompressedPage:
    """The page with the numbers of a card and what is urgent on it."""
    return PrecompressedPage(precompress(_render(subject.briefing.content, subject), {}))


def offline_page(subject: Subject) -> str:
    """The page as HTML for an offline copy, with a hole for the urgent alerts."""
    return _render(subject.briefing.content, subject)


def _render(content: Content, subject: Subject | None) -> str:
    briefing = subject.briefing if subject else None
    numbers, tones = CitedSources(content), _tones(content, briefing)
    groups = [each for each in signs(content) if each.key != "allergy"]
    always = tuple(
        each
        for each in content.groups["alarms"].values()
        if not {"unsure", "silent"}.isdisjoint(each.extra.get("sounds", ()))
    )
    general = content.tagged("general")
    return template("pump_alarm.html").render(
        t=content.say,
        c=content.clinical,
        language=content.language,
        css=Markup(screen_style(*STYLES)),
        b=briefing,
        here=subject.here if subject else "",
        ask=reading_languages.ask(
            content.language, subject.briefing.language if subject else ENGLISH
        ),
        due=urgent_alerts(subject),
        recorded=briefing.alarm_sounds if briefing else None,
        tones=tones,
        whose=content.say("beeping.tones_this" if briefing else "beeping.tones_of"),
        always=always,
        with_signs=content.statement("alarms.with_signs"),
        without_signs=content.statement("alarms.without_signs"),
        late=content.statement("danger.late_line"),
        signs=groups,
        general=general,
        shown=_shown(content, groups) + tones + always + general,
        cite=numbers.cite,
        sources=numbers.cited,
        review=review(content),
    )


def _shown(content: Content, groups: list[SignGroup]) -> tuple[Statement, ...]:
    """The statements about signs and what they call for, once each, for the list of sources."""
    places = ["alarms.with_signs", "alarms.without_signs", "danger.late_line"]
    places += [f"danger.{group.key}_{part}" for group in groups for part in ("cue", "line")]
    more = (each for group in groups for each in group.leads + group.more)
    return (*map(content.statement, places), *more)


def _tones(content: Content, briefing: Briefing | None) -> tuple[Statement, ...]:
    """What the tones mean: of a card's pump, if that is known, or of those that have such tones."""
    found = (*content.tagged("sounds", "two"), *content.tagged("sounds", "one"))
    known = briefing.alarms if briefing else content.groups["alarms"].values()
    return tuple(each for each in found if each in known)
