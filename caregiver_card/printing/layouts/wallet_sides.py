"""The two sides of the wallet card: which blocks fit, and their texts.

The card never shrinks a text and never cuts one silently. Block heights come from the widths of the
font's letters. What does not fit is left to the page, in order of importance, and the card says so.
"""

from typing import NamedTuple

from caregiver_card.briefing import version_mark
from caregiver_card.briefing.briefing import Briefing, SignGroup
from caregiver_card.briefing.call_texts import CallNumber
from caregiver_card.briefing.card_texts import NO_BREAK, Fact
from caregiver_card.printing.codes import qr
from caregiver_card.printing.flow.fit import LEADING, SLACK_PT, Block, fitting, height, lines
from caregiver_card.printing.layouts import left_out
from caregiver_card.printing.text import glyphs
from caregiver_card.printing.text.page_geometry import CARD_PT, POINT_MM
from caregiver_card.style_sheets import points

WIDTH_PT, HEIGHT_PT = CARD_PT
MARGIN_PT = points("card-side")
FULL_PT = WIDTH_PT - 2 * MARGIN_PT
BAND_PT = points("card-band") + points("card-band-rule") + points("card-band-gap")
FOOT_PT, HEAD_PT = points("card-foot"), points("card-head")
_USUAL_PT, _NUMBER_PT = points("card-text"), 10.0
_MEASURES_PT = points("card-measures")
_BAR_PT = points("card-sign-bar") + points("card-sign-bar-gap")
_SIGN_GAP_PT = points("card-sign-gap")
_ALLERGY_LINES = 3
_MANY, _FEW = 17, 10


class Front(NamedTuple):
    """A variant of the front: the size of the name, and whether it shows the hospital."""

    name_pt: float
    hospital: bool


# With the longest names and widest letters that a card allows, the hospital moves to the back, so
# that name, number, dose and pump stay on the front.
_FRONTS = (Front(8.5, True), Front(_USUAL_PT, True), Front(_USUAL_PT, False))


class Sides(NamedTuple):
    """The variant of the front, the optional blocks that the front and that both sides show, and
    how many names the list of omitted blocks may have."""

    front: Front
    above: frozenset[str]
    kept: frozenset[str]
    named: int


def arrange(b: Briefing, symbol: qr.Symbol, *, to_guide: bool = False) -> Sides:
    """Choose what the card shows."""
    column = FULL_PT - (symbol.side_mm + symbol.quiet_mm) / POINT_MM
    room = HEIGHT_PT - BAND_PT - FOOT_PT
    # The code stands under the number, with its quiet zone inside the card.
    above = HEIGHT_PT - BAND_PT - _code(b, symbol, to_guide)
    for front in _FRONTS:
        blocks = _front(b, column, front)
        below = above - blocks[0].height_pt
        if below >= 0 and sum(each.height_pt for each in blocks if each.rank == 0) <= room:
            break
    kept = fitting((each for each in blocks if each.key != "note" or each.height_pt <= below), room)
    kept |= {"hospital"} if front.hospital else frozenset()
    # Whom to call and what never to do go before a list of what is not there.
    for named in (len(left_out.ORDER), *range(_MANY, _FEW - 1, -1)):
        whole = _back_fitting(b, kept, to_guide, named)
        if {"hospital", "never"} <= whole:
            break
    return Sides(front, kept, whole, named)


def _code(b: Briefing, symbol: qr.Symbol, guide: bool) -> float:
    """The height of the code, with the line above it and its quiet zone."""
    scan = b.content.say("wallet.scan_guide" if guide else "wallet.scan")
    side_pt, around_pt = symbol.side_mm / POINT_MM, (2 * symbol.quiet_mm + 0.15) / POINT_MM
    return height(6.5, side_pt, (scan, False)) + side_pt + around_pt


def _text(text: str, room_pt: float, *, bold: bool = False) -> float:
    """The height of a paragraph of the usual size."""
    return height(_USUAL_PT, room_pt, (text, bold))


def _back_fitting(b: Briefing, front: frozenset[str], guide: bool, named: int) -> frozenset[str]:
    """The blocks that fit, in order of importance; the last lines of the back name the others.

    Each block that fits shortens these lines, so it is tried with the lines that remain then.
    """
    room = HEIGHT_PT - HEAD_PT - FOOT_PT - SLACK_PT
    blocks = sorted(_back(b, front), key=lambda each: each.rank)
    kept, used = front, sum(each.height_pt for each in blocks if each.rank == 0)
    marked = f"{b.content.say('print.mark')} {version_mark.mark_of(b)}"
    for block in (each for each in blocks if each.rank):
        runs = _foot(b, kept | {block.key}, guide, named)
        foot = height(6, FULL_PT, *runs, (marked, True))
        if used + block.height_pt + foot <= room:
            kept, used = kept | {block.key}, used + block.height_pt
    return kept


def _front(b: Briefing, column: float, front: Front) -> list[Block]:
    name = ((b.person.name, True), (b.person.born_words.replace(" ", NO_BREAK), False))
    hospital = _text(b.hospital, FULL_PT, bold=True) if front.hospital else 0
    return [
        Block("call", 14 * LEADING + hospital),
        Block("name", height(front.name_pt, column, *name)),
        Block("measures", _MEASURES_PT),
        Block("pump", _text(b.device, column, bold=True)),
        Block("drugs", _text(drugs(b), column), 1 if b.pump_drugs.items else 5),
        Block("alarm", _text(alarm(b), column, bold=True), 2),
        Block("refill", _text(_fact(b.refill), column), 3),
        Block("mode", _text(mode(b), column), 4),
        *([Block("oral", _text(oral(b), column), 5)] if b.oral.items else []),
        Block("location", _text(location(b), column), 6),
        *([Block("note", _text(b.team_note, FULL_PT), 7)] if b.team_note else []),
    ]


def _back(b: Briefing, front: frozenset[str]) -> list[Block]:
    """The blocks of the back. The list of allergies, the contact's name and who confirmed the card
    give way only if their texts are so long that the signs would have no room."""
    content, line, number = b.content, _USUAL_PT * LEADING, _NUMBER_PT * LEADING
    blocks = [
        Block("signs", sum(_sign(each) for each in b.signs)),
        Block("allergic", line),
        Block("number", number),
        Block("allergies", _text(allergies(b)[2], FULL_PT, bold=True) - line, 2),
        Block("contact", _contact(first_contact(b)) - number, 3),
        Block("by", 0, 4),
        Block("never", _text(content.clinical("danger.never_line"), FULL_PT, bold=True), 5),
        Block("late", _text(content.clinical("danger.late_line"), FULL_PT), 7),
        Block("mri", _text(b.mri_line, FULL_PT), 9),
    ]
    if "hospital" not in front:
        blocks.append(Block("hospital", _text(team(b), FULL_PT, bold=True), 1))
    if b.oral.items and "oral" not in front:
        blocks.append(Block("oral", _text(oral(b), FULL_PT), 5))
    # Nothing says "not recorded" here in the room that a rule could have.
    if b.cautions:
        blocks.append(Block("caution", _text(caution(b), FULL_PT, bold=True), 6))
    if b.person.has_baseline:
        normal = ((f"{content.say('wallet.normal')}:", True), (b.person.baseline, False))
        blocks.append(Block("normal", height(_USUAL_PT, FULL_PT, *normal), 8))
    if b.maker:
        maker = f"{b.maker.name} {b.maker.shown} ({b.maker.note})"
        blocks.append(Block("maker", _text(maker, FULL_PT, bold=True), 10))
    return blocks


def _sign(group: SignGroup) -> float:
    runs = ((f"{group.title}: {group.cue}.", True), (group.line, False))
    return height(_USUAL_PT, FULL_PT - _BAR_PT, *runs) + _SIGN_GAP_PT


def _contact(contact: "CardContact") -> float:
    """The height of a contact. The number is never broken: it stands whole on the last line."""
    person = ((f"{contact.name},", True), (contact.relation, False))
    number = glyphs.face(bold=True).width(f" {contact.number.shown}") * _NUMBER_PT
    return height(_USUAL_PT, FULL_PT - number, *person) + (_NUMBER_PT - _USUAL_PT) * LEADING


# The words of the blocks ----------------------------------------------------------------------


def alarm(b: Briefing) -> str:
    """The alarm date, with a label that a stranger understands."""
    return f"{b.content.say('wallet.alarm_label')} {b.alarm_date.value}"


def _fact(fact: Fact) -> str:
    return f"{fact.label} {fact.value}"


def team(b: Briefing) -> str:
    """The hospital with a label, for the back."""
    return f"{b.content.say('wallet.team_label')} {b.hospital}"


def mode(b: Briefing) -> str:
    """How the pump gives the drug."""
    return f"{b.content.say('wallet.mode_label')} {b.mode}"


def location(b: Briefing) -> str:
    """Where in the body the pump is."""
    return f"{b.content.say('wallet.location_label')} {b.location}"


def drugs(b: Briefing) -> str:
    """The other drugs in the pump, and whether a pharmacy compounded the drug."""
    text = b.pump_drugs.words[:1].upper() + b.pump_drugs.words[1:]
    if b.pump_drugs.items:
        text = b.content.say("wallet.others", drugs="; ".join(b.pump_drugs.items))
    compounded = b.content.say("page.compounded")
    return f"{text}; {compounded}" if compounded in b.concentration.notes else text


def oral(b: Briefing) -> str:
    """The oral doses."""
    return b.content.say("wallet.oral", doses="; ".join(b.oral.items))


def caution(b: Briefing) -> str:
    """The numbers that are unusual, so that somebody checks them."""
    return ". ".join(b.cautions) + "."


def confirmed(b: Briefing, kept: frozenset[str], guide: bool) -> str:
    """Who confirmed the card, and, where there is a page, that it is newer."""
    say = b.content.say
    words = b.confirmed if "by" in kept else say("wallet.confirmed", day=b.confirmed_on)
    return f"{words}." if guide else f"{words}; {say('wallet.newer')}."


def _foot(
    b: Briefing, kept: frozenset[str], guide: bool, most: int
) -> tuple[tuple[str, bool], ...]:
    runs = ((confirmed(b, kept, guide), False), (left_out.sentence(b, kept, guide, most), True))
    return (*runs, (b.content.say("wallet.review"), False))


class CardContact(NamedTuple):
    """The contact that the card names, besides the team."""

    name: str
    relation: str
    number: CallNumber


def first_contact(b: Briefing) -> CardContact:
    """The first contact with a telephone number; every card has one."""
    return next(CardContact(c.name, c.relation, c.number) for c in b.contacts if c.number)


def allergies(b: Briefing, guide: bool = False) -> tuple[str, bool, str]:
    """As many allergies as three lines hold, whether these are all, and the whole paragraph."""
    label = b.content.say("wallet.allergic")
    more = b.content.say("wallet.more_guide" if guide else "wallet.more_page")
    if not b.allergies.items:
        return b.allergies.words, True, b.allergies.words
    for count in range(len(b.allergies.items), 0, -1):
        words, whole = "; ".join(b.allergies.items[:count]), count == len(b.allergies.items)
        shown = f"{label}: {words}" if whole else f"{label}: {words}; {more}"
        if count == 1 or lines(_USUAL_PT, FULL_PT, (shown, True)) <= _ALLERGY_LINES:
            break
    return words, whole, shown
