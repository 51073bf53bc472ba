"""Recognise medicines that add to the effect of the pump: ``data/medicine_classes.toml``.

The result only puts a warning to whoever enters a name; it never appears in print.
"""

import re
from functools import cache
from pathlib import Path

import tomli

_FILE = Path(__file__).parent.parent / "data" / "medicine_classes.toml"
_BACLOFEN = {"baclofen", "baclofene", "lioresal", "gablofen"}


def is_baclofen(name: str) -> bool:
    """Return whether a substance, as typed, is baclofen."""
    return bool(_words(name) & _BACLOFEN)


def drug_class(name: str) -> str | None:
    """Return the class of a medicine, as typed, that adds to the pump's effect, or ``None``."""
    typed = _words(name)
    return next(
        (key for key, names in _classes().items() if any(name <= typed for name in names)), None
    )


def _words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", name.lower()))


@cache
def _classes() -> dict[str, tuple[frozenset[str], ...]]:
    """Return the names of each class, every name as its set of words."""
    rows = tomli.loads(_FILE.read_text("utf-8"))
    return {key: tuple(map(_words, row["names"])) for key, row in rows.items()}
