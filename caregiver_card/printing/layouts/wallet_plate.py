"""The plate of the wallet card: dose, concentration and the day on which the reservoir runs low."""

from typing import NamedTuple

from caregiver_card.briefing.briefing import Briefing
from caregiver_card.printing.layouts import wallet_texts as texts
from caregiver_card.printing.layouts.wallet_texts import TEXT_PT, TITLE_PT, width
from caregiver_card.printing.text.page_geometry import POINT_MM

# A cell, without the white at its sides.
_CELL_PT = texts.FULL_PT / 3 - 2.5 / POINT_MM


class Cell(NamedTuple):
    """A cell of the plate: its label, a value in letters of ``size_pt``, and its unit."""

    label: str
    value: str
    unit: str
    size_pt: float


def cells(b: Briefing) -> tuple[Cell, ...]:
    """The cells; the last one is the day that must not be missed."""
    found = [
        Cell(each.label, each.number, each.unit, _size(each.number, f" {each.unit}"))
        for each in (b.dose, b.concentration)
    ]
    low = texts.low(b)
    # A date is written longer in some languages.
    room = max(TEXT_PT, _CELL_PT / width(low.day, 1, bold=True))
    size = min(TITLE_PT, room) if low.known else TEXT_PT
    return (*found, Cell(low.label, low.day, "", size))


def _size(number: str, unit: str) -> float:
    """A number is as large as its cell allows, on one line with its unit."""
    room = _CELL_PT - width(unit, TEXT_PT)
    sizes = (texts.NUMBER_PT, TITLE_PT)
    return next((size for size in sizes if width(number, size, bold=True) <= room), TEXT_PT)
