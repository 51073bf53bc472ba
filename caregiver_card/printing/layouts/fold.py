"""An order -> the wallet card for a home printer: cut out, folded, two copies on one page.

It shows the wallet card's own two sides, so a stranger cannot tell which of the two was printed.
"""

from caregiver_card.document_templates import template
from caregiver_card.printing.layouts import one_page, wallet
from caregiver_card.printing.layouts.print_job import Layout, PrintJob, essentials
from caregiver_card.printing.pdf import verify
from caregiver_card.printing.text import glyphs, page_geometry
from caregiver_card.printing.text.page_geometry import CARD_PT, EDGE_PT, POINT_MM, Area

# fold.css has the same figures: the head, then rows of one card's height with room for the marks.
_TOP_PT = 10 / POINT_MM
_LEAD_PT = 33 / POINT_MM
_MARKS_PT = 5 / POINT_MM
_COPIES = 2
# The code that needs no network: with its quiet zone it leaves half a face for words.
_OFFLINE_MM = 36.0


def html(order: PrintJob) -> str:
    """The page as HTML; raises ``letters.MissingLetter``."""
    page = template("fold.html").render(
        wallet.shown(order), paper=order.paper, offline=order.offline
    )
    glyphs.check(page)
    return page


def expected(order: PrintJob) -> verify.Expected:
    """Each letter on a face of a card, clear of cut and fold by the millimetre and a half that
    they may take, or in the head of the page."""
    size = page_geometry.PAPERS_PT[order.paper]
    return verify.Expected(
        size_pt=size,
        areas=((_head(size), *(face.inset(wallet.SAFE_PT) for face in _faces(size))),),
        faces=(tuple(_faces(size)),),
        codes=one_page.texts(order),
        words=essentials(order.briefing),
    )


def _head(size: tuple[float, float]) -> Area:
    return Area(EDGE_PT, EDGE_PT, size[0] - EDGE_PT, _TOP_PT + _LEAD_PT)


def _faces(size: tuple[float, float]) -> list[Area]:
    """Every face of a card."""
    width, height = CARD_PT
    left, top = size[0] / 2 - width, _TOP_PT + _LEAD_PT + _MARKS_PT
    step = height + 2 * _MARKS_PT
    corners = [(left + x, top + row * step) for row in range(_COPIES) for x in (0, width)]
    # Below them the code that needs no network, and the frame to lay a bank card on.
    corners += [(left + x, top + _COPIES * step) for x in (0, width)]
    return [Area(x, y, x + width, y + height) for x, y in corners]


_AGAIN = (((0.0, CARD_PT[1] + 2 * _MARKS_PT),),)
LAYOUT = Layout(html, ("card.css", "fold.css"), expected, _OFFLINE_MM, _AGAIN, cut=True)
