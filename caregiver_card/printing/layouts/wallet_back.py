"""The back of the wallet card: the signs, NEVER, ALLERGIES, whom else to call, the small print.

What does not fit is left to the page, in order of importance, and the card says so.
"""

from dataclasses import dataclass

from caregiver_card.briefing.briefing import Briefing
from caregiver_card.printing.flow.fit import Text
from caregiver_card.printing.layouts import left_out, wallet_panels
from caregiver_card.printing.layouts import wallet_texts as texts
from caregiver_card.printing.layouts.wallet_panels import FRAME_PT, Panel
from caregiver_card.printing.layouts.wallet_texts import (
    FULL_PT,
    HAIR_PT,
    LINE_PT,
    TEXT_PT,
    body,
    width,
)
from caregiver_card.printing.pdf import verify
from caregiver_card.printing.text.page_geometry import POINT_MM
from caregiver_card.style_sheets import points

_BAR_PT = points("card-bar")
_HEAD_PT = points("card-head")
# The white above and below what nobody may do.
_NEVER_WHITE_PT = 0.75 / POINT_MM
# The lowest that the small print may end.
_BOTTOM_PT = 51.95 / POINT_MM
# White between blocks, and where there is little room; at the longest names of the widest letters.
_GAPS_PT, _LEAST_GAP_PT = (0.75 / POINT_MM, 0.375 / POINT_MM), 0.04 / POINT_MM
# A line with a telephone number.
_NUMBER_PT = 3.75 / POINT_MM
# The contact's column, and that beside it.
_CONTACT_PT, _BESIDE_PT = 45.5 / POINT_MM, 33.0 / POINT_MM
_ALLERGY_LINES = 3
# How many names of what is only on the page.
_FEWEST = 3
_NAMED = (len(left_out.ORDER), 17, 14, 12, 10, 8, 6, 4, _FEWEST)
# Blocks that are no line over the whole width.
_NO_LINE = ("contact", "maker", "allergies", "by")
# What is wanted even with little white between the blocks.
_DEAREST = frozenset(("contact", "allergies"))
_DEAR = _DEAREST | {"maker", "drugs", "oral"}


@dataclass(frozen=True, slots=True)
class Back:
    """The back, ready to print; lengths in points."""

    kept: frozenset[str]
    gap_pt: float
    panels: tuple[Panel, ...]
    panel_pt: float
    bar_pt: float
    late: Text | None
    word_pt: float
    never: Text
    # English where nobody checked the translation: what nobody may do, and the MRI rule.
    never_english: Text | None
    mri_english: Text | None
    allergies: Text
    allergy_lines: int
    contact: Text | None
    contact_pt: float
    # What stands beside the contact: the maker's number or the emergency number.
    beside: str
    lines: tuple[Text, ...]
    imprint: Text
    # White above the small print, which stands at the foot.
    space_pt: float


class _Arranger:
    def __init__(self, b: Briefing, front: frozenset[str], guide: bool) -> None:
        self.b, self.front, self.guide = b, front, guide
        self.panels = wallet_panels.panels(b)
        self.panel_pt = _BAR_PT + wallet_panels.height_pt(self.panels)
        self.lines = {key: body(FULL_PT, *runs) for key, runs in _lines(b, front)}
        self.word_pt, self.never = wallet_panels.never(b)
        english = texts.never_in_english(texts.never(b))
        self.never_english = texts.small(*english) if english else None
        mri = b.mri_line.beneath
        self.mri_english = texts.small((mri, False)) if mri else None
        # The emergency number goes before the maker's.
        beside = _beside(b, front)
        self.lines.pop("emergency" if beside == "emergency" else "", None)
        self.beside = beside

    def contact(self, kept: frozenset[str]) -> tuple[Text | None, float]:
        """The contact's name and relation, and the height with the number under them."""
        contact = texts.first_contact(self.b)
        if "contact" not in kept:
            # The maker's number has its label above it, the emergency number before it.
            return None, _NUMBER_PT + (LINE_PT if "maker" in kept else 0)
        words = ", ".join(filter(None, (contact.name, contact.relation)))
        name = body(_CONTACT_PT if self.beside in kept else FULL_PT, (words, False))
        return name, name.height_pt + _NUMBER_PT

    def fill(self, gap_pt: float, named: int) -> Back | None:
        """The blocks that fit, in order of importance, with the names of the others."""
        required = frozenset(("emergency", "hospital")) - self.front
        best = self.back(self.front | required, gap_pt, named, 0)
        if best is None:
            return None
        for key, most in self.wanted:
            if key not in best.kept:
                lines = most or best.allergy_lines
                best = self.back(best.kept | {key}, gap_pt, named, lines) or best
        return best

    @property
    def wanted(self) -> list[tuple[str, int]]:
        """The optional blocks, the last of which gives way first; allergies with their lines."""
        found = [("contact", 0), ("drugs", 0), ("oral", 0)]
        found += [("maker", 0)] if self.beside == "maker" else []
        found += [("allergies", most) for most in range(_ALLERGY_LINES, 0, -1)]
        found += [(key, 0) for key in ("by", "late", "caution", "normal", "mri")]
        return [(key, most) for key, most in found if key in (*_NO_LINE, *self.lines)]

    def back(self, kept: frozenset[str], gap_pt: float, named: int, most: int) -> Back | None:
        """The back with these blocks, if they fit."""
        allergies = texts.allergies(self.b, self.guide, most)
        if allergies is None:
            return None
        name, contact_pt = self.contact(kept)
        imprint = texts.imprint(self.b, kept, self.guide, named)
        late = self.lines["late"] if "late" in kept else None
        lines = [text for key, text in self.lines.items() if key in kept and key != "late"]
        used = _HEAD_PT + self.panel_pt + allergies.height_pt + FRAME_PT
        used += self.never.height_pt + _NEVER_WHITE_PT
        mri_english = self.mri_english if "mri" in kept else None
        used += sum(text.height_pt for text in (self.never_english, mri_english) if text)
        used += contact_pt + sum(text.height_pt for text in lines) + imprint.height_pt
        used += (5 if late else 4) * gap_pt + (late.height_pt if late else 0)
        if used > _BOTTOM_PT + HAIR_PT:
            return None
        return Back(
            kept=kept,
            gap_pt=gap_pt,
            panels=self.panels,
            panel_pt=self.panel_pt,
            bar_pt=_BAR_PT,
            late=late,
            word_pt=self.word_pt,
            never=self.never,
            never_english=self.never_english,
            mri_english=mri_english,
            allergies=allergies,
            allergy_lines=most,
            contact=name,
            beside=self.beside if self.beside in kept else "",
            contact_pt=contact_pt,
            lines=tuple(lines),
            imprint=imprint,
            space_pt=_BOTTOM_PT - used + gap_pt,
        )


def arrange(b: Briefing, front: frozenset[str], guide: bool) -> Back:
    """Choose what the back shows; ``front`` are the blocks of the front."""
    arranger = _Arranger(b, front, guide)
    found, wanted = list[Back](), {key for key, _ in arranger.wanted}
    # Whom to call and what to avoid go before a list of what is not there; that, before the rest.
    for named in _NAMED:
        made = [back for gap_pt in _GAPS_PT if (back := arranger.fill(gap_pt, named))]
        for dear in (_DEAR & wanted, _DEAREST & wanted):
            for each in made:
                if dear <= each.kept:
                    return each
        found += made
    if last := arranger.fill(_LEAST_GAP_PT, _FEWEST):
        found.append(last)
    if not found:
        raise verify.Overflow(texts.first_contact(b).name)
    return found[0]


def _beside(b: Briefing, front: frozenset[str]) -> str:
    """What stands beside the contact: the emergency number, if it is short and not on the front."""
    if "emergency" not in front and width(texts.emergency(b), TEXT_PT, bold=True) <= _BESIDE_PT:
        return "emergency"
    return "maker" if b.maker else ""


def _lines(b: Briefing, front: frozenset[str]) -> list[tuple[str, tuple[tuple[str, bool], ...]]]:
    """The blocks that are lines over the whole width, in reading order."""
    say, clinical = b.content.say, b.content.clinical
    found: list[tuple[str, tuple[tuple[str, bool], ...]]] = []
    found.append(("late", ((clinical("danger.late_line"), False),)))
    if "emergency" not in front:
        found.append(("emergency", ((texts.emergency(b), True),)))
    if "hospital" not in front:
        found.append(("hospital", ((texts.team(b), True),)))
    if b.pump_drugs.items and "drugs" not in front:
        found.append(("drugs", ((texts.drugs(b), True),)))
    if b.oral.items and "oral" not in front:
        found.append(("oral", ((texts.oral(b), True),)))
    # Nothing says "not recorded" here in the room that a rule could have.
    if b.cautions:
        found.append(("caution", ((texts.caution(b), True),)))
    if b.person.has_baseline:
        found.append(("normal", ((f"{say('wallet.normal')}:", True), (b.person.baseline, False))))
    return [*found, ("mri", ((b.mri_line.text, False),))]
