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

# Bidirectional embeddings, overrides and isolates can turn the digits of a dose around.
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_NUMBER = re.compile(r"([+-]?\d+(?:[.,]\d+)?)\s*(.*)", re.DOTALL)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00", re.ASCII)
# Four decimals hold every dose a programmer can print; more is a slip or a rounding residue.
_MOST_DECIMALS = 4
_MOST_DIGITS = 20
# Longer than any number with its unit, or any telephone number, as a person writes it.
LONGEST_TYPED = 60
# Before anybody kept such a card, and after anybody reading this will.
_YEARS = (1900, 2200)


class InvalidValue(ValueError):
    """A value that cannot be taken; ``code`` names the fault, ``details`` fill its words."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


def text(most: int, *, lines: bool = False) -> Parser:
    """Text of at most ``most`` characters; with ``lines`` it may hold line breaks."""

    def parse(raw: Any, region: str | None = None) -> str:
        if not isinstance(raw, str):
            raise InvalidValue("not-text")
        words = unicodedata.normalize("NFC", raw.replace("\r\n", "\n"))
        # All that is printable is allowed; one look, for a save reads sixty older cards too.
        for letter in "" if words.isprintable() else words:
            if _forbidden(letter, lines):
                raise InvalidValue("text-control", letter=f"U+{ord(letter):04X}")
        words = "\n".join(" ".join(line.split()) for line in words.split("\n")).strip()
        # Letters without a mark of their own, such as a joiner, are not yet words.
        if all(unicodedata.category(letter) in {"Cf", "Zs"} for letter in words):
            raise InvalidValue("empty")
        if len(words) > most:
            raise InvalidValue("text-long", most=most, length=len(words))
        return words

    return parse


def _forbidden(letter: str, lines: bool) -> bool:
    if letter == "\n":
        return not lines
    if letter == "\t":
        return False
    if unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} or letter in _REORDERING:
        return True
    # Noncharacters are never text; the pages use one to mark where a day's words go.
    return 0xFDD0 <= ord(letter) <= 0xFDEF or ord(letter) & 0xFFFE == 0xFFFE


def number(
    low: float,
    high: float,
    unit: str = "",
    *,
    above_low: bool = False,
    thousandth: tuple[float, float, str] | None = None,
) -> Parser:
    """A ``Decimal`` from ``low`` to ``high`` in ``unit`` (``above_low``: greater than ``low``).

    ``thousandth`` is ``(from, to, bigger unit)``: a value there was probably read in the unit
    a thousand times bigger, and the refusal says so (clinical-facts 7.3, "unit guard").
    """

    def parse(raw: Any, region: str | None = None) -> Decimal:
        value, typed_unit = _decimal(raw)
        if thousandth and _same_unit(typed_unit, thousandth[2]) and low <= value * 1000 <= high:
            raise _did_you_mean(value, unit, thousandth[2])
        if typed_unit and not _same_unit(typed_unit, unit):
            raise InvalidValue("number-unit", typed=typed_unit[:20], unit=unit or "a plain number")
        if thousandth and Decimal(str(thousandth[0])) <= value <= Decimal(str(thousandth[1])):
            raise _did_you_mean(value, unit, thousandth[2])
        if value < Decimal(str(low)) or value > Decimal(str(high)) or (above_low and value == low):
            code = "number-positive" if above_low else "number-range"
            raise InvalidValue(code, low=plain(low), high=plain(high), unit=unit)
        return value

    return parse


def _decimal(raw: Any) -> tuple[Decimal, str]:
    """The number in ``raw`` and the unit typed behind it, if there is one."""
    if isinstance(raw, bool) or not isinstance(raw, (int, float, Decimal, str)):
        raise InvalidValue("not-number")
    value, unit = _typed(raw) if isinstance(raw, str) else (_exact(raw), "")
    if not value.is_finite() or abs(value.adjusted()) > _MOST_DIGITS:
        raise InvalidValue("not-number")
    if value != round(value, _MOST_DECIMALS):
        raise InvalidValue("number-precise", most=_MOST_DECIMALS)
    return value.normalize() + 0, unit


def _exact(raw: int | float | Decimal) -> Decimal:
    """The number as it stands; a float as it is written, not as it is stored."""
    return Decimal(raw) if isinstance(raw, int) else Decimal(str(raw))


def _typed(raw: str) -> tuple[Decimal, str]:
    typed = unicodedata.normalize("NFKC", raw.strip()[: LONGEST_TYPED + 1])
    found = _NUMBER.fullmatch(typed)
    if not found or len(typed) > LONGEST_TYPED or not typed.isprintable():
        raise InvalidValue("not-number")
    digits, unit = found.groups()
    if re.fullmatch(r"[+-]?\d{1,3},\d{3}", digits):
        # 1,260 is a thousand and more in one country and one and a bit in the next.
        without, point = digits.replace(",", ""), digits.replace(",", ".")
        raise InvalidValue("number-comma", without=without, point=point)
    return Decimal(digits.replace(",", ".")), unit.strip()


def _same_unit(typed: str, unit: str) -> bool:
    """Whether two spellings name one unit: μg, µg, ug and mcg; "per day" may stand behind."""

    def folded(words: str) -> str:
        words = re.sub(r"(?:/|per)(?:day|d|24h)$", "", re.sub(r"\s", "", words.lower()))
        return re.sub(r"^(?:μg|µg|ug|microgram(?:me)?s?)", "mcg", words)

    return bool(typed) and folded(typed) == folded(unit)


def _did_you_mean(value: Decimal, unit: str, bigger: str) -> InvalidValue:
    return InvalidValue(
        "did-you-mean", typed=plain(value), bigger=bigger, meant=plain(value * 1000), unit=unit
    )


def plain(value: Any) -> str:
    """A number without exponent or trailing zeros: 1260.5, 400, 0.4."""
    written = format(Decimal(str(value)), "f")
    return written.rstrip("0").rstrip(".") if "." in written else written


def whole(low: int, high: int, unit: str = "") -> Parser:
    """A whole number from ``low`` to ``high``."""
    inner = number(low, high, unit)

    def parse(raw: Any, region: str | None = None) -> int:
        value = inner(raw, region)
        if value != int(value):
            raise InvalidValue("number-whole")
        return int(value)

    return parse


def day(raw: Any, region: str | None = None) -> date:
    """A date written ``YYYY-MM-DD``."""
    if isinstance(raw, date):
        return raw
    if not isinstance(raw, str) or not _DAY.fullmatch(raw.strip()):
        raise InvalidValue("not-date")
    try:
        parsed = date.fromisoformat(raw.strip())
    except ValueError:
        raise InvalidValue("date-impossible", typed=raw.strip()) from None
    if not _YEARS[0] <= parsed.year <= _YEARS[1]:
        raise InvalidValue("date-year", low=_YEARS[0], high=_YEARS[1])
    return parsed


def clock(raw: Any, region: str | None = None) -> str:
    """A time of day written ``HH:MM``, from 00:00 to 24:00."""
    if not isinstance(raw, str) or not _CLOCK.fullmatch(raw.strip()):
        raise InvalidValue("not-clock")
    return raw.strip()


def minutes(clock_time: str) -> int:
    """Minutes since midnight of a ``HH:MM`` time."""
    hours, rest = clock_time.split(":")
    return int(hours) * 60 + int(rest)


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
    """The one of ``allowed`` that ``word`` resembles most, or an empty string."""
    return next(iter(difflib.get_close_matches(word[:60], list(allowed), n=1, cutoff=0.7)), "")


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
