"""Find the installed fonts that a text needs, with fontconfig.

All prints use Noto, for one look: Noto Sans, and the Noto font of each other script in the text.
The style sheet names each font, since any other font with the letter may be a script or display
face.
"""

import bisect
import re
import subprocess
import unicodedata
from functools import cache
from itertools import chain

FAMILY = "Noto Sans"
# One font covers the scripts with these first words of their Unicode names. Any other script has a
# "Noto Sans ..." of its own.
_EAST_ASIAN = {
    *("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC"),
    *("FULLWIDTH", "HALFWIDTH"),
}
# Countries draw the same code point differently. Other letters of the text tell which form is
# meant, else the region does.
_FORM_OF_REGION = {"JP": "JP", "KR": "KR", "TW": "TC", "HK": "HK", "MO": "HK"}
_FORM_OF_SCRIPT = {"HIRAGANA": "JP", "KATAKANA": "JP", "HANGUL": "KR", "BOPOMOFO": "TC"}


class MissingFont(RuntimeError):
    """Noto Sans or fontconfig is not installed."""


def families(text: str, region: str = "") -> tuple[str, ...]:
    """The installed families that a text needs, in the order in which to look for a letter.

    ``region`` is a country's two letters; it chooses between the forms of Chinese letters.
    """
    scripts = dict.fromkeys(script(letter) for letter in set(text) if not has(FAMILY, letter))
    needed = set()
    for name in scripts:
        if name in _EAST_ASIAN:
            forms = sorted(_FORM_OF_SCRIPT[other] for other in scripts if other in _FORM_OF_SCRIPT)
            form = forms[0] if forms else _FORM_OF_REGION.get(region, "SC")
            needed.add(f"{FAMILY} CJK {form}")
        else:
            needed.add(f"{FAMILY} {name.title()}")
    return (FAMILY, *sorted(needed & _installed()))


def script(letter: str) -> str:
    """The first word of the letter's Unicode name, such as ARABIC or CJK; empty without a name."""
    return re.split("[ -]", unicodedata.name(letter, ""))[0]


def has(family: str, letter: str, bold: bool = False) -> bool:
    """Whether a family has the letter.

    For a family without a bold face, fontconfig answers with the regular one.
    """
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
    """The first and the last code point of each range of letters in a face."""
    pattern = f"{family}:bold" if bold else f"{family}:regular"
    named, charset = ask("fc-match", "-f", "%{family}\n%{charset}", pattern).split("\n", 1)
    if family not in named.split(","):
        if family == FAMILY:
            raise MissingFont(f"{FAMILY} is not installed; install the package fonts-noto-core")
        return (), ()
    ranges = [span.partition("-") for span in charset.split()]
    starts = tuple(int(first, 16) for first, _, _ in ranges)
    return starts, tuple(int(last or first, 16) for first, _, last in ranges)


def ask(*command: str) -> str:
    """Run a fontconfig command and return its output; raises ``MissingFont`` without fontconfig."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except FileNotFoundError:
        raise MissingFont("fontconfig is not installed; install the package fontconfig") from None
