"""The code that needs no network: a contact that any phone's camera shows.

A tap calls its number; its note says the danger, drug, concentration, dose and pump. It does not
hold the page's address. Every other part gives way, the least important first, before the modules
would be too small for a worn print, and is named beside the code.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from caregiver_card.briefing.briefing import Briefing
from caregiver_card.briefing.card_texts import NO_BREAK
from caregiver_card.exports import vcard
from caregiver_card.printing.codes import qr

# At this side, the essentials of a typical card have modules of 0.46 mm.
SIDE_MM = 26.0
# The smallest module that a phone's camera can read from an office print, and one that it reads
# easily.
FINEST_MM = 0.33
EASY_MM = 0.40
# Parts that are merely useful must not make the modules smaller than this.
ROOMY_MM = 0.45


class TooFine(ValueError):
    """The essentials need modules of ``module_mm``, which are too small to be read."""

    def __init__(self, module_mm: float, side_mm: float) -> None:
        self.module_mm, self.side_mm = module_mm, side_mm
        super().__init__(f"modules of {module_mm:.2f} mm in {side_mm:g} mm")


@dataclass(frozen=True, slots=True)
class OfflineCode:
    """The symbol and its contact, with the texts about what is left out and about small modules."""

    qr_code: qr.Symbol
    text: str
    left_out: str
    warning: str

    @property
    def module_mm(self) -> float:
        """The width of one module."""
        return self.qr_code.side_mm / self.qr_code.modules


class _Part(NamedTuple):
    """An optional part, which gives way before the modules are smaller than ``finest_mm``."""

    key: str
    words: str
    finest_mm: float


def code(briefing: Briefing, side_mm: float = SIDE_MM) -> OfflineCode:
    """Make the code, ``side_mm`` wide without its quiet zone; raises ``TooFine``."""
    say = briefing.content.say
    kept: list[_Part] = []
    omitted: list[str] = []
    for part in _parts(briefing):
        if _module_mm(_contact(briefing, [*kept, part]), side_mm) >= part.finest_mm:
            kept.append(part)
        else:
            omitted.append(say(f"offline.left-{part.key}"))
    text = _contact(briefing, kept)
    module_mm = _module_mm(text, side_mm)
    if module_mm < FINEST_MM:
        raise TooFine(module_mm, side_mm)
    return OfflineCode(
        qr.text_symbol(text, side_mm),
        text,
        say("offline.left", what=briefing.content.join_and(omitted)) if omitted else "",
        say("offline.fine", mm=f"{module_mm:.2f}") if module_mm < EASY_MM else "",
    )


def _module_mm(text: str, side_mm: float) -> float:
    try:
        return side_mm / qr.width(text)
    except qr.TooLong:
        return 0.0


def _parts(b: Briefing) -> Iterator[_Part]:
    """The optional parts, the most important first."""
    # The pump gives way only if its name alone would make the code unreadable.
    yield _Part("pump", f"{b.device}.", FINEST_MM)
    if b.pump_drugs.status != "none_known":
        drugs = b.mixture if b.pump_drugs.items else f"{b.pump_drugs.words}."
        yield _Part("mixture", drugs, EASY_MM)
    if b.cautions:
        yield _Part("caution", ". ".join(b.cautions) + ".", EASY_MM)
    yield _Part("confirmed", b.content.say("offline.confirmed", day=b.confirmed_on), EASY_MM)
    # The team asks for the name. It comes late, since a stranger's phone may store the contact.
    yield _Part("name", f"{b.person.name}.", ROOMY_MM)
    yield _Part("hospital", b.hospital, ROOMY_MM)


def _contact(b: Briefing, parts: list[_Part]) -> str:
    say, words = b.content.say, {part.key: part.words for part in parts}
    note = [
        f"{b.what.text}. {b.stop.text}",
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


def _capitals(text: str) -> str:
    """Write an ASCII text in capitals, which take 5.5 bits in a code instead of 8."""
    text = text.replace(NO_BREAK, " ")
    return text.upper() if text.isascii() else text
