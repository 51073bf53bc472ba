"""Sam's card, whose appointment passed, and a mail server."""

from datetime import timedelta
from typing import Any

from caregiver_card.alerting.channels.mail import Mail
from caregiver_card.alerting.service import AlertService
from caregiver_card.card_service import CardService
from caregiver_card.storage.store import open_store
from tests.alerting.mailbox import Mailbox
from tests.alerting.telling import at
from tests.cast import card_of, sam
from tests.house import House

SECRET = "a key for tests that is long enough to be one"
URL = "https://card.example"


def overdue(**changes: Any) -> dict[str, Any]:
    """Sam, whose appointment of 20 November passed; the alarm date is weeks away: URGENT."""
    return sam(
        {
            "refill.last_refill_on": "2026-09-01",
            "refill.alarm_date": "2027-01-20",
            "refill.next_appointment_on": "2026-11-20",
            "time_zone": "Europe/London",
            "verified.on": "2026-11-01",
        },
        **changes,
    )


def sams_house(url: str, post: Mailbox) -> House:
    """It is eight in the morning of 21 November 2026 in London."""
    store, now = open_store(url), at("2026-11-21 08:00")
    keeper = CardService(store, AlertService(store.engine, SECRET))
    house = House(keeper, keeper.add(card_of(overdue()), now - timedelta(days=9)), now, URL)
    house.channels["mail"] = Mail(post.server, "alerts@card.example", 5)
    return house
