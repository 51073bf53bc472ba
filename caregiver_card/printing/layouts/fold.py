"""The wallet card for a home printer: two copies on one page, to cut out and fold.

It shows the same two sides as the wallet card, so a stranger cannot tell the two prints apart.
"""

from caregiver_card.briefing import version_mark
from caregiver_card.document_templates import template
from caregiver_card.printing.flow import fit
from caregiver_card.printing.flow.fit import Text
from caregiver_card.printing.layouts import leaf_parts, wallet, wallet_plate
from caregiver_card.printing.layouts.print_job import Layout, PrintJob, essentials
from caregiver_card.printing.layouts.wallet_texts import (
    HAIR_PT,
    LINE_PT,
    TEXT_PT,
    TITLE_LINE_PT,
    TITLE_PT,
    body,
)
from caregiver_card.printing.pdf import verify
from caregiver_card.printing.text import glyphs, page_geometry
from caregiver_card.printing.text.page_geometry import CARD_PT, EDGE_PT, POINT_MM, Area
from caregiver_card.style_sheets import points

# The head, then rows as high as a card, with space for cut marks.
_TOP_PT, _LEAD_PT = points("page-margin"), points("fold-lead")
_MARKS_PT = points("fold-marks")
_COPIES, _ROWS = 2, 3
# The code that needs no network: with its quiet zone it leaves half a face for text.
_OFFLINE_MM = 36.0
_BESIDE_PT = 40.0 / POINT_MM
_NAME_LINES = 3


def html(job: PrintJob) -> str:
    """The page as HTML; raises ``glyphs.MissingLetter``."""
    b = job.briefing
    name, name_pt = _name(b.person.name)
    page = template("fold.html").render(
        wallet.context(job),
        paper=job.paper,
        offline=job.offline,
        guide=job.to_guide,
        name=name,
        name_pt=name_pt,
        # A long name leaves no room for the large numbers.
        large=name.height_pt <= _NAME_LINES * LINE_PT + HAIR_PT,
        mark=version_mark.mark_of(b),
        cells=wallet_plate.cells(b),
    )
    glyphs.check(page)
    return page


def _name(name: str) -> tuple[Text, float]:
    """The name on the piece that works without a network, and the size of its letters."""
    large = fit.text(TITLE_PT, _BESIDE_PT, TITLE_LINE_PT, (name, True))
    if large.height_pt <= 2 * TITLE_LINE_PT + HAIR_PT:
        return large, TITLE_PT
    return body(_BESIDE_PT, (name, True)), TEXT_PT


def expected(job: PrintJob) -> verify.Expected:
    """Expect each letter on a face of a card, 1.5 mm from cut and fold, or in the page's head."""
    size = page_geometry.PAPERS_PT[job.paper]
    return verify.Expected(
        size_pt=size,
        areas=((_head(size), _foot(size), *(face.inset(wallet.SAFE_PT) for face in _faces(size))),),
        faces=(tuple(_faces(size)),),
        codes=leaf_parts.texts(job),
        words=essentials(job.briefing),
    )


def _head(size: tuple[float, float]) -> Area:
    return Area(EDGE_PT, EDGE_PT, size[0] - EDGE_PT, _TOP_PT + _LEAD_PT)


def _foot(size: tuple[float, float]) -> Area:
    """Below the pieces."""
    top = _TOP_PT + _LEAD_PT + _ROWS * (CARD_PT[1] + 2 * _MARKS_PT) - _MARKS_PT
    return Area(EDGE_PT, top, size[0] - EDGE_PT, size[1] - EDGE_PT)


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
LAYOUT = Layout(
    html, ("card.css", "fold.css"), expected, _OFFLINE_MM, _REPEATS, cut=True, black=wallet.BLACK
)
