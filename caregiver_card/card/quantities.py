"""A number with its unit as a person or a file gives it -> a ``Decimal`` in the right unit.

Parsers like those of ``values``. A slip of the unit is caught where it is typed.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from caregiver_card.card import values
from caregiver_card.card.values import InvalidValue

_NUMBER = re.compile(
    # 1,260.5, 1.260,5, 2 000 and 2'000: thousands that cannot be a decimal point.
    r"([+-]?(?:\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:[ '’]\d{3})+(?:[.,]\d+)?"
    r"|\d+(?:[.,]\d+)?))(?![\d.,])\s*(.*)",
    re.DOTALL,
)
# 10 mg/20 mL: what an ampoule holds in all, and in how much.
_IN_SO_MUCH = re.compile(r"(mg|g)/(\d+(?:\.\d+)?)ml")
# Four decimals hold every dose a programmer can print; more is a slip or a rounding residue.
_MOST_DECIMALS = 4
_MOST_DIGITS = 20


class Slip(NamedTuple):
    """A unit that people write instead: its name, and how many of the right unit one of it is."""

    unit: str
    times: int | Decimal


def number(
    low: float,
    high: float,
    unit: str = "",
    *,
    above_low: bool = False,
    slips: tuple[Slip, ...] = (),
    openly: tuple[Slip, ...] = (),
) -> values.Parser:
    """A ``Decimal`` from ``low`` to ``high`` in ``unit`` (``above_low``: greater than ``low``).

    What is too low may have been read in the unit of one of ``slips``; a refusal names each reading
    that lies in the range (clinical-facts 7.3, "unit guard"). ``openly``: units that nobody means
    without writing them.
    """
    lowest, highest = Decimal(str(low)), Decimal(str(high))

    def parse(raw: Any, region: str | None = None) -> Decimal:
        value, typed = _decimal(raw)
        right = not typed or _same_unit(typed, unit)
        if right and lowest <= value <= highest and not (above_low and value == lowest):
            return value
        tried = [slip for slip in slips if not typed or _same_unit(typed, slip.unit)]
        tried += [slip for slip in openly if _same_unit(typed, slip.unit)]
        if in_so_much := _IN_SO_MUCH.fullmatch(_folded(typed)):
            tried = [_ampoule(slip, typed, in_so_much) for slip in slips if slip.unit == "mg/mL"]
        meant = readings(value, tried, lowest, highest) if value < lowest or not right else ()
        if meant:
            raise InvalidValue("did-you-mean", typed=values.plain(value), unit=unit, meant=meant)
        if not right:
            raise InvalidValue("number-unit", typed=typed[:20], unit=unit or "a plain number")
        code = "number-positive" if above_low else "number-range"
        raise InvalidValue(code, low=values.plain(low), high=values.plain(high), unit=unit)

    return parse


def _ampoule(per_ml: Slip, typed: str, found: re.Match[str]) -> Slip:
    """The unit "mg in so many mL"."""
    milligrams = 1000 if found[1] == "g" else 1
    return Slip(typed, per_ml.times * milligrams / Decimal(found[2]))


def readings(
    value: Decimal, slips: Iterable[Slip], low: Decimal, high: Decimal
) -> tuple[tuple[str, str], ...]:
    """What a number may have meant, from ``low`` to ``high``: in the right unit, and as typed."""
    return tuple(
        (values.plain(value * slip.times), f"{values.plain(value)} {slip.unit}")
        for slip in slips
        if low <= value * slip.times <= high
    )


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
    typed = values.plain_figures(raw.strip()[: values.LONGEST_TYPED + 1])
    found = _NUMBER.fullmatch(typed)
    if not found or len(typed) > values.LONGEST_TYPED or not typed.isprintable():
        raise InvalidValue("not-number")
    digits, unit = found.groups()
    if re.fullmatch(r"[+-]?\d{1,3},\d{3}", digits):
        # 1,260 is a thousand and more in one country and one and a bit in the next.
        without, point = digits.replace(",", ""), digits.replace(",", ".")
        raise InvalidValue("number-comma", without=without, point=point)
    bare = re.sub(r"[ '’]", "", digits)
    if "," in bare and "." in bare:
        bare = bare.replace(min(",", ".", key=bare.index), "")
    return Decimal(bare.replace(",", ".")), unit.strip()


def _same_unit(typed: str, unit: str) -> bool:
    """Whether two spellings name one unit: μg, µg, ug and mcg; "per day" may stand behind."""
    return bool(typed) and _folded(typed) == _folded(unit)


def _folded(unit: str) -> str:
    words = re.sub(r"\bper\b", "/", unit.lower()).replace("cc", "ml")
    words = re.sub(
        r"(?:/(?:day|d|24h(?:r|rs|ours)?|tag|jour|j|día|dia)|daily)$", "", re.sub(r"\s", "", words)
    )
    return re.sub(r"^(?:μg|µg|ug|mcgs?|microgram(?:me)?s?)", "mcg", words)


def whole(low: int, high: int, unit: str = "") -> values.Parser:
    """A whole number from ``low`` to ``high``."""
    inner = number(low, high, unit)

    def parse(raw: Any, region: str | None = None) -> int:
        value = inner(raw, region)
        if value != int(value):
            raise InvalidValue("number-whole")
        return int(value)

    return parse
