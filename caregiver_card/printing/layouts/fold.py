"""The wallet card for a home printer: two copies on one page, to cut out and fold.

It shows the same two sides as the wallet card, so a stranger cannot tell the two prints apart.
"""

from caregiver_card.document_templates import template
from caregiver_card.printing.layouts import one_page, wallet
from caregiver_card.printing.layouts.print_job import Layout, PrintJob, essentials
from caregiver_card.printing.pdf import verify
from caregiver_card.printing.text import glyphs, page_geometry
from caregiver_card.printing.text.page_geometry import CARD_PT, EDGE_PT, Area
from caregiver_card.style_sheets import points

# The head, then rows as high as a card, with space for cut marks.
_TOP_PT, _LEAD_PT = points("page-margin"), points("fold-lead")
_MARKS_PT = points("fold-marks")
_COPIES = 2
# The code that needs no network: with its quiet zone it leaves half a face for text.
_OFFLINE_MM = 36.0


def html(job: PrintJob) -> str:
    """The page as HTML; raises ``glyphs.MissingLetter``."""
    page = template("fold.html").render(wallet.context(job), paper=job.paper, offline=job.offline)
    glyphs.check(page)
    return page


def expected(job: PrintJob) -> verify.Expected:
    """Expect each letter on a face of a card, 1.5 mm from cut and fold, or in the page's head."""
    size = page_geometry.PAPERS_PT[job.paper]
    return verify.Expected(
        size_pt=size,
        areas=((_head(size), *(face.inset(wallet.SAFE_PT) for face in _faces(size))),),
        faces=(tuple(_faces(size)),),
        codes=one_page.texts(job),
        words=essentials(job.briefing),
    )


def _head(size: tuple[float, float]) -> Area:
    return Area(EDGE_PT, EDGE_PT, size[0] - EDGE_PT, _TOP_PT + _LEAD_PT)


def _faces(size: tuple[float, float]) -> list[Area]:
    """Every face of a card."""
    width, height = CARD_PT
    left, top = size[0] / 2 - width, _TOP_PT + _LEAD_PT + _MARKS_PT
    step = height + 2 * _MARKS_PT
    corners = [(left + x, top + row * step) for row in range(_COPIES) for x in (0, width)]
    # Below them stand the code that needs no network, and a frame to lay a bank card on.
    corners += [(left + x, top + _COPIES * step) for x in (0, width)]
    return [Area(x, y, x + width, y + height) for x, y in corners]


_REPEATS = (((0.0, CARD_PT[1] + 2 * _MARKS_PT),),)
LAYOUT = Layout(html, ("card.css", "fold.css"), expected, _OFFLINE_MM, _REPEATS, cut=True)
