"""Languages with one wrong word each, as a hurried change or a machine might leave it."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tests.languages.catalogue import Catalogue
from tests.languages.checks import NUMBER, UNIT, sides

_FIELD = re.compile(r"\{[^}]*\}")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A text of a language, changed in one place."""

    place: str
    change: str
    text: str


def mutants(catalogue: Catalogue) -> Iterator[Mutant]:
    """Every mutant of the critical statements, and of the amounts and placeholders of all texts."""
    swap = _Swap(catalogue)
    for place, each in catalogue.statements.items():
        yield from _of_amounts(place, each.text)
        if each.is_critical:
            yield from _of_cues(catalogue, place, each.text)
            yield from swap.mutants(place, each.english, each.text)
    for place, (_, text) in catalogue.texts.items():
        yield from _of_amounts(place, text)


def _cut(text: str, match: re.Match[str], instead: str = "") -> str:
    return text[: match.start()] + instead + text[match.end() :]


def _of_cues(catalogue: Catalogue, place: str, text: str) -> Iterator[Mutant]:
    for kind, words in catalogue.watched.cues.items():
        for match in words.finditer(text):
            yield Mutant(place, f"without “{match[0]}” ({kind})", _cut(text, match))
            twice = f"{match[0]} {match[0]}"
            yield Mutant(place, f"twice “{match[0]}” ({kind})", _cut(text, match, twice))


def _of_amounts(place: str, text: str) -> Iterator[Mutant]:
    plain = _FIELD.sub(lambda field: "·" * len(field[0]), text)
    for match in NUMBER.finditer(plain):
        digits = re.sub("[.,]", "", match[0])
        larger = digits if digits != match[0] else f"{digits}0"
        yield Mutant(place, f"{match[0]} -> {larger}", _cut(text, match, larger))
    for match in UNIT.finditer(plain):
        yield Mutant(place, f"without {match[0]}", _cut(text, match))
    for match in _FIELD.finditer(text):
        is_needed = re.fullmatch(r"\{(?!count)\w+\}", match[0]) and text.count(match[0]) == 1
        if is_needed:
            yield Mutant(place, f"without {match[0]}", _cut(text, match))


class _Swap:
    """Puts a word of the other side where a side stands: hot for cold, before for after."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._usual = {
            side: self._most_used(pair, side) for pair in catalogue.english.pairs for side in pair
        }

    def _most_used(self, pair: tuple[str, str], side: str) -> str:
        """The word by which a language mostly names a side."""
        watched = self._catalogue.watched
        (other,) = set(pair) - {side}
        found = Counter(
            match[0].casefold()
            for each in self._catalogue.statements.values()
            for match in watched.opposites[side].finditer(each.text)
            if not watched.opposites[other].search(match[0])
        )
        return found.most_common(1)[0][0]

    def mutants(self, place: str, english: str, text: str) -> Iterator[Mutant]:
        """Each word of a pair that the English names, and all of them at once."""
        watched = self._catalogue.watched
        for pair in self._catalogue.english.pairs:
            if not sides(self._catalogue.english, pair, english):
                continue
            found = [
                (side, match) for side in pair for match in watched.opposites[side].finditer(text)
            ]
            for side, match in found:
                (other,) = set(pair) - {side}
                yield Mutant(place, f"{match[0]} -> {other}", _cut(text, match, self._usual[other]))
            if len(found) > 1:
                yield Mutant(place, f"{'/'.join(pair)} exchanged", self._exchanged(pair, text))

    def _exchanged(self, pair: tuple[str, str], text: str) -> str:
        first, second = (self._catalogue.watched.opposites[side] for side in pair)
        held = first.sub("\0", text)
        return second.sub(self._usual[pair[0]], held).replace("\0", self._usual[pair[1]])
