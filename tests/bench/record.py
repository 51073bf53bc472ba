"""The file for a hospital's record: how long it takes beside composing the card's page."""

from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from caregiver_card.briefing.briefing import Briefing, brief
from caregiver_card.briefing.content import load
from caregiver_card.card.model import Card
from caregiver_card.exports.ips import bundle
from caregiver_card.pages import emergency
from tests.bench.figures import Row, Work, at_most, in_turn
from tests.cast import CAST, card_of

_NOW, _SEED = datetime(2026, 11, 21, 12, tzinfo=UTC), UUID(int=1)
_BUNDLES, _MOST = 200, 0.5


def rows() -> list[Row]:
    """A row a card of the cast, 200 bundles of each."""
    found = []
    for name in sorted(CAST):
        card = card_of(CAST[name]())
        b = brief(card, load(), 1)
        works: dict[str, Work] = {
            "bundle": partial(_file, card, b),
            "page": partial(emergency.page, b, _NOW.date()),
        }
        taken = in_turn(works, rounds=20, times=_BUNDLES // 20)
        ours, theirs = taken["bundle"].cpu, taken["page"].cpu
        found.append(at_most(f"hospital's file, {name}", "its page", ours, theirs, _MOST))
    return found


def _file(card: Card, b: Briefing) -> bytes:
    return bundle.encode(bundle.bundle(card, b, _SEED, _NOW))
