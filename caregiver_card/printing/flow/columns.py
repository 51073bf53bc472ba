"""A page of sections in columns: what fits one sheet of paper, and what is named instead.

No section is ever cut: it is on the page whole, or its name is at the foot.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, combinations, pairwise

from caregiver_card.printing.flow.paragraphs import PlacedSection, SheetSection

# paper.css has the same figures, in points.
_COLUMN_PT = 14.0
# A bar of 1.2 mm beside a group of signs and the space after it.
_BAR_PT = 8.0


@dataclass(frozen=True, slots=True)
class Zone:
    """Sections side by side: in the columns given, or, with ``spread``, in as many as it says."""

    columns: tuple[tuple[SheetSection, ...], ...]
    # What each column is marked with: withdrawal, overdose, allergy.
    marks: tuple[str, ...] = ()
    spread: int = 0

    @property
    def sections(self) -> tuple[SheetSection, ...]:
        """All sections, in reading order."""
        return tuple(section for column in self.columns for section in column)

    def room_pt(self, width_pt: float) -> float:
        """The width of the text of one column."""
        count = self.spread or len(self.columns)
        # Rounding must not push the last column below the others.
        whole = width_pt - _COLUMN_PT * (count - 1) - 0.2
        return whole / count - (_BAR_PT if self.marks else 0)


@dataclass(frozen=True, slots=True)
class Column:
    """A column as it is printed."""

    sections: tuple[PlacedSection, ...]
    mark: str = ""


class Sheet:
    """Zones under one another, ``room_pt`` high and ``width_pt`` wide with their foot.

    ``foot`` gives the height of what stands below, for what is kept.
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
        self._heights = {key: each.height_pt for key, each in self._placed.items()}
        self.kept = self._fitted(room_pt, foot)

    def _fitted(self, room_pt: float, foot: Callable[[frozenset[str]], float]) -> frozenset[str]:
        every = [(place, each) for place, zone in enumerate(self._zones) for each in zone.sections]
        kept = frozenset(each.key for _, each in every if not each.rank)
        highs = [self._high(zone, kept) for zone in self._zones]
        # The fewer sections are left out, the shorter is the foot that names them; to measure it
        # for each costs more than all else here.
        longest, shortest = foot(kept), foot(frozenset(each.key for _, each in every))
        ranked = sorted((each for each in every if each[1].rank), key=lambda each: each[1].rank)
        for place, section in ranked:
            more = kept | {section.key}
            high = self._high(self._zones[place], more)
            left_pt = room_pt - sum(highs) + highs[place] - high
            if left_pt >= longest or (left_pt >= shortest and left_pt >= foot(more)):
                kept, highs[place] = more, high
        return kept

    def _high(self, zone: Zone, kept: frozenset[str]) -> float:
        columns = self._columns(zone, kept)
        return max(
            (sum(self._heights[each.key] for each in column) for column in columns), default=0
        )

    def _columns(self, zone: Zone, kept: frozenset[str]) -> list[Sequence[SheetSection]]:
        """The columns of a zone, each in reading order and about as high as the others."""
        if not zone.spread:
            return [[each for each in column if each.key in kept] for column in zone.columns]
        held = [each for each in zone.sections if each.key in kept]
        down = [0.0, *accumulate(self._heights[each.key] for each in held)]
        cuts = combinations(range(len(held) + 1), zone.spread - 1)
        ways = [tuple(pairwise((0, *each, len(held)))) for each in cuts]
        best = min(ways, key=lambda way: max(down[end] - down[start] for start, end in way))
        return [held[start:end] for start, end in best]

    @property
    def rows(self) -> Iterator[list[Column]]:
        """The zones as they are printed."""
        for zone in self._zones:
            columns = self._columns(zone, self.kept)
            marks = zone.marks or ("",) * len(columns)
            if any(columns):
                yield [
                    Column(tuple(self._placed[each.key] for each in column), mark)
                    for column, mark in zip(columns, marks, strict=True)
                ]

    @property
    def left(self) -> tuple[str, ...]:
        """The keys of what is not on the page, in reading order."""
        every = (each.key for zone in self._zones for each in zone.sections)
        return tuple(key for key in every if key not in self.kept)
