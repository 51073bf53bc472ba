"""The front of the wallet card: whom to call, who it is, the plate of values, the pump.

It never shrinks a text and never cuts one silently. Texts move before any of them gives way: the
name becomes smaller, "any hour" goes behind the number, the pump stands above the plate; the
emergency number and the hospital go to the back last.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from caregiver_card.briefing.briefing import Briefing
from caregiver_card.briefing.card_texts import NO_BREAK
from caregiver_card.printing.codes import qr
from caregiver_card.printing.flow import fit
from caregiver_card.printing.flow.fit import Text
from caregiver_card.printing.layouts import wallet_details
from caregiver_card.printing.layouts import wallet_texts as texts
from caregiver_card.printing.layouts.wallet_texts import (
    LINE_PT,
    TEXT_PT,
    TITLE_PT,
    EmergencyCall,
    body,
    width,
)
from caregiver_card.printing.pdf import verify
from caregiver_card.printing.text import glyphs
from caregiver_card.printing.text.page_geometry import POINT_MM
from caregiver_card.style_sheets import points

_BAND_PT, _PLATE_PT = points("card-band"), points("card-plate")
# The code's upper edge, and from its quiet zone to the plate: the line about scanning.
_CODE_TOP_PT, _SCAN_PT = 11.05 / POINT_MM, 3.65 / POINT_MM
# A capital letter is lower than its line, which so may begin in the quiet zone.
_SCAN_ABOVE_PT = 0.4 / POINT_MM
# The lowest that a line of details may end, so that its letters, which go below it, are 1.5 mm
# above the edge; those of other fonts go further down.
_BOTTOM_PT, _BOTTOM_OTHER_PT = 52.23 / POINT_MM, 51.95 / POINT_MM
# The left column: the white around the lines of the zones of team and name.
_RULE_PT = points("card-rule")
# English in the band takes the white under the line before it.
_RISE_PT = points("card-rise")
_TEAM_GAP_PT, _NAME_GAP_PT, _NAME_END_PT = 0.25 / POINT_MM, 0.55 / POINT_MM, 0.3 / POINT_MM
# More white around the name, where there is room; the part of it that stands above.
_MORE_PT, _UPPER = 0.9 / POINT_MM, 0.3
# Between the column and the quiet zone of the code, and under the lines above the plate.
_APART_PT, _ABOVE_PT = 0.25 / POINT_MM, 0.3 / POINT_MM


@dataclass(frozen=True, slots=True)
class Shape:
    """Where texts stand: the size of the name, "any hour" on a line of its own, the pump (1) or the
    pump and its place (2) above the plate, and whether the front has the emergency number and
    hospital."""

    name_pt: float
    apart: bool
    above: int
    emergency: bool = True
    hospital: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """The front, ready to print.

    Each block follows the one before it; the margins that bring it to its place, in points, are
    negative where two stand side by side.
    """

    kept: frozenset[str]
    shape: Shape
    column_pt: float
    call: EmergencyCall
    # Hospital and note, under the number; "any hour" may stand behind it.
    team: Text
    hour: bool
    team_pt: float
    name: Text
    name_pt: float
    born: str
    code_pt: float
    scan: Text
    scan_pt: float
    plate_pt: float
    above: Text | None
    above_pt: float
    details: Text
    refill: bool
    # The danger in English, where nobody checked its translation.
    english: Text | None


def arrange(b: Briefing, symbol: qr.Symbol, guide: bool) -> Front:
    """Choose the shape of the front and what it shows; raises ``verify.Overflow``."""
    arranger = _Arranger(b, symbol, guide)
    everything = frozenset(wallet_details.order(b))
    for note in (True, False) if b.team_note else (False,):
        for name_pt, apart, above in product((TITLE_PT, TEXT_PT), (True, False), (0, 1, 2)):
            found = arranger.front(Shape(name_pt, apart, above), everything, note)
            if found:
                return found
    for shape in _narrow():
        if found := _most(arranger, shape):
            return found
    raise verify.Overflow(b.device)


def _narrow() -> Iterator[Shape]:
    for emergency, hospital in ((True, True), (False, True), (False, False)):
        for above in (0, 1):
            yield Shape(TEXT_PT, False, above, emergency, hospital)


def _most(arranger: "_Arranger", shape: Shape) -> Front | None:
    """The front in this shape with the blocks that fit, in order of importance."""
    found, kept = arranger.front(shape, frozenset(), note=False), frozenset[str]()
    if found is None:
        return None
    for key in wallet_details.order(arranger.b):
        if more := arranger.front(shape, kept | {key}, note=False):
            found, kept = more, kept | {key}
    return (arranger.front(shape, kept, note=True) if arranger.b.team_note else None) or found


class _Arranger:
    """Measures the texts of a card once, and tries the shapes."""

    def __init__(self, b: Briefing, symbol: qr.Symbol, guide: bool) -> None:
        self.b, say = b, b.content.say
        self.english = texts.danger_in_english(b)
        english_pt = self.english.height_pt - _RISE_PT if self.english else 0.0
        self.band_pt = _BAND_PT + english_pt
        self.code_top_pt = _CODE_TOP_PT + english_pt
        self.side_pt, quiet = symbol.side_mm / POINT_MM, symbol.quiet_mm / POINT_MM
        self.column_pt = texts.FULL_PT - self.side_pt - quiet - _APART_PT
        scan = say("wallet.scan_guide" if guide else "wallet.scan")
        self.scan = body(self.side_pt + quiet, (scan, False))
        self.scan_top_pt = self.code_top_pt + self.side_pt + quiet - _SCAN_ABOVE_PT
        # Not higher than the line about scanning allows.
        self.plate_pt = self.scan_top_pt + _SCAN_ABOVE_PT + _SCAN_PT + self.scan.height_pt - LINE_PT
        hour = say("wallet.any_hour")
        number = width(b.team.shown, texts.NUMBER_PT, bold=True)
        # Letters of another font beside the number would make its line higher.
        self.hour_fits = (
            glyphs.has_glyphs(hour) and number + width(f" {hour}", TEXT_PT) <= self.column_pt
        )
        self.call = texts.emergency_call(b, self.column_pt)
        self._teams: dict[tuple[bool, bool, bool], Text] = {}
        self._details: dict[tuple[frozenset[str], int], tuple[Text | None, Text, bool]] = {}

    def front(self, shape: Shape, optional: frozenset[str], note: bool) -> Front | None:
        """The front in this shape with these optional blocks, if they fit."""
        above, details, refill = self._below(optional, shape.above)
        high = above.height_pt if above else 0.0
        left = self._left_pt(shape, note) + high
        plate = max(self.plate_pt, self.band_pt + left)
        bottom = _BOTTOM_PT if details.broken else _BOTTOM_OTHER_PT
        if plate + _PLATE_PT + details.height_pt > bottom + texts.HAIR_PT:
            return None
        name, born = self._names[shape.name_pt]
        over = plate - self.band_pt - left
        more = min(over, _MORE_PT)
        name_end = plate - high - _NAME_END_PT - more * (1 - _UPPER)
        return Front(
            kept=self._shown(shape, optional, note),
            shape=shape,
            column_pt=self.column_pt,
            call=self.call,
            team=self._team(shape, note),
            hour=not shape.apart and self.hour_fits,
            # What is left over stands between the team and the name.
            team_pt=self._team_pt(shape, note) - _RULE_PT + over - more,
            name=name,
            name_pt=more * _UPPER,
            born=born,
            code_pt=self.code_top_pt - name_end,
            scan=self.scan,
            scan_pt=self.scan_top_pt - self.code_top_pt - self.side_pt,
            plate_pt=plate - self.scan_top_pt - self.scan.height_pt,
            above=above,
            above_pt=-high - _ABOVE_PT - _PLATE_PT,
            details=details,
            refill=refill,
            english=self.english,
        )

    def _below(self, optional: frozenset[str], above: int) -> tuple[Text | None, Text, bool]:
        key = (optional, above)
        if key not in self._details:
            self._details[key] = wallet_details.arrange(self.b, optional, above, self.column_pt)
        return self._details[key]

    def _shown(self, shape: Shape, optional: frozenset[str], note: bool) -> frozenset[str]:
        kept = {"note"} if note else set()
        kept |= {"hospital"} if shape.hospital else set()
        return optional | kept | ({"emergency"} if shape.emergency else set())

    def _left_pt(self, shape: Shape, note: bool) -> float:
        """The least height of the left column, without what is above the plate."""
        call = 0.0
        if shape.emergency:
            call = self.call.height_pt
        name = self._names[shape.name_pt][0].height_pt
        return call + self._team_pt(shape, note) + name + _NAME_GAP_PT

    def _team_pt(self, shape: Shape, note: bool) -> float:
        line = LINE_PT if shape.apart else 0.0
        return self._team(shape, note).height_pt + texts.LARGE_LINE_PT + line + _TEAM_GAP_PT

    def _team(self, shape: Shape, note: bool) -> Text:
        """Hospital and calling note."""
        key = (shape.apart, shape.hospital, note)
        if key not in self._teams:
            hospital = self.b.hospital if shape.apart else texts.team(self.b)
            if not shape.apart and not self.hour_fits:
                hospital = f"{self.b.content.say('wallet.team_any')} {self.b.hospital}"
            runs = [(hospital, shape.apart)] if shape.hospital else []
            if note:
                runs.append((f"\n{self.b.team_note}" if runs else self.b.team_note, False))
            self._teams[key] = body(self.column_pt, *runs) if runs else Text((), 0.0)
        return self._teams[key]

    @cached_property
    def _names(self) -> dict[float, tuple[Text, str]]:
        """By size the name, and the birth with the space or line break before it."""
        found, person, room = {}, self.b.person, self.column_pt
        born = person.born_words.replace(" ", NO_BREAK)
        for size_pt, line_pt in ((TITLE_PT, texts.TITLE_LINE_PT), (TEXT_PT, LINE_PT)):
            name = fit.text(size_pt, room, line_pt, (person.name, True))
            last = width(name.runs[0][0].rpartition("\n")[2], size_pt, bold=True)
            before = " "
            if not name.broken:
                both = fit.text(size_pt, room, line_pt, (person.name, True), (born, False))
                name = name._replace(height_pt=both.height_pt)
            elif last + width(f" {born}", TEXT_PT) > room:
                before, name = "\n", name._replace(height_pt=name.height_pt + line_pt)
            found[size_pt] = (name, before + born)
        return found
