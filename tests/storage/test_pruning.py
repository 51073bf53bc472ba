"""Which cards nobody has used: listed, and removed only where that is still so."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete

from caregiver_card.alerting.service import AlertService
from caregiver_card.card_service import CardService
from caregiver_card.storage import pruning
from caregiver_card.storage.database import writing
from caregiver_card.storage.records import AddedCard
from caregiver_card.storage.schema import cards
from caregiver_card.storage.store import Store, open_store
from caregiver_card.storage.vault import UnknownCard
from tests.alerting.telling import person
from tests.cast import alex, card_of

MADE = datetime(2026, 11, 21, 12, tzinfo=UTC)
NEXT_DAY = date(2026, 11, 22)
ALEX = card_of(alex())


class Keeper(CardService):
    """Keeps cards that were made on 21 November 2026."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, AlertService(store.engine, "k" * 40))

    def made(self, *labels: str) -> AddedCard:
        """One more."""
        return self.add(ALEX, MADE, labels or ("wallet",))

    def unused(self, before: date = NEXT_DAY) -> int:
        """How many are listed."""
        return len(pruning.find_unused(self.store, before))


@pytest.fixture
def keeper(ready_url: str) -> Iterator[Keeper]:
    """An empty store."""
    store = open_store(ready_url)
    yield Keeper(store)
    with writing(store.engine) as connection:
        connection.execute(delete(cards))
    store.dispose()


def test_a_card_that_nobody_came_back_to_is_listed_and_stays(keeper: Keeper) -> None:
    """From the day after on; nothing is removed by a look."""
    made = keeper.made()
    assert keeper.unused(MADE.date()) == 0
    assert keeper.unused() == 1
    assert keeper.vault.owned(made.owner)


def test_any_use_keeps_a_card(keeper: Keeper) -> None:
    """A save, a second copy, a scan, a calendar, a hospital's code, somebody told, or who was."""
    keeper.save(keeper.made().owner, ALEX, 1, "", MADE)
    keeper.made("wallet", "school")
    keeper.record_opened(keeper.made().reader_links[0].token, MADE)
    keeper.calendars.add(keeper.made().owner, "plain phone", MADE.date())
    followed = keeper.made()
    keeper.health_links.add(followed.owner, "visit", MADE.date(), None)
    # A fetch is noted nowhere, so the code alone has to tell.
    keeper.vault.revoke(followed.owner, followed.reader_links[0].id)
    told, left = keeper.made(), keeper.made()
    for each in (told, left):
        owned = keeper.vault.owned(each.owner)
        assert keeper.alerts
        keeper.alerts.invite(owned.card_id, owned.card, 1, person(), MADE)
    assert keeper.alerts
    keeper.alerts.remove_recipient(keeper.vault.owned(left.owner).card_id, "mum", MADE)
    assert keeper.unused() == 0
    revoked = keeper.made()
    keeper.vault.revoke(revoked.owner, revoked.reader_links[0].id)
    assert keeper.unused() == 0, "what was revoked was used"


def test_only_what_is_listed_is_removed(keeper: Keeper) -> None:
    """With its links and versions; the others still open."""
    unused, used = keeper.made(), keeper.made()
    keeper.save(used.owner, ALEX, 1, "", MADE)
    listed = pruning.find_unused(keeper.store, NEXT_DAY)
    assert pruning.delete_unused(keeper.store, NEXT_DAY) == listed
    with pytest.raises(UnknownCard):
        keeper.vault.card(unused.reader_links[0].token)
    assert keeper.vault.owned(used.owner) and keeper.unused() == 0
    assert pruning.delete_unused(keeper.store, NEXT_DAY) == []


def test_a_card_that_is_saved_meanwhile_stays(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the list and the removal of each."""
    saved, other = keeper.made(), keeper.made()
    look = pruning.find_unused

    def slowly(store: Store, before: date) -> list[pruning.UnusedCard]:
        found = look(store, before)
        keeper.save(saved.owner, ALEX, 1, "", MADE)
        return found

    monkeypatch.setattr(pruning, "find_unused", slowly)
    assert len(pruning.delete_unused(keeper.store, NEXT_DAY)) == 1
    assert keeper.vault.owned(saved.owner).version == 2
    with pytest.raises(UnknownCard):
        keeper.vault.owned(other.owner)


def test_the_oldest_stand_first(keeper: Keeper) -> None:
    """With the days on which they were made."""
    for days in (3, 1, 2):
        keeper.add(ALEX, MADE - timedelta(days=days))
    listed = [each.made_on for each in pruning.find_unused(keeper.store, NEXT_DAY)]
    assert listed == sorted(listed) and len(set(listed)) == 3
