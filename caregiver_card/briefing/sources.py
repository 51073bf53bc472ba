"""Where the clinical statements come from."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement comes from: a seed page (``file``) or a public page (``url``).

    ``short`` names publisher and page in a few words. ``sections`` has the first line of each part
    of a seed page, and what the part is called.
    """

    key: str
    title: str
    short: str
    url: str = ""
    file: str = ""
    note: str = ""
    sections: tuple[tuple[int, str], ...] = ()

    def section(self, line: int) -> str:
        """Return what the part is called that holds a line."""
        return [name for first, name in self.sections if first <= line][-1]


def sources(rows: dict[str, Any]) -> dict[str, Source]:
    """Return the sources of ``data/sources.toml``, by their keys."""
    return {key: _source(key, **row) for key, row in rows.items()}


def _source(key: str, sections: list[tuple[int, str]] | None = None, **row: str) -> Source:
    return Source(key=key, sections=tuple((line, name) for line, name in sections or ()), **row)
