"""The lines under the plate of the wallet card: pump, place, other drugs, last refill."""

from caregiver_card.briefing.briefing import Briefing
from caregiver_card.printing.flow.fit import Text
from caregiver_card.printing.layouts import wallet_texts as texts
from caregiver_card.printing.layouts.wallet_texts import LINE_PT, body, sentence
from caregiver_card.printing.text.page_geometry import POINT_MM

# The room beside the last refill, which stands under the alarm date.
_BESIDE_PT = 52.5 / POINT_MM
_Runs = list[tuple[str, bool]]


def order(b: Briefing) -> tuple[str, ...]:
    """The optional blocks, the last of which gives way first: a dose goes before a date."""
    doses = ("drugs", "oral", "refill") if b.oral.items else ("drugs", "refill", "oral")
    return (*doses, "location", "mode")


def arrange(
    b: Briefing, kept: frozenset[str], above: int, column_pt: float
) -> tuple[Text | None, Text, bool]:
    """The lines above the plate, those under it, and whether the refill stands under the date.

    The pump (``above`` is 1) or the pump and its place (2) stand above the plate, in a column of
    ``column_pt``.
    """
    place, listed, told = _place(b, kept), _listed(b, kept), _told(b, kept)
    refill = [texts.refill(b)] if "refill" in kept else []
    if not above and refill:
        rows = _rows(b.device, place, listed, told)
        if rows:
            return None, rows, True
    top = None
    bold, plain = [b.device, *listed], [*told, *refill, *([place] if place else [])]
    if above:
        bold = listed
        lines: _Runs = [(b.device, True)]
        if above > 1 and place:
            lines.append((f"\n{place}", False))
            plain = [*told, *refill]
        top = body(column_pt, *lines)
    stop = "." if plain else ""
    runs = ((". ".join(bold) + stop if bold else "", True), (". ".join(plain), False))
    under = body(texts.FULL_PT, *runs) if bold or plain else Text((), 0.0)
    return top, under, False


def _place(b: Briefing, kept: frozenset[str]) -> str:
    """Where the pump is, and how it gives the drug."""
    parts = (b.location if "location" in kept else "", b.mode if "mode" in kept else "")
    return sentence(*parts)


def _listed(b: Briefing, kept: frozenset[str]) -> list[str]:
    """The drugs besides the dose of the pump."""
    found = [texts.drugs(b)] if "drugs" in kept and b.pump_drugs.items else []
    return [*found, *([texts.oral(b)] if "oral" in kept and b.oral.items else [])]


def _told(b: Briefing, kept: frozenset[str]) -> list[str]:
    """What is known of such drugs where none is listed."""
    parts = [texts.drugs(b)] if "drugs" in kept and not b.pump_drugs.items else []
    parts += [texts.oral(b)] if "oral" in kept and not b.oral.items else []
    both = len(parts) == 2 and texts.neither(b)
    return [both or sentence(*parts)] if parts else []


def _rows(device: str, place: str, listed: list[str], told: list[str]) -> Text | None:
    """Three short lines, if each of them is one."""
    first = body(_BESIDE_PT, (device, True))
    second = body(_BESIDE_PT, (place, False)) if place else None
    stop = "." if told else ""
    ends = ((". ".join(listed) + stop if listed else "", True), (". ".join(told), False))
    third = body(texts.FULL_PT, *ends)
    rows = [row for row in (first, second, third) if row and row.runs]
    if any(row.height_pt > LINE_PT + texts.HAIR_PT or not row.broken for row in rows):
        return None
    runs: _Runs = []
    for row in rows:
        (words, bold), *others = row.runs
        runs += [(f"\n{words}" if runs else words, bold), *others]
    # Its second line stands beside the day of the refill.
    return Text(tuple(runs), max(len(rows), 2) * LINE_PT)
