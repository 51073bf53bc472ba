"""What must be the same in each language: placeholders, numbers, units, negations, opposites.

``findings`` is used twice: no language may have one, and each mutant of a language must have one.
"""

import re
from collections import Counter
from collections.abc import Iterator
from string import Formatter

from caregiver_card.briefing.statements import Statement
from tests.languages.catalogue import Catalogue, Watched

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
# Units, routes of a drug and names, which stay as they are in every language.
UNIT = re.compile(
    r"(?<!\w)(?:mcg/mL|mcg|mg/mL|mg|mL|kg|°C|IV|IM|SC|T(?=[\s:.,;)]|$)|Medtronic|Flowonix|"
    r"SynchroMed(?: II| III| EL)?|Prometra(?: II)?|IsoMed|AccuRx|MR Unsafe)(?!\w)"
)
_FIELD = re.compile(r"\{[^}]*\}")


def findings(catalogue: Catalogue) -> list[str]:
    """What is wrong in a language, a line each with its place."""
    return [*_of_texts(catalogue), *_of_statements(catalogue)]


def _of_texts(catalogue: Catalogue) -> Iterator[str]:
    for place, (english, text) in catalogue.texts.items():
        yield from _fields(place, english, text)
        yield from _amounts(place, english, text)


def _of_statements(catalogue: Catalogue) -> Iterator[str]:
    for place, each in catalogue.statements.items():
        yield from _fields(place, each.english, each.text)
        for name, text in (("", each.text), (" (back)", each.back)):
            yield from _amounts(place + name, each.english, text)
        yield from _opposites(catalogue, place, each)
        if each.is_critical:
            yield from _cues(catalogue, place, each)


def fields(text: str) -> Counter[str]:
    """The placeholders of a text, with how each is written."""
    parsed = Formatter().parse(text)
    return Counter(
        f"{name}!{turned or ''}:{form or ''}"
        for _, name, form, turned in parsed
        if name is not None
    )


def _fields(place: str, english: str, text: str) -> Iterator[str]:
    # A form for one or two may say the number in words.
    wanted, found = set(fields(english)), set(fields(text))
    if wanted - {"count!:"} != found - {"count!:"} or (found - wanted):
        yield f"{place}: placeholders {sorted(found)}, in English {sorted(wanted)}"


def numbers(text: str) -> Counter[str]:
    """The numbers of a text, with a point for either decimal mark."""
    return Counter(each.replace(",", ".") for each in NUMBER.findall(_FIELD.sub("", text)))


def _amounts(place: str, english: str, text: str) -> Iterator[str]:
    if (found := numbers(text)) != (wanted := numbers(english)):
        yield f"{place}: numbers {dict(found)}, in English {dict(wanted)}"
    counted = [Counter(UNIT.findall(_FIELD.sub("", each))) for each in (english, text)]
    if counted[0] != counted[1]:
        yield f"{place}: units {dict(counted[1])}, in English {dict(counted[0])}"


def _cues(catalogue: Catalogue, place: str, each: Statement) -> Iterator[str]:
    """As many words that forbid or limit, kind by kind; in the translation back at least one."""
    allowed = catalogue.allowed.get("cues", {}).get(place, {})
    for kind, english in catalogue.english.cues.items():
        wanted = len(english.findall(each.english))
        found = len(catalogue.watched.cues[kind].findall(each.text))
        if found - wanted != allowed.get(kind, 0):
            yield f"{place}: {found} × {kind!r}, in English {wanted}: {each.text}"
        back = len(english.findall(each.back))
        if bool(back) != bool(wanted) and not allowed.get(f"back-{kind}"):
            yield f"{place} (back): {back} × {kind!r}, in English {wanted}: {each.back}"


def sides(watched: Watched, pair: tuple[str, str], text: str) -> list[str]:
    """The sides of a pair in the order in which a text names them."""
    found = (
        (match.start(), side) for side in pair for match in watched.opposites[side].finditer(text)
    )
    return [side for _, side in sorted(found)]


def _opposites(catalogue: Catalogue, place: str, each: Statement) -> Iterator[str]:
    allowed = catalogue.allowed.get("opposites", {}).get(place, {})
    for pair in catalogue.english.pairs:
        wanted = sides(catalogue.english, pair, each.english)
        if not wanted:
            continue
        found = sides(catalogue.watched, pair, each.text)
        reason = allowed.get("/".join(pair))
        if reason is not None:
            is_right = found == reason
        elif each.is_critical:
            back = sides(catalogue.english, pair, each.back)
            is_right = found == wanted or (sorted(found) == sorted(wanted) and found == back)
        else:
            is_right = set(wanted) <= set(found)
        if not is_right:
            yield f"{place}: {'/'.join(pair)} as {found}, in English {wanted}: {each.text}"
