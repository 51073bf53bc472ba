"""Paper, in points: a point is 1/72 inch. The style sheets have the same figures."""

from typing import NamedTuple

POINT_MM = 25.4 / 72
# CSS has 96 pixels an inch.
POINT_PX = 72 / 96
# ISO/IEC 7810 ID-1: a bank card.
CARD_PT = (85.60 / POINT_MM, 53.98 / POINT_MM)
PAPERS_PT = {"a4": (210 / POINT_MM, 297 / POINT_MM), "letter": (8.5 * 72, 11.0 * 72)}
PAPERS = tuple(PAPERS_PT)
# Where shops sell US Letter (Unicode CLDR, supplemental data, "paperSize"); A4 everywhere else.
_LETTER = {"BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"}
# Home printers leave up to 6.4 mm blank; no letter of a sheet stands there.
EDGE_PT = 8 / POINT_MM


class Area(NamedTuple):
    """A rectangle of a page, from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float

    def inset(self, by: float) -> "Area":
        """The same without a border all round."""
        return Area(self.left + by, self.top + by, self.right - by, self.bottom - by)

    def holds(self, other: "Area") -> bool:
        """Whether the other lies wholly inside."""
        return (
            other.left >= self.left
            and other.top >= self.top
            and other.right <= self.right
            and other.bottom <= self.bottom
        )


def usual_paper(region: str) -> str:
    """The paper of a country, by its two letters."""
    return "letter" if region in _LETTER else "a4"


def page(size_pt: tuple[float, float], margin_pt: float) -> Area:
    """A page of this size without its margin."""
    return Area(0, 0, *size_pt).inset(margin_pt)
