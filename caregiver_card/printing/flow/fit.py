"""Measure paragraphs, and break them into lines.

Heights come from the widths of the font's letters. A text is never shrunk and never cut silently.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from html import escape
from typing import NamedTuple

from caregiver_card.printing.text import glyphs

# What WeasyPrint measured for the print under way; a layout tries the same paragraph many times.
_measured: ContextVar[dict[tuple[object, ...], float]] = ContextVar("measured")


class Text(NamedTuple):
    """A paragraph for a column: each run with whether it is bold, and the height of all.

    ``broken`` texts bear their line breaks; WeasyPrint breaks the others.
    """

    runs: tuple[tuple[str, bool], ...]
    height_pt: float
    broken: bool = True
    size_pt: float = 0.0

    @property
    def bold(self) -> bool:
        """Whether all of it is bold."""
        return all(bold for _, bold in self.runs)


def text(size_pt: float, room_pt: float, line_pt: float, *runs: tuple[str, bool]) -> Text:
    """Break a paragraph into lines that are ``line_pt`` high; runs without a text are left out."""
    runs = tuple(run for run in runs if run[0])
    if (broken := break_text(size_pt, room_pt, *runs)) is not None:
        words = zip(broken, (bold for _, bold in runs), strict=True)
        return Text(tuple(words), count_lines(broken) * line_pt, size_pt=size_pt)
    height_pt = laid_out_height(size_pt, room_pt, *runs, leading=line_pt / size_pt)
    spaced = ((f" {words}" if at else words, bold) for at, (words, bold) in enumerate(runs))
    return Text(tuple(spaced), height_pt, broken=False, size_pt=size_pt)


def count_lines(broken: Iterable[str]) -> int:
    """The number of lines of a paragraph that ``break_text`` has broken."""
    return "".join(broken).count("\n") + 1


@contextmanager
def measuring_once() -> Iterator[None]:
    """Lay out no paragraph twice until the block ends; a family's words do not outlive it."""
    token = _measured.set({})
    try:
        yield
    finally:
        _measured.reset(token)


def laid_out_height(
    size_pt: float, room_pt: float, *runs: tuple[str, bool], leading: float
) -> float:
    """The height of a paragraph as WeasyPrint lays it out, in points."""
    known, key = _measured.get({}), (size_pt, room_pt, runs, leading)
    if key not in known:
        known[key] = _laid_out(size_pt, room_pt, *runs, leading=leading)
    return known[key]


def _laid_out(size_pt: float, room_pt: float, *runs: tuple[str, bool], leading: float) -> float:
    from caregiver_card.printing.pdf import render

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
