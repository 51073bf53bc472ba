"""How many people a whole installation may ask, whoever's cards they are for."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from caregiver_card.alerting.invite_limit import USUAL, InviteLimit, next_hour
from caregiver_card.storage.store import open_store
from tests.alerting.telling import at

NOW = at("2026-11-21 08:20")


def test_an_hour_has_so_many_places_and_no_more(ready_url: str) -> None:
    """Though they are asked for by many at once; the next hour has places again."""
    store = open_store(ready_url)
    here = InviteLimit(store.engine)
    with ThreadPoolExecutor(4) as many:
        found = list(many.map(lambda _: here.take(NOW), range(USUAL + 8)))
    assert found.count(True) == USUAL
    assert not here.take(next_hour(NOW) - timedelta(seconds=1))
    assert here.take(next_hour(NOW))
    store.dispose()


def test_an_operator_may_allow_none(ready_url: str) -> None:
    """Or a few."""
    store = open_store(ready_url)
    assert not InviteLimit(store.engine, 0).take(NOW)
    assert [InviteLimit(store.engine, 2).take(NOW) for _ in range(3)] == [True, True, False]
    store.dispose()


def test_a_clock_that_jumps_back_asks_no_more_in_that_hour(ready_url: str) -> None:
    """What was counted then still counts."""
    store = open_store(ready_url)
    here = InviteLimit(store.engine)
    for _ in range(USUAL):
        assert here.take(NOW)
    assert here.take(NOW + timedelta(hours=1))
    assert not here.take(NOW)
    store.dispose()
