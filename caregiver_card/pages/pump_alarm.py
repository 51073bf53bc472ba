"""The page "The pump is making a sound": what it means and what to do.

One page holds every answer. Choosing a sound or "no sign" hides what does not apply, by CSS alone:
nothing is sent, and a browser that cannot do it shows everything.
"""

from dataclasses import dataclass
from functools import cache

from markupsafe import Markup

from caregiver_card.briefing.briefing import Briefing, SignGroup, review, signs
from caregiver_card.briefing.content import Content, Statement
from caregiver_card.document_templates import template
from caregiver_card.pages.cited_sources import CitedSources
from caregiver_card.pages.precompressed import PrecompressedPage, precompress
from caregiver_card.style_sheets import screen_style

STYLES = ("emergency.css", "asking.css")
# What can be heard; ``sounds`` in alarms.toml says which statements tell what it means. A sound of
# unknown kind counts as the critical one, and silence proves nothing (design rule 5).
SOUNDS = ("one", "two", "unsure", "silent")


@dataclass(frozen=True, slots=True)
class Sound:
    """One thing that can be heard; ``before`` says whose tones they are, if that is not sure."""

    key: str
    words: str
    before: str
    meanings: tuple[Statement, ...]


# It holds no personal data, so it is rendered and compressed once.
@cache
def page(content: Content) -> PrecompressedPage:
    """The page with no patient in it."""
    return PrecompressedPage(precompress(_render(content, None, ""), {}))


def page_of(briefing: Briefing, here: str) -> PrecompressedPage:
    """The page with the numbers of a card, whose emergency page is at ``here``."""
    return PrecompressedPage(precompress(_render(briefing.content, briefing, here), {}))


def offline_page(briefing: Briefing, here: str) -> str:
    """The page with the numbers of a card, as HTML for an offline copy; it has no hole."""
    return _render(briefing.content, briefing, here)


def _render(content: Content, briefing: Briefing | None, here: str) -> str:
    numbers, sounds = CitedSources(content), _sounds(content, briefing)
    groups = [each for each in signs(content) if each.key != "allergy"]
    general = content.tagged("general")
    return template("pump_alarm.html").render(
        t=content.say,
        c=content.clinical,
        language=content.language,
        css=Markup(screen_style(*STYLES)),
        b=briefing,
        here=here,
        recorded=briefing.alarm_sounds if briefing else None,
        sounds=sounds,
        with_signs=content.statement("alarms.with_signs"),
        without_signs=content.statement("alarms.without_signs"),
        late=content.statement("danger.late_line"),
        signs=groups,
        general=general,
        shown=_shown(content, sounds, groups) + general,
        cite=numbers.cite,
        sources=numbers.cited,
        review=review(content),
    )


def _shown(content: Content, sounds: list[Sound], groups: list[SignGroup]) -> tuple[Statement, ...]:
    """Every statement on the page except the general ones, once each, for the list of sources."""
    places = ["alarms.with_signs", "alarms.without_signs", "danger.late_line"]
    places += [f"danger.{group.key}_{part}" for group in groups for part in ("cue", "line")]
    meanings = (each for sound in sounds for each in sound.meanings)
    more = (each for group in groups for each in group.leads + group.more)
    found = [*map(content.statement, places), *meanings, *more]
    return tuple({(each.group, each.key): each for each in found}.values())


def _sounds(content: Content, briefing: Briefing | None) -> list[Sound]:
    found = []
    for key in SOUNDS:
        meanings = list(content.tagged("sounds", key))
        before = ""
        if any("applies_to" in each.extra for each in meanings):
            if not briefing:
                before = content.say("beeping.tones_of")
            elif meanings[0] not in briefing.alarms:
                # These tones are known of other pumps only.
                before = content.say("beeping.tones_unknown")
                meanings = [content.statement("alarms.unknown_sound"), *meanings[1:]]
        found.append(Sound(key, content.say(f"beeping.sound-{key}"), before, tuple(meanings)))
    return found
