"""Measure paragraphs, and choose the blocks that fit.

Heights come from the widths of the font's letters. A text is never shrunk and never cut silently: a
block is shown in full, or it is left out and named.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from caregiver_card.printing.pdf import render
from caregiver_card.printing.text import glyphs
from caregiver_card.style_sheets import points

LEADING = points("card-leading")
# The height that rounding and lines of mixed sizes add.
SLACK_PT = 1.2


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a print; rank 0 is required, and the highest rank gives way first."""

    key: str
    height_pt: float
    rank: int = 0


def height(
    size_pt: float, room_pt: float, *runs: tuple[str, bool], leading: float = LEADING
) -> float:
    """The height of a paragraph, in points; each run is a text and whether it is bold.

    WeasyPrint measures the texts that ``break_text`` cannot break.
    """
    if (broken := break_text(size_pt, room_pt, *runs)) is not None:
        return count_lines(broken) * size_pt * leading
    return laid_out_height(size_pt, room_pt, *runs, leading=leading)


def count_lines(broken: Iterable[str]) -> int:
    """The number of lines of a paragraph that ``break_text`` has broken."""
    return "".join(broken).count("\n") + 1


def laid_out_height(
    size_pt: float, room_pt: float, *runs: tuple[str, bool], leading: float
) -> float:
    """The height of a paragraph as WeasyPrint lays it out, in points."""
    html = " ".join(f"<b>{escape(text)}</b>" if bold else escape(text) for text, bold in runs)
    style = f"font-size:{size_pt}pt;line-height:{leading};width:{room_pt}pt"
    return render.height(html, style)


def break_text(size_pt: float, room_pt: float, *runs: tuple[str, bool]) -> list[str] | None:
    """Break a paragraph into lines (``glyphs.break_lines``); ``None`` if Noto Sans lacks a letter.

    Only WeasyPrint knows how the letters of other fonts join, and where their lines may break.
    """
    if all(glyphs.has_glyphs(text) for text, _ in runs):
        return glyphs.break_lines(runs, size_pt, room_pt)
    return None


def lines(size_pt: float, room_pt: float, *runs: tuple[str, bool]) -> int:
    """The number of lines of a paragraph."""
    return round(height(size_pt, room_pt, *runs) / (size_pt * LEADING))


def fitting(blocks: Iterable[Block], room_pt: float) -> frozenset[str]:
    """The keys of the blocks that fit a column of height ``room_pt``, chosen by rank."""
    left, kept = room_pt - SLACK_PT, set()
    for block in sorted(blocks, key=lambda block: block.rank):
        if block.rank == 0 or block.height_pt <= left:
            kept.add(block.key)
            left -= block.height_pt
    return frozenset(kept)
