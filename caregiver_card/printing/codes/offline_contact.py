"""A briefing -> the code that needs no network: a contact that any phone's camera shows.

Its number can be tapped; its note says the danger, drug, concentration, dose and pump. It holds no
address of the page. What stands beside those gives way, by rank, before a module would become
smaller than a worn print bears, and is named.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from caregiver_card.briefing.briefing import Briefing
from caregiver_card.briefing.card_texts import NO_BREAK
from caregiver_card.exports import vcard
from caregiver_card.printing.codes import qr

# The essentials of a typical card then have modules of 0.46 mm.
SIDE_MM = 26.0
# What a phone's camera can still read from an office printer's paper, and what it reads with ease.
FINEST_MM = 0.33
EASY_MM = 0.40
# What is merely useful may not make them finer than this; what guards against a mistake may.
ROOMY_MM = 0.45


class TooFine(ValueError):
    """What must be in the code would need modules of ``module_mm``, too small to be read."""

    def __init__(self, module_mm: float, side_mm: float) -> None:
        self.module_mm, self.side_mm = module_mm, side_mm
        super().__init__(f"modules of {module_mm:.2f} mm in {side_mm:g} mm")


@dataclass(frozen=True, slots=True)
class OfflineCode:
    """The symbol, the contact in it, and in words what is not in it and whether it is fine."""

    symbol: qr.Symbol
    text: str
    left_out: str
    warning: str

    @property
    def module_mm(self) -> float:
        """The width of one module."""
        return self.symbol.side_mm / self.symbol.modules


class _Part(NamedTuple):
    """Words that give way before a module would be finer than ``finest_mm``."""

    key: str
    words: str
    finest_mm: float


def code(briefing: Briefing, side_mm: float = SIDE_MM) -> OfflineCode:
    """The code ``side_mm`` wide without its quiet zone; raises ``TooFine``."""
    say = briefing.content.say
    kept: list[_Part] = []
    gone: list[str] = []
    for part in _parts(briefing):
        if _module_mm(_contact(briefing, [*kept, part]), side_mm) >= part.finest_mm:
            kept.append(part)
        else:
            gone.append(say(f"offline.left-{part.key}"))
    text = _contact(briefing, kept)
    module_mm = _module_mm(text, side_mm)
    if module_mm < FINEST_MM:
        raise TooFine(module_mm, side_mm)
    return OfflineCode(
        qr.words(text, side_mm),
        text,
        say("offline.left", what=briefing.content.join_and(gone)) if gone else "",
        say("offline.fine", mm=f"{module_mm:.2f}") if module_mm < EASY_MM else "",
    )


def _module_mm(text: str, side_mm: float) -> float:
    try:
        return side_mm / qr.width(text)
    except qr.TooLong:
        return 0.0


def _parts(b: Briefing) -> Iterator[_Part]:
    """What there is to say beside the number, danger and dose, the most important first."""
    # It gives way only where its name alone would make the code unreadable.
    yield _Part("pump", f"{b.device}.", FINEST_MM)
    if b.pump_drugs.status != "none_known":
        drugs = b.mixture if b.pump_drugs.items else f"{b.pump_drugs.words}."
        yield _Part("mixture", drugs, EASY_MM)
    if b.cautions:
        yield _Part("caution", ". ".join(b.cautions) + ".", EASY_MM)
    yield _Part("confirmed", b.content.say("offline.confirmed", day=b.confirmed_on), EASY_MM)
    # The team asks for the name; it comes late, for a contact may be kept by a stranger's phone.
    yield _Part("name", f"{b.person.name}.", ROOMY_MM)
    yield _Part("hospital", b.hospital, ROOMY_MM)


def _contact(b: Briefing, parts: list[_Part]) -> str:
    say, words = b.content.say, {each.key: each.words for each in parts}
    note = [
        f"{b.what}. {b.stop}",
        say("offline.dose", concentration=b.concentration.number, dose=b.dose.number),
        *(
            words[key]
            for key in ("pump", "mixture", "caution", "name", "confirmed")
            if key in words
        ),
    ]
    return vcard.short_contact(
        _capitals(say("offline.name")),
        b.team.dial,
        " ".join(map(_capitals, note)),
        _capitals(words.get("hospital", "")),
    )


def _capitals(words: str) -> str:
    """Capitals take 5.5 bits instead of 8; words with other letters stay as they were typed."""
    plain = words.replace(NO_BREAK, " ")
    return plain.upper() if plain.isascii() else plain
