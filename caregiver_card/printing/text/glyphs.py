"""Which letters the prints can show, how wide they are, and where lines break.

The prints use the Noto family from the system's packages. A letter that no installed font has would
be printed as an empty box; ``check`` raises ``MissingLetter`` instead, which names the letter and
the package that has it.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

from caregiver_card.printing.text import fonts
from caregiver_card.printing.text.fonts import MissingFont as MissingFont

# Debian packages by the first word of a letter's Unicode name; the core packages have the others.
_PACKAGES = {
    "CJK": "fonts-noto-cjk",
    "HIRAGANA": "fonts-noto-cjk",
    "KATAKANA": "fonts-noto-cjk",
    "HANGUL": "fonts-noto-cjk",
    "IDEOGRAPHIC": "fonts-noto-cjk",
}

# A line may end after a hyphen or a dash, but not before a figure: "312-555" stays whole.
_HYPHEN = re.compile(r"(?<=\w[-–—])(?=[^\W\d])")
_WORD = re.compile(r"\n|[^ \n]+")


class MissingLetter(ValueError):
    """A letter that no installed font has; ``package`` names the Debian package that has it."""

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
    """Widths by letter, in ems; others are those of the font of their script.

    Of joined letters it is the widest form.
    """

    def __init__(self, path: Path, bold: bool) -> None:
        super().__init__(_widths(path))
        self._bold = bold

    def __missing__(self, letter: str) -> float:
        return _other_width(letter, self._bold)


def _widths(path: Path) -> dict[str, float]:
    with TTFont(path, lazy=True) as font:
        em, widths = font["head"].unitsPerEm, font["hmtx"].metrics
        return {chr(code): widths[glyph][0] / em for code, glyph in font.getBestCmap().items()}


@cache
def _other_width(letter: str, bold: bool) -> float:
    """The width of a letter in the font of its script; East Asian letters are a full em wide."""
    if unicodedata.category(letter) in {"Cf", "Mn"}:
        return 0.0
    families = fonts.families(letter)[1:]
    return _widths_of(families[0], bold).get(letter, 1.0) if families else 1.0


@cache
def _widths_of(family: str, bold: bool) -> dict[str, float]:
    weight = "bold" if bold else "regular"
    path = Path(fonts.ask("fc-match", "-f", "%{file}", f"{family}:{weight}"))
    return {} if path.suffix == ".ttc" else _widths(path)


class Face:
    """One weight of Noto Sans, with the widths of its letters in ems."""

    def __init__(self, path: Path, bold: bool) -> None:
        self._widths = _Widths(path, bold)

    def has(self, letter: str) -> bool:
        """Whether this font has the letter."""
        return letter in self._widths

    def has_all(self, text: str) -> bool:
        """Whether this font has every letter of ``text``."""
        return self._widths.keys() >= set(text)

    def width(self, text: str) -> float:
        """The width of ``text`` in ems."""
        return sum(map(self._widths.__getitem__, text), 0.0)

    def parts(self, word: str, room: float) -> Iterator[tuple[str, float]]:
        """A word with its width; a word longer than ``room`` ems is broken anywhere."""
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
    """Break a paragraph at spaces and hyphens for a column of width ``room_pt``.

    ``runs`` are the parts of the paragraph, each with whether it is bold; a word must not span two
    runs. Returns the text of each run, which begins with the space or line break before it.
    """
    broken, at, room = [], 0.0, room_pt / size_pt
    for text, bold in runs:
        pieces, font = [], face(bold)
        space = font.width(" ")
        for before, part, width in _parts(text, font, room):
            gap = space if at and before == " " else 0.0
            if before.startswith("\n"):
                pieces.append(before)
                at = 0.0
            elif at and at + gap + width > room:
                pieces.append("\n")
                at = 0.0
            elif gap:
                pieces.append(" ")
                at += gap
            pieces.append(part)
            at += width
        broken.append("".join(pieces))
    return broken


def _parts(text: str, font: Face, room: float) -> Iterator[tuple[str, str, float]]:
    """The unbreakable parts: the space or line breaks before each, the part, and its width."""
    before = " "
    for word in _WORD.findall(text):
        if word == "\n":
            before = before.strip(" ") + word
            continue
        for piece in _HYPHEN.split(word):
            for part, width in font.parts(piece, room):
                yield before, part, width
                before = ""
        before = " "


@cache
def face(bold: bool = False) -> Face:
    """The regular or the bold face of Noto Sans; raises ``MissingFont``."""
    pattern = f"{fonts.FAMILY}:bold" if bold else f"{fonts.FAMILY}:regular"
    named, path = fonts.ask("fc-match", "-f", "%{family}\n%{file}", pattern).split("\n")
    if fonts.FAMILY not in named.split(","):
        raise MissingFont(f"{fonts.FAMILY} is not installed; install the package fonts-noto-core")
    return Face(Path(path), bold)


def has_glyphs(text: str) -> bool:
    """Whether Noto Sans has every visible letter, so that its widths tell where lines break."""
    font = face()
    return font.has_all(text) or all(font.has(each) or not is_visible(each) for each in text)


def has_combining_marks(text: str) -> bool:
    """Whether marks combine with letters, so that a shape is not always one letter."""
    # A quick test first: no mark comes before this code point.
    return any(unicodedata.category(each) in {"Mn", "Mc"} for each in set(text) if each > "\u02ff")


def is_visible(letter: str) -> bool:
    """Whether a letter is drawn; joiners, variation selectors and line breaks are not."""
    if "\ufe00" <= letter <= "\ufe0f" or "\U000e0100" <= letter <= "\U000e01ef":
        return False
    return unicodedata.category(letter) not in {"Cf", "Cc"} and not letter.isspace()


def check(text: str) -> None:
    """Raise ``MissingLetter`` for the first letter of ``text`` that no installed font has.

    A letter that its script's family has only in regular is missing too.
    """
    letters = dict.fromkeys(text)
    foreign = [letter for letter in letters if not _is_in_noto(letter) and is_visible(letter)]
    for letter in foreign:
        families = [family for family in fonts.families(letter) if fonts.has(family, letter)]
        if not families and not fonts.somewhere(letter):
            raise MissingLetter(letter)
        if families and not fonts.has(families[0], letter, bold=True):
            raise MissingLetter(letter, bold=True)


def _is_in_noto(letter: str) -> bool:
    return face().has(letter) and face(bold=True).has(letter)
