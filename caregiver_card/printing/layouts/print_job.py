"""What is to be printed, and what every layout is."""

from collections.abc import Callable
from dataclasses import dataclass

from caregiver_card.briefing.briefing import Briefing
from caregiver_card.printing.codes import qr
from caregiver_card.printing.codes.offline_contact import OfflineCode
from caregiver_card.printing.pdf import verify


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintJob:
    """One print: of whom, where its code leads, on which paper, and in which colours."""

    briefing: Briefing
    symbol: qr.Symbol
    # The code that needs no network, where the layout has a place for one.
    offline: OfflineCode | None = None
    paper: str = "a4"
    # Black alone: for a stamp, a fax, a printer whose colour is empty.
    black: bool = False
    # Whether the code opens the public guide instead of a page about this person.
    to_guide: bool = False
    # Room of a sheet that is left blank, where its words took more than was measured.
    spare_pt: float = 0
    # What travels inside the print, for the next program that reads it.
    card_file: bytes | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """How an order becomes a file: its words, its style sheets, and what must be true of it."""

    html: Callable[[PrintJob], str]
    styles: tuple[str, ...]
    expected: Callable[[PrintJob], verify.Expected]
    # How wide the code that needs no network is; 0 where there is none.
    offline_mm: float = 0
    # Where else each part of the class "again" stands: how far to the right and below, in points.
    again: tuple[tuple[tuple[float, float], ...], ...] = ()
    # Whether the card file may travel inside it.
    attaches: bool = False
    # Whether it is cut out, so that no printer may make it larger or smaller.
    cut: bool = False

    def sheets(self, order: PrintJob) -> tuple[str, ...]:
        """The style sheets of this very order."""
        return (*self.styles, "black.css") if order.black else self.styles


def essentials(briefing: Briefing) -> tuple[str, ...]:
    """The words that every print of a card must show whole."""
    return (
        briefing.person.name,
        briefing.team.shown,
        briefing.content.say("print.drug"),
        f"{briefing.dose.number} {briefing.dose.unit}",
        f"{briefing.concentration.number} {briefing.concentration.unit}",
        briefing.device,
    )
