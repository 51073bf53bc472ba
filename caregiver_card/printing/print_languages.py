"""In which language a card is printed.

Where no clinician has checked a translation, a print shows the danger, what never to do and the MRI
rule in English as well. A card without room for both is printed in English, and says so.
"""

from collections.abc import Callable
from dataclasses import replace

from caregiver_card.briefing.briefing import Briefing, brief
from caregiver_card.briefing.content import ENGLISH, Content, load
from caregiver_card.card.model import Card
from caregiver_card.printing.pdf import verify


def in_english(card: Card, content: Content, version: int | None = None) -> Briefing | None:
    """Return the English briefing to print instead of one in ``content``; ``None`` in English."""
    if content.language == ENGLISH:
        return None
    instead = load().say("print.instead", language=content.manner.name)
    return replace(brief(replace(card, language=ENGLISH), load(), version), instead=instead)


def first_that_fits(
    briefing: Briefing, english: Briefing | None, make: Callable[[Briefing], bytes]
) -> bytes:
    """Make a print in the briefing's language, or in English where that does not fit.

    Raises what the first try raised if neither fits.
    """
    try:
        return make(briefing)
    except verify.VerificationFailed as error:
        if english is None:
            raise
        try:
            return make(english)
        except verify.VerificationFailed:
            raise error from None
