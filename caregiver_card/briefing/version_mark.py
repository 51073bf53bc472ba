"""The version mark of a briefing, by which a print can be compared with today's card.

In ``7K3Q-4M`` the first four characters stand for the facts of the card and the last two for the
sentences that the program adds (signs, rules, emergency number). So a better sentence can be told
from a changed dose, and does not make the numbers look out of date. Interface text ("Alarm date")
and the number of the version do not count. A card in a file has the same mark as a stored one.
"""

import hashlib
import json
import re
from functools import cache
from typing import NamedTuple

from caregiver_card.briefing.briefing import Briefing
from caregiver_card.briefing.content import Content
from caregiver_card.card.printed_facts import Facts

# Crockford's base 32: no two characters look alike.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALIKE = str.maketrans("ILO", "110")
# Twenty bits for the facts: among sixty versions two share a mark in one of some six hundred cards,
# and the check then says so. Ten bits tell revisions of the sentences apart.
_FACTS, _WORDS = 4, 2
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212._]+")


class VersionMark(NamedTuple):
    """A mark to compare; ``words`` is empty where only the first four characters were typed."""

    facts: str
    words: str = ""

    def __str__(self) -> str:
        return "-".join(filter(None, self))


def mark_of(briefing: Briefing) -> str:
    """Return the mark that every print of this briefing carries."""
    low = briefing.low_day
    chosen = (
        briefing.emergency.shown,
        briefing.mri.key,
        [statement.key for statement in briefing.alarms],
        # The program, not the card, makes the estimate.
        [low.on.isoformat(), low.source] if low else [],
        _sentences(briefing.content),
    )
    return str(VersionMark(mark_of_facts(briefing.facts), _characters(json.dumps(chosen), _WORDS)))


def mark_of_facts(facts: Facts) -> str:
    """Return the first four characters of a mark."""
    return _characters(json.dumps(sorted(facts)), _FACTS)


def parse_mark(typed: str) -> VersionMark | None:
    """Parse a mark copied from paper: any case, with spaces, I for 1; ``None`` if it is none."""
    letters = _SEPARATORS.sub("", typed).upper().translate(_ALIKE)
    if len(letters) not in (_FACTS, _FACTS + _WORDS) or set(letters) - set(_LETTERS):
        return None
    return VersionMark(letters[:_FACTS], letters[_FACTS:])


@cache
def _sentences(content: Content) -> list[str]:
    """Return every clinical sentence; its review and its sources do not make a print wrong."""
    return [statement.text for statement in content.statements]


def _characters(text: str, count: int) -> str:
    bits = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
    return "".join(_LETTERS[bits >> 5 * place & 31] for place in range(count))
