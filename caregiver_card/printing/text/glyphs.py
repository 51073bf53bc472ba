"""The letters that the prints can show, and how wide they are.

The prints use one family from the system's packages. A letter that no installed font has would
come out as an empty box: it stops the print and is named, with the package that has it.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

from caregiver_card.printing.text import fonts
from caregiver_card.printing.text.fonts import MissingFont as MissingFont

# Debian's packages by the first word of a letter's Unicode name; all others are in the core.
_PACKAGES = {
    "CJK": "fonts-noto-cjk",
    "HIRAGANA": "fonts-noto-cjk",
    "KATAKANA": "fonts-noto-cjk",
    "HANGUL": "fonts-noto-cjk",
    "IDEOGRAPHIC": "fonts-noto-cjk",
}

# A line may end behind a hyphen or a dash, though not before a figure: "312-555" stays whole.
_HYPHEN = re.compile(r"(?<=\w[-–—])(?=[^\W\d])")
_WORD = re.compile(r"\n|[^ \n]+")


class MissingLetter(ValueError):
    """A letter that no installed font has; ``package`` is Debian's package that does."""

    def __init__(self, letter: str, *, bold: bool = False) -> None:
        self.letter = letter
        self.name = unicodedata.name(letter, f"U+{ord(letter):04X}") + (", bold" if bold else "")
        super().__init__(self.name)

    @property
    def package(self) -> str:
        """The Debian package to install."""
        if unicodedata.category(self.letter) in {"So", "Sk"} and ord(self.letter) > 0x2BFF:
            return "fonts-noto-color-emoji"
        return _PACKAGES.get(fonts.script(self.letter), "fonts-noto-core, fonts-noto-extra")


class _Widths(dict[str, float]):
    """Widths by letter; one from another font counts as a full em."""

    def __missing__(self, letter: str) -> float:
        return 1.0


class Face:
    """One weight of the family: the widths of its letters, in ems."""

    def __init__(self, path: Path) -> None:
        with TTFont(path, lazy=True) as font:
            em, widths = font["head"].unitsPerEm, font["hmtx"].metrics
            self._widths = _Widths(
                (chr(code), widths[glyph][0] / em) for code, glyph in font.getBestCmap().items()
            )

    def has(self, letter: str) -> bool:
        """Whether this very font has the letter."""
        return letter in self._widths

    def has_all(self, words: str) -> bool:
        """Whether this very font has every letter of ``words``."""
        return self._widths.keys() >= set(words)

    def width(self, words: str) -> float:
        """The width of ``words`` in ems; a letter from another font counts as a full em."""
        return sum(map(self._widths.__getitem__, words), 0.0)

    def parts(self, word: str, room: float) -> Iterator[tuple[str, float]]:
        """A word with its width; one longer than a line of ``room`` ems is broken anywhere."""
        start, at, whole = 0, 0.0, self.width(word)
        if whole <= room:
            yield word, whole
            return
        for index, letter in enumerate(word):
            width = self.width(letter)
            if at and at + width > room:
                yield word[start:index], at
                start, at = index, 0.0
            at += width
        yield word[start:], at


def break_lines(runs: Sequence[tuple[str, bool]], size_pt: float, room_pt: float) -> list[str]:
    """A paragraph with its lines broken at spaces and hyphens for a column ``room_pt`` wide.

    ``runs`` are its parts, each with whether it is bold; a word may not span two of them. Each
    comes back with the space or the break that parts it from the one before.
    """
    found, at, room = [], 0.0, room_pt / size_pt
    for words, bold in runs:
        written, known = [], face(bold)
        space = known.width(" ")
        for before, part, width in _parts(words, known, room):
            gap = space if at and before == " " else 0.0
            if before.startswith("\n"):
                written.append(before)
                at = 0.0
            elif at and at + gap + width > room:
                written.append("\n")
                at = 0.0
            elif gap:
                written.append(" ")
                at += gap
            written.append(part)
            at += width
        found.append("".join(written))
    return found


def _parts(words: str, known: Face, room: float) -> Iterator[tuple[str, str, float]]:
    """What no line ends within, its width, and what stands before it: a space, breaks, nothing."""
    before = " "
    for word in _WORD.findall(words):
        if word == "\n":
            before = before.strip(" ") + word
            continue
        for piece in _HYPHEN.split(word):
            for part, width in known.parts(piece, room):
                yield before, part, width
                before = ""
        before = " "


@cache
def face(bold: bool = False) -> Face:
    """The regular or the bold face of the family."""
    pattern = f"{fonts.FAMILY}:bold" if bold else f"{fonts.FAMILY}:regular"
    named, path = fonts.ask("fc-match", "-f", "%{family}\n%{file}", pattern).split("\n")
    if fonts.FAMILY not in named.split(","):
        raise MissingFont(f"{fonts.FAMILY} is not installed; install the package fonts-noto-core")
    return Face(Path(path))


def has_glyphs(words: str) -> bool:
    """Whether the family itself has every letter, so that widths tell where lines break."""
    return face().has_all(words) or all(face().has(each) or not shows(each) for each in words)


def combined(words: str) -> bool:
    """Whether marks stand above, below or around letters, so that shapes and letters part ways."""
    # All marks lie beyond the letters of Europe, and sorting a word out takes longer than a look.
    return any(unicodedata.category(each) in {"Mn", "Mc"} for each in set(words) if each > "\u02ff")


def shows(letter: str) -> bool:
    """Whether a letter leaves a mark; joiners, selectors and line breaks do not."""
    if "\ufe00" <= letter <= "\ufe0f" or "\U000e0100" <= letter <= "\U000e01ef":
        return False
    return unicodedata.category(letter) not in {"Cf", "Cc"} and not letter.isspace()


def check(words: str) -> None:
    """Raise ``MissingLetter`` for the first letter of ``words`` that no installed font has.

    A letter that the family of its script has, but not in bold, is missing too.
    """
    strangers = [each for each in dict.fromkeys(words) if not _own(each) and shows(each)]
    for letter in strangers:
        found = [each for each in fonts.families(letter) if fonts.has(each, letter)]
        if not found and not fonts.somewhere(letter):
            raise MissingLetter(letter)
        if found and not fonts.has(found[0], letter, bold=True):
            raise MissingLetter(letter, bold=True)


def _own(letter: str) -> bool:
    return face().has(letter) and face(bold=True).has(letter)
