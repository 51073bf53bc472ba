"""Sizes of cards and papers, in points of 1/72 inch."""

from typing import NamedTuple

from caregiver_card.style_sheets import points

POINT_MM = 25.4 / 72
# CSS has 96 pixels an inch.
POINT_PX = 72 / 96
CARD_PT = (points("card-width"), points("card-height"))
PAPERS_PT = {
    "a4": (points("a4-width"), 297 / POINT_MM),
    "letter": (points("letter-width"), 11.0 * 72),
}
PAPERS = tuple(PAPERS_PT)
# The countries of US Letter (Unicode CLDR, supplemental data, "paperSize"); all others use A4.
_LETTER = {"BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"}
# Home printers leave up to 6.4 mm blank, so no letter of a sheet is nearer to the edge than this.
EDGE_PT = 8 / POINT_MM


class Area(NamedTuple):
    """A rectangle of a page, measured from the page's upper left corner."""

    left: float
    top: float
    right: float
    bottom: float

    def inset(self, by: float) -> "Area":
        """The area without a border of ``by`` on all sides."""
        return Area(self.left + by, self.top + by, self.right - by, self.bottom - by)

    def holds(self, other: "Area") -> bool:
        """Whether ``other`` is entirely inside."""
        return (
            other.left >= self.left
            and other.top >= self.top
            and other.right <= self.right
            and other.bottom <= self.bottom
        )


def usual_paper(region: str) -> str:
    """The usual paper of a country, which is given by its two letters."""
    return "letter" if region in _LETTER else "a4"


def page(size_pt: tuple[float, float], margin_pt: float) -> Area:
    """The area of a page without its margin."""
    return Area(0, 0, *size_pt).inset(margin_pt)
