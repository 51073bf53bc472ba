"""The style sheets of screens and prints, with the values of ``data/look.toml`` put in.

A sheet in ``templates/styles`` is written for people: one declaration a line, and ``var(--name)``
for every colour, distance and size that more than one place shares.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import rcssmin

# The project runs from its checkout: templates/ stands beside the package.
FOLDER = Path(__file__).parent.parent / "templates" / "styles"
_LOOK = Path(__file__).parent / "data" / "look.toml"
_USE = re.compile(r"var\(--([a-z0-9-]+)\)")


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
    return _filled(_read((name,)), {**fixed, **{each: pair[0] for each, pair in themed.items()}})


def colour(name: str) -> str:
    """A colour on white paper as six hexadecimal digits, ``#rrggbb``."""
    themed, fixed = _look()
    value = themed[name][0] if name in themed else fixed[name]
    return value if len(value) == 7 else "#" + "".join(2 * digit for digit in value[1:])


def _read(names: tuple[str, ...]) -> str:
    return "".join((FOLDER / name).read_text("utf-8") for name in names)


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _USE.sub(lambda use: values[use[1]], text)


@cache
def _look() -> tuple[dict[str, list[str]], dict[str, str]]:
    look = tomllib.loads(_LOOK.read_text("utf-8"))
    return look["themed"], look["fixed"]
