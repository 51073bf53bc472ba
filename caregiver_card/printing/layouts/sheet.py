"""The emergency sheet: one page for the fridge, the hospital bag and the ambulance.

It shows the whole briefing in reading order, large. Sections that do not fit are left out by rank
and named.
"""

from typing import NamedTuple

from caregiver_card.briefing.briefing import Briefing
from caregiver_card.briefing.content import Statement
from caregiver_card.printing.flow import leaf
from caregiver_card.printing.flow.fit import Text
from caregiver_card.printing.flow.leaf import (
    BODY_PT,
    HUGE_PT,
    LARGE_PT,
    QUARTER_PT,
    SMALL_PT,
    TITLE_PT,
    total_height,
)
from caregiver_card.printing.layouts import (
    code_tiles,
    leaf_parts,
    sheet_sections,
    wallet_texts,
    which_is_it,
)
from caregiver_card.printing.layouts.leaf_parts import INSIDE_PT
from caregiver_card.printing.layouts.print_job import Layout, PrintJob

OFFLINE_MM = code_tiles.OFFLINE_MM
_NOTE_LINES, _NAME_LINES, _USUAL_LINES = 4, 2, 9
# White between zones, and a bar with the white around it.
_GAP_PT, _PLATE_GAP_PT, _BAR_PT = 2 * QUARTER_PT, 3 * QUARTER_PT, 2 + 4 * QUARTER_PT
# The word NEVER beside its lists.


# How much of the head moves to the sections or over the whole width, where it leaves no room.
_LEVELS = (0, 1, 2)


def html(order: PrintJob) -> str:
    """The page as HTML; raises ``glyphs.MissingLetter``."""
    b, width = order.briefing, leaf_parts.width_pt(order)
    table, never, late = which_is_it.table(b, width), _never(b, width), _late(b, width)
    cells = _cells(order)
    plate_pt = max(each.height_pt for each in cells) + 2 * INSIDE_PT
    never_pt = max(each.height_pt for each in never) + 2 * INSIDE_PT
    never_en = leaf_parts.never_in_english(b, _said(b), width)
    for level in _LEVELS:
        call, who = _call(order, level), _who(order, level)
        call_pt = max(call.height_pt, code_tiles.high_pt(order))
        high = leaf_parts.band_pt(b) + call_pt + _BAR_PT + who.height_pt + plate_pt + _PLATE_GAP_PT
        high += table.height_pt + late.height_pt + never_pt + 5 * _GAP_PT
        high += never_en.height_pt + QUARTER_PT if never_en else 0
        sections = sheet_sections.sections(order, call.moved, who.moved)
        found = leaf_parts.columns(order, high, sections)
        if found[0].left_pt >= 0:
            break
    return leaf_parts.render(
        order,
        "sheet.html",
        found,
        call=call,
        call_pt=call_pt,
        who=who,
        cells=cells,
        cell_pt=width / len(cells),
        plate_pt=plate_pt,
        table=table,
        late=late,
        never=never,
        never_pt=never_pt,
        never_en=never_en,
        never_x=(width + leaf_parts.never_pt(b)) / 2,
        beside_pt=leaf_parts.beside_pt(order),
    )


class Call(NamedTuple):
    """Whom to call, the pump team's number largest."""

    emergency: Text
    number: Text
    hospital: Text
    note: Text | None
    maker: Text | None
    maker_note: Text | None
    # The keys of what has become a section.
    moved: frozenset[str]

    @property
    def height_pt(self) -> float:
        """The height, with hairlines and the white around them."""
        shown = [self.number, self.hospital, self.note, self.maker, self.maker_note]
        high = total_height(text for text in shown if text) + leaf.line_pt(BODY_PT)
        return self.emergency.height_pt + high + (4 if self.maker else 2) * QUARTER_PT


def _call(order: PrintJob, level: int) -> Call:
    b, room, say = order.briefing, leaf_parts.beside_pt(order), order.briefing.content.say
    size = HUGE_PT
    if wallet_texts.width(b.team.shown, HUGE_PT, bold=True) > room:
        size = LARGE_PT
    note = leaf.text(BODY_PT, room, (b.team_note, False)) if b.team_note else None
    # A long note becomes a section, which may give way.
    if note and note.height_pt > _NOTE_LINES * leaf.line_pt(BODY_PT) + 0.1:
        note = None
    moved = {"note"} if b.team_note and not note else set()
    maker = maker_note = None
    if b.maker and level > 1:
        moved.add("maker")
    elif b.maker:
        maker = leaf.text(TITLE_PT, room, (b.maker.name, False), (b.maker.shown, True))
        maker_note = leaf.text(SMALL_PT, room, (b.maker.note, False))
    return Call(
        _emergency(say("page.not_in_hospital"), b.emergency.name, room),
        leaf.text(size, room, (b.team.shown, True)),
        leaf.text(TITLE_PT, room, (b.hospital, True)),
        note,
        maker,
        maker_note,
        frozenset(moved),
    )


def _emergency(ask: str, call: str, room_pt: float) -> Text:
    """Whom to call first, in larger letters than the question before it."""
    taken = wallet_texts.width(f"{ask} ", TITLE_PT) + wallet_texts.width(call, LARGE_PT, bold=True)
    # Measured as if all of it were large, unless its width is known and that of a line.
    found = leaf.text(LARGE_PT, room_pt, (ask, False), (call, True))
    if found.broken and taken <= room_pt:
        found = Text(((ask, False), (f" {call}", True)), leaf.line_pt(LARGE_PT))
    return found._replace(size_pt=TITLE_PT)


class Who(NamedTuple):
    """Who the patient is, in three columns; a long name stands above them."""

    name: Text
    above: bool
    born: Text
    usual: tuple[Text, ...]
    allergies: Text
    wishes: Text | None
    moved: frozenset[str]

    @property
    def columns_pt(self) -> float:
        """The height of the highest column."""
        box = self.allergies.height_pt + 2 * INSIDE_PT
        box += self.wishes.height_pt + QUARTER_PT if self.wishes else 0
        name = 0 if self.above else self.name.height_pt
        return max(name + self.born.height_pt, total_height(self.usual), box)

    @property
    def height_pt(self) -> float:
        """The height of all."""
        return self.columns_pt + (self.name.height_pt if self.above else 0)


def _who(order: PrintJob, level: int) -> Who:
    b, room, say = order.briefing, leaf_parts.column_pt(order), order.briefing.content.say
    person, above = b.person, level > 0
    wide = leaf_parts.width_pt(order) if above else room
    name = leaf.text(LARGE_PT, wide, (person.name, True))
    if name.height_pt > (1 if above else _NAME_LINES) * leaf.line_pt(LARGE_PT) + 0.1:
        name = leaf.text(TITLE_PT, wide, (person.name, True))
    communicates = f"{say('page.communicates')}:"
    usual = (
        leaf.text(BODY_PT, room, (say("leaf.normal"), True), (person.baseline, False)),
        leaf.text(BODY_PT, room, (communicates, True), (person.communication, False)),
    )
    moved = level > 1 or total_height(usual) > _USUAL_LINES * leaf.line_pt(BODY_PT) + 0.1
    born = leaf.text(TITLE_PT, room, (f"{person.born_words} · {person.weight}", False))
    wishes = leaf.text(BODY_PT, room, (say("leaf.wishes"), True)) if person.has_wishes else None
    return Who(
        name,
        above,
        born,
        () if moved else usual,
        leaf_parts.allergies(order, room),
        wishes,
        frozenset(("usual",) if moved else ()),
    )


def _cells(order: PrintJob) -> tuple[leaf_parts.LeafCell, ...]:
    """The plate: dose, concentration, last refill, and the day that must not be missed."""
    b, say = order.briefing, order.briefing.content.say
    room, low = leaf_parts.width_pt(order) / 4, wallet_texts.low(order.briefing)
    source = b.low_day.source if b.low_day else "none"
    rows = (
        (b.dose.label, b.dose.number, b.dose.unit, "; ".join(b.dose.notes)),
        (
            b.concentration.label,
            b.concentration.number,
            b.concentration.unit,
            "; ".join(b.concentration.notes),
        ),
        (b.refill.label, b.refill.value, "", b.refill.note),
        (low.label, low.day, "", say(f"leaf.low-{source}")),
    )
    return tuple(leaf_parts.cell(*row, room) for row in rows)


def _late(b: Briefing, room_pt: float) -> Text:
    """What does not tell them apart."""
    late = b.content.statement("discriminators.late_withdrawal")
    others = [each.text for each in b.content.tagged("caution") if each is not late]
    return leaf.text(BODY_PT, room_pt, (late.parts["line"].text, True), (" ".join(others), False))


def _said(b: Briefing) -> list[Statement]:
    return [each.parts["never"] for each in b.content.statements if "never" in each.parts]


def _never(b: Briefing, width_pt: float) -> tuple[Text, Text]:
    """What nobody may do, in two columns."""
    room = (width_pt - leaf_parts.never_pt(b)) / 2 - 3 * INSIDE_PT
    items = [leaf.text(BODY_PT, room, (f"• {each.text}", True)) for each in _said(b)]
    # What takes several lines stands last.
    items.sort(key=lambda item: item.height_pt)
    half = (len(items) + 1) // 2
    return leaf_parts.stacked(items[:half]), leaf_parts.stacked(items[half:])


LAYOUT = Layout(
    html,
    ("leaf.css", "sheet.css"),
    leaf_parts.expected,
    OFFLINE_MM,
    attaches=True,
    black=("black.css", "leaf_black.css"),
)
