"""The text of a page: five sizes on a grid of quarter lines, and sections in three columns.

No section is ever cut: the page shows it in full, in its short form, or names it at the foot.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, combinations_with_replacement, pairwise
from typing import NamedTuple

from caregiver_card.printing.flow import fit
from caregiver_card.printing.flow.fit import Text
from caregiver_card.style_sheets import points

# A quarter of a line of 9 points.
QUARTER_PT = points("leaf-quarter")
# Size and height of a line.
_LINES_PT = {30.0: 33.0, 20.0: 22.0, 12.0: 16.5, 9.0: 11.0, 7.5: 9.0}
HUGE_PT, LARGE_PT, TITLE_PT, BODY_PT, SMALL_PT = _LINES_PT
_COLUMNS = 3
_Runs = tuple[tuple[str, bool], ...]


def text(size_pt: float, room_pt: float, *runs: tuple[str, bool]) -> Text:
    """A paragraph, broken for a column of width ``room_pt``."""
    return fit.text(size_pt, room_pt, line_pt(size_pt), *runs)


def line_pt(size_pt: float) -> float:
    """The height of a line."""
    return _LINES_PT[size_pt]


def total_height(texts: Iterable[Text]) -> float:
    """The height of paragraphs under one another, in points."""
    return sum(each.height_pt for each in texts)


class Par(NamedTuple):
    """A paragraph of a section."""

    runs: _Runs
    size_pt: float = BODY_PT


@dataclass(frozen=True, slots=True)
class Section:
    """Paragraphs under a heading, which begins the first of them.

    Rank 0 is required, and the highest rank gives way first. ``small`` sections follow the others,
    each in the column that is shortest. ``shorter`` is tried where the section has no room.
    """

    key: str
    heading: str
    pars: tuple[Par, ...]
    rank: int = 0
    small: bool = False
    shorter: tuple[Par, ...] = ()

    def placed(self, room_pt: float, *, short: bool = False) -> "LeafSection":
        """Break the section for a column of width ``room_pt``."""
        first, *others = self.shorter if short else self.pars
        # The short form says itself what it is about.
        heading = () if short else ((self.heading, True),)
        lines = [text(first.size_pt, room_pt, *heading, *first.runs)]
        lines += [text(each.size_pt, room_pt, *each.runs) for each in others]
        high = total_height(lines) + 2 * QUARTER_PT
        return LeafSection(self.key, tuple(lines), high, self.small, headed=not short)


class LeafSection(NamedTuple):
    """A section broken for a column, with the space above and below."""

    key: str
    texts: tuple[Text, ...]
    height_pt: float
    small: bool
    headed: bool


class Columns:
    """The sections that fit an area of ``room_pt`` together with the foot.

    ``foot`` returns the height of the foot for the keys of the sections that are kept.
    """

    def __init__(
        self,
        sections: Sequence[Section],
        room_pt: float,
        width_pt: float,
        foot: Callable[[frozenset[str]], float],
    ) -> None:
        self._sections = sections
        self._placed = {each.key: each.placed(width_pt) for each in sections}
        self._width_pt = width_pt
        self.kept = self._choose(room_pt, foot)
        self.columns, self.height_pt = self._arranged(self.kept, every=True)
        # Negative if not even the sections of rank 0 fit.
        self.left_pt = room_pt - self.height_pt - foot(self.kept)

    def _choose(self, room_pt: float, foot: Callable[[frozenset[str]], float]) -> frozenset[str]:
        kept = frozenset(each.key for each in self._sections if not each.rank)
        # The foot is slow to measure, and becomes shorter with each section that is kept. So its
        # two extremes decide most cases.
        longest, shortest = foot(kept), foot(frozenset(self._placed))

        def fits(more: frozenset[str]) -> bool:
            left_pt = room_pt - self._arranged(more)[1]
            if left_pt < longest and left_pt < foot(more):
                total_pt = sum(self._placed[key].height_pt for key in more)
                if room_pt - total_pt / _COLUMNS < shortest:
                    return False
                left_pt = room_pt - self._arranged(more, every=True)[1]
            return left_pt >= longest or (left_pt >= shortest and left_pt >= foot(more))

        for each in sorted(self._sections, key=lambda section: section.rank):
            more = kept | {each.key}
            if not each.rank or fits(more):
                kept = more
            elif each.shorter:
                whole = self._placed[each.key]
                self._placed[each.key] = each.placed(self._width_pt, short=True)
                if fits(more):
                    kept = more
                else:
                    self._placed[each.key] = whole
        return kept

    def _arranged(
        self, kept: frozenset[str], *, every: bool = False
    ) -> tuple[list[list[LeafSection]], float]:
        """The columns, about equally high, and the height of the highest.

        With ``every`` way to divide the large sections it finds the best; else it takes that which
        is best for them alone.
        """
        placed = [self._placed[each.key] for each in self._sections if each.key in kept]
        large = [each for each in placed if not each.small]
        small = [each for each in placed if each.small]
        down = [0.0, *accumulate(each.height_pt for each in large)]
        cuts = combinations_with_replacement(range(len(large) + 1), _COLUMNS - 1)
        splits = [tuple(pairwise((0, *cut, len(large)))) for cut in cuts]
        heights = [[down[end] - down[start] for start, end in split] for split in splits]
        if not every:
            least = min(range(len(splits)), key=lambda at: max(heights[at]))
            splits, heights = [splits[least]], [heights[least]]
        added = [_add(high, small) for high in heights]
        best = min(range(len(splits)), key=lambda at: max(heights[at]))
        columns = [large[start:end] for start, end in splits[best]]
        for each, column in zip(small, added[best], strict=True):
            columns[column].append(each)
        return columns, max(heights[best])


def _add(heights: list[float], small: list[LeafSection]) -> list[int]:
    """The columns of small sections: each goes to the shortest, which becomes higher."""
    columns = []
    for each in small:
        shortest = heights.index(min(heights))
        heights[shortest] += each.height_pt
        columns.append(shortest)
    return columns
