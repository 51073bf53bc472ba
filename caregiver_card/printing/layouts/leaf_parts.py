"""What the one-page prints share: codes in frames, boxes, the plate, and the foot."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from caregiver_card.briefing import version_mark
from caregiver_card.briefing.briefing import Briefing
from caregiver_card.briefing.card_texts import NO_BREAK
from caregiver_card.briefing.content import Statement
from caregiver_card.document_templates import template
from caregiver_card.printing.flow import leaf
from caregiver_card.printing.flow.fit import Text
from caregiver_card.printing.flow.leaf import BODY_PT, LARGE_PT, QUARTER_PT, TITLE_PT, Columns
from caregiver_card.printing.layouts import code_tiles, wallet_texts
from caregiver_card.printing.layouts.print_job import PrintJob, essentials
from caregiver_card.printing.pdf import verify
from caregiver_card.printing.text import glyphs, page_geometry
from caregiver_card.printing.text.page_geometry import EDGE_PT, POINT_MM
from caregiver_card.style_sheets import points

GUTTER_PT = 4.0 / POINT_MM
_MARGIN_PT = points("page-margin")
# The height that rounding and lines of mixed sizes add to a page.
_SLACK_PT = 4.0
_BAND_PT = points("leaf-band")
_NEVER_PT = 77.0
# White inside a box or a cell, on each side.
INSIDE_PT = points("leaf-inside")
_ALLERGY_LINES = 5


@dataclass(frozen=True, slots=True)
class LeafCell:
    """A cell of a plate: a label, a value with its unit, and a note."""

    label: str
    value: str
    unit: str
    size_pt: float
    note: Text

    @property
    def height_pt(self) -> float:
        """The height without the white above and below."""
        return leaf.line_pt(BODY_PT) + leaf.line_pt(LARGE_PT) + self.note.height_pt


def never_pt(b: Briefing) -> float:
    """The width of the word before what nobody may do."""
    word = wallet_texts.width(b.content.say("wallet.never"), leaf.LARGE_PT, bold=True)
    return max(_NEVER_PT, 8 + word + 2 * INSIDE_PT)


def never_in_english(b: Briefing, said: Iterable[Statement], room_pt: float) -> Text | None:
    """What nobody may do in English, below the box, where nobody checked the translation."""
    runs = wallet_texts.never_in_english(said)
    return leaf.text(leaf.SMALL_PT, room_pt, *runs) if runs else None


def band_pt(b: Briefing) -> float:
    """The height of the danger, which has another line for English if nobody checked the words."""
    return _BAND_PT + (leaf.line_pt(leaf.TITLE_PT) if b.stop.beneath else 0)


def width_pt(job: PrintJob) -> float:
    """The width of the page between its margins."""
    return page_geometry.PAPERS_PT[job.paper][0] - 2 * _MARGIN_PT


def column_pt(job: PrintJob) -> float:
    """The width of one of three columns."""
    return (width_pt(job) - 2 * GUTTER_PT) / 3


def beside_pt(job: PrintJob) -> float:
    """The width beside the codes."""
    return width_pt(job) - sum(each.wide_pt + GUTTER_PT for each in code_tiles.tiles(job))


def cell(label: str, value: str, unit: str, note: str, room_pt: float) -> LeafCell:
    """A cell whose value is as large as the room of its column allows."""
    room_pt -= 2 * INSIDE_PT
    taken = wallet_texts.width(f" {unit}" if unit else "", BODY_PT)
    large = wallet_texts.width(value, LARGE_PT, bold=True) + taken <= room_pt
    size_pt = LARGE_PT if large else TITLE_PT
    return LeafCell(label, value, unit, size_pt, leaf.text(BODY_PT, room_pt, (note, False)))


def allergies(job: PrintJob, room_pt: float, most: int = _ALLERGY_LINES) -> Text:
    """The allergies, or what is known of them, for a box in a column of ``room_pt``."""
    b, say = job.briefing, job.briefing.content.say
    label = (say("wallet.allergies"), True)
    room_pt -= 2 * INSIDE_PT
    if not b.allergies.items:
        words = say(f"wallet.allergies-{b.allergies.status}")
        return leaf.text(BODY_PT, room_pt, label, (words, False))
    more = say("wallet.more_guide" if job.to_guide else "wallet.more_page")
    for count in range(len(b.allergies.items), 0, -1):
        words, whole = "; ".join(b.allergies.items[:count]), count == len(b.allergies.items)
        runs = ((words, False),) if whole else ((f"{words};", False), (more, True))
        found = leaf.text(BODY_PT, room_pt, label, *runs)
        if found.height_pt <= most * leaf.line_pt(BODY_PT) + 0.1:
            break
    return found


def columns(
    job: PrintJob,
    head_pt: float,
    sections: Sequence[leaf.Section],
    beyond: Sequence[str] = (),
    left: Sequence[str] = (),
) -> tuple[Columns, Text]:
    """The sections that fit under a head of height ``head_pt``, and the foot.

    The foot names the other sections, ``left``, and ``beyond``, which no such page shows.
    """
    keys = [section.key for section in sections]
    height = page_geometry.PAPERS_PT[job.paper][1] - 2 * _MARGIN_PT
    room = height - head_pt - _SLACK_PT - job.safety_margin_pt - 3 * QUARTER_PT

    def foot(kept: frozenset[str]) -> Text:
        return _foot(job, [*left, *(key for key in keys if key not in kept)], beyond)

    found = Columns(sections, room, column_pt(job), lambda kept: foot(kept).height_pt)
    return found, foot(found.kept)


def render(job: PrintJob, name: str, found: tuple[Columns, Text], **more: Any) -> str:
    """The page as HTML; raises ``glyphs.MissingLetter``."""
    b, (columns, foot) = job.briefing, found
    html = template(name).render(
        b=b,
        t=b.content.say,
        language=b.content.language,
        paper=job.paper,
        tiles=code_tiles.tiles(job),
        columns=columns,
        column_pt=column_pt(job),
        step_pt=column_pt(job) + GUTTER_PT,
        width_pt=width_pt(job),
        foot=foot,
        band_pt=band_pt(b),
        never_left=never_pt(b),
        **more,
    )
    glyphs.check(html)
    return html


def _foot(job: PrintJob, left: Sequence[str], beyond: Sequence[str]) -> Text:
    """The mark, who confirmed the card, what is not shown, and who reviewed the content."""
    b, say = job.briefing, job.briefing.content.say
    named = [say(f"leaf.left-{key}") for key in left]
    named += [say(f"wallet.left-{key}") for key in beyond]
    omitted = ""
    if named:
        place = "leaf.left_guide" if job.to_guide else "leaf.left"
        omitted = say(place, what=b.content.join_and(list(dict.fromkeys(named))))
    code = f"{job.offline.left_out} {job.offline.warning}".strip() if job.offline else ""
    newer = "" if job.to_guide else say("page.newer")
    about = " ".join(filter(None, [b.review, b.instead, say("leaf.no_device"), code]))
    runs = (
        (f"{say('print.mark')} {version_mark.mark_of(b)}.", True),
        (f"{b.confirmed}. {newer}".strip(), False),
        (omitted, True),
        (about, False),
    )
    return leaf.text(leaf.SMALL_PT, width_pt(job), *runs)


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


def stacked(items: list[Text]) -> Text:
    """Paragraphs as one, which takes less time."""
    # Under the words of a bullet, not under the bullet.
    said = ("".join(words for words, _ in each.runs) for each in items)
    indented = (each.replace("\n", f"\n{2 * NO_BREAK}") for each in said)
    runs = (("\n".join(indented), True),)
    broken = all(each.broken for each in items)
    return Text(runs, leaf.total_height(items), broken, items[0].size_pt)
