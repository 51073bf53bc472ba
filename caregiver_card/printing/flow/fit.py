"""What fits: the heights of blocks from the font's own widths, and which of them give way.

Text is never shrunk and never cut in silence: a block is there whole, or it is left out and named.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from caregiver_card.printing.pdf import render
from caregiver_card.printing.text import glyphs

LEADING = 1.15
# What lines that mix two sizes add, and rounding.
SLACK_PT = 1.2


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a print; ``rank`` 0 must be there, a higher one gives way first."""

    key: str
    height_pt: float
    rank: int = 0


def height(
    size_pt: float, room_pt: float, *runs: tuple[str, bool], leading: float = LEADING
) -> float:
    """The height of a paragraph, in points; each run says whether it is bold.

    Others than ``broken`` knows are laid out to see how high they are.
    """
    if (known := break_text(size_pt, room_pt, *runs)) is not None:
        return count(known) * size_pt * leading
    return draw(size_pt, room_pt, *runs, leading=leading)


def count(known: Iterable[str]) -> int:
    """How many lines a paragraph has whose lines are broken."""
    return "".join(known).count("\n") + 1


def draw(size_pt: float, room_pt: float, *runs: tuple[str, bool], leading: float) -> float:
    """The height of a paragraph as the engine lays it out, in points."""
    html = " ".join(f"<b>{escape(words)}</b>" if bold else escape(words) for words, bold in runs)
    style = f"font-size:{size_pt}pt;line-height:{leading};width:{room_pt}pt"
    return render.height(html, style)


def break_text(size_pt: float, room_pt: float, *runs: tuple[str, bool]) -> list[str] | None:
    """A paragraph of the usual family with its lines broken (``letters.broken``), or None.

    How other letters join and where their lines may break is for the engine to say.
    """
    if all(glyphs.has_glyphs(words) for words, _ in runs):
        return glyphs.break_lines(runs, size_pt, room_pt)
    return None


def lines(size_pt: float, room_pt: float, *runs: tuple[str, bool]) -> int:
    """How many lines such a paragraph takes."""
    return round(height(size_pt, room_pt, *runs) / (size_pt * LEADING))


def fitting(blocks: Iterable[Block], room_pt: float) -> frozenset[str]:
    """The keys of the blocks that fit one column, the most important first."""
    left, kept = room_pt - SLACK_PT, set()
    for block in sorted(blocks, key=lambda each: each.rank):
        if block.rank == 0 or block.height_pt <= left:
            kept.add(block.key)
            left -= block.height_pt
    return frozenset(kept)
