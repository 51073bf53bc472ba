"""What the one-page sheets share: their space, codes, foot and verification."""

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
from caregiver_card.printing.flow.paragraphs import LEADING, Lines, Paragraph, total_height
from caregiver_card.printing.layouts.print_job import PrintJob, essentials
from caregiver_card.printing.pdf import verify
from caregiver_card.printing.text import glyphs, page_geometry
from caregiver_card.printing.text.page_geometry import EDGE_PT, POINT_MM
from caregiver_card.style_sheets import points

_MARGIN_PT = points("page-margin")
_CAPTION_PT = 8.5
_FOOT_PT = 8.0
# The white space under the danger band counts as part of a code's quiet zone.
_BAND_GAP_PT = points("band-gap")
# The height that rounding and lines of mixed sizes add to a page.
_SLACK_PT = 6.0
_APART_PT = 6.0
_NOTE_LINES = 4


@dataclass(frozen=True, slots=True)
class Code:
    """A symbol on a sheet, with its printed side and its caption.

    ``above_mm`` is the white space above and below. Codes side by side share the largest, so that
    they begin at the same height and their captions are on one line.
    """

    symbol: Symbol
    side_mm: float
    caption: str
    alt: str
    above_mm: float = 0

    @property
    def quiet_mm(self) -> float:
        """The width of the quiet zone on each side."""
        return self.side_mm / self.symbol.modules * QUIET_MODULES

    @property
    def width_mm(self) -> float:
        """The side with its quiet zone."""
        return self.side_mm + 2 * self.quiet_mm

    @property
    def height_pt(self) -> float:
        """The height of white space, symbol and caption."""
        width_pt, caption = self.width_mm / POINT_MM, (self.caption, False)
        symbol_pt = (self.side_mm + 2 * self.above_mm) / POINT_MM - _BAND_GAP_PT
        return symbol_pt + fit.height(_CAPTION_PT, width_pt, caption, leading=LEADING)


def codes(job: PrintJob, page_mm: float) -> tuple[Code, ...]:
    """The code that opens the page, and the one that needs no network."""
    say = job.briefing.content.say
    scan = say("leaf.scan_guide" if job.to_guide else "leaf.scan")
    alt = say("wallet.qr", address=job.qr_code.address)
    codes = [Code(job.qr_code, page_mm, scan, alt)]
    if job.offline:
        symbol = job.offline.qr_code
        codes.append(Code(symbol, symbol.side_mm, say("leaf.offline"), say("leaf.offline_alt")))
    above = max(code.quiet_mm for code in codes)
    return tuple(replace(code, above_mm=above) for code in codes)


def width_pt(job: PrintJob) -> float:
    """The width of the page between its margins."""
    return page_geometry.PAPERS_PT[job.paper][0] - 2 * _MARGIN_PT


def remaining_width_pt(job: PrintJob, codes: Sequence[Code]) -> float:
    """The width that the codes leave beside them."""
    return width_pt(job) - sum(code.width_mm for code in codes) / POINT_MM - _APART_PT


def lines(paragraphs: Iterable[Paragraph], room_pt: float) -> tuple[Lines, ...]:
    """Break paragraphs for a column of width ``room_pt``."""
    return tuple(paragraph.lines(room_pt) for paragraph in paragraphs)


def page(
    job: PrintJob,
    name: str,
    head_pt: float,
    zones: Sequence[Zone],
    beyond: Sequence[str] = (),
    **more: Any,
) -> str:
    """Render a sheet: a head of height ``head_pt``, the sections that fit, and the foot.

    The foot names the sections that do not fit, and ``beyond``, which no such sheet shows. Raises
    ``glyphs.MissingLetter``.
    """
    b, width = job.briefing, width_pt(job)
    height = page_geometry.PAPERS_PT[job.paper][1] - 2 * _MARGIN_PT
    room = height - head_pt - _SLACK_PT - job.safety_margin_pt
    keys = [section.key for zone in zones for section in zone.sections]
    confirmed, about = lines((_confirmed(job), _about(job)), width)

    def foot(kept: frozenset[str]) -> tuple[Lines, ...]:
        omitted = _omitted(job, [key for key in keys if key not in kept], beyond)
        return (confirmed, *lines(omitted, width), about)

    sheet = Sheet(zones, room, width, lambda kept: total_height(foot(kept)))
    html = template(name).render(
        b=b,
        t=b.content.say,
        language=b.content.language,
        paper=job.paper,
        to_guide=job.to_guide,
        sheet=sheet,
        foot=foot(sheet.kept),
        **more,
    )
    glyphs.check(html)
    return html


def _confirmed(job: PrintJob) -> Paragraph:
    """Who confirmed the card, and the version mark."""
    b, say = job.briefing, job.briefing.content.say
    newer = "" if job.to_guide else f" {say('page.newer')}"
    return Paragraph(
        f"{b.confirmed}.{newer} {say('print.mark')} {version_mark.mark_of(b)}.", size_pt=_FOOT_PT
    )


def _omitted(job: PrintJob, left: Sequence[str], beyond: Sequence[str]) -> tuple[Paragraph, ...]:
    """The sentence that names what the sheet does not show."""
    say, listed = job.briefing.content.say, job.briefing.content.join_and
    named = [say(f"leaf.left-{key}") for key in left]
    named += [say(f"wallet.left-{key}") for key in beyond]
    if not named:
        return ()
    place = "leaf.left_guide" if job.to_guide else "leaf.left"
    sentence = say(place, what=listed(list(dict.fromkeys(named))))
    return (Paragraph(sentence, size_pt=_FOOT_PT, bold=True),)


def _about(job: PrintJob) -> Paragraph:
    """Who reviewed the content, and what the code without a network leaves out."""
    b, say = job.briefing, job.briefing.content.say
    code = f"{job.offline.left_out} {job.offline.warning}".strip() if job.offline else ""
    return Paragraph(
        " ".join(filter(None, [b.review, say("leaf.no_device"), code])), size_pt=_FOOT_PT
    )


def texts(job: PrintJob) -> tuple[str, ...]:
    """The contents of the codes of a print."""
    return (job.qr_code.address, *([job.offline.text] if job.offline else []))


def expected(job: PrintJob) -> verify.Expected:
    """Expect one page, no letter at its edge, both codes, and every essential text."""
    size = page_geometry.PAPERS_PT[job.paper]
    return verify.Expected(
        size_pt=size,
        areas=((page_geometry.page(size, EDGE_PT),),),
        faces=((page_geometry.page(size, 0),),),
        codes=texts(job),
        words=essentials(job.briefing),
    )


def fact(each: Fact) -> Paragraph:
    """A labelled value with its note; a strong one is bold."""
    if each.strong:
        return Paragraph(each.note, f"{each.label}: {each.value}{',' if each.note else ''}")
    return Paragraph(" ".join(filter(None, [each.value, each.note])), f"{each.label}:")


def note(b: Briefing, size_pt: float, room_pt: float) -> str:
    """The note about calling the team, or nothing if it is too long to stand under the number.

    A long note becomes a section, which may give way.
    """
    high_pt = Paragraph(b.team_note, size_pt=size_pt).lines(room_pt).height_pt
    return b.team_note if high_pt <= _NOTE_LINES * size_pt * LEADING + 0.1 else ""


def listing(listed: ListText, **how: Any) -> Paragraph:
    """A list in one paragraph; without items, the text of its status."""
    text = "; ".join(listed.items) or listed.words
    # No line break between a number and its unit.
    return Paragraph(re.sub(r"(?<=\d) (?=\w)", NO_BREAK, text), **how)


def words(listed: ListText) -> str:
    """A list in one line, or the text of its status; a number is never parted from its unit."""
    return re.sub(r"(?<=\d) (?=\w)", NO_BREAK, "; ".join(listed.items) or listed.words)


def more(job: PrintJob) -> str:
    """The text about where the rest of a list is: on the page, if the code opens one."""
    return job.briefing.content.say("wallet.more_guide" if job.to_guide else "wallet.more_page")


def several(listed: ListText, more: str, most_lines: int, room_pt: float, **how: Any) -> Paragraph:
    """As many items as fit ``most_lines`` lines, and ``more`` if these are not all."""
    if not listed.items:
        return Paragraph(listed.words, **how)
    for count in range(len(listed.items), 0, -1):
        shown = [*listed.items[:count], *([more] if count < len(listed.items) else [])]
        paragraph = Paragraph("; ".join(shown), **how)
        most_pt = most_lines * paragraph.size_pt * LEADING + 0.1
        if count == 1 or paragraph.lines(room_pt).height_pt <= most_pt:
            break
    return paragraph


def contact(each: ContactText, size_pt: float, number_pt: float) -> tuple[Paragraph, ...]:
    """A contact, with the telephone number, if any, on a line of its own."""
    about = Paragraph(f"{each.name}, {each.about}" if each.about else each.name, size_pt=size_pt)
    return (
        (about, Paragraph(each.number.shown, size_pt=number_pt, bold=True))
        if each.number
        else (about,)
    )


def contacts(b: Briefing) -> tuple[ContactText, list[ContactText]]:
    """The first contact with a telephone number, and all others."""
    first = next(contact for contact in b.contacts if contact.number)
    return first, [contact for contact in b.contacts if contact is not first]


def calling(group: SignGroup, audience: str) -> list[Statement]:
    """The actions that a group of signs calls for, of ``audience``: "anyone" or "clinician"."""
    return [action for action in group.calls_for if action.extra["audience"] == audience]
