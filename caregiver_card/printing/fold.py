"""An order -> the wallet card for a home printer: cut out, folded, two copies on one page.

It shows the wallet card's own two sides, so a stranger cannot tell which of the two was printed.
"""

from caregiver_card.paper import template
from caregiver_card.printing import letters, measures, proof, wallet
from caregiver_card.printing.measures import CARD_PT, EDGE_PT, POINT_MM, Area
from caregiver_card.printing.order import Layout, Order, essentials

# fold.css has the same figures: the head, then rows of one card's height with room for the marks.
_TOP_PT = 10 / POINT_MM
_LEAD_PT = 33 / POINT_MM
_MARKS_PT = 5 / POINT_MM
_COPIES = 2
_ROWS = _COPIES + 1


def html(order: Order) -> str:
    """The page as HTML; raises ``letters.MissingLetter``."""
    page = template("fold.html").render(wallet.shown(order), paper=order.paper)
    letters.check(page)
    return page


def expected(order: Order) -> proof.Expected:
    """Each letter on a face of a card, clear of cut and fold, or in the head of the page."""
    size = measures.PAPERS_PT[order.paper]
    return proof.Expected(
        size_pt=size,
        areas=((_head(size), *_faces(size)),),
        codes=(order.symbol.address,),
        words=essentials(order.briefing),
    )


def _head(size: tuple[float, float]) -> Area:
    return Area(EDGE_PT, EDGE_PT, size[0] - EDGE_PT, _TOP_PT + _LEAD_PT)


def _faces(size: tuple[float, float]) -> list[Area]:
    """Every face without the millimetre and a half that a cut or a fold may take."""
    width, height = CARD_PT
    left, top = size[0] / 2 - width, _TOP_PT + _LEAD_PT + _MARKS_PT
    step = height + 2 * _MARKS_PT
    faces = (
        Area(x, top + row * step, x + width, top + row * step + height)
        for row in range(_ROWS)
        for x in (left, left + width)
    )
    return [face.inset(wallet.SAFE_PT) for face in faces]


LAYOUT = Layout(html, ("card.css", "fold.css"), expected)
