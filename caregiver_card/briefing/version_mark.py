"""A briefing -> the version mark: by it a paper is known again, and told from today's.

``7K3Q-4M``: the first four characters stand for the facts of the card, the last two for the
sentences that the program adds to them (signs, rules, emergency number). So a better sentence can
be told from a changed dose, and makes nobody's numbers look wrong. Interface words ("Alarm date")
and the version's number do not count. A card in a file has the same mark as when it is kept.
"""

import hashlib
import json
import re
from functools import cache
from typing import NamedTuple

from caregiver_card.briefing.briefing import Briefing
from caregiver_card.briefing.content import Content
from caregiver_card.card.printed_facts import Facts

# Crockford's letters for base 32: none looks like another.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALIKE = str.maketrans("ILO", "110")
# Twenty bits: in sixty versions of a card two are alike once in some six hundred cards, and then
# the answer says so. Ten bits tell one revision of the sentences from another.
_FACTS, _WORDS = 4, 2
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015\u2212._]+")


class VersionMark(NamedTuple):
    """A mark as it is compared; ``words`` is empty where only the first four were typed."""

    facts: str
    words: str = ""

    def __str__(self) -> str:
        return "-".join(filter(None, self))


def mark_of(briefing: Briefing) -> str:
    """The mark that every print of this briefing carries."""
    low = briefing.low_day
    chosen = (
        briefing.emergency.shown,
        briefing.mri.key,
        [each.key for each in briefing.alarms],
        # An estimate is the program's.
        [low.on.isoformat(), low.source] if low else [],
        _sentences(briefing.content),
    )
    return str(VersionMark(mark_of_facts(briefing.facts), _letters(json.dumps(chosen), _WORDS)))


def mark_of_facts(facts: Facts) -> str:
    """The first four characters of a mark."""
    return _letters(json.dumps(sorted(facts)), _FACTS)


def parse_mark(typed: str) -> VersionMark | None:
    """A mark as it is copied from paper, in any case, with spaces, I for 1; ``None`` if none."""
    letters = _BETWEEN.sub("", typed).upper().translate(_ALIKE)
    if len(letters) not in (_FACTS, _FACTS + _WORDS) or set(letters) - set(_LETTERS):
        return None
    return VersionMark(letters[:_FACTS], letters[_FACTS:])


@cache
def _sentences(content: Content) -> list[str]:
    """Every clinical sentence; who reviewed it and where it comes from makes no paper wrong."""
    return [each.text for each in content.statements]


def _letters(words: str, count: int) -> str:
    number = int.from_bytes(hashlib.sha256(words.encode()).digest()[:8])
    return "".join(_LETTERS[number >> 5 * place & 31] for place in range(count))
