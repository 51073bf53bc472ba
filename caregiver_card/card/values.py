"""Parse one value from a person or a file into one typed value.

A parser is a callable ``(raw, region) -> value`` that raises ``InvalidValue``; the functions here
are parsers or make them. ``region`` is an ISO 3166 code that only telephone numbers use; ``None``
requires the international form. A parser accepts its own output and returns it unchanged.
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

# Invisible characters that no text needs: line-break and direction marks of web pages, fillers.
# (Some scripts need joiners, and emoji need variation selectors.)
_INVISIBLE = dict.fromkeys(
    (
        *(0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x180E, 0x200B, 0x200E, 0x200F, 0x2800, 0x3164),
        *(*range(0x2060, 0x2065), *range(0x206A, 0x2070), 0xFEFF, 0xFFA0, *range(0xE0000, 0xE0080)),
    )
)
# Joiners have no meaning in a number, a date or a choice.
_JOINERS = dict.fromkeys((0x200C, 0x200D, 0xFE0E, 0xFE0F))
# Bidirectional embeddings, overrides and isolates can reverse the digits of a dose.
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# A language, and a script, a region or a variant of it.
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}", re.ASCII | re.IGNORECASE)
# Longer than any number with its unit, or any telephone number, as a person writes it.
MAX_TYPED_LENGTH = 60
# One mark with exactly three digits behind it, of thousands in one country and of decimals in
# another. No thousand begins with 0, so 0.125 is certain.
MARK_IN_DOUBT = re.compile(r"([+-]?[1-9]\d{0,2})[.,](\d{3})(?![\d.,])", re.ASCII)
_NO_LETTERS = frozenset(("Cf", "Zs", "Mn"))
# No date on a card lies outside these years.
_YEARS = (1900, 2200)


class InvalidValue(ValueError):
    """A value that cannot be accepted; ``code`` names the fault, ``details`` fill its text."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


class DoubtfulValue(InvalidValue):
    """A value that may not be what was meant; ``value`` holds it for a person to confirm.

    A form asks. In a file or a table it is an error, unless ``confirmed`` contains its path.
    """

    def __init__(self, value: Any, code: str, **details: Any) -> None:
        super().__init__(code, **details)
        self.value = value


def text(most: int, *, lines: bool = False) -> Parser:
    """Return a parser for text of at most ``most`` characters; ``lines`` permits line breaks."""

    def parse(raw: Any, region: str | None = None) -> str:
        if not isinstance(raw, str):
            raise InvalidValue("not-text")
        cleaned = unicodedata.normalize("NFC", raw.replace("\r\n", "\n"))
        typed, cleaned = cleaned, cleaned if cleaned.isascii() else cleaned.translate(_INVISIBLE)
        # Printable characters are all allowed, so most text needs no look at each letter.
        for letter in "" if cleaned.isprintable() else cleaned:
            if _forbidden(letter, lines):
                raise InvalidValue("text-control", letter=f"U+{ord(letter):04X}")
        cleaned = "\n".join(" ".join(line.split()) for line in cleaned.split("\n")).strip()
        # Nothing visible, only joiners or spaces, is no text.
        if all(unicodedata.category(letter) in _NO_LETTERS for letter in cleaned):
            # Doubtful rather than invalid, so that a card stored with such a name still opens.
            raise DoubtfulValue(typed, "empty") if typed.strip() else InvalidValue("empty")
        if len(cleaned) > most:
            raise InvalidValue("text-long", most=most, length=len(cleaned))
        return cleaned

    # The file parser leaves joiners in text.
    parse.is_text = True  # type: ignore[attr-defined]
    return parse


def strip_invisible(typed: str) -> str:
    """Remove invisible characters, for a value that is not text and for a column name."""
    if typed.isascii():
        return typed
    return typed.translate(_INVISIBLE).translate(_JOINERS).replace("\u00a0", " ")


def _forbidden(letter: str, lines: bool) -> bool:
    if letter == "\n":
        return not lines
    if letter == "\t":
        return False
    if unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} or letter in _REORDERING:
        return True
    # Noncharacters are never text; the pages use one as a placeholder for words of the day.
    return 0xFDD0 <= ord(letter) <= 0xFDEF or ord(letter) & 0xFFFE == 0xFFFE


def ascii_digits(typed: str) -> str:
    """Convert digits of any script and width to 0-9.

    Raises ``InvalidValue`` for superscripts: NFKC would turn the footnote mark of 96\u00b9 into a
    digit.
    """
    for character in typed:
        if unicodedata.category(character) == "No":
            raise InvalidValue("number-sign", sign=character)
    return unicodedata.normalize("NFKC", typed)


def format_number(value: Any) -> str:
    """Format a number without exponent or trailing zeros: 1260.5, 400, 0.4."""
    written = format(Decimal(str(value)), "f")
    return written.rstrip("0").rstrip(".") if "." in written else written


def unambiguous_number(value: Any) -> str:
    """Format a number so that no mark in it can be one of thousands: 1250, 1.25, 12.3450, 0.125.

    A table and the box of a form hold it so, since ``12.345`` is asked about there.
    """
    written = format_number(value)
    return f"{written}0" if MARK_IN_DOUBT.match(written) else written


def day(raw: Any, region: str | None = None) -> date:
    """Parse a date written ``YYYY-MM-DD``."""
    if isinstance(raw, date):
        return raw
    typed = ascii_digits(raw.strip()) if isinstance(raw, str) else ""
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
    """Return a parser for one of the words ``allowed``; it ignores case and surrounding space."""

    def parse(raw: Any, region: str | None = None) -> str:
        if not isinstance(raw, str):
            raise InvalidValue("not-text")
        word = raw.strip().lower().replace(" ", "_").replace("-", "_")
        if word not in allowed:
            raise InvalidValue(
                "not-choice", allowed=", ".join(allowed), near=closest(word, allowed)
            )
        return word

    return parse


def closest(word: str, allowed: Any) -> str:
    """Return the one of ``allowed`` that ``word`` resembles most, or an empty string.

    A word that only adds or drops a beginning is no match, for that reverses the meaning: "not
    listed" is not "listed", and "known" is not "unknown".
    """
    typed = word[:60]
    match = next(iter(difflib.get_close_matches(typed, list(allowed), n=1, cutoff=0.7)), "")
    reversed_meaning = typed != match and (typed.endswith(match) or match.endswith(typed))
    return "" if reversed_meaning else match


def time_zone(raw: Any, region: str | None = None) -> str:
    """Parse an IANA time zone name such as ``Europe/London``."""
    if not isinstance(raw, str):
        raise InvalidValue("not-text")
    try:
        return ZoneInfo(raw.strip()).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidValue("not-time-zone") from None


def language(raw: Any, region: str | None = None) -> str:
    """Parse a language tag (BCP 47) such as ``es`` or ``pt-BR``; unify its capitals."""
    typed = raw.strip().replace("_", "-") if isinstance(raw, str) else ""
    if not _LANGUAGE.fullmatch(typed):
        raise InvalidValue("not-language")
    first, *rest = typed.split("-")
    capitals = {2: str.upper, 4: str.title}
    return "-".join([first.lower(), *(capitals.get(len(each), str.lower)(each) for each in rest)])


def flag(raw: Any, region: str | None = None) -> bool:
    """Parse true or false; accept the ``yes`` and ``no`` of a spreadsheet too."""
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw.strip().lower() in {"yes", "no", "true", "false"}:
        return raw.strip().lower() in {"yes", "true"}
    raise InvalidValue("not-flag")
