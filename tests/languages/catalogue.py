"""A language as its checks read it: each text beside its English, and the words that must stay."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from caregiver_card.briefing import languages
from caregiver_card.briefing.content import ENGLISH, FOLDER, Content, load
from caregiver_card.briefing.isolates import ISOLATES
from caregiver_card.briefing.statements import Statement

TAGS = tuple(tag for tag in languages.offered() if tag != ENGLISH)
every_language = pytest.mark.parametrize("tag", TAGS)
# What takes long and depends on no word: one language from each side.
both_directions = pytest.mark.parametrize("tag", ["es", "he"])
_ALLOWED = Path(__file__).parents[1] / "data" / "languages"

Patterns = Mapping[str, re.Pattern[str]]


@dataclass(frozen=True, slots=True)
class Watched:
    """The words of one language by kind: ``cues`` forbid or limit; ``opposites`` are in pairs."""

    cues: Patterns
    opposites: Patterns

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The sides that must not be taken for one another."""
        sides = list(self.opposites)
        return list(zip(sides[::2], sides[1::2], strict=True))


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One language; a statement's parts stand beside it, a text's forms each for itself.

    ``allowed`` are the differences of its words that somebody gave a reason for.
    """

    tag: str
    texts: Mapping[str, tuple[str, str]]
    statements: Mapping[str, Statement]
    watched: Watched
    english: Watched
    allowed: Mapping[str, Mapping[str, Any]]

    def saying(self, place: str, text: str) -> "Catalogue":
        """The same language in which one text is another."""
        if place in self.statements:
            changed = {place: replace(self.statements[place], text=text)}
            return replace(self, texts={}, statements=changed)
        return replace(self, texts={place: (self.texts[place][0], text)}, statements={})


def catalogue(tag: str) -> Catalogue:
    """Read one language and its English."""
    content = load(tag)
    path = _ALLOWED / f"{tag}.toml"
    return Catalogue(
        tag=tag,
        texts=_texts(content, load()),
        statements=statements(content),
        watched=watched(tag),
        english=watched(ENGLISH),
        allowed=tomllib.loads(path.read_text("utf-8")) if path.exists() else {},
    )


def statements(content: Content) -> dict[str, Statement]:
    """Every statement, and each part of one, by its place."""
    return {
        each.place: replace(each, text=each.text.translate(ISOLATES))
        for each in content.every_statement
    }


def watched(tag: str, folder: Path = FOLDER) -> Watched:
    """The words that ``language.toml`` names."""
    table = tomllib.loads((folder / tag / "language.toml").read_text("utf-8"))
    kinds = ({kind: _words(each) for kind, each in table[name].items()} for name in _TABLES)
    return Watched(*kinds)


_TABLES = ("cues", "opposites")


def _words(patterns: list[str]) -> re.Pattern[str]:
    """Whole words; one that ends with an apostrophe leads into the next."""
    longest_first = sorted(patterns, key=len, reverse=True)
    ends = (each if each[-1] in "'’" else rf"{each}(?!\w)" for each in longest_first)
    return re.compile(rf"(?<!\w)(?:{'|'.join(ends)})", re.IGNORECASE)


def _texts(content: Content, english: Content) -> dict[str, tuple[str, str]]:
    found = {place: (english.text[place], text) for place, text in content.text.items()}
    for place, forms in content.forms.items():
        other = english.forms[place]
        found |= {
            f"{place}.{name}": (other.get(name, other["other"]), text)
            for name, text in forms.items()
        }
    return found
