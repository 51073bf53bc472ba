"""Which fonts the letters of a print need, and what those have: asked of fontconfig.

Noto throughout, for one look: Noto Sans, and beside it the font of each script that the words hold.
They are named one by one, since the first font that happens to have a letter may be a hand or a
headline.
"""

import bisect
import re
import subprocess
import unicodedata
from functools import cache
from itertools import chain

FAMILY = "Noto Sans"
# The first words of the Unicode names that one font has; any other script has its "Noto Sans ...".
_EAST_ASIAN = {
    *("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC"),
    *("FULLWIDTH", "HALFWIDTH"),
}
# One code point is drawn in each country's manner; what no other letter tells, the region does.
_MANNERS = {"JP": "JP", "KR": "KR", "TW": "TC", "HK": "HK", "MO": "HK"}
_TELLING = {"HIRAGANA": "JP", "KATAKANA": "JP", "HANGUL": "KR", "BOPOMOFO": "TC"}


class MissingFont(RuntimeError):
    """The family of the prints is not installed."""


def families(words: str, region: str = "") -> tuple[str, ...]:
    """The installed families that these words need, in the order in which to look for a letter.

    ``region`` is a country's two letters; it chooses between the manners of Chinese letters.
    """
    scripts = dict.fromkeys(script(each) for each in set(words) if not has(FAMILY, each))
    needed = set()
    for each in scripts:
        if each in _EAST_ASIAN:
            telling = sorted(_TELLING[one] for one in scripts if one in _TELLING)
            manner = telling[0] if telling else _MANNERS.get(region, "SC")
            needed.add(f"{FAMILY} CJK {manner}")
        else:
            needed.add(f"{FAMILY} {each.title()}")
    return (FAMILY, *sorted(needed & _installed()))


def script(letter: str) -> str:
    """The first word of the letter's name: ARABIC, THAI, CJK; empty where it has no name."""
    return re.split("[ -]", unicodedata.name(letter, ""))[0]


def has(family: str, letter: str, bold: bool = False) -> bool:
    """Whether this very family has the letter; a family without a bold face has it in both."""
    starts, ends = _coverage(family, bold)
    at = bisect.bisect_right(starts, ord(letter)) - 1
    return at >= 0 and ord(letter) <= ends[at]


@cache
def somewhere(letter: str) -> bool:
    """Whether any installed font has the letter."""
    return bool(ask("fc-list", f":charset={ord(letter):x}", "family").strip())


@cache
def _installed() -> frozenset[str]:
    rows = ask("fc-list", ":", "family").splitlines()
    return frozenset(chain.from_iterable(row.split(",") for row in rows))


@cache
def _coverage(family: str, bold: bool) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The first and the last code points of each range that a face has."""
    pattern = f"{family}:bold" if bold else f"{family}:regular"
    named, charset = ask("fc-match", "-f", "%{family}\n%{charset}", pattern).split("\n", 1)
    if family not in named.split(","):
        if family == FAMILY:
            raise MissingFont(f"{FAMILY} is not installed; install the package fonts-noto-core")
        return (), ()
    ranges = [each.partition("-") for each in charset.split()]
    starts = tuple(int(first, 16) for first, _, _ in ranges)
    return starts, tuple(int(last or first, 16) for first, _, last in ranges)


def ask(*command: str) -> str:
    """What fontconfig answers."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except FileNotFoundError:
        raise MissingFont("fontconfig is not installed; install the package fontconfig") from None
