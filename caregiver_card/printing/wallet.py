"""A briefing -> the wallet card: ID-1, two sides, what a stranger needs with no network.

Text is never shrunk and never cut in silence. Each block's height is worked out from the font's
own widths; what does not fit is left to the page, in order of importance, and the card says so.
The finished file is read back before it is handed over.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from caregiver_card.briefing import Briefing
from caregiver_card.calls import Number
from caregiver_card.paper import template
from caregiver_card.phrases import NO_BREAK, Fact
from caregiver_card.printing import letters, mark, pdf, qr

# ISO/IEC 7810 ID-1 is 85.60 x 53.98 mm; a point is 1/72 inch. wallet.css has the same figures.
POINT_MM = 25.4 / 72
WIDTH_PT, HEIGHT_PT = 85.60 / POINT_MM, 53.98 / POINT_MM
MARGIN_PT = 3 / POINT_MM
FULL_PT = WIDTH_PT - 2 * MARGIN_PT
BAND_PT = 9.3 / POINT_MM
FOOT_PT = 1.6 / POINT_MM
HEAD_PT = 2.4 / POINT_MM
# Nothing stands nearer to the edge: card printers and cutters lose up to 1.5 mm.
SAFE_PT = 1.5 / POINT_MM
LEADING = 1.15
# What lines that mix two sizes add, and rounding.
_SLACK_PT = 1.2
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


@dataclass(frozen=True, slots=True)
class Block:
    """One block of the card; ``rank`` 0 must be there, a higher one gives way first."""

    key: str
    height_pt: float
    rank: int = 0


def card(briefing: Briefing, address: str, *, to_guide: bool = False) -> bytes:
    """The two-page PDF whose QR opens ``address``.

    Raises ``letters.MissingLetter``, ``qr.TooLong``, ``pdf.Overflow``, ``pdf.UnreadableCode``.
    """
    symbol = qr.symbol(address)
    written = pdf.write(html(briefing, symbol, to_guide=to_guide), "wallet.css")
    pdf.prove(written, symbol.address, pages=2, safe_pt=SAFE_PT)
    return written


def html(briefing: Briefing, symbol: qr.Symbol, *, to_guide: bool = False) -> str:
    """The card as HTML for ``pdf.write``; raises ``letters.MissingLetter``."""
    kept = fitted(briefing, symbol, to_guide=to_guide)
    allergic, allergies_whole, _ = allergies(briefing, FULL_PT)
    page = template("wallet.html").render(
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
    letters.check(page)
    return page


def fitted(b: Briefing, symbol: qr.Symbol, *, to_guide: bool = False) -> frozenset[str]:
    """The blocks that may give way and do not."""
    column = FULL_PT - (symbol.side_mm + symbol.quiet_mm) / POINT_MM
    front = _fitting(_front(b, FULL_PT, column), HEIGHT_PT - BAND_PT - FOOT_PT)
    return _back_fitting(b, FULL_PT, front, to_guide)


def _height(size_pt: float, room_pt: float, *runs: tuple[str, bool]) -> float:
    """The height of a paragraph, in points; each run says whether it is bold."""
    return letters.lines(runs, size_pt, room_pt) * size_pt * LEADING


def _text(words: str, room_pt: float, *, bold: bool = False) -> float:
    """The height of a paragraph of the usual size."""
    return _height(_USUAL_PT, room_pt, (words, bold))


def _fitting(blocks: Iterable[Block], room_pt: float) -> frozenset[str]:
    """The keys of the blocks that fit, the most important first."""
    left, kept = room_pt - _SLACK_PT, set()
    for block in sorted(blocks, key=lambda each: each.rank):
        if block.rank == 0 or block.height_pt <= left:
            kept.add(block.key)
            left -= block.height_pt
    return frozenset(kept)


def _back_fitting(b: Briefing, full: float, front: frozenset[str], guide: bool) -> frozenset[str]:
    """What fits the back, in order of importance; its last lines name what does not.

    The more is kept, the less there is to name, so each is tried with the lines it would leave.
    """
    room = HEIGHT_PT - HEAD_PT - FOOT_PT - _SLACK_PT
    blocks = sorted(_back(b, full), key=lambda each: each.rank)
    kept, used = front, sum(each.height_pt for each in blocks if each.rank == 0)
    for block in (each for each in blocks if each.rank):
        foot = _height(6, full, *_foot(b, kept | {block.key}, guide))
        if used + block.height_pt + foot <= room:
            kept, used = kept | {block.key}, used + block.height_pt
    return kept


def _front(b: Briefing, full: float, column: float) -> list[Block]:
    name = ((b.person.name, True), (b.person.born_words.replace(" ", NO_BREAK), False))
    return [
        Block("call", 14 * LEADING + _text(b.hospital, full, bold=True)),
        Block("name", _height(8.5, column, *name)),
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
        _height(_USUAL_PT, full - _BAR_PT, (f"{each.title}: {each.cue}.", True), (each.line, False))
        for each in b.signs
    ]
    person = ((f"{contact.name},", True), (contact.relation, False))
    # Its number is never broken: it stands on the last line, or on one of its own.
    number = letters.face(bold=True).width(f" {contact.number.shown}") * 10
    normal = ((f"{content.say('wallet.normal')}:", True), (b.person.baseline, False))
    blocks = [
        Block("signs", sum(signs) + _SIGN_GAP_PT * len(signs)),
        Block("allergies", _text(allergies(b, full)[2], full, bold=True)),
        Block("contact", _height(_USUAL_PT, full - number, *person) + (10 - 7.5) * LEADING),
        Block("never", _text(content.clinical("danger.never_line"), full, bold=True), 1),
        Block("late", _text(content.clinical("danger.late_line"), full), 2),
        Block("mri", _text(b.mri_line, full), 5),
    ]
    # Nothing says "not recorded" here in the room that a rule could have.
    if b.cautions:
        blocks.append(Block("caution", _text(caution(b), full, bold=True), 3))
    if b.person.has_baseline:
        blocks.append(Block("normal", _height(_USUAL_PT, full, *normal), 4))
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
        if count == 1 or letters.lines(((shown, True),), _USUAL_PT, room) <= _ALLERGY_LINES:
            break
    return words, whole, shown
