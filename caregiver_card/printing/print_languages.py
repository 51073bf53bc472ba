"""In which language a card is printed.

Where no clinician has checked a translation, a print shows the danger, what never to do and the MRI
rule in English as well. A layout without room for both is printed in English, and says so.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from caregiver_card.briefing.briefing import Briefing
from caregiver_card.briefing.content import Content
from caregiver_card.printing.pdf import verify

# The layouts with room for both.
BILINGUAL = frozenset(("sheet", "school"))


def is_english(layout: str, content: Content) -> bool:
    """Whether a layout is printed in English, whatever the card's language is."""
    return content.state == "machine" and layout not in BILINGUAL


def english_only(layouts: Iterable[str], content: Content) -> set[str]:
    """Return those of the layouts that are printed in English for a card in this language."""
    return {each for each in layouts if is_english(each, content)}


def first_that_fits(layout: str, briefing: Briefing, make: Callable[[Briefing], bytes]) -> bytes:
    """Make a print in the briefing's language, or in English where that does not fit.

    Raises what the first try raised if none fits.
    """
    failed: verify.VerificationFailed | None = None
    for each in briefings(layout, briefing):
        try:
            return make(each)
        except verify.VerificationFailed as error:
            failed = failed or error
    raise failed or AssertionError


def briefings(layout: str, briefing: Briefing) -> Iterator[Briefing]:
    """Yield the briefing to print; after it the English one, for a card that does not fit."""
    content = briefing.content
    if not is_english(layout, content):
        yield briefing
    if english := briefing.in_english:
        words = english.content.say("print.instead", language=content.manner.name)
        yield replace(english, instead=words)
