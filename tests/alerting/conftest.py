"""A mail server and a house with one card for the tests of alerting."""

from collections.abc import Iterator

import pytest

from tests.alerting.house import sams_house
from tests.alerting.mailbox import Mailbox, mailbox
from tests.house import House


@pytest.fixture
def post() -> Iterator[Mailbox]:
    """An empty mailbox on a real server."""
    with mailbox() as box:
        yield box


@pytest.fixture
def house(ready_sqlite_url: str, post: Mailbox) -> Iterator[House]:
    """Sam's card with a passed appointment; nobody is told yet."""
    made = sams_house(ready_sqlite_url, post)
    yield made
    made.keeper.store.dispose()


@pytest.fixture
def either(ready_url: str, post: Mailbox) -> Iterator[House]:
    """The same on each kind of database in turn."""
    made = sams_house(ready_url, post)
    yield made
    made.keeper.store.dispose()
