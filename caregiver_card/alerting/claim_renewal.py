"""A claim that lives as long as its sender: a thread renews it while a message is on its way.

So the lease can be short, and a message of a sender that died waits no longer than that.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from caregiver_card.alerting.outbox import ClaimedMessage, ClaimLost, Outbox
from caregiver_card.storage.database import StoreFailure

# Renewals in a lease: five may fail in a row, while the database is locked, before it ends.
_RENEWALS = 6


@contextmanager
def renewing(
    outbox: Outbox, claimed: ClaimedMessage, clock: Callable[[], datetime]
) -> Iterator[None]:
    """Renew the claim until the block ends, or until another sender has it."""
    ended = threading.Event()
    interval_s = outbox.lease.total_seconds() / _RENEWALS

    def work() -> None:
        while not ended.wait(interval_s):
            try:
                outbox.renew(claimed, clock())
            except ClaimLost:
                # Settled, or another's: ``final_send`` finds the same.
                return
            except StoreFailure:
                continue

    thread = threading.Thread(target=work, name="claim", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
