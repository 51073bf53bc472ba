"""A briefing -> the wallet card: ID-1, two sides, what a stranger needs with no network.

Text is never shrunk and never cut in silence. Each block's height is worked out from the font's
own widths; what does not fit is left to the page, in order of importance, and the card says so.
"""

from typing import Any, NamedTuple

from caregiver_card.briefing import Briefing
from caregiver_card.calls import Number
from caregiver_card.paper import template
from caregiver_card.phrases import NO_BREAK, Fact
from caregiver_card.printing import letters, mark, measures, proof, qr
from caregiver_card.printing.fitting import LEADING, SLACK_PT, Block, fitting, height, lines
from caregiver_card.printing.measures import CARD_PT, POINT_MM
from caregiver_card.printing.order import Layout, Order, essentials

# card.css and wallet.css have the same figures.
WIDTH_PT, HEIGHT_PT = CARD_PT
MARGIN_PT = 3 / POINT_MM
FULL_PT = WIDTH_PT - 2 * MARGIN_PT
BAND_PT = 9.3 / POINT_MM
FOOT_PT = 1.6 / POINT_MM
HEAD_PT = 2.4 / POINT_MM
# Nothing stands nearer to the edge: card printers and cutters lose up to 1.5 mm.
SAFE_PT = 1.5 / POINT_MM
_USUAL_PT = 7.5
_MEASURES_PT = 20.4
_BAR_PT = 2.6 / POINT_MM
_SIGN_GAP_PT = 2.0
_ALLERGY_LINES = 3
# The blocks that may give way to the page.
OPTIONAL = (
    *("note", "drugs", "alarm", "refill", "mode", "location"),
    *("never", "late", "caution", "normal", "mri", "maker"),
)


def html(order: Order) -> str:
    """The card as HTML; raises ``letters.MissingLetter``."""
    page = template("wallet.html").render(shown(order))
    letters.check(page)
    return page


def expected(order: Order) -> proof.Expected:
    """Two sides, with nothing where a cutter may go."""
    return proof.Expected(
        size_pt=CARD_PT,
        areas=((measures.page(CARD_PT, SAFE_PT),),) * 2,
        codes=(order.symbol.address,),
        words=essentials(order.briefing),
    )


def shown(order: Order) -> dict[str, Any]:
    """What the templates of both sides show."""
    briefing, symbol, to_guide = order.briefing, order.symbol, order.to_guide
    kept = fitted(briefing, symbol, to_guide=to_guide)
    allergic, allergies_whole, _ = allergies(briefing, FULL_PT)
    return dict(
        b=briefing,
        t=briefing.content.say,
        c=briefing.content.clinical,
        language=briefing.content.language,
        symbol=symbol,
        to_guide=to_guide,
        kept=kept,
        drugs=drugs(briefing),
        alarm=alarm(briefing),
        caution=caution(briefing),
        confirmed=confirmed(briefing, to_guide),
        mark=mark.of(briefing),
        contact=first_contact(briefing),
        allergies=allergic,
        allergies_whole=allergies_whole,
        left_out=left_out(briefing, kept, to_guide),
    )


LAYOUT = Layout(html, ("card.css", "wallet.css"), expected)


def fitted(b: Briefing, symbol: qr.Symbol, *, to_guide: bool = False) -> frozenset[str]:
    """The blocks that may give way and do not."""
    column = FULL_PT - (symbol.side_mm + symbol.quiet_mm) / POINT_MM
    front = fitting(_front(b, FULL_PT, column), HEIGHT_PT - BAND_PT - FOOT_PT)
    return _back_fitting(b, FULL_PT, front, to_guide)


def _text(words: str, room_pt: float, *, bold: bool = False) -> float:
    """The height of a paragraph of the usual size."""
    return height(_USUAL_PT, room_pt, (words, bold))


def _back_fitting(b: Briefing, full: float, front: frozenset[str], guide: bool) -> frozenset[str]:
    """What fits the back, in order of importance; its last lines name what does not.

    The more is kept, the less there is to name, so each is tried with the lines it would leave.
    """
    room = HEIGHT_PT - HEAD_PT - FOOT_PT - SLACK_PT
    blocks = sorted(_back(b, full), key=lambda each: each.rank)
    kept, used = front, sum(each.height_pt for each in blocks if each.rank == 0)
    for block in (each for each in blocks if each.rank):
        foot = height(6, full, *_foot(b, kept | {block.key}, guide))
        if used + block.height_pt + foot <= room:
            kept, used = kept | {block.key}, used + block.height_pt
    return kept


def _front(b: Briefing, full: float, column: float) -> list[Block]:
    name = ((b.person.name, True), (b.person.born_words.replace(" ", NO_BREAK), False))
    return [
        Block("call", 14 * LEADING + _text(b.hospital, full, bold=True)),
        Block("name", height(8.5, column, *name)),
        Block("measures", _MEASURES_PT),
        Block("pump", _text(b.device, column, bold=True)),
        Block("drugs", _text(drugs(b), column), 1 if b.pump_drugs.items else 5),
        Block("alarm", _text(alarm(b), column, bold=True), 2),
        Block("refill", _text(_fact(b.refill), column), 3),
        Block("mode", _text(b.mode, column), 4),
        Block("location", _text(b.location, column), 6),
        *([Block("note", _text(b.team_note, column), 7)] if b.team_note else []),
    ]


def _back(b: Briefing, full: float) -> list[Block]:
    content, contact = b.content, first_contact(b)
    signs = [
        height(_USUAL_PT, full - _BAR_PT, (f"{each.title}: {each.cue}.", True), (each.line, False))
        for each in b.signs
    ]
    person = ((f"{contact.name},", True), (contact.relation, False))
    # Its number is never broken: it stands on the last line, or on one of its own.
    number = letters.face(bold=True).width(f" {contact.number.shown}") * 10
    normal = ((f"{content.say('wallet.normal')}:", True), (b.person.baseline, False))
    blocks = [
        Block("signs", sum(signs) + _SIGN_GAP_PT * len(signs)),
        Block("allergies", _text(allergies(b, full)[2], full, bold=True)),
        Block("contact", height(_USUAL_PT, full - number, *person) + (10 - 7.5) * LEADING),
        Block("never", _text(content.clinical("danger.never_line"), full, bold=True), 1),
        Block("late", _text(content.clinical("danger.late_line"), full), 2),
        Block("mri", _text(b.mri_line, full), 5),
    ]
    # Nothing says "not recorded" here in the room that a rule could have.
    if b.cautions:
        blocks.append(Block("caution", _text(caution(b), full, bold=True), 3))
    if b.person.has_baseline:
        blocks.append(Block("normal", height(_USUAL_PT, full, *normal), 4))
    if b.maker:
        maker = f"{b.maker.name} {b.maker.shown}"
        blocks.append(Block("maker", _text(maker, full, bold=True), 6))
    return blocks


def alarm(b: Briefing) -> str:
    """The alarm date under the name that a stranger understands."""
    return f"{b.content.say('wallet.alarm_label')} {b.alarm_date.value}"


def _fact(fact: Fact) -> str:
    return f"{fact.label} {fact.value}"


def caution(b: Briefing) -> str:
    """Which of the numbers is unusual, so that it is checked."""
    return ". ".join(b.cautions) + "."


def left_out(b: Briefing, kept: frozenset[str], guide: bool) -> str:
    """What the card leaves to the page, in words; where its QR opens no page, to the family."""
    absent = {
        "note": not b.team_note,
        "maker": not b.maker,
        "normal": not b.person.has_baseline,
        "caution": not b.cautions,
    }
    names = [key for key in OPTIONAL if key not in kept and not absent.get(key)]
    never = {"medicines": b.medicines.items, "wishes": b.directives.items, "rescue": b.rescue}
    names += [key for key, held in never.items() if held]
    if not names:
        return ""
    words = b.content.listed([b.content.say(f"wallet.left-{name}") for name in names])
    return b.content.say("wallet.left_guide" if guide else "wallet.left", what=words)


def _foot(b: Briefing, kept: frozenset[str], guide: bool) -> tuple[tuple[str, bool], ...]:
    said = ((confirmed(b, guide), False), (left_out(b, kept, guide), True))
    marked = f"{b.content.say('print.mark')} {mark.of(b)}"
    return (*said, (b.content.say("wallet.review"), False), (marked, True))


def confirmed(b: Briefing, guide: bool) -> str:
    """Who confirmed the card, and, where there is a page, that it is newer."""
    return f"{b.confirmed}." if guide else f"{b.confirmed}; {b.content.say('wallet.newer')}."


class Contact(NamedTuple):
    """Whom the card names, beside the team."""

    name: str
    relation: str
    number: Number


def first_contact(b: Briefing) -> Contact:
    """The first contact who can be called; a card has at least one."""
    return next(Contact(e.name, e.relation, e.number) for e in b.contacts if e.number)


def drugs(b: Briefing) -> str:
    """What else is in the pump."""
    if not b.pump_drugs.items:
        return b.pump_drugs.words
    return b.content.say("wallet.others", drugs="; ".join(b.pump_drugs.items))


def allergies(b: Briefing, room: float) -> tuple[str, bool, str]:
    """As many allergies as three lines hold, whether that is all, and the whole paragraph."""
    label, more = b.content.say("wallet.allergic"), b.content.say("wallet.more_page")
    if not b.allergies.items:
        return b.allergies.words, True, b.allergies.words
    for count in range(len(b.allergies.items), 0, -1):
        words, whole = "; ".join(b.allergies.items[:count]), count == len(b.allergies.items)
        shown = f"{label}: {words}" if whole else f"{label}: {words}; {more}"
        if count == 1 or lines(_USUAL_PT, room, (shown, True)) <= _ALLERGY_LINES:
            break
    return words, whole, shown
