"""The table "Which is it?" of the sheet: withdrawal and overdose row by row, allergy beside them.

A page knows no tables: a column is one paragraph, whose cells stand on the lines of the rows.
"""

from typing import NamedTuple

from caregiver_card.briefing.briefing import Briefing
from caregiver_card.briefing.sign_groups import SignGroup
from caregiver_card.printing.flow import leaf
from caregiver_card.printing.flow.fit import Text
from caregiver_card.printing.flow.leaf import BODY_PT, QUARTER_PT
from caregiver_card.style_sheets import points

_AREAS = ("muscles", "skin", "mind", "breathing", "temperature", "eyes")
_BAR_PT, _ROW_PT = points("leaf-bar"), points("leaf-row")
# The labels of the rows.
_LABEL_PT = 62.4
_GUTTER_PT, _APART_PT = 2 * QUARTER_PT, 4 * QUARTER_PT
# The share of the width that the allergic reaction has.
_BESIDE = 0.3


class SignColumn(NamedTuple):
    """The cells under a bar, and what anyone does."""

    group: SignGroup
    left_pt: float
    width_pt: float
    rows: tuple[Text, ...]
    do: Text


class Table(NamedTuple):
    """The labels and the columns; heights in points."""

    labels: str
    columns: tuple[SignColumn, ...]
    rows: tuple[float, ...]
    # From the upper edge to the first row, to what anyone does, and to the lower edge.
    rows_pt: float
    do_pt: float
    height_pt: float


def table(b: Briefing, width_pt: float) -> Table:
    """Arrange the signs for a page of this width."""
    aside = width_pt * _BESIDE
    room = (width_pt - aside - _APART_PT - _LABEL_PT - _GUTTER_PT) / 2
    cells = [_cells(b, group.key, room) for group in b.signs[:2]]
    lines = [max(_lines(text) for text in row) for row in zip(*cells, strict=True)]
    columns = []
    for at, group in enumerate(b.signs[:2]):
        rows = tuple(_padded(text, most) for text, most in zip(cells[at], lines, strict=True))
        left = _LABEL_PT + at * (room + _GUTTER_PT)
        columns.append(SignColumn(group, left, room, rows, _do(b, group.key, room)))
    columns.append(_allergy(b, width_pt - aside, aside))
    say = b.content.say
    labels = "".join(
        say(f"leaf.area-{area}") + "\n" * most for area, most in zip(_AREAS, lines[1:], strict=True)
    )
    do_pt = max(column.do.height_pt for column in columns[:2])
    main = _BAR_PT + sum(lines) * _ROW_PT + do_pt + QUARTER_PT
    beside = _BAR_PT + _ROW_PT + columns[2].do.height_pt + QUARTER_PT
    beside += sum(text.height_pt + QUARTER_PT for text in columns[2].rows[1:])
    pitches = tuple(most * _ROW_PT for most in lines[1:])
    end = _BAR_PT + sum(lines) * _ROW_PT
    first = _BAR_PT + lines[0] * _ROW_PT
    return Table(labels, tuple(columns), pitches, first, end, max(main, beside))


def _cells(b: Briefing, key: str, room_pt: float) -> list[Text]:
    """The cue, and what each area tells."""
    group = b.content.groups["which"]
    own = (each for name, each in group.items() if name.startswith(key))
    told = {str(each.extra["area"]): each.text for each in own}
    cue = b.content.clinical(f"danger.{key}_cue")
    words = [told.get(area) or b.content.say(f"leaf.none-{area}") for area in _AREAS]
    return [
        leaf.text(BODY_PT, room_pt, (cue, True)),
        *(leaf.text(BODY_PT, room_pt, (each, False)) for each in words),
    ]


def _do(b: Briefing, key: str, room_pt: float) -> Text:
    statement = b.content.statement(f"which.{key}_do")
    words = statement.parts.get("called", statement).text.format(call=b.emergency.name)
    return leaf.text(BODY_PT, room_pt, (words, True))


def _allergy(b: Briefing, left_pt: float, width_pt: float) -> SignColumn:
    group = b.signs[2]
    rows = (
        leaf.text(BODY_PT, width_pt, (group.cue, True)),
        *(leaf.text(BODY_PT, width_pt, (each.text, False)) for each in group.leads),
    )
    return SignColumn(group, left_pt, width_pt, rows, _do(b, group.key, width_pt))


def _lines(text: Text) -> int:
    return max(1, round(text.height_pt / leaf.line_pt(BODY_PT)))


def _padded(text: Text, most: int) -> Text:
    """A cell as high as its row."""
    (words, bold), *others = text.runs
    end = "\n" * (most - _lines(text))
    return text._replace(runs=((words + end, bold), *others))
