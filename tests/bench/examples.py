"""The three example cards, as every benchmark takes them."""

from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from caregiver_card.briefing.briefing import Briefing, brief
from caregiver_card.briefing.content import load
from caregiver_card.card import codec
from caregiver_card.card.model import Card
from caregiver_card.card_service import CardService
from caregiver_card.storage.records import AddedCard
from caregiver_card.storage.store import open_store

ROOT = Path(__file__).parent.parent.parent
NAMES = ("typical", "complex", "minimal")
# 47 characters and three more: a symbol of 33 x 33 modules.
PUBLIC_URL = "https://card.example"
TODAY = date(2026, 11, 21)


@cache
def card(name: str) -> Card:
    """The card of ``tests/data/<name>.json``."""
    read = codec.read((ROOT / "tests" / "data" / f"{name}.json").read_bytes(), TODAY).card
    if read is None:
        raise ValueError(f"{name}.json is no card any more")
    return read


@cache
def briefing(name: str) -> Briefing:
    """Its briefing."""
    return brief(card(name), load())


def keep(database_url: str) -> dict[str, str]:
    """Keep the three cards in a new database; their readers' tokens by name."""
    return {name: add(database_url, name).reader_links[0].token for name in NAMES}


def add(database_url: str, name: str) -> AddedCard:
    """Keep one of the cards."""
    keeper = CardService(open_store(database_url))
    try:
        return keeper.add(card(name), datetime.now(UTC))
    finally:
        keeper.store.dispose()
