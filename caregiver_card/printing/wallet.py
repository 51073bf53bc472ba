"""A briefing -> the wallet card: ID-1, two sides, what a stranger needs with no network."""

from typing import Any

from caregiver_card.briefing import version_mark
from caregiver_card.paper import template
from caregiver_card.printing import letters, measures, naming, proof, sides
from caregiver_card.printing.measures import CARD_PT, POINT_MM
from caregiver_card.printing.order import Layout, Order, essentials

# Nothing stands nearer to the edge: card printers and cutters lose up to 1.5 mm.
SAFE_PT = 1.5 / POINT_MM


def html(order: Order) -> str:
    """The card as HTML; raises ``letters.MissingLetter``."""
    page = template("wallet.html").render(shown(order))
    letters.check(page)
    return page


def expected(order: Order) -> proof.Expected:
    """Two sides, with nothing where a cutter may go."""
    return proof.Expected(
        size_pt=CARD_PT,
        areas=((measures.page(CARD_PT, SAFE_PT),),) * 2,
        faces=((measures.page(CARD_PT, 0),),) * 2,
        codes=(order.symbol.address,),
        words=essentials(order.briefing),
    )


def shown(order: Order) -> dict[str, Any]:
    """What the templates of both sides show."""
    briefing, guide = order.briefing, order.to_guide
    front, above, kept, named = sides.fitted(briefing, order.symbol, to_guide=guide)
    allergic, allergies_whole, _ = sides.allergies(briefing, guide)
    return dict(
        b=briefing,
        t=briefing.content.say,
        c=briefing.content.clinical,
        language=briefing.content.language,
        symbol=order.symbol,
        to_guide=guide,
        front=front,
        above=above,
        kept=kept,
        oral=sides.oral(briefing),
        drugs=sides.drugs(briefing),
        alarm=sides.alarm(briefing),
        team=sides.team(briefing),
        mode=sides.mode(briefing),
        location=sides.location(briefing),
        caution=sides.caution(briefing),
        confirmed=sides.confirmed(briefing, kept, guide),
        mark=version_mark.of(briefing),
        contact=sides.first_contact(briefing),
        allergies=allergic,
        allergies_whole=allergies_whole,
        left_out=naming.said(briefing, kept, guide, named),
    )


LAYOUT = Layout(html, ("card.css", "wallet.css"), expected, cut=True)
