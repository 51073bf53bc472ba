"""The words of the wallet card's blocks, and how wide and high its columns are."""

from collections.abc import Iterable
from typing import NamedTuple

from caregiver_card.briefing import version_mark
from caregiver_card.briefing.briefing import Briefing
from caregiver_card.briefing.call_texts import CallNumber
from caregiver_card.briefing.card_texts import NO_BREAK
from caregiver_card.briefing.content import load
from caregiver_card.briefing.statements import Statement
from caregiver_card.printing.flow import fit
from caregiver_card.printing.flow.fit import Text
from caregiver_card.printing.layouts import left_out
from caregiver_card.printing.text import glyphs
from caregiver_card.printing.text.page_geometry import CARD_PT, POINT_MM
from caregiver_card.style_sheets import points

TEXT_PT, TITLE_PT, NUMBER_PT, IMPRINT_PT = points("card-text"), points("card-title"), 14.0, 6.0
LINE_PT, TITLE_LINE_PT = points("card-line"), points("card-title-line")
IMPRINT_LINE_PT = points("card-imprint-line")
FULL_PT = CARD_PT[0] - 2 * points("card-side")
# White and rule at a side of a frame.
_FRAME_PT = 1.2 / POINT_MM
# A line with a large number; white under one that stands below its question, and under two lines.
LARGE_LINE_PT, _BELOW_PT, _GAP_PT = 4.5 / POINT_MM, 1.0 / POINT_MM, 0.25 / POINT_MM
# What is left over a line of capitals with marks, and in rounding.
HAIR_PT = 0.02


def body(room_pt: float, *runs: tuple[str, bool]) -> Text:
    """A paragraph of the usual size."""
    return fit.text(TEXT_PT, room_pt, LINE_PT, *runs)


def small(*runs: tuple[str, bool]) -> Text:
    """A paragraph of small print over the whole width."""
    return fit.text(IMPRINT_PT, FULL_PT, IMPRINT_LINE_PT, *runs)


def width(words: str, size_pt: float, *, bold: bool = False) -> float:
    """The width of a text on one line, in points."""
    return glyphs.face(bold).width(words) * size_pt


def sentence(*parts: str) -> str:
    """Parts of one sentence, which begins with a capital letter."""
    words = "; ".join(filter(None, parts))
    return words[:1].upper() + words[1:]


class Low(NamedTuple):
    """The cell of the day on which the reservoir runs low."""

    label: str
    day: str
    known: bool


def low(b: Briefing) -> Low:
    """The clinic's alarm date, or an estimate that is called one."""
    say = b.content.say
    if b.low_day is None:
        return Low(say("wallet.low-none"), say("wallet.low_unknown"), False)
    return Low(say(f"wallet.low-{b.low_day.source}"), b.content.day(b.low_day.on), True)


def team(b: Briefing) -> str:
    """The hospital with a label."""
    # Kept together, so that a word that is longer than a line begins on that of the label.
    return f"{b.content.say('wallet.team_label')} ".replace(" ", NO_BREAK) + b.hospital


def emergency(b: Briefing) -> str:
    """The emergency number on a line of its own."""
    return f"{b.content.say('page.not_in_hospital')} {b.emergency.name}"


class EmergencyCall(NamedTuple):
    """How the emergency number stands: the size of its letters, and whether below its question."""

    size_pt: float
    below: bool
    height_pt: float


def emergency_call(b: Briefing, column_pt: float) -> EmergencyCall:
    """The emergency number as large as it fits behind its question, else below it."""
    question, name = b.content.say("page.not_in_hospital"), b.emergency.name
    if not b.emergency.dial:
        return EmergencyCall(TEXT_PT, True, 2 * LINE_PT + _GAP_PT)
    room = column_pt - width(f"{question} ", TEXT_PT)
    for size_pt in (NUMBER_PT, TITLE_PT):
        if width(name, size_pt, bold=True) <= room:
            return EmergencyCall(size_pt, False, points("card-call"))
    return EmergencyCall(NUMBER_PT, True, LINE_PT + LARGE_LINE_PT + _BELOW_PT)


def drugs(b: Briefing) -> str:
    """The other drugs in the pump, and whether a pharmacy compounded the drug."""
    words = b.pump_drugs.words
    if b.pump_drugs.items:
        words = b.content.say("wallet.others", drugs="; ".join(b.pump_drugs.items))
    compounded = b.content.say("page.compounded")
    return f"{words}; {compounded}" if compounded in b.concentration.notes else words


def oral(b: Briefing) -> str:
    """Baclofen by mouth: the doses, or what is known of it."""
    say = b.content.say
    if b.oral.items:
        place = "wallet.oral_backup" if b.oral_backup else "wallet.oral"
        return say(place, doses="; ".join(b.oral.items))
    return say(f"wallet.oral-{b.oral.status}")


def neither(b: Briefing) -> str:
    """Both, where nobody recorded either; otherwise nothing."""
    nobody = b.pump_drugs.status == b.oral.status == "not_recorded"
    said = drugs(b) == b.pump_drugs.words
    return b.content.say("wallet.neither_recorded") if nobody and said else ""


def danger_in_english(b: Briefing) -> Text | None:
    """The danger in English, where nobody checked its translation."""
    english = f"{b.what.beneath}. {b.stop.beneath}"
    return small((english, True)) if b.stop.beneath else None


def never(b: Briefing) -> tuple[Statement, ...]:
    """What nobody may do: the two that kill at the bedside."""
    return tuple(map(b.content.statement, ("danger.never_stop", "danger.never_inject")))


def never_in_english(said: Iterable[Statement]) -> tuple[tuple[str, bool], ...]:
    """The same in English as runs of a paragraph, where nobody checked the translation."""
    english = [each.beneath for each in said if each.beneath]
    word = load().say("wallet.never")
    return ((word, True), ("; ".join(english), False)) if english else ()


def refill(b: Briefing) -> str:
    """The last refill."""
    return f"{b.refill.label} {b.refill.value.replace(' ', NO_BREAK)}"


def caution(b: Briefing) -> str:
    """The numbers that are unusual, so that somebody checks them."""
    return ". ".join(b.cautions) + "."


def confirmed(b: Briefing, kept: frozenset[str], guide: bool) -> str:
    """Who confirmed the card, and, where there is a page, that it is newer."""
    say = b.content.say
    words = b.confirmed if "by" in kept else say("wallet.confirmed", day=b.confirmed_on)
    return f"{words}." if guide else f"{words}; {say('wallet.newer')}."


def imprint(b: Briefing, kept: frozenset[str], guide: bool, most: int) -> Text:
    """The small print: at most ``most`` names of what is only on the page."""
    say = b.content.say
    # At the beginning of a line no mark is ever broken.
    mark = f"{say('print.mark')} {version_mark.mark_of(b)}."
    about = f"{confirmed(b, kept, guide)} {say('wallet.review')} {b.instead}".strip()
    named = left_out.sentence(b, kept, guide, most)
    return small((mark, True), (about, False), (named, True))


class CardContact(NamedTuple):
    """The contact that the card names, besides the team."""

    name: str
    relation: str
    number: CallNumber


def first_contact(b: Briefing) -> CardContact:
    """The first contact with a telephone number; every card has one."""
    return next(CardContact(c.name, c.relation, c.number) for c in b.contacts if c.number)


def allergies(b: Briefing, guide: bool, most: int) -> Text | None:
    """As many allergies as ``most`` lines hold; if these are not all, it says so.

    ``None`` if not even one fits; with no line at all, where they stand.
    """
    say = b.content.say
    # Wide enough that the list begins under the words beside NEVER.
    label = (f"{say('wallet.allergies')}\u00a0\u00a0\u00a0", True)
    if not b.allergies.items:
        return _boxed(label, (say(f"wallet.allergies-{b.allergies.status}"), False))
    more = say("wallet.more_guide" if guide else "wallet.more_page")
    for count in range(len(b.allergies.items) if most else 0, 0, -1):
        words, whole = "; ".join(b.allergies.items[:count]), count == len(b.allergies.items)
        ends = (words, False) if whole else (f"{words};", False), ("" if whole else more, True)
        shown = _boxed(label, *ends)
        if shown.height_pt <= most * LINE_PT + HAIR_PT:
            return shown
    if most:
        return None
    return _boxed(label, (say("wallet.long_guide" if guide else "wallet.long_page"), True))


def _boxed(*runs: tuple[str, bool]) -> Text:
    """A paragraph inside a frame."""
    return body(FULL_PT - 2 * _FRAME_PT, *runs)
