"""What the sheets of one page share: their room, their codes, their foot, and what is expected."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from caregiver_card.briefing import version_mark
from caregiver_card.briefing.briefing import Briefing, SignGroup
from caregiver_card.briefing.call_texts import ContactText
from caregiver_card.briefing.card_texts import NO_BREAK, Fact, ListText
from caregiver_card.briefing.content import Statement
from caregiver_card.document_templates import template
from caregiver_card.printing.codes.qr import QUIET_MODULES, Symbol
from caregiver_card.printing.flow import fit
from caregiver_card.printing.flow.columns import Sheet, Zone
from caregiver_card.printing.flow.paragraphs import LEADING, Lines, Paragraph, tall
from caregiver_card.printing.layouts.print_job import PrintJob, essentials
from caregiver_card.printing.pdf import verify
from caregiver_card.printing.text import glyphs, page_geometry
from caregiver_card.printing.text.page_geometry import EDGE_PT, POINT_MM

# paper.css has the same figures.
_MARGIN_PT = 10 / POINT_MM
_CAPTION_PT = 8.5
_FOOT_PT = 8.0
# The white under the band belongs to that of a code.
_BAND_GAP_PT = 4.0
# What rounding and lines of two sizes add to a page.
_SLACK_PT = 6.0
_APART_PT = 6.0
_NOTE_LINES = 4


@dataclass(frozen=True, slots=True)
class Code:
    """A symbol as it stands on a sheet: how wide, and what it is for.

    ``above_mm`` is the white above and below it: where several stand side by side, that of the one
    that needs most, so that all begin at one height and their captions stand on one line.
    """

    symbol: Symbol
    side_mm: float
    caption: str
    alt: str
    above_mm: float = 0

    @property
    def quiet_mm(self) -> float:
        """The white border that a reader needs."""
        return self.side_mm / self.symbol.modules * QUIET_MODULES

    @property
    def width_mm(self) -> float:
        """The side with its quiet zone."""
        return self.side_mm + 2 * self.quiet_mm

    @property
    def height_pt(self) -> float:
        """The white, the symbol, and its caption in as many lines as it takes."""
        width_pt, words = self.width_mm / POINT_MM, (self.caption, False)
        symbol_pt = (self.side_mm + 2 * self.above_mm) / POINT_MM - _BAND_GAP_PT
        return symbol_pt + fit.height(_CAPTION_PT, width_pt, words, leading=LEADING)


def codes(order: PrintJob, page_mm: float) -> tuple[Code, ...]:
    """The code that opens the page, and the one that needs no network."""
    say = order.briefing.content.say
    scan = say("leaf.scan_guide" if order.to_guide else "leaf.scan")
    alt = say("wallet.qr", address=order.symbol.address)
    found = [Code(order.symbol, page_mm, scan, alt)]
    if order.offline:
        symbol = order.offline.symbol
        found.append(Code(symbol, symbol.side_mm, say("leaf.offline"), say("leaf.offline_alt")))
    above = max(each.quiet_mm for each in found)
    return tuple(replace(each, above_mm=above) for each in found)


def width_pt(order: PrintJob) -> float:
    """The width of the page between its margins."""
    return page_geometry.PAPERS_PT[order.paper][0] - 2 * _MARGIN_PT


def beside_pt(order: PrintJob, found: Sequence[Code]) -> float:
    """The width that the codes leave beside them."""
    return width_pt(order) - sum(each.width_mm for each in found) / POINT_MM - _APART_PT


def lines(pars: Iterable[Paragraph], room_pt: float) -> tuple[Lines, ...]:
    """Paragraphs as they stand in a column."""
    return tuple(par.lines(room_pt) for par in pars)


def page(
    order: PrintJob,
    name: str,
    head_pt: float,
    zones: Sequence[Zone],
    beyond: Sequence[str] = (),
    **more: Any,
) -> str:
    """The HTML of a sheet: its own head of ``head_pt``, the zones that fit, and the foot, which
    names what does not, and what is ``beyond`` such a sheet.

    Raises ``letters.MissingLetter``.
    """
    b, width = order.briefing, width_pt(order)
    height = page_geometry.PAPERS_PT[order.paper][1] - 2 * _MARGIN_PT
    room = height - head_pt - _SLACK_PT - order.spare_pt
    names = [each.key for zone in zones for each in zone.sections]
    confirmed, about = lines((_confirmed(order), _about(order)), width)

    def foot(kept: frozenset[str]) -> tuple[Lines, ...]:
        gone = _gone(order, [key for key in names if key not in kept], beyond)
        return (confirmed, *lines(gone, width), about)

    sheet = Sheet(zones, room, width, lambda kept: tall(foot(kept)))
    written = template(name).render(
        b=b,
        t=b.content.say,
        language=b.content.language,
        paper=order.paper,
        to_guide=order.to_guide,
        sheet=sheet,
        foot=foot(sheet.kept),
        **more,
    )
    glyphs.check(written)
    return written


def _confirmed(order: PrintJob) -> Paragraph:
    """Who confirmed it, and which print it is."""
    b, say = order.briefing, order.briefing.content.say
    newer = "" if order.to_guide else f" {say('page.newer')}"
    return Paragraph(
        f"{b.confirmed}.{newer} {say('print.mark')} {version_mark.mark_of(b)}.", size_pt=_FOOT_PT
    )


def _gone(order: PrintJob, left: Sequence[str], beyond: Sequence[str]) -> tuple[Paragraph, ...]:
    """What is not on it."""
    say, listed = order.briefing.content.say, order.briefing.content.join_and
    named = [say(f"leaf.left-{key}") for key in left]
    named += [say(f"wallet.left-{key}") for key in beyond]
    if not named:
        return ()
    place = "leaf.left_guide" if order.to_guide else "leaf.left"
    words = say(place, what=listed(list(dict.fromkeys(named))))
    return (Paragraph(words, size_pt=_FOOT_PT, bold=True),)


def _about(order: PrintJob) -> Paragraph:
    """Who reviewed it, and what its code does not say."""
    b, say = order.briefing, order.briefing.content.say
    code = f"{order.offline.left_out} {order.offline.warning}".strip() if order.offline else ""
    return Paragraph(
        " ".join(filter(None, [b.review, say("leaf.no_device"), code])), size_pt=_FOOT_PT
    )


def texts(order: PrintJob) -> tuple[str, ...]:
    """What the codes of a print say."""
    return (order.symbol.address, *([order.offline.text] if order.offline else []))


def expected(order: PrintJob) -> verify.Expected:
    """One page of the paper, no letter where no printer reaches, both codes, every essential."""
    size = page_geometry.PAPERS_PT[order.paper]
    return verify.Expected(
        size_pt=size,
        areas=((page_geometry.page(size, EDGE_PT),),),
        faces=((page_geometry.page(size, 0),),),
        codes=texts(order),
        words=essentials(order.briefing),
    )


def fact(each: Fact) -> Paragraph:
    """A labelled value with its note; one that is read first is bold."""
    if each.strong:
        return Paragraph(each.note, f"{each.label}: {each.value}{',' if each.note else ''}")
    return Paragraph(" ".join(filter(None, [each.value, each.note])), f"{each.label}:")


def note(b: Briefing, size_pt: float, room_pt: float) -> str:
    """The note on calling the team where it has room under the number; a long one is a section,
    which may give way."""
    high_pt = Paragraph(b.team_note, size_pt=size_pt).lines(room_pt).height_pt
    return b.team_note if high_pt <= _NOTE_LINES * size_pt * LEADING + 0.1 else ""


def listing(listed: ListText, **how: Any) -> Paragraph:
    """A list in one paragraph; its status in words where there is nothing to list."""
    words = "; ".join(listed.items) or listed.words
    # A number is never parted from its unit.
    return Paragraph(re.sub(r"(?<=\d) (?=\w)", NO_BREAK, words), **how)


def more(order: PrintJob) -> str:
    """Where the rest of a list is; a print whose code opens no page sends nobody there."""
    return order.briefing.content.say("wallet.more_guide" if order.to_guide else "wallet.more_page")


def several(listed: ListText, more: str, most_lines: int, room_pt: float, **how: Any) -> Paragraph:
    """As many items as ``most_lines`` hold; where that is not all, ``more`` says so."""
    if not listed.items:
        return Paragraph(listed.words, **how)
    for count in range(len(listed.items), 0, -1):
        shown = [*listed.items[:count], *([more] if count < len(listed.items) else [])]
        par = Paragraph("; ".join(shown), **how)
        if count == 1 or par.lines(room_pt).height_pt <= most_lines * par.size_pt * LEADING + 0.1:
            break
    return par


def contact(each: ContactText, size_pt: float, number_pt: float) -> tuple[Paragraph, ...]:
    """Somebody to ask, with the number, if there is one, on a line of its own."""
    about = Paragraph(f"{each.name}, {each.about}" if each.about else each.name, size_pt=size_pt)
    return (
        (about, Paragraph(each.number.shown, size_pt=number_pt, bold=True))
        if each.number
        else (about,)
    )


def contacts(b: Briefing) -> tuple[ContactText, list[ContactText]]:
    """The first who can be called, and all others."""
    first = next(each for each in b.contacts if each.number)
    return first, [each for each in b.contacts if each is not first]


def calling(group: SignGroup, audience: str) -> list[Statement]:
    """What a kind of signs calls for: from "anyone", or from a "clinician"."""
    return [each for each in group.calls_for if each.extra["audience"] == audience]
