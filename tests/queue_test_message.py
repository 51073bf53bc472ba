"""Queue a test message for Mum: ``python -m tests.queue_test_message DATABASE_URL OWNER``."""

import sys
from datetime import UTC, datetime

from caregiver_card.alerting.policy.channel_checks import TEST_ALERT
from caregiver_card.alerting.service import AlertService
from caregiver_card.card_service import CardService
from caregiver_card.storage.store import open_store
from tests.alerting.house import SECRET


def main(url: str, owner: str) -> None:
    """As the owner's page does it."""
    store = open_store(url)
    bureau = AlertService(store.engine, SECRET)
    card_id = CardService(store, bureau).vault.owned(owner).card_id
    assert bureau.resend(card_id, "mum", TEST_ALERT, datetime.now(UTC))


if __name__ == "__main__":
    main(*sys.argv[1:])
