"""A briefing -> the wallet card: ID-1, two sides, what a stranger needs with no network.

Text is never shrunk and never cut in silence. Each block's height is worked out from the font's
own widths; what does not fit is left to the page, in order of importance, and the card says so.
The finished file is read back before it is handed over.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from caregiver_card import letters, pdf, qr
from caregiver_card.briefing import Briefing, Relation
from caregiver_card.paper import template
from caregiver_card.phrases import Fact

# ISO/IEC 7810 ID-1 is 85.60 x 53.98 mm; a point is 1/72 inch. wallet.css has the same figures.
POINT_MM = 25.4 / 72
WIDTH_PT, HEIGHT_PT = 85.60 / POINT_MM, 53.98 / POINT_MM
MARGIN_PT = 3 / POINT_MM
BAND_PT = 9.5 / POINT_MM
FOOT_PT = 1.7 / POINT_MM
HEAD_PT = 2.4 / POINT_MM
# Nothing stands nearer to the edge: card printers and cutters lose up to 1.5 mm.
SAFE_PT = 1.5 / POINT_MM
LEADING = 1.17
_ALLERGY_LINES = 3
# The blocks that may give way to the page.
_OPTIONAL = (
    "note",
    "drugs",
    "alarm",
    "refill",
    "mode",
    "location",
    "never",
    "late",
    "mri",
    "maker",
    "normal",
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
    full = WIDTH_PT - 2 * MARGIN_PT
    column = full - (symbol.side_mm + symbol.quiet_mm) / POINT_MM
    front = _fitting(_front(briefing, full, column), HEIGHT_PT - BAND_PT - FOOT_PT)
    back = _back_fitting(briefing, full, front)
    allergies, allergies_whole, _ = _some(briefing, full)
    page = template("wallet.html").render(
        b=briefing,
        t=briefing.content.say,
        c=briefing.content.clinical,
        language=briefing.content.language,
        symbol=symbol,
        to_guide=to_guide,
        kept=front | back,
        drugs=_drugs(briefing),
        contact=_contact(briefing),
        allergies=allergies,
        allergies_whole=allergies_whole,
        left_out=left_out(briefing, front | back),
    )
    letters.check(page)
    return page


def _text(words: str, size_pt: float, room_pt: float, *, bold: bool = False) -> float:
    """The height of a paragraph, in points."""
    return letters.face(bold).lines(words, size_pt, room_pt) * size_pt * LEADING


def _fitting(blocks: Iterable[Block], room_pt: float) -> frozenset[str]:
    """The keys of the blocks that fit, the most important first."""
    left, kept = room_pt, set()
    for block in sorted(blocks, key=lambda each: each.rank):
        if block.rank == 0 or block.height_pt <= left:
            kept.add(block.key)
            left -= block.height_pt
    return frozenset(kept)


def _back_fitting(b: Briefing, full: float, front: frozenset[str]) -> frozenset[str]:
    """What fits the back, whose last lines name what did not: less fits, more is named."""
    kept = frozenset(_OPTIONAL)
    while True:
        foot = Block("foot", _text(_foot(b, front | kept), 6, full))
        fits = _fitting([*_back(b, full), foot], HEIGHT_PT - HEAD_PT - FOOT_PT) & kept
        if left_out(b, front | fits) == left_out(b, front | kept):
            return fits
        kept = fits


def _front(b: Briefing, full: float, column: float) -> list[Block]:
    call = f"{b.content.say('wallet.call')}: {b.hospital}"
    return [
        Block("call", _text(call, 7.5, full) + 14 * LEADING),
        Block("name", _text(b.person.name, 9, column, bold=True)),
        Block("born", _text(b.person.born_words, 7.5, column)),
        Block("measures", 21),
        Block("pump", _text(b.pump_name, 7.5, column, bold=True)),
        Block("drugs", _text(_drugs(b), 7.5, column), 0 if b.pump_drugs.items else 4),
        Block("alarm", _text(_fact(b.alarm_date), 7.5, column), 1),
        Block("refill", _text(_fact(b.refill), 7.5, column), 2),
        Block("mode", _text(b.mode, 7.5, column), 3),
        Block("location", _text(b.location, 7.5, column), 5),
        *([Block("note", _text(b.team_note, 7.5, column), 6)] if b.team_note else []),
    ]


def _back(b: Briefing, full: float) -> list[Block]:
    content, contact = b.content, _contact(b)
    signs = [_text(f"{group.title}: {group.cue}. {group.line}", 7.5, full - 8) for group in b.signs]
    person = f"{contact.name}, {contact.relation}"
    number = letters.face(bold=True).width(f" {contact.number.shown}") * 10 if contact.number else 0
    lines = {
        "never": (content.clinical("danger.never_line"), 1),
        "late": (content.clinical("danger.late_line"), 2),
        "normal": (f"{content.say('wallet.normal')}: {b.person.baseline}", 3),
        "mri": (b.mri_line, 4),
        "maker": (_maker(b), 5),
    }
    return [
        Block("signs", sum(signs) + 2 * len(signs)),
        Block("allergies", _text(_some(b, full)[2], 7.5, full)),
        # The number stands on the last line of the name, if it fits there.
        Block("contact", _text(person, 7.5, full - number) + (10 - 7.5) * LEADING),
        *(Block(key, _text(words, 7.5, full), rank) for key, (words, rank) in lines.items()),
    ]


def _fact(fact: Fact) -> str:
    return f"{fact.label} {fact.value}"


def _maker(b: Briefing) -> str:
    return f"{b.maker.name} {b.maker.shown}" if b.maker else b.content.say("wallet.maker_none")


def left_out(b: Briefing, kept: frozenset[str]) -> str:
    """What the card leaves to the page, in words."""
    names = [key for key in _OPTIONAL if key not in kept and (key != "note" or b.team_note)]
    names += ["medicines"] if b.medicines.items else []
    names += ["wishes"] if b.directives.items else []
    names += ["rescue"] if b.rescue else []
    if not names:
        return ""
    words = b.content.listed([b.content.say(f"wallet.left-{name}") for name in names])
    return b.content.say("wallet.left", what=words)


def _foot(b: Briefing, kept: frozenset[str]) -> str:
    say = b.content.say
    return f"{b.confirmed}; {say('wallet.newer')}. {left_out(b, kept)} {say('wallet.review')}"


def _contact(b: Briefing) -> Relation:
    """The first contact who can be called; a card has at least one."""
    return next(each for each in b.contacts if each.number)


def _drugs(b: Briefing) -> str:
    if not b.pump_drugs.items:
        return b.pump_drugs.words
    return b.content.say("wallet.others", drugs="; ".join(b.pump_drugs.items))


def _some(b: Briefing, room: float) -> tuple[str, bool, str]:
    """As many allergies as three lines hold, whether that is all, and the whole paragraph."""
    label, more = b.content.say("wallet.allergic"), b.content.say("wallet.more_page")
    if not b.allergies.items:
        return b.allergies.words, True, b.allergies.words
    for count in range(len(b.allergies.items), 0, -1):
        words, whole = "; ".join(b.allergies.items[:count]), count == len(b.allergies.items)
        shown = f"{label}: {words}" if whole else f"{label}: {words}; {more}"
        if count == 1 or letters.face().lines(shown, 7.5, room) <= _ALLERGY_LINES:
            break
    return words, whole, shown
