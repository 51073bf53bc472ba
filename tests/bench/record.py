"""The file for a hospital's record: its time beside composing the card's page, and its faults."""

import json
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from hypothesis import HealthCheck, Phase, given, settings

from caregiver_card.briefing.briefing import Briefing, brief
from caregiver_card.briefing.content import load
from caregiver_card.card.model import Card
from caregiver_card.exports.ips import bundle
from caregiver_card.pages import emergency
from tests.bench.figures import Row, Work, at_most, in_turn
from tests.cast import CAST, card_of, cards
from tests.exports.ips import rules

_NOW, _SEED = datetime(2026, 11, 21, 12, tzinfo=UTC), UUID(int=1)
_BUNDLES, _MOST = 200, 0.5
_CARDS = 200


def rows() -> list[Row]:
    """A row a card of the cast, 200 bundles of each; then a bundle of each of 200 other cards."""
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
    return [*found, _faults()]


def _faults() -> Row:
    """What the rules of the profiles find in the files of any cards, the same at every run."""
    found: list[tuple[str, str]] = []

    @settings(
        max_examples=_CARDS,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(card=cards())
    def look(card: Card) -> None:
        found.extend(rules.faults(json.loads(_file(card, brief(card, load(), 1)))))

    look()
    named = ", ".join(sorted({rule for rule, _ in found}))
    said = f"{len(found)} faults{f': {named}' if named else ''}"
    return Row(f"hospital's files of {_CARDS} cards", "rules of its profiles", said, "0", not found)


def _file(card: Card, b: Briefing) -> bytes:
    return bundle.encode(bundle.bundle(card, b, _SEED, _NOW))
