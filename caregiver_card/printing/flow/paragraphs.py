"""Paragraphs and sections, broken into lines for a column.

The lines are broken here rather than by WeasyPrint, which would find the same breaks at the cost of
shaping the text again. So what is measured is what is printed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from caregiver_card.printing.flow import fit
from caregiver_card.style_sheets import points

LEADING = points("page-leading")
BODY_PT = points("page-body")
# The size of a heading on a line of its own. Other headings have the size of their paragraph.
TITLE_PT = points("page-title")
_RULE_PT = points("section-rule") + points("section-rule-gap")
_SECTION_PT = points("section-space")
_BULLET_PT = points("page-bullet")


class Lines(NamedTuple):
    """A paragraph broken for a column: its CSS classes, its text with line breaks, its height."""

    css: str
    label: str
    words: str
    bullet: bool
    height_pt: float


def total_height(paragraphs: Iterable[Lines]) -> float:
    """The height of paragraphs under one another, in points."""
    return sum(paragraph.height_pt for paragraph in paragraphs)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: a bold label, the text, and its size; ``bullet`` makes it a list item."""

    words: str
    label: str = ""
    size_pt: float = BODY_PT
    bold: bool = False
    bullet: bool = False

    def lines(self, room_pt: float, before: str = "") -> Lines:
        """Break the paragraph for a column of width ``room_pt``, after the heading ``before``."""
        room = room_pt - (_BULLET_PT if self.bullet else 0)
        runs = ((before, True), (self.label, True), (self.words, self.bold))
        css = f"s{round(self.size_pt * 10)}{' bold' if self.bold else ''}"
        if broken := fit.break_text(self.size_pt, room, *runs):
            _, label, words = broken
            height_pt = fit.count_lines(broken) * self.size_pt * LEADING
            return Lines(f"{css} lines", label, words, self.bullet, height_pt)
        height_pt = fit.laid_out_height(self.size_pt, room, *runs, leading=LEADING)
        # WeasyPrint drops the space where it begins a line.
        label = f" {self.label}" if self.label else ""
        return Lines(css, label, f" {self.words}", self.bullet, height_pt)


@dataclass(frozen=True, slots=True)
class SheetSection:
    """Paragraphs under a heading; rank 0 is required, and the highest rank gives way first.

    The heading begins the first paragraph, or, with ``title``, has a line of its own.
    """

    key: str
    heading: str
    pars: tuple[Paragraph, ...]
    rank: int = 0
    title: bool = False

    def placed(self, room_pt: float) -> "PlacedSection":
        """Break the section for a column of width ``room_pt``."""
        first, *others = self.pars
        before = "" if self.title else self.heading
        return PlacedSection(
            self, (first.lines(room_pt, before), *(other.lines(room_pt) for other in others))
        )


class PlacedSection(NamedTuple):
    """A section broken for a column."""

    section: SheetSection
    pars: tuple[Lines, ...]

    @property
    def height_pt(self) -> float:
        """The height, including the space after the section."""
        title_pt = TITLE_PT * LEADING if self.section.title else 0
        return title_pt + total_height(self.pars) + _RULE_PT + _SECTION_PT

    @property
    def runs(self) -> list[tuple[bool, list[Lines]]]:
        """The paragraphs, with the items of a list together, and whether they are a list."""
        groups = groupby(self.pars, lambda paragraph: paragraph.bullet)
        return [(is_list, list(group)) for is_list, group in groups]
