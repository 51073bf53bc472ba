"""How large a page becomes: its size on each day on which its words are other ones."""

import gzip
import re
from datetime import date, timedelta

from caregiver_card.briefing.briefing import Briefing
from caregiver_card.pages import day_texts, emergency
from caregiver_card.pages.precompressed import PrecompressedPage
from tests.cast import TODAY

# Fourteen thousand bytes arrive with the first packets (docs/design-rules.md); English leaves room
# for the languages that need more.
MOST_BYTES = 12_000
_LAST = TODAY + timedelta(days=3653)
_HERE = f"/c/{'0' * 26}"


def uncommented(page: bytes) -> bytes:
    """A page without its comments, which nobody sees."""
    return re.sub(rb"<!-- *-->", b"", page)


def days(briefing: Briefing) -> set[date]:
    """The days within ten years on which a page may be largest.

    An alert begins or ends on few days; between them only "days ago" grows.
    """
    turns = {each.alert.first_on for each in briefing.notices}
    turns |= {each.alert.last_on for each in briefing.notices if each.alert.last_on}
    near = {turn + timedelta(days=by) for turn in turns for by in (-1, 0, 1, 9, 10, 99, 100, 999)}
    return {TODAY, _LAST, *(each for each in near if TODAY < each < _LAST)}


def largest(briefing: Briefing) -> tuple[int, date]:
    """The most bytes that the page of a card has within ten years, and when; it is whole then."""
    pressed = PrecompressedPage(emergency.precompressed_page(briefing, "mark"))
    sizes = []
    for day in days(briefing):
        fill = day_texts.words(pressed.head, day, _HERE)
        squeezed = pressed.gzip(fill)
        assert uncommented(gzip.decompress(squeezed)) == pressed.plain(fill)
        sizes.append((len(squeezed), day))
    return max(sizes)
