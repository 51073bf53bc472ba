"""Recognise the pump family of a typed model; what is known of each: ``data/pumps.toml``."""

import difflib
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import tomli

# Words that people and labels add to a model, or to a maker, and that identify nothing.
_MODEL_FILLERS = frozenset(
    (
        *("pump", "infusion", "implantable", "programmable", "intrathecal", "drug", "system"),
        *("model", "baclofen", "itb", "reservoir", "therapy"),
        *("pumpe", "infusionspumpe", "baclofenpumpe", "pompe", "bomba", "de", "infusión", "pompa"),
    )
)
_MAKER_FILLERS = frozenset(
    (
        *("inc", "ltd", "llc", "gmbh", "plc", "corp", "corporation", "co", "company", "ag", "bv"),
        *("sa", "srl", "s", "p", "a", "b", "v", "pty", "kk", "fa", "firma", "medical"),
        *("international", "neuromodulation", "neurological", "oncology", "shurtleff"),
        *("medizintechnik", "uk", "usa", "us", "ireland", "canada", "australasia", "france"),
        *("deutschland", "germany", "ibérica", "iberica", "italia", "japan", "minneapolis", "mn"),
    )
)
_TRADE_MARKS = dict.fromkeys(map(ord, "\u00ae\u2122\u00a9\u2120"))
# Not among them: a quotation mark or a vertical bar may stand for a Roman two.
_SEPARATORS = r"_.,;:()&\u2010-\u2015\u2212-"
# Allows for one letter more or less in a maker's name.
_MAKER_SIMILARITY = 0.8
_FILE = Path(__file__).parent.parent / "data" / "pumps.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLife:
    """Age in months at which a replacement is worth a note, due, urgent, and at the pump's end."""

    info_months: int | None = None
    due_months: int | None = None
    urgent_months: int | None = None
    end_months: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PumpFamily:
    """One pump family; a value that no source gives is absent or "unknown".

    ``makers``, ``matches`` and the keys of ``reservoir_by_number`` are normalised in the same way
    as typed text. ``numbers`` are the maker's model numbers, which may stand alone or next to a
    name.
    """

    key: str
    maker: str
    makers: tuple[str, ...]
    name: str
    matches: tuple[str, ...]
    mri: str
    mri_card: str
    sources: tuple[str, ...]
    numbers: tuple[str, ...]
    reservoir_by_number: dict[str, int]
    alarm: str = "unknown"
    legacy: bool = False
    battery: bool | None = None
    reservoir_ml: tuple[Decimal, ...] = ()
    service: ServiceLife | None = None
    programmer: str = ""

    def is_named_by(self, model: str) -> bool:
        """Return whether a model, as typed, names this family and contains nothing else."""
        typed = [word for word in _words(model) if word not in _MODEL_FILLERS]
        # Try the longest name first, and a number only where there is no name.
        for known in (*_longest_first(self.matches), *_longest_first(self.numbers)):
            rest = _rest(typed, known.split(), frozenset())
            if rest is not None:
                return not self._unrecognised(rest, known)
        return False

    def _unrecognised(self, words: list[str], known: str) -> list[str]:
        """Return the words that do not belong to this family.

        Recognised next to ``known`` are the maker, the family's own numbers, and a volume in which
        it is made.
        """
        # "SynchroMed 8637-40": a number may follow the first word of the name.
        first = _words(self.name)[:1] if known in self.numbers else []
        numbers = [known] if known in self.numbers else []
        for name in _longest_first((*self.numbers, *self.makers, *first)):
            rest = _rest(words, name.split(), frozenset())
            if rest is not None:
                words, numbers = rest, [*numbers, name]
        volume = re.fullmatch(r"(\d+)( ?(?:ml|cc))?", " ".join(words))
        if not volume:
            return words
        by_number = [
            self.reservoir_by_number[number]
            for number in numbers
            if number in self.reservoir_by_number
        ]
        volumes = (Decimal(by_number[0]),) if by_number else self.reservoir_ml
        fits = Decimal(volume[1]) in volumes if volumes else bool(volume[2])
        return [] if fits else words

    def may_have_capacity(self, model: str, capacity_ml: Decimal) -> bool:
        """Return whether this model, as typed, may come with such a reservoir."""
        typed = _words(model)
        for number, volume in self.reservoir_by_number.items():
            if _rest(typed, number.split(), frozenset()) is not None:
                return capacity_ml == volume
        return not self.reservoir_ml or capacity_ml in self.reservoir_ml


@cache
def families() -> tuple[PumpFamily, ...]:
    """Return every family in the table."""
    return tuple(_parse_row(key, row) for key, row in _table().items() if key != "default_battery")


@cache
def default_service_life() -> ServiceLife:
    """Return the general figures for a battery pump whose own figures are unknown."""
    row = _table()["default_battery"]
    return ServiceLife(**{name: row[name] for name in ServiceLife.__slots__ if name in row})


def find_family(maker: str, model: str) -> PumpFamily | None:
    """Return the one family that a typed maker and model name, or ``None``.

    Every word of both must be recognised: an unknown word may be what distinguishes two pumps
    ("Prometra II"), and a number of another maker must not lend a pump its MRI rule.
    """
    matching = [
        family
        for family in families()
        if (not family.makers or _is_made_by(maker, family)) and family.is_named_by(model)
    ]
    return matching[0] if len(matching) == 1 else None


def maker_of(model: str) -> str:
    """Return the maker of a typed model that names one family alone, or an empty string."""
    matching = [family for family in families() if family.makers and family.is_named_by(model)]
    return matching[0].maker if len(matching) == 1 else ""


def full_names() -> list[str]:
    """Return every model by its name, and with each of the maker's numbers that has a volume."""
    names = {family.name for family in families()}
    numbered = {
        f"{family.name} {number}"
        for family in families()
        for number in family.reservoir_by_number
        if "-" in number and number.replace("-", "").isdecimal()
    }
    return sorted(names | numbered)


def closest_maker(maker: str) -> str:
    """Return the maker that an unknown maker, as typed, most resembles, or an empty string."""
    if any(_is_made_by(maker, family) for family in families() if family.makers):
        return ""
    makers = {name: family.maker for family in families() for name in family.makers}
    typed = " ".join(_words(maker))
    closest = difflib.get_close_matches(typed, makers, n=1, cutoff=_MAKER_SIMILARITY)
    return makers[closest[0]] if closest else ""


def _is_made_by(maker: str, family: PumpFamily) -> bool:
    typed = _words(maker)
    return any(_rest(typed, name.split(), _MAKER_FILLERS) == [] for name in family.makers)


def service_life(maker: str, model: str) -> ServiceLife | None:
    """Return the ages that drive "replacement due", or ``None`` where age does not matter."""
    family = find_family(maker, model)
    if family is None:
        return default_service_life()
    if family.service:
        return family.service
    return default_service_life() if family.battery else None


@cache
def _table() -> dict[str, Any]:
    return tomli.loads(_FILE.read_text("utf-8"))


def _parse_row(key: str, row: dict[str, Any]) -> PumpFamily:
    row = dict(row)
    for name in ("makers", "matches", "numbers"):
        row[name] = tuple(map(_normalise, row.get(name, ())))
    row["sources"] = tuple(row["sources"])
    numbers = row.get("reservoir_by_number", {})
    row["reservoir_by_number"] = {_normalise(number): volume for number, volume in numbers.items()}
    row["reservoir_ml"] = tuple(Decimal(volume) for volume in row.get("reservoir_ml", ()))
    if "service" in row:
        row["service"] = ServiceLife(**row["service"])
    return PumpFamily(key=key, **row)


def _words(typed: str) -> list[str]:
    """Split into words, ignoring width, case and trade marks; any other sign is its own word."""
    unmarked = typed.translate(_TRADE_MARKS)
    visible = "".join(letter for letter in unmarked if unicodedata.category(letter) != "Cf")
    folded = unicodedata.normalize("NFKC", visible).casefold()
    return re.findall(rf"[^\W_]+|[^\w\s{_SEPARATORS}]", folded)


def _longest_first(names: tuple[str, ...]) -> list[str]:
    return sorted(names, key=len, reverse=True)


def _normalise(words: str) -> str:
    return " ".join(_words(words))


def _rest(typed: list[str], name: list[str], fillers: frozenset[str]) -> list[str] | None:
    """Return ``typed`` without ``name`` and fillers, or ``None`` if ``name`` is not in it."""
    for at in range(len(typed) - len(name) + 1):
        if typed[at : at + len(name)] == name:
            rest = typed[:at] + typed[at + len(name) :]
            return [word for word in rest if word not in fillers]
    return None
