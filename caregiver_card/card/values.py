"""One value as a person or a file gives it -> one typed value, or ``InvalidValue(code)``.

Each function here makes a parser: a callable ``(raw, region) -> value``. ``region`` is an
ISO 3166 code that only telephone numbers look at; ``None`` asks for the international form.
A parser accepts its own output and leaves it as it is.
"""

import difflib
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Parser = Callable[[Any, str | None], Any]

# What nobody sees and no word needs: marks of web pages for breaking and direction, fillers. (A
# joiner is needed in some scripts, and the sign behind an emoji by emoji.)
_UNSEEN = dict.fromkeys(
    (
        *(0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x180E, 0x200B, 0x200E, 0x200F, 0x2800, 0x3164),
        *(*range(0x2060, 0x2065), *range(0x206A, 0x2070), 0xFEFF, 0xFFA0, *range(0xE0000, 0xE0080)),
    )
)
# In a number, a date or a choice nothing unseen means anything.
_JOINERS = dict.fromkeys((0x200C, 0x200D, 0xFE0E, 0xFE0F))
# Bidirectional embeddings, overrides and isolates can turn the digits of a dose around.
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# Longer than any number with its unit, or any telephone number, as a person writes it.
LONGEST_TYPED = 60
_NO_LETTERS = frozenset(("Cf", "Zs", "Mn"))
# Before anybody kept such a card, and after anybody reading this will.
_YEARS = (1900, 2200)


class InvalidValue(ValueError):
    """A value that cannot be taken; ``code`` names the fault, ``details`` fill its words."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


class DoubtfulValue(InvalidValue):
    """A value that may not be what was meant; ``value`` is it, if a person says that it is right.

    A form asks. In a file or a table it is an error, unless the file has its path in ``confirmed``.
    """

    def __init__(self, value: Any, code: str, **details: Any) -> None:
        super().__init__(code, **details)
        self.value = value


def text(most: int, *, lines: bool = False) -> Parser:
    """Text of at most ``most`` characters; with ``lines`` it may hold line breaks."""

    def parse(raw: Any, region: str | None = None) -> str:
        if not isinstance(raw, str):
            raise InvalidValue("not-text")
        words = unicodedata.normalize("NFC", raw.replace("\r\n", "\n"))
        typed, words = words, words if words.isascii() else words.translate(_UNSEEN)
        # All that is printable is allowed; one look, for a save reads sixty older cards too.
        for letter in "" if words.isprintable() else words:
            if _forbidden(letter, lines):
                raise InvalidValue("text-control", letter=f"U+{ord(letter):04X}")
        words = "\n".join(" ".join(line.split()) for line in words.split("\n")).strip()
        # Letters without a mark of their own, such as a joiner, are not yet words.
        if all(unicodedata.category(letter) in _NO_LETTERS for letter in words):
            # A card that was stored with such a name still opens.
            raise DoubtfulValue(typed, "empty") if typed.strip() else InvalidValue("empty")
        if len(words) > most:
            raise InvalidValue("text-long", most=most, length=len(words))
        return words

    # Text keeps the joiners of its script.
    parse.is_text = True  # type: ignore[attr-defined]
    return parse


def seen(typed: str) -> str:
    """What was typed, as it is seen: for a value that is no text, and for a name of a column."""
    if typed.isascii():
        return typed
    return typed.translate(_UNSEEN).translate(_JOINERS).replace("\u00a0", " ")


def _forbidden(letter: str, lines: bool) -> bool:
    if letter == "\n":
        return not lines
    if letter == "\t":
        return False
    if unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} or letter in _REORDERING:
        return True
    # Noncharacters are never text; the pages use one to mark where a day's words go.
    return 0xFDD0 <= ord(letter) <= 0xFDEF or ord(letter) & 0xFFFE == 0xFFFE


def plain_figures(typed: str) -> str:
    """What was typed, its figures of any script and width as 0 to 9.

    Raises ``InvalidValue``: NFKC would make a footnote's mark, 96\u00b9, a figure of the number.
    """
    for sign in typed:
        if unicodedata.category(sign) == "No":
            raise InvalidValue("number-sign", sign=sign)
    return unicodedata.normalize("NFKC", typed)


def plain(value: Any) -> str:
    """A number without exponent or trailing zeros: 1260.5, 400, 0.4."""
    written = format(Decimal(str(value)), "f")
    return written.rstrip("0").rstrip(".") if "." in written else written


def day(raw: Any, region: str | None = None) -> date:
    """A date written ``YYYY-MM-DD``."""
    if isinstance(raw, date):
        return raw
    typed = plain_figures(raw.strip()) if isinstance(raw, str) else ""
    if not _DAY.fullmatch(typed):
        raise InvalidValue("not-date")
    try:
        parsed = date.fromisoformat(typed)
    except ValueError:
        raise InvalidValue("date-impossible", typed=typed) from None
    if not _YEARS[0] <= parsed.year <= _YEARS[1]:
        raise InvalidValue("date-year", low=_YEARS[0], high=_YEARS[1])
    return parsed


def choice(*allowed: str) -> Parser:
    """One of the words ``allowed``; case and surrounding space do not matter."""

    def parse(raw: Any, region: str | None = None) -> str:
        if not isinstance(raw, str):
            raise InvalidValue("not-text")
        word = raw.strip().lower().replace(" ", "_").replace("-", "_")
        if word not in allowed:
            raise InvalidValue("not-choice", allowed=", ".join(allowed), near=near(word, allowed))
        return word

    return parse


def near(word: str, allowed: Any) -> str:
    """The one of ``allowed`` that ``word`` resembles most, or an empty string.

    A word in front turns a meaning round: "not listed" is not "listed", "known" not "unknown".
    """
    typed = word[:60]
    found = difflib.get_close_matches(typed, list(allowed), n=1, cutoff=0.7)
    turned = (
        bool(found) and typed != found[0] and (typed.endswith(found[0]) or found[0].endswith(typed))
    )
    return found[0] if found and not turned else ""


def time_zone(raw: Any, region: str | None = None) -> str:
    """An IANA time zone name such as ``Europe/London``."""
    if not isinstance(raw, str):
        raise InvalidValue("not-text")
    try:
        return ZoneInfo(raw.strip()).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidValue("not-time-zone") from None


def flag(raw: Any, region: str | None = None) -> bool:
    """True or false; a spreadsheet's ``yes`` and ``no`` are read too."""
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw.strip().lower() in {"yes", "no", "true", "false"}:
        return raw.strip().lower() in {"yes", "true"}
    raise InvalidValue("not-flag")
