"""Which medicines add to what the pump does: data/medicine_classes.toml.

Only used to put a question to the person who types a name; nothing of it is printed.
"""

import re
import tomllib
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent.parent / "data" / "medicine_classes.toml"
_BACLOFEN = {"baclofen", "baclofene", "lioresal", "gablofen"}


def is_baclofen(name: str) -> bool:
    """Whether a substance, as typed, is baclofen."""
    return bool(_words(name) & _BACLOFEN)


def kind(name: str) -> str | None:
    """The class of a medicine, as typed, that adds to the pump's effect, or ``None``."""
    typed = _words(name)
    return next(
        (key for key, names in _classes().items() if any(each <= typed for each in names)), None
    )


def _words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", name.lower()))


@cache
def _classes() -> dict[str, tuple[frozenset[str], ...]]:
    """The words of each name of a class."""
    rows = tomllib.loads(_FILE.read_text("utf-8"))
    return {key: tuple(map(_words, row["names"])) for key, row in rows.items()}
