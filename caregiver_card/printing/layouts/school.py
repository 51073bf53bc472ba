"""The page for a school, a day centre or a respite home: what is seen, whom to call, what to say.

Its readers are no clinicians: the words are those of ``lay.toml``, and of the patient it shows only
what they need.
"""

from typing import Any, NamedTuple

from caregiver_card.printing.flow.leaf import (
    BODY_PT,
    QUARTER_PT,
    TITLE_PT,
    total_height,
)
from caregiver_card.printing.layouts import code_tiles, leaf_parts, left_out, school_parts
from caregiver_card.printing.layouts.leaf_parts import INSIDE_PT
from caregiver_card.printing.layouts.print_job import Layout, PrintJob

# What gives way, the first first; then the signs become smaller, and at last the baseline goes.
_GIVES_WAY = ("watch", "others", "tell", "note")
_GAP_PT, _BAR_PT = 2 * QUARTER_PT, 2 + 3 * QUARTER_PT
# The line of a numeral.
_NUMERAL_PT = 9 * QUARTER_PT
# What is there, or is named by itself where it has no room.
_SHOWN = frozenset(
    (
        *("", "hospital", "note", "allergies", "normal", "communication", "contact", "language"),
        *("others", "alarm", "refill", "location", "drugs", "never", "late", "by", "line"),
    )
)


class _Step(NamedTuple):
    """A way to fill the page: what is left out, and the size of the signs."""

    left: tuple[str, ...]
    sign_pt: float


_STEPS = (
    *(_Step(_GIVES_WAY[:count], TITLE_PT) for count in range(len(_GIVES_WAY) + 1)),
    _Step(_GIVES_WAY, BODY_PT),
    _Step((*_GIVES_WAY, "usual"), BODY_PT),
)


def html(order: PrintJob) -> str:
    """The page as HTML; raises ``glyphs.MissingLetter``."""
    for step in _STEPS:
        high, parts = _parts(order, step)
        beyond = left_out.left(order.briefing, _SHOWN)
        left = [key for key in step.left if school_parts.has(order.briefing, key)]
        found = leaf_parts.columns(order, high, (), beyond, left)
        if found[0].left_pt >= 0:
            break
    return leaf_parts.render(order, "school.html", found, **parts)


def _parts(order: PrintJob, step: _Step) -> tuple[float, dict[str, Any]]:
    """The height of the head, which is all of the page but the foot, and its parts."""
    b, width, column = order.briefing, leaf_parts.width_pt(order), leaf_parts.column_pt(order)
    who = school_parts.who(order, "usual" not in step.left)
    said = school_parts.said(order, step.left)
    panels = school_parts.panels(b, column, step.sign_pt)
    late, cells = school_parts.late(b, width), school_parts.cells(order, "note" not in step.left)
    also = () if "others" in step.left else school_parts.also(b, width)
    box = leaf_parts.allergies(order, column)
    never = school_parts.never(b, width - column - leaf_parts.GUTTER_PT)
    never_en = school_parts.never_in_english(b, width)
    cues = school_parts.beeps(b, column)
    watch = () if "watch" in step.left else school_parts.watch(b, column)
    heights = {
        "who_pt": max(total_height(who) + QUARTER_PT, code_tiles.HIGH_PT),
        "panel_pt": max(panel.height_pt for panel in panels),
        "plate_pt": max(each.height_pt for each in cells) + 2 * INSIDE_PT,
        "box_pt": max(never.height_pt, box.height_pt) + 2 * INSIDE_PT,
        "cue_pt": max(each.height_pt for each in cues) + 2 * QUARTER_PT,
        "watch_pt": max((each.height_pt + 2 * QUARTER_PT for each in watch), default=0.0),
    }
    high = leaf_parts.band_pt(b) + 3 * (_BAR_PT + _NUMERAL_PT) + sum(heights.values())
    high += late.height_pt + total_height(also) + total_height(said)
    high += 2 * _GAP_PT + (7 if also else 5) * QUARTER_PT
    high += never_en.height_pt + QUARTER_PT if never_en else 0
    parts = dict(who=who, panels=panels, late=late, cells=cells, also=also, said=said, box=box)
    rest = dict(never=never, never_pt=never.height_pt + 2 * INSIDE_PT, cues=cues, watch=watch)
    rest["never_en"] = never_en
    return high, {**parts, **rest, **heights, "beside_pt": leaf_parts.beside_pt(order)}


LAYOUT = Layout(
    html,
    ("leaf.css", "school.css"),
    leaf_parts.expected,
    code_tiles.OFFLINE_MM,
    black=("black.css", "leaf_black.css"),
)
