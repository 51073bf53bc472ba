"""A print job, and the description of a layout."""

from collections.abc import Callable
from dataclasses import dataclass

from caregiver_card.briefing.briefing import Briefing
from caregiver_card.printing.codes import qr
from caregiver_card.printing.codes.offline_contact import OfflineCode
from caregiver_card.printing.pdf import verify


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintJob:
    """One print: whose card, the code, the paper and the colours."""

    briefing: Briefing
    # The same in another language, for the back of a card.
    back: Briefing | None = None
    qr_code: qr.Symbol
    # The code that needs no network, if the layout has a place for it.
    offline: OfflineCode | None = None
    paper: str = "a4"
    # Black alone: for a fax, or a printer without colour.
    black: bool = False
    # Whether the code opens the public guide instead of a page about this person.
    to_guide: bool = False
    # Height of a sheet to leave blank, if its text took more than was measured.
    safety_margin_pt: float = 0
    # The card file to embed, for other programs.
    card_file: bytes | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """How a print job becomes a PDF: its HTML, its style sheets, and how to verify it."""

    html: Callable[[PrintJob], str]
    styles: tuple[str, ...]
    expected: Callable[[PrintJob], verify.Expected]
    # The width of the code that needs no network; 0 without such a code.
    offline_mm: float = 0
    # For each part of the class "again", the offsets of its repeats to the right and down, in
    # points.
    repeats: tuple[tuple[tuple[float, float], ...], ...] = ()
    # Whether the card file may be embedded.
    attaches: bool = False
    # Whether the print is cut out, so that no printer may scale it.
    cut: bool = False
    # The style sheets that say in shapes what colours say.
    black: tuple[str, ...] = ("black.css",)

    def sheets(self, job: PrintJob) -> tuple[str, ...]:
        """The style sheets for a print job."""
        return (*self.styles, *self.black) if job.black else self.styles


def essentials(briefing: Briefing) -> tuple[str, ...]:
    """The texts that every print of a card must show in full."""
    return (
        briefing.person.name,
        briefing.team.shown,
        briefing.content.say("print.drug"),
        f"{briefing.dose.number} {briefing.dose.unit}",
        f"{briefing.concentration.number} {briefing.concentration.unit}",
        briefing.device,
    )
