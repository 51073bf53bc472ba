"""A stored card's print as most people want it."""

from caregiver_card.briefing.briefing import Briefing
from caregiver_card.card import codec
from caregiver_card.card.model import Card
from caregiver_card.printing import print_languages, printer


def make(layout: str, card: Card, briefing: Briefing, version: int, address: str) -> bytes:
    """Print a layout on the usual paper of the card's country, in colour.

    Raises what ``printer.make_pdf`` raises.
    """
    return printer.make_pdf(
        layout,
        briefing,
        address,
        paper=printer.usual_paper(briefing.region),
        card_file=codec.encode_shared(card),
        english=print_languages.in_english(card, briefing.content, version),
    )
