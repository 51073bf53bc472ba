"""The interface words: each is used, by its name or by one that the program puts together."""

import re
from functools import cache
from pathlib import Path

import pytest

from tests.cast import WORDS

_ROOT = Path(__file__).parent.parent
_KINDS = (("caregiver_card", ".py"), ("templates", ".html"), ("static/js", ".js"))
_DATA = _ROOT / "caregiver_card" / "data"


@cache
def _code() -> str:
    return "\n".join(
        path.read_text("utf-8")
        for folder, suffix in _KINDS
        for path in sorted((_ROOT / folder).rglob(f"*{suffix}"))
    )


@cache
def _names() -> tuple[frozenset[str], tuple[str, ...]]:
    """Whole names as they are quoted, and beginnings that the program joins something to."""
    groups = "|".join(sorted({place.split(".")[0] for place in WORDS.text}))
    found = re.findall(rf"""["'](?=((?:{groups})\.[\w.-]*)(.))""", _code())
    begun = {name for name, end in found if end in "{%" or name[-1] in ".-_"}
    return frozenset(name for name, _ in found) - begun, tuple(begun)


@cache
def _spoken() -> frozenset[str]:
    """Every word of the code, and of the data that is no text."""
    data = [path.read_text("utf-8") for path in _DATA.glob("*.toml")]
    return frozenset(re.findall(r"\w+", " ".join([_code(), *data, *WORDS.groups])))


def _is_used(place: str) -> bool:
    """Its name is quoted, or a beginning of it is and the code knows the words of the rest."""
    quoted, begun = _names()
    rests = [place.removeprefix(each) for each in begun if place.startswith(each)]
    return place in quoted or any(
        all(part in _spoken() or part.isdigit() for part in re.split(r"[.-]", rest))
        for rest in rests
    )


@pytest.mark.parametrize("group", sorted({place.split(".")[0] for place in WORDS.text}))
def test_every_word_is_used(group: str) -> None:
    """A word that nothing says any more is a word that somebody translates for nothing."""
    unused = [
        place for place in WORDS.text if place.startswith(f"{group}.") and not _is_used(place)
    ]
    assert not unused


def test_an_unused_word_would_be_found() -> None:
    """Neither a group that is named nor a word elsewhere makes a word used."""
    for place in ("wallet.concentration", "say.heading", "page.no_such_word"):
        assert not _is_used(place)


def test_a_hint_quotes_only_words_that_a_source_has_seen_on_a_printout() -> None:
    """“Alarm date” is in the sources (P13, P69); for other words of a printout there is none."""
    hints = {place: words for place, words in WORDS.text.items() if place.endswith(".hint")}
    quoted = {each for words in hints.values() for each in re.findall("“([^”]+)”", words)}
    spoken = {"stiffer than usual", "sleepier than usual"}
    assert quoted - spoken <= {"Alarm date", "low reservoir alarm date"}
