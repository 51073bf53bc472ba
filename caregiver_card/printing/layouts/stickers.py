"""A page of labels for the wheelchair, the bag and the helmet: a code and a few words.

Strangers can see the labels, so they name no patient. They say "Baclofen pump", "Emergency? Scan."
and the pump team's number, which helps where no phone can scan.
"""

from dataclasses import dataclass
from itertools import product

from caregiver_card.document_templates import template
from caregiver_card.printing.codes.qr import QUIET_MODULES
from caregiver_card.printing.layouts.print_job import Layout, PrintJob
from caregiver_card.printing.layouts.wallet_texts import width
from caregiver_card.printing.pdf import verify
from caregiver_card.printing.text import glyphs, page_geometry
from caregiver_card.printing.text.page_geometry import EDGE_PT, POINT_MM, Area
from caregiver_card.style_sheets import millimetres

_WIDTH_MM = millimetres("labels-width")
_TOP_MM, _LEAD_MM = millimetres("page-margin"), millimetres("labels-lead")
_GAP_MM = millimetres("labels-gap")
# Cutting by hand misses the line, of 0.1 mm, by a millimetre.
_SAFE_PT = 1.2 / POINT_MM

# Of the size of the letters, in a line of 1.1: Noto Sans.
_ABOVE_CAPITALS = 0.224
# From the rule above the number's label down to the foot of the number.
_LABELLED_MM = 9.36


@dataclass(frozen=True, slots=True)
class Kind:
    """Labels of one size: columns, rows, the side of the code with its quiet zone, the letters.

    Words that are ``labelled`` end with the code, the number below its label; elsewhere the number
    stands below the code.
    """

    name: str
    columns: int
    rows: int
    height_mm: float
    code_mm: float
    letters_pt: float
    labelled: bool = False

    @property
    def width_mm(self) -> float:
        """The width of one label."""
        return _WIDTH_MM / self.columns

    @property
    def repeats(self) -> tuple[tuple[float, float], ...]:
        """The offsets of the other labels from the first, in points."""
        places = product(range(self.rows), range(self.columns))
        return tuple(
            (column * self.width_mm / POINT_MM, row * self.height_mm / POINT_MM)
            for row, column in places
            if row or column
        )

    def side_mm(self, modules: int) -> float:
        """The side of a code of ``modules`` modules, without its quiet zone."""
        return self.code_mm * modules / (modules + 2 * QUIET_MODULES)

    def do_pt(self, words: str) -> float:
        """The size of the letters beside the code: smaller where a word is longer than its room."""
        room_pt = (self.width_mm - self.code_mm) / POINT_MM - _SAFE_PT
        longest = max(width(word, 1, bold=True) for word in words.split())
        return min(self.letters_pt, room_pt / longest)

    @property
    def rise_mm(self) -> float:
        """The white above the capital letters of a line."""
        return _ABOVE_CAPITALS * self.letters_pt * POINT_MM

    def words_mm(self, side_mm: float) -> float:
        """The height of the words beside a code, so that what follows them ends where it should."""
        if self.labelled:
            return side_mm + self.rise_mm - _LABELLED_MM
        return (self.code_mm + side_mm) / 2 + self.rise_mm


# At 41 modules, the maximum, the smallest code has modules of 0.41 mm. A phone cannot read worn
# print below 0.33 mm.
KINDS = (
    Kind("wheelchair", 2, 2, 44.0, millimetres("labels-wheelchair"), 20, labelled=True),
    Kind("bag", 3, 2, 38.5, millimetres("labels-bag"), 14),
    Kind("helmet", 4, 2, 31.5, millimetres("labels-helmet"), 10),
)


def html(job: PrintJob) -> str:
    """The page as HTML; raises ``glyphs.MissingLetter``."""
    b = job.briefing
    page = template("stickers.html").render(
        b=b,
        t=b.content.say,
        language=b.content.language,
        paper=job.paper,
        symbol=job.qr_code,
        kinds=KINDS,
    )
    glyphs.check(page)
    return page


def expected(job: PrintJob) -> verify.Expected:
    """Expect each letter on a label, clear of the cuts, or in the page's head."""
    size = page_geometry.PAPERS_PT[job.paper]
    head = Area(EDGE_PT, EDGE_PT, size[0] - EDGE_PT, (_TOP_MM + _LEAD_MM) / POINT_MM)
    return verify.Expected(
        size_pt=size,
        areas=((head, *(face.inset(_SAFE_PT) for face in _faces(size[0]))),),
        faces=(tuple(_faces(size[0])),),
        codes=(job.qr_code.address,),
        words=(job.briefing.team.shown, job.briefing.content.say("labels.what")),
    )


def _faces(width_pt: float) -> list[Area]:
    faces, top = [], _TOP_MM + _LEAD_MM
    left = width_pt * POINT_MM / 2 - _WIDTH_MM / 2
    for kind in KINDS:
        for _ in range(kind.rows):
            for column in range(kind.columns):
                x = left + column * kind.width_mm
                box = (x, top, x + kind.width_mm, top + kind.height_mm)
                faces.append(Area(*(side / POINT_MM for side in box)))
            top += kind.height_mm
        top += _GAP_MM
    return faces


_REPEATS = tuple(kind.repeats for kind in KINDS)
LAYOUT = Layout(html, ("stickers.css",), expected, repeats=_REPEATS, cut=True)
