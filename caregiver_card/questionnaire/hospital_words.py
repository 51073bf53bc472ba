"""The words and codes of a hospital's file, whose values may be of any kind.

Whatever is not what it should be is nothing.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from caregiver_card.card import drug_classes

Json = Any

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# Codes that say that nothing is known of, or that nobody knows: SNOMED CT, and HL7's own.
_ABSENT = re.compile(r"no-(?:known-.+|.+-info|medication-info|allergy-info)")
_NONE = {
    *("716186003", "409137002", "429625007", "428607008", "428197003", "716184000", "716220001"),
    *("160244002", "787481004", "787483001", "1287211007"),
}
# The same in words, where no code says so, in the languages of the summaries that were tried.
_NONE_WORDS = re.compile(
    r"\b(?:no|not) known\b|\bno (?:current |known )*(?:allerg|medic|drug|information)|\bnkd?a\b"
    r"|^(?:none|nil|unknown)\b|\b(?:keine|kein|aucun|aucune|nessun|nessuna|geen|ingen|inga)\b"
    r"|\b(?:sin|sem) (?:alergi|medica)|\b(?:ningun|ninguna|nenhum|nenhuma)\b",
    re.IGNORECASE,
)
_BACLOFEN = "M03BX01"
# Letters with a stroke or without a dot, which Unicode does not take apart.
_WHOLE_LETTERS = str.maketrans("đłøı", "dloi")
# In characters: no name and no dose is a tenth as long, and each is searched several times.
_LONGEST = 10_000
# Half a letter, which JSON can escape and no file can hold.
_HALF = re.compile("[\ud800-\udfff]")
# Of what was left out, as much is shown as tells what it is.
_SHOWN = 160
# Of one list within an entry; no real one is a tenth as long.
_MOST_PARTS = 100


class Skipped(NamedTuple):
    """What was not taken: the path of the card that it belongs to, its words, and why.

    ``why`` is the key of a text under ``hospital_why``.
    """

    what: str
    words: str
    why: str


def skipped(what: str, words: str, why: str) -> Skipped:
    """Name what is not taken; of its words, what can be shown."""
    return Skipped(what, "".join(filter(str.isprintable, words))[:_SHOWN], why)


@dataclass(frozen=True, slots=True)
class Entry:
    """A resource of the file.

    ``is_altered`` says that something in it or around it changes what it means.
    """

    kind: str
    resource: dict[str, Json]
    is_altered: bool


def listed(value: Json) -> list[Json]:
    """A list, or an empty one for anything else."""
    return value if isinstance(value, list) else []


def parts(value: Json) -> list[dict[str, Json]]:
    """The objects in a list."""
    return [each for each in listed(value)[:_MOST_PARTS] if isinstance(each, dict)]


def part(value: Json, key: str) -> Json:
    """A value of an object; nothing of anything else."""
    return value.get(key) if isinstance(value, dict) else None


def line(value: Json) -> str:
    """A text on one line; nothing for what is no text, is endless, or holds half a letter."""
    if not isinstance(value, str) or len(value) > _LONGEST or _HALF.search(value):
        return ""
    return " ".join(value.split())


def day(value: Json) -> str:
    """A date; a year or a month alone is none."""
    return value if isinstance(value, str) and _DAY.fullmatch(value) else ""


def text(concept: Json) -> str:
    """The words of a concept: its own text, else the name of a code."""
    return next(_texts(concept), "")


def _texts(concept: Json) -> Iterator[str]:
    said = [part(concept, "text"), part(concept, "display")]
    said += [each.get("display") for each in parts(part(concept, "coding"))]
    yield from filter(None, map(line, said))


def codes(concept: Json) -> set[str]:
    """The codes of a concept; its words where it has no code, since a status may be in words."""
    found = [each.get("code") for each in parts(part(concept, "coding"))]
    return {each for each in found if isinstance(each, str)} or {
        each.casefold().replace(" ", "-") for each in _texts(concept)
    }


def says_none(concept: Json) -> bool:
    """Whether it says that there is none, or that nobody knows."""
    found = codes(concept)
    words = map(_NONE_WORDS.search, _texts(concept))
    return bool(found & _NONE) or any(map(_ABSENT.fullmatch, found)) or any(words)


def is_baclofen(concept: Json) -> bool:
    """Whether a medicine is baclofen, by its code or in any of its words."""
    if _BACLOFEN in codes(concept):
        return True
    return any(
        drug_classes.is_baclofen(each) or "baclofen" in plain(each) for each in _texts(concept)
    )


def plain(words: str) -> str:
    """Words without accents and capitals, to compare them."""
    apart = unicodedata.normalize("NFKD", words.casefold())
    bare = "".join(each for each in apart if not unicodedata.combining(each))
    return bare.translate(_WHOLE_LETTERS)


def alters(value: Json) -> bool:
    """Whether anything in it changes its meaning in a way that this program does not know."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if "modifierExtension" in each or "implicitRules" in each:
                return True
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
    return False
