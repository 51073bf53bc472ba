"""A pass over a PostgreSQL database that takes no writes: sent once, and written back later."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import text

from caregiver_card.alerting.policy.alert_record import AlertRecord
from caregiver_card.alerting.sender_pass import PassResult, SenderPass
from caregiver_card.storage.fault_causes import Cause
from caregiver_card.storage.rows import OutboxState
from tests.alerting.house import sams_house
from tests.alerting.mailbox import Mailbox
from tests.house import House

pytestmark = pytest.mark.slow


@pytest.fixture
def house(ready_postgresql_url: str, post: Mailbox) -> Iterator[House]:
    """Sam's card in PostgreSQL."""
    made = sams_house(ready_postgresql_url, post)
    yield made
    made.keeper.store.dispose()


@contextmanager
def _read_only(house: House) -> Iterator[None]:
    """The database as a standby is, or one whose disk its administrator protects."""
    engine = house.keeper.store.engine
    try:
        with engine.begin() as connection:
            connection.execute(text("ALTER ROLE postgres SET default_transaction_read_only = on"))
        engine.dispose()
        yield
    finally:
        with engine.connect() as connection:
            connection.execute(text("SET default_transaction_read_only = off"))
            connection.commit()
            connection.execute(text("ALTER ROLE postgres RESET default_transaction_read_only"))
            connection.commit()
        engine.dispose()


def _run(house: House, wait: timedelta = timedelta()) -> PassResult:
    house.now += wait
    passes = SenderPass(house.bureau, house.channels, house.url, lambda: house.now)
    return passes.run()


def test_what_comes_due_goes_out_once(house: House, post: Mailbox) -> None:
    """Again the next day and not before, by the same rules; then all of it is in the log."""
    house.person()
    with _read_only(house):
        first = _run(house)
        assert (first.done.sent, first.unwritable) == (1, Cause.READ_ONLY)
        for _ in range(3):
            assert _run(house, timedelta(minutes=20)).done.sent == 0
        assert _run(house, timedelta(hours=24)).done.sent == 1
        assert house.log == []
    after = _run(house, timedelta(minutes=20))
    assert (after.done.sent, after.unwritable, len(post.taken)) == (0, None, 2)
    assert [each.row.state for each in house.log] == [OutboxState.SENT] * 2


def test_what_somebody_changed_meanwhile_wins(house: House, post: Mailbox) -> None:
    """A save or a removal in the database is not undone by what the copy remembers."""
    house.person()
    with _read_only(house):
        assert _run(house).done.sent == 1
    house.bureau.set_patient_name(house.card_id, "Sam", house.now)
    _run(house, timedelta(minutes=20))
    book: AlertRecord = house.book
    assert book.called == "Sam"


def test_a_card_that_was_deleted_meanwhile_stays_deleted(house: House, post: Mailbox) -> None:
    """Its messages are not written back, and nothing fails."""
    house.person()
    with _read_only(house):
        assert _run(house).done.sent == 1
    house.keeper.vault.delete(house.kept.owner)
    assert _run(house, timedelta(minutes=20)).unwritable is None
    with house.keeper.store.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM alert_outbox")).scalar() == 0
