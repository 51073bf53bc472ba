"""In which language a card is printed.

Where no clinician has checked a translation, a print shows the danger, what never to do and the MRI
rule in English as well. A layout without room for both is printed in English, and says so.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from caregiver_card.briefing.briefing import Briefing
from caregiver_card.briefing.content import Content

# The layouts with room for both.
BILINGUAL = frozenset(("sheet", "school"))


def is_english(layout: str, content: Content) -> bool:
    """Whether a layout is printed in English, whatever the card's language is."""
    return content.state == "machine" and layout not in BILINGUAL


def english_only(layouts: Iterable[str], content: Content) -> set[str]:
    """Return those of the layouts that are printed in English for a card in this language."""
    return {each for each in layouts if is_english(each, content)}


def briefings(layout: str, briefing: Briefing) -> Iterator[Briefing]:
    """Yield the briefing to print; after it the English one, for a card that does not fit."""
    content = briefing.content
    if not is_english(layout, content):
        yield briefing
    if english := briefing.in_english:
        words = english.content.say("print.instead", language=content.manner.name)
        yield replace(english, instead=words)
