"""The codes of a one-page print, each in a frame with its caption."""

from dataclasses import dataclass

from caregiver_card.printing.codes import qr
from caregiver_card.printing.layouts.print_job import PrintJob
from caregiver_card.printing.text.page_geometry import POINT_MM

# The frame of a code; the square inside, in which the code stands with its quiet zone.
_WIDE_PT, _CAPTION_PT, _BORDER_MM = 36.0 / POINT_MM, 5.4 / POINT_MM, 0.4
# The height of an ordinary code with its caption.
HIGH_PT = _WIDE_PT + _CAPTION_PT
_PAGE_MM, OFFLINE_MM = 27.0, 30.0
# A record system's code has more modules, whose width is the same.
_RECORD_PT = 41.0 / POINT_MM


@dataclass(frozen=True, slots=True)
class Tile:
    """A code in its frame: the frame, not nearness, ties the caption to it."""

    symbol: qr.Symbol
    most_mm: float
    caption: str
    alt: str
    wide_pt: float = _WIDE_PT

    @property
    def high_pt(self) -> float:
        """The height, with the caption."""
        return self.wide_pt + _CAPTION_PT

    @property
    def square_mm(self) -> float:
        """The width inside the frame."""
        return self.wide_pt * POINT_MM - _BORDER_MM

    @property
    def side_mm(self) -> float:
        """The printed side, without the quiet zone."""
        return min(self.most_mm, self.square_mm / (1 + 2 * qr.QUIET_MODULES / self.symbol.modules))

    @property
    def around_mm(self) -> float:
        """The white between the frame and the code."""
        return (self.square_mm - self.side_mm) / 2


def tiles(job: PrintJob) -> tuple[Tile, ...]:
    """The code that opens the page, and the one that needs no network."""
    say = job.briefing.content.say
    scan = say("leaf.scan_guide" if job.to_guide else "leaf.scan")
    address, _, for_records = job.qr_code.address.partition("#")
    if for_records:
        found = [Tile(job.qr_code, qr.FRAGMENT_MM, scan, say("record.alt"), _RECORD_PT)]
    else:
        found = [Tile(job.qr_code, _PAGE_MM, scan, say("wallet.qr", address=address))]
    if job.offline:
        symbol = job.offline.qr_code
        found.append(Tile(symbol, symbol.side_mm, say("leaf.offline"), say("leaf.offline_alt")))
    return tuple(found)


def high_pt(job: PrintJob) -> float:
    """The height of the highest code with its caption."""
    return max(each.high_pt for each in tiles(job))
