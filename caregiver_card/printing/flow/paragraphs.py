"""A paragraph, and a section: paragraphs under a heading, as they stand in a column.

Lines are broken here: what is measured is what is printed, and the engine, which would find the
same breaks, takes five times the shaping to do it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from caregiver_card.printing.flow import fit

# paper.css has the same figures, in points.
LEADING = 1.2
BODY_PT = 9.0
# A heading with a line of its own; others are as large as the words that follow on their line.
TITLE_PT = 11.5
_RULE_PT = 1.6
_SECTION_PT = 3.4
_BULLET_PT = 9.0


class Lines(NamedTuple):
    """A paragraph in its column: its classes, its words with their line breaks, its height."""

    css: str
    label: str
    words: str
    bullet: bool
    height_pt: float


def tall(pars: Iterable[Lines]) -> float:
    """The height of paragraphs under one another, in points."""
    return sum(par.height_pt for par in pars)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: its words, a bold beginning, its size; ``bullet`` makes it a line of a list."""

    words: str
    label: str = ""
    size_pt: float = BODY_PT
    bold: bool = False
    bullet: bool = False

    def lines(self, room_pt: float, before: str = "") -> Lines:
        """Its lines in a column of this width, with a heading ``before`` it on the first."""
        room = room_pt - (_BULLET_PT if self.bullet else 0)
        runs = ((before, True), (self.label, True), (self.words, self.bold))
        css = f"s{round(self.size_pt * 10)}{' bold' if self.bold else ''}"
        if known := fit.break_text(self.size_pt, room, *runs):
            _, label, words = known
            high_pt = fit.count(known) * self.size_pt * LEADING
            return Lines(f"{css} lines", label, words, self.bullet, high_pt)
        high_pt = fit.draw(self.size_pt, room, *runs, leading=LEADING)
        # The engine leaves out a space at the beginning of a line.
        label = f" {self.label}" if self.label else ""
        return Lines(css, label, f" {self.words}", self.bullet, high_pt)


@dataclass(frozen=True, slots=True)
class SheetSection:
    """Paragraphs under a heading; ``rank`` 0 must be there, a higher one gives way first.

    The heading stands on the line of the first paragraph, or with ``title`` on one of its own.
    """

    key: str
    heading: str
    pars: tuple[Paragraph, ...]
    rank: int = 0
    title: bool = False

    def placed(self, room_pt: float) -> "PlacedSection":
        """It in a column of this width."""
        first, *others = self.pars
        before = "" if self.title else self.heading
        return PlacedSection(
            self, (first.lines(room_pt, before), *(par.lines(room_pt) for par in others))
        )


class PlacedSection(NamedTuple):
    """A section in its column."""

    section: SheetSection
    pars: tuple[Lines, ...]

    @property
    def height_pt(self) -> float:
        """With the space after it."""
        title_pt = TITLE_PT * LEADING if self.section.title else 0
        return title_pt + tall(self.pars) + _RULE_PT + _SECTION_PT

    @property
    def runs(self) -> list[tuple[bool, list[Lines]]]:
        """Its paragraphs, those of a list together."""
        return [(key, list(group)) for key, group in groupby(self.pars, lambda par: par.bullet)]
