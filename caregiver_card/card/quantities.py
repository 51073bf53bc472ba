"""Parse a number with its unit into a ``Decimal`` in the right unit.

The parsers have the form that ``values`` describes. They catch a wrong unit where it is typed.
"""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from caregiver_card.card import values
from caregiver_card.card.values import InvalidValue

_NUMBER = re.compile(
    # 1,260.5, 1.260,5, 2 000 and 2'000: separators that cannot be a decimal point.
    r"([+-]?(?:\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:[ '’]\d{3})+(?:[.,]\d+)?"
    r"|\d+(?:[.,]\d+)?))(?![\d.,])\s*(.*)",
    re.DOTALL,
)
# 10 mg/20 mL: the content of an ampoule and its volume.
_AMPOULE = re.compile(r"(mg|g)/(\d+(?:\.\d+)?)ml")
# The marks of decimals and of thousands that Arabic has of its own.
_ARABIC_MARKS = {0x066B: ".", 0x066C: "'"}
# Enough for every dose that a programmer prints; more is a slip or a rounding residue.
_MAX_DECIMALS = 4
_MAX_DIGITS = 20


class UnitSlip(NamedTuple):
    """A unit that people write by mistake, and how many of the right unit one of it is."""

    unit: str
    times: int | Decimal


def number(
    low: float,
    high: float,
    unit: str = "",
    *,
    above_low: bool = False,
    slips: tuple[UnitSlip, ...] = (),
    explicit: tuple[UnitSlip, ...] = (),
) -> values.Parser:
    """Return a parser for a ``Decimal`` from ``low`` to ``high`` in ``unit``.

    With ``above_low`` the number must be greater than ``low``. A number that is too low may have
    been read in the unit of one of ``slips``; the error then offers each reading within the range
    (unit guard: ``docs/clinical-sources.md``). Units in ``explicit`` are considered only where they
    are written.
    """
    lowest, highest = Decimal(str(low)), Decimal(str(high))

    def parse(raw: Any, region: str | None = None) -> Decimal:
        value, typed_unit = _decimal(raw, unit)
        unit_fits = not typed_unit or _same_unit(typed_unit, unit)
        if unit_fits and lowest <= value <= highest and not (above_low and value == lowest):
            return value
        if value < lowest or not unit_fits:
            units = _units_meant(typed_unit, slips, explicit)
            if readings := possible_readings(value, units, lowest, highest):
                shown = values.format_number(value)
                raise InvalidValue("did-you-mean", typed=shown, unit=unit, meant=readings)
        if not unit_fits:
            raise InvalidValue("number-unit", typed=typed_unit[:20], unit=unit or "a plain number")
        code = "number-positive" if above_low else "number-range"
        raise InvalidValue(code, low=Decimal(str(low)), high=Decimal(str(high)), unit=unit)

    parse.is_number = True  # type: ignore[attr-defined]
    return parse


def _units_meant(
    typed: str, slips: tuple[UnitSlip, ...], explicit: tuple[UnitSlip, ...]
) -> list[UnitSlip]:
    """Return the units in which a number with the unit ``typed`` may have been read."""
    if ampoule := _AMPOULE.fullmatch(_normalise_unit(typed)):
        return [_per_ml_of_ampoule(slip, typed, ampoule) for slip in slips if slip.unit == "mg/mL"]
    units = [slip for slip in slips if not typed or _same_unit(typed, slip.unit)]
    return [*units, *(slip for slip in explicit if _same_unit(typed, slip.unit))]


def _per_ml_of_ampoule(per_ml: UnitSlip, typed: str, ampoule: re.Match[str]) -> UnitSlip:
    """Return the unit "mg in so many mL" that an ampoule gives."""
    milligrams = 1000 if ampoule[1] == "g" else 1
    return UnitSlip(typed, per_ml.times * milligrams / Decimal(ampoule[2]))


def possible_readings(
    value: Decimal, slips: Iterable[UnitSlip], low: Decimal, high: Decimal
) -> tuple[tuple[str, str], ...]:
    """Return what a number may have meant, for each unit that puts it between ``low`` and ``high``.

    Each reading is a pair: the number in the right unit, and the number with the unit as typed.
    """
    shown = values.format_number(value)
    return tuple(
        (values.unambiguous_number(value * slip.times), f"{shown} {slip.unit}")
        for slip in slips
        if low <= value * slip.times <= high
    )


def with_mark_in_doubt(typed: str) -> str:
    """Return what a person typed with a comma for a point that may be one of thousands.

    A point in a card file is the decimal mark, but a person writes 1.250 for over a thousand too;
    the parsers refuse such a comma and name both readings.
    """
    try:
        plain = _plain(values.strip_invisible(typed))
    except InvalidValue:
        return typed
    doubt = values.MARK_IN_DOUBT.match(plain)
    return f"{doubt[1]},{doubt[2]}{plain[doubt.end() :]}" if doubt else typed


def _decimal(raw: Any, expected_unit: str) -> tuple[Decimal, str]:
    """Return the number in ``raw``, and the unit typed after it or an empty string."""
    if isinstance(raw, bool) or not isinstance(raw, (int, float, Decimal, str)):
        raise InvalidValue("not-number")
    value, unit = _parse_typed(raw, expected_unit) if isinstance(raw, str) else (_exact(raw), "")
    if not value.is_finite() or abs(value.adjusted()) > _MAX_DIGITS:
        raise InvalidValue("not-number")
    if value != round(value, _MAX_DECIMALS):
        raise InvalidValue("number-precise", most=_MAX_DECIMALS)
    return value.normalize() + 0, unit


def _exact(raw: int | float | Decimal) -> Decimal:
    """Return the number unchanged; take a float as it is written, not as it is stored."""
    return Decimal(raw) if isinstance(raw, int) else Decimal(str(raw))


def _plain(typed: str) -> str:
    """Return at most one character more than a number may have, with the digits 0-9."""
    cut = values.ascii_digits(typed.strip()[: values.MAX_TYPED_LENGTH + 1])
    return "".join(str(unicodedata.decimal(each, each)) for each in cut.translate(_ARABIC_MARKS))


def _parse_typed(raw: str, expected_unit: str) -> tuple[Decimal, str]:
    typed = _plain(raw)
    match = _NUMBER.fullmatch(typed)
    if not match or len(typed) > values.MAX_TYPED_LENGTH or not typed.isprintable():
        raise InvalidValue("not-number")
    digits, unit = match.groups()
    if "," in digits and (doubt := values.MARK_IN_DOUBT.fullmatch(digits)):
        # 1,260 is over a thousand in one country, and a little over one in another.
        readings = (Decimal(f"{doubt[1]}.{doubt[2]}"), Decimal(doubt[1] + doubt[2]))
        # A unit that was typed stays: 1.250 mg is not 1.25 mcg.
        own_unit = unit.strip()[:20]
        point, without = (
            f"{values.unambiguous_number(each)} {own_unit}".strip() for each in readings
        )
        raise InvalidValue("number-comma", point=point, without=without, unit=expected_unit)
    digits_only = re.sub(r"[ '’]", "", digits)
    if "," in digits_only and "." in digits_only:
        digits_only = digits_only.replace(min(",", ".", key=digits_only.index), "")
    return Decimal(digits_only.replace(",", ".")), unit.strip()


def _same_unit(typed: str, unit: str) -> bool:
    """Return whether two spellings name one unit (μg, µg, ug, mcg); "per day" may follow either."""
    return bool(typed) and _normalise_unit(typed) == _normalise_unit(unit)


def _normalise_unit(unit: str) -> str:
    words = re.sub(r"\bper\b", "/", unit.lower()).replace("cc", "ml")
    words = re.sub(
        r"(?:/(?:day|d|24h(?:r|rs|ours)?|tag|jour|j|día|dia)|daily)$", "", re.sub(r"\s", "", words)
    )
    return re.sub(r"^(?:μg|µg|ug|mcgs?|microgram(?:me)?s?)", "mcg", words)


def whole_number(low: int, high: int, unit: str = "") -> values.Parser:
    """Return a parser for a whole number from ``low`` to ``high``."""
    parse_number = number(low, high, unit)

    def parse(raw: Any, region: str | None = None) -> int:
        value = parse_number(raw, region)
        if value != int(value):
            raise InvalidValue("number-whole")
        return int(value)

    parse.is_number = True  # type: ignore[attr-defined]
    return parse
