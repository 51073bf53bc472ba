"""What is known of each pump family: data/pumps.toml, and which family a typed model is."""

import difflib
import re
import tomllib
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

# What people and labels put beside a model, and beside a maker, and what it says nothing by.
_SILENT = frozenset(
    (
        *("pump", "infusion", "implantable", "programmable", "intrathecal", "drug", "system"),
        *("model", "baclofen", "itb", "reservoir", "therapy"),
        *("pumpe", "infusionspumpe", "baclofenpumpe", "pompe", "bomba", "de", "infusión", "pompa"),
    )
)
_TRADE = frozenset(
    (
        *("inc", "ltd", "llc", "gmbh", "plc", "corp", "corporation", "co", "company", "ag", "bv"),
        *("sa", "srl", "s", "p", "a", "b", "v", "pty", "kk", "fa", "firma", "medical"),
        *("international", "neuromodulation", "neurological", "oncology", "shurtleff"),
        *("medizintechnik", "uk", "usa", "us", "ireland", "canada", "australasia", "france"),
        *("deutschland", "germany", "ibérica", "iberica", "italia", "japan", "minneapolis", "mn"),
    )
)
_TRADE_MARKS = dict.fromkeys(map(ord, "\u00ae\u2122\u00a9\u2120"))
# A quotation mark or a stroke may stand for a Roman two.
_BETWEEN_WORDS = r"_.,;:()&\u2010-\u2015\u2212-"
# One letter more or less in a maker's name.
_NEARLY = 0.8
_FILE = Path(__file__).parent.parent / "data" / "pumps.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Months after the implant at which a replacement is to be thought of, planned, pressed."""

    info_months: int | None = None
    due_months: int | None = None
    urgent_months: int | None = None
    end_months: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One pump family; what a source does not tell is absent or "unknown".

    ``makers``, ``matches`` and ``reservoir_by_number`` are folded, as what is typed will be;
    ``numbers`` are the maker's own, which may stand alone or beside a name.
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
    service: Service | None = None
    programmer: str = ""

    def names(self, model: str) -> bool:
        """Whether a model, as typed, is one of this family, and nothing else stands beside it."""
        typed = [each for each in _words(model) if each not in _SILENT]
        # The longest name first, and a number only where there is no name.
        for known in (*_longest_first(self.matches), *_longest_first(self.numbers)):
            left = _rest(typed, known.split(), frozenset())
            if left is not None:
                return not self._unread(left, known)
        return False

    def _unread(self, words: list[str], known: str) -> list[str]:
        """The words beside ``known`` that are neither the maker, nor a number of this family, nor a
        volume that it comes with."""
        # "SynchroMed 8637-40": a number may stand behind the first word of the name.
        first = _words(self.name)[:1] if known in self.numbers else []
        numbers = [known] if known in self.numbers else []
        for each in _longest_first((*self.numbers, *self.makers, *first)):
            left = _rest(words, each.split(), frozenset())
            if left is not None:
                words, numbers = left, [*numbers, each]
        volume = re.fullmatch(r"(\d+)( ?(?:ml|cc))?", " ".join(words))
        if not volume:
            return words
        of_number = [
            self.reservoir_by_number[each] for each in numbers if each in self.reservoir_by_number
        ]
        held = (Decimal(of_number[0]),) if of_number else self.reservoir_ml
        fits = Decimal(volume[1]) in held if held else bool(volume[2])
        return [] if fits else words

    def may_hold(self, model: str, capacity_ml: Decimal) -> bool:
        """Whether this model, as typed, comes with such a reservoir, as far as is known."""
        typed = _words(model)
        for number, volume in self.reservoir_by_number.items():
            if _rest(typed, number.split(), frozenset()) is not None:
                return capacity_ml == volume
        return not self.reservoir_ml or capacity_ml in self.reservoir_ml


@cache
def families() -> tuple[Family, ...]:
    """Every family of the table."""
    return tuple(_family(key, row) for key, row in _table().items() if key != "default_battery")


@cache
def usual_battery() -> Service:
    """The general figures for a pump with a battery whose own figures are not known."""
    row = _table()["default_battery"]
    return Service(**{name: row[name] for name in Service.__slots__ if name in row})


def family(maker: str, model: str) -> Family | None:
    """The family that a maker and model, as typed, name: each word of both must be understood.

    A word that nobody understands may be what tells one pump from the next ("Prometra II"), and
    another maker's number must not borrow a pump's MRI rule.
    """
    found = [
        each
        for each in families()
        if (not each.makers or _is_made_by(maker, each)) and each.names(model)
    ]
    return found[0] if len(found) == 1 else None


def maker_near(maker: str) -> str:
    """The maker that was probably meant where none is known by what was typed, or nothing."""
    known = {name: each.maker for each in families() for name in each.makers}
    if any(_is_made_by(maker, each) for each in families() if each.makers):
        return ""
    found = difflib.get_close_matches(" ".join(_words(maker)), known, n=1, cutoff=_NEARLY)
    return known[found[0]] if found else ""


def _is_made_by(maker: str, family: Family) -> bool:
    typed = _words(maker)
    return any(_rest(typed, name.split(), _TRADE) == [] for name in family.makers)


def service(maker: str, model: str) -> Service | None:
    """The months that drive "replacement due" for this pump; ``None`` where age says nothing."""
    known = family(maker, model)
    if known is None:
        return usual_battery()
    if known.service:
        return known.service
    return usual_battery() if known.battery else None


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text("utf-8"))


def _family(key: str, row: dict[str, Any]) -> Family:
    row = dict(row)
    for name in ("makers", "matches", "numbers"):
        row[name] = tuple(map(_folded, row.get(name, ())))
    row["sources"] = tuple(row["sources"])
    numbers = row.get("reservoir_by_number", {})
    row["reservoir_by_number"] = {_folded(number): volume for number, volume in numbers.items()}
    row["reservoir_ml"] = tuple(Decimal(volume) for volume in row.get("reservoir_ml", ()))
    if "service" in row:
        row["service"] = Service(**row["service"])
    return Family(key=key, **row)


def _words(typed: str) -> list[str]:
    """Words and figures, whatever their width, case and trade marks; any other sign is a word."""
    bare = typed.translate(_TRADE_MARKS)
    seen = "".join(each for each in bare if unicodedata.category(each) != "Cf")
    folded = unicodedata.normalize("NFKC", seen).casefold()
    return re.findall(rf"[^\W_]+|[^\w\s{_BETWEEN_WORDS}]", folded)


def _longest_first(names: tuple[str, ...]) -> list[str]:
    return sorted(names, key=len, reverse=True)


def _folded(words: str) -> str:
    return " ".join(_words(words))


def _rest(typed: list[str], name: list[str], silent: frozenset[str]) -> list[str] | None:
    """What is left of ``typed`` without ``name`` and words that say nothing; None without it."""
    for at in range(len(typed) - len(name) + 1):
        if typed[at : at + len(name)] == name:
            left = typed[:at] + typed[at + len(name) :]
            return [each for each in left if each not in silent]
    return None
