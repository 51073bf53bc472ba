"""The letters that the prints can show, and how wide they are.

The prints use one family from the system's packages. A letter that no installed font has would
come out as an empty box: it stops the print and is named, with the package that has it.
"""

import subprocess
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

FAMILY = "Noto Sans"
# Debian's packages by the first word of a letter's Unicode name; all others are in the core.
_PACKAGES = {
    "CJK": "fonts-noto-cjk",
    "HIRAGANA": "fonts-noto-cjk",
    "KATAKANA": "fonts-noto-cjk",
    "HANGUL": "fonts-noto-cjk",
    "IDEOGRAPHIC": "fonts-noto-cjk",
}


class MissingFont(RuntimeError):
    """The family of the prints is not installed."""


class MissingLetter(ValueError):
    """A letter that no installed font has; ``package`` is Debian's package that does."""

    def __init__(self, letter: str) -> None:
        self.letter = letter
        self.name = unicodedata.name(letter, f"U+{ord(letter):04X}")
        super().__init__(self.name)

    @property
    def package(self) -> str:
        """The Debian package to install."""
        if unicodedata.category(self.letter) in {"So", "Sk"} and ord(self.letter) > 0x2BFF:
            return "fonts-noto-color-emoji"
        return _PACKAGES.get(self.name.split(maxsplit=1)[0], "fonts-noto-core, fonts-noto-extra")


class Face:
    """One weight of the family: the widths of its letters, in ems."""

    def __init__(self, path: Path) -> None:
        with TTFont(path, lazy=True) as font:
            em, widths = font["head"].unitsPerEm, font["hmtx"].metrics
            self._widths: dict[int, float] = {
                code: widths[glyph][0] / em for code, glyph in font.getBestCmap().items()
            }

    def has(self, letter: str) -> bool:
        """Whether this very font has the letter."""
        return ord(letter) in self._widths

    def width(self, words: str) -> float:
        """The width of ``words`` in ems; a letter from another font counts as a full em."""
        return sum((self._widths.get(ord(letter), 1.0) for letter in words), 0.0)


def lines(runs: Sequence[tuple[str, bool]], size_pt: float, room_pt: float) -> int:
    """How many lines a paragraph takes in a column ``room_pt`` wide, broken at spaces.

    ``runs`` are its parts, each with whether it is bold; a word may not span two of them.
    """
    count, at = 1, 0.0
    for words, bold in runs:
        space = face(bold).width(" ") * size_pt
        for index, paragraph in enumerate(words.split("\n")):
            if index:
                count, at = count + 1, 0.0
            for word in paragraph.split():
                width = face(bold).width(word) * size_pt
                if at and at + space + width > room_pt:
                    count, at = count + 1, 0.0
                # A word longer than the column is broken anywhere.
                count += int(width // room_pt)
                at += (space if at else 0.0) + width % room_pt
    return count


@cache
def face(bold: bool = False) -> Face:
    """The regular or the bold face."""
    pattern = f"{FAMILY}:bold" if bold else f"{FAMILY}:regular"
    found = _fontconfig("fc-match", "-f", "%{family}\n%{file}", pattern).split("\n")
    if len(found) < 2 or FAMILY not in found[0].split(","):
        raise MissingFont(f"{FAMILY} is not installed; install the package fonts-noto-core")
    return Face(Path(found[1]))


def check(words: str) -> None:
    """Raise ``MissingLetter`` for the first letter of ``words`` that no installed font has."""
    known = face()
    for letter in dict.fromkeys(words):
        if not known.has(letter) and _shows(letter) and not _elsewhere(letter):
            raise MissingLetter(letter)


def _shows(letter: str) -> bool:
    """Whether a letter leaves a mark; joiners, selectors and line breaks do not."""
    if "\ufe00" <= letter <= "\ufe0f" or "\U000e0100" <= letter <= "\U000e01ef":
        return False
    return unicodedata.category(letter) not in {"Cf", "Cc"} and not letter.isspace()


@cache
def _elsewhere(letter: str) -> bool:
    """Whether any other installed font has the letter."""
    return bool(_fontconfig("fc-list", f":charset={ord(letter):x}", "family").strip())


def _fontconfig(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except FileNotFoundError:
        raise MissingFont("fontconfig is not installed; install the package fontconfig") from None
