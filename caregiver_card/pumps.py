"""What is known of each pump family: data/pumps.toml, and which family a typed model is."""

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "data" / "pumps.toml"


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

    ``makers``, ``matches`` and ``reservoir_by_number`` are folded, as what is typed will be.
    """

    key: str
    maker: str
    makers: tuple[str, ...]
    name: str
    matches: tuple[str, ...]
    mri: str
    mri_card: str
    sources: tuple[str, ...]
    reservoir_by_number: dict[str, int]
    alarm: str = "unknown"
    legacy: bool = False
    battery: bool | None = None
    reservoir_ml: tuple[Decimal, ...] = ()
    service: Service | None = None
    programmer: str = ""

    def may_hold(self, model: str, capacity_ml: Decimal) -> bool:
        """Whether this model, as typed, comes with such a reservoir, as far as is known."""
        typed = _folded(model)
        for number, volume in self.reservoir_by_number.items():
            if _holds(typed, number):
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
    """The family that a maker and model, as typed, name; the longest matching words win.

    The maker must agree: another maker's number must not borrow a pump's MRI rule.
    """
    typed_maker, typed_model = _folded(maker), _folded(model)
    found = [
        (len(words), each)
        for each in families()
        if not each.makers or any(_holds(typed_maker, name) for name in each.makers)
        for words in each.matches
        if _holds(typed_model, words)
    ]
    return max(found, key=lambda pair: pair[0])[1] if found else None


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
    for name in ("makers", "matches"):
        row[name] = tuple(map(_folded, row[name]))
    row["sources"] = tuple(row["sources"])
    numbers = row.get("reservoir_by_number", {})
    row["reservoir_by_number"] = {_folded(number): volume for number, volume in numbers.items()}
    row["reservoir_ml"] = tuple(Decimal(volume) for volume in row.get("reservoir_ml", ()))
    if "service" in row:
        row["service"] = Service(**row["service"])
    return Family(key=key, **row)


def _folded(words: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", words.lower()).split())


def _holds(typed: str, words: str) -> bool:
    return f" {words} " in f" {typed} "
