"""The style sheets of screens and prints, with the values of ``data/look.toml`` put in.

A sheet in ``templates/styles`` is written for people: one declaration a line, and ``var(--name)``
for every colour, distance and size that more than one place shares.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import rcssmin
import tomli

# The project runs from its checkout: templates/ stands beside the package.
FOLDER = Path(__file__).parent.parent / "templates" / "styles"
# The sheets of the caregiver's pages, which are served as one file, and of the owner's beside them:
# a phone that keeps a card keeps the first.
SITE = ("base.css", "forms.css")
OWNER = ("dashboard.css",)
_LOOK = Path(__file__).parent / "data" / "look.toml"
_USE = re.compile(r"var\(--([a-z0-9-]+)\)")
_SUM = re.compile(r"calc\(([^()]*)\)")
_TERM = re.compile(r"([+-]?) ?(?:([\d.]+) \* )?([\d.]+)(mm|pt)")
# The points of 1/72 inch in a unit.
_UNIT_PT = {"mm": 72 / 25.4, "pt": 1.0}


@cache
def screen_style(*names: str) -> str:
    """The sheets of a page as one, minified: the colours of both themes stand at its top.

    Raises ``KeyError`` for a name that ``look.toml`` does not have.
    """
    text = _read(names)
    themed, fixed = _look()
    used = sorted(set(_USE.findall(text)) & set(themed))
    light, dark = (";".join(f"--{each}:{themed[each][at]}" for each in used) for at in (0, 1))
    head = (
        f":root{{color-scheme:light dark;{light}}}"
        f"@media (prefers-color-scheme:dark){{:root{{{dark}}}}}"
    )
    kept = {each: f"var(--{each})" for each in themed}
    return str(rcssmin.cssmin(head + _filled(text, {**fixed, **kept})))


@cache
def print_style(name: str) -> str:
    """A sheet of a print: every name has its value for white paper."""
    themed, fixed = _look()
    on_white = {each: pair[0] for each, pair in themed.items()}
    return _SUM.sub(_add_up, _filled(_read((name,)), {**fixed, **on_white, **_figures()}))


@cache
def points(name: str) -> float:
    """A length of ``[print]`` in points of 1/72 inch, or its number if it has no unit.

    Raises ``KeyError`` for a name that is not there.
    """
    value = _figures()[name]
    # Divided, as page_geometry does: multiplied, the last digit would be another.
    return _number(value) / (25.4 / 72) if value.endswith("mm") else _number(value)


@cache
def millimetres(name: str) -> float:
    """A length of ``[print]`` that is written in millimetres; raises ``KeyError`` for others."""
    value = _figures()[name]
    if not value.endswith("mm"):
        raise KeyError(name)
    return _number(value)


def colour(name: str) -> str:
    """A colour on white paper as six hexadecimal digits, ``#rrggbb``."""
    themed, fixed = _look()
    value = themed[name][0] if name in themed else fixed[name]
    return value if len(value) == 7 else "#" + "".join(2 * digit for digit in value[1:])


def _read(names: tuple[str, ...]) -> str:
    return "".join((FOLDER / name).read_text("utf-8") for name in names)


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _USE.sub(lambda use: values[use[1]], text)


def _add_up(calc: re.Match[str]) -> str:
    """The sum of lengths, in the unit of the first: WeasyPrint would add up at every print."""
    terms = _TERM.findall(calc[1])
    total = sum(
        float(f"{sign}1") * float(factor or 1) * float(number) * _UNIT_PT[unit]
        for sign, factor, number, unit in terms
    )
    unit = terms[0][3]
    return f"{total / _UNIT_PT[unit]:.6g}{unit}"


def _number(value: str) -> float:
    return float(value.removesuffix("mm").removesuffix("pt"))


@cache
def _figures() -> dict[str, str]:
    figures: dict[str, str] = tomli.loads(_LOOK.read_text("utf-8"))["print"]
    return figures


@cache
def _look() -> tuple[dict[str, list[str]], dict[str, str]]:
    look = tomli.loads(_LOOK.read_text("utf-8"))
    return look["themed"], look["fixed"]
