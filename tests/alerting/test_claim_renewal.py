"""A claim lives as long as its sender, and no longer than the lease after it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from caregiver_card.alerting.channels.channel import Message, Outcome, SendStatus
from caregiver_card.alerting.claim_renewal import renewing
from caregiver_card.alerting.outbox import LEASE, ClaimLost
from caregiver_card.alerting.sender import Sender
from caregiver_card.alerting.service import AlertService
from tests.alerting.house import SECRET, URL
from tests.house import House

# Many small ones, together some seconds.
pytestmark = pytest.mark.slow

_SHORT = timedelta(seconds=0.6)


class SlowChannel:
    """A server that takes several leases before the final send."""

    def __init__(self) -> None:
        self.begun, self.go_on, self.sent = threading.Event(), threading.Event(), 0

    def send(
        self,
        address: str,
        message: Message,
        final_send: Callable[[], AbstractContextManager[None]],
    ) -> Outcome:
        """Wait, then send."""
        self.begun.set()
        assert self.go_on.wait(20)
        with final_send():
            self.sent += 1
        return Outcome(SendStatus.SENT)


@pytest.fixture
def quick(either: House) -> AlertService:
    """The same alerts under a lease that a test can wait for."""
    either.person()
    either.bureau.records.evaluate(either.card_id, datetime.now(UTC))
    return AlertService(either.keeper.store.engine, SECRET, _SHORT)


@contextmanager
def _sending(service: AlertService, channel: SlowChannel) -> Iterator[threading.Thread]:
    channels: Any = {"mail": channel}
    sender = Sender(service.records, channels, URL, lambda: datetime.now(UTC))
    thread = threading.Thread(target=sender.run)
    thread.start()
    try:
        yield thread
    finally:
        channel.go_on.set()
        thread.join(20)


def test_a_slow_server_costs_a_living_sender_nothing(quick: AlertService) -> None:
    """Five leases long nobody else gets the message, and then it is sent once."""
    channel, outbox = SlowChannel(), quick.records.outbox
    with _sending(quick, channel):
        assert channel.begun.wait(20)
        until = datetime.now(UTC) + 5 * _SHORT
        while datetime.now(UTC) < until:
            assert outbox.claim(datetime.now(UTC)) is None
    assert channel.sent == 1
    assert outbox.claim(datetime.now(UTC) + LEASE) is None


def test_a_dead_senders_message_is_free_after_one_lease(either: House) -> None:
    """An EMERGENCY waits a minute and a half, not five."""
    either.person()
    either.bureau.records.evaluate(either.card_id, either.now)
    outbox = either.bureau.records.outbox
    assert outbox.claim(either.now)
    assert timedelta(minutes=1) < LEASE < timedelta(minutes=2)
    assert outbox.claim(either.now + LEASE - timedelta(seconds=1)) is None
    assert outbox.claim(either.now + LEASE)


def test_who_lost_the_claim_renews_nothing_and_sends_nothing(quick: AlertService) -> None:
    """A sender that was stopped for longer than the lease finds another in its place."""
    outbox, now = quick.records.outbox, datetime.now(UTC)
    first = outbox.claim(now)
    second = outbox.claim(now + _SHORT)
    assert first and second and first.row.id == second.row.id
    with pytest.raises(ClaimLost):
        outbox.renew(first, now)
    sending = renewing(outbox, first, lambda: now)
    with pytest.raises(ClaimLost), sending, outbox.final_send(first, now):
        raise AssertionError("sent twice")
    outbox.renew(second, now)
