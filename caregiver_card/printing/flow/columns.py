"""Arrange sections in columns, and choose those that fit one page.

No section is ever cut: the page shows it in full, or names it at the foot.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, combinations, pairwise

from caregiver_card.printing.flow.paragraphs import PlacedSection, SheetSection
from caregiver_card.style_sheets import points

_COLUMN_PT = points("page-column-gap")
# The coloured bar beside a group of signs, and the space after it.
_BAR_PT = points("group-bar") + points("group-bar-gap")


@dataclass(frozen=True, slots=True)
class Zone:
    """Sections in the given columns, or, with ``spread``, balanced over so many columns."""

    columns: tuple[tuple[SheetSection, ...], ...]
    # The accent of each column: withdrawal, overdose, allergy.
    marks: tuple[str, ...] = ()
    spread: int = 0

    @property
    def sections(self) -> tuple[SheetSection, ...]:
        """All sections, in reading order."""
        return tuple(section for column in self.columns for section in column)

    def room_pt(self, width_pt: float) -> float:
        """The width of the text of one column."""
        count = self.spread or len(self.columns)
        # A little less, so that rounding does not push the last column below the others.
        whole = width_pt - _COLUMN_PT * (count - 1) - 0.2
        return whole / count - (_BAR_PT if self.marks else 0)


@dataclass(frozen=True, slots=True)
class Column:
    """A column, ready to print."""

    sections: tuple[PlacedSection, ...]
    mark: str = ""


class Sheet:
    """Zones under one another, in an area of ``room_pt`` by ``width_pt`` that includes the foot.

    ``foot`` returns the height of the foot for the keys of the sections that are kept.
    """

    def __init__(
        self,
        zones: Sequence[Zone],
        room_pt: float,
        width_pt: float,
        foot: Callable[[frozenset[str]], float],
    ) -> None:
        self._zones = zones
        self._placed = {
            section.key: section.placed(zone.room_pt(width_pt))
            for zone in zones
            for section in zone.sections
        }
        self._heights = {key: section.height_pt for key, section in self._placed.items()}
        self.kept = self._choose(room_pt, foot)

    def _choose(self, room_pt: float, foot: Callable[[frozenset[str]], float]) -> frozenset[str]:
        sections = [
            (at, section) for at, zone in enumerate(self._zones) for section in zone.sections
        ]
        kept = frozenset(section.key for _, section in sections if not section.rank)
        heights = [self._height(zone, kept) for zone in self._zones]
        # The foot is slow to measure, and becomes shorter with each section that is kept. So its
        # two extremes decide most cases.
        longest, shortest = foot(kept), foot(frozenset(section.key for _, section in sections))
        optional = [(at, section) for at, section in sections if section.rank]
        for at, section in sorted(optional, key=lambda row: row[1].rank):
            more = kept | {section.key}
            height = self._height(self._zones[at], more)
            left_pt = room_pt - sum(heights) + heights[at] - height
            if left_pt >= longest or (left_pt >= shortest and left_pt >= foot(more)):
                kept, heights[at] = more, height
        return kept

    def _height(self, zone: Zone, kept: frozenset[str]) -> float:
        columns = self._columns(zone, kept)
        return max(
            (sum(self._heights[section.key] for section in column) for column in columns), default=0
        )

    def _columns(self, zone: Zone, kept: frozenset[str]) -> list[Sequence[SheetSection]]:
        """The columns of a zone, in reading order; with ``spread``, about equally high."""
        if not zone.spread:
            return [
                [section for section in column if section.key in kept] for column in zone.columns
            ]
        sections = [section for section in zone.sections if section.key in kept]
        down = [0.0, *accumulate(self._heights[section.key] for section in sections)]
        cuts = combinations(range(len(sections) + 1), zone.spread - 1)
        splits = [tuple(pairwise((0, *cut, len(sections)))) for cut in cuts]
        best = min(splits, key=lambda split: max(down[end] - down[start] for start, end in split))
        return [sections[start:end] for start, end in best]

    @property
    def rows(self) -> Iterator[list[Column]]:
        """The zones that are not empty, each as its columns."""
        for zone in self._zones:
            columns = self._columns(zone, self.kept)
            marks = zone.marks or ("",) * len(columns)
            if any(columns):
                yield [
                    Column(tuple(self._placed[section.key] for section in column), mark)
                    for column, mark in zip(columns, marks, strict=True)
                ]

    @property
    def left(self) -> tuple[str, ...]:
        """The keys of the sections that are left out, in reading order."""
        keys = (section.key for zone in self._zones for section in zone.sections)
        return tuple(key for key in keys if key not in self.kept)
