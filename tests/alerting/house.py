"""A card that is kept, its bureau and a sender, with a clock that the test sets."""

from datetime import timedelta
from typing import Any

from caregiver_card.alerting.channels.mail import Mail
from caregiver_card.alerting.outbox import OutboxEntry
from caregiver_card.alerting.policy.recipients import Recipient
from caregiver_card.alerting.sender import Pass, Sender
from caregiver_card.alerting.service import AlertService
from caregiver_card.card_service import CardService
from caregiver_card.storage.records import AddedCard, OwnedCard
from caregiver_card.storage.store import open_store
from tests.alerting.mailbox import Mailbox
from tests.alerting.telling import at, person
from tests.cast import WORDS, card_of, sam

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


class House:
    """It is eight in the morning of 21 November 2026 in London."""

    def __init__(self, url: str, post: Mailbox) -> None:
        store = open_store(url)
        self.bureau = AlertService(store.engine, SECRET, WORDS)
        self.keeper = CardService(store, WORDS, self.bureau)
        self.now = at("2026-11-21 08:00")
        self.kept: AddedCard = self.keeper.add(card_of(overdue()), self.now - timedelta(days=9))
        self.channels: dict[str, Any] = {"mail": Mail(post.server, "alerts@card.example", 5)}

    @property
    def owned(self) -> OwnedCard:
        """The card as its owner has it."""
        return self.keeper.vault.owned(self.kept.owner)

    @property
    def card_id(self) -> bytes:
        """What the tables call it."""
        return self.owned.card_id

    @property
    def book(self) -> Any:
        """Its book."""
        return self.bureau.record(self.card_id)

    @property
    def log(self) -> list[OutboxEntry]:
        """What its owner can read, oldest first."""
        return self.bureau.log(self.card_id, 100)[::-1]

    def tell(self, *people: Recipient) -> None:
        """Put people on the list as they are; who said yes already is not asked."""
        for each in people:
            owned = self.owned
            self.bureau.invite(owned.card_id, owned.card, owned.version, each, self.now)

    def person(self, name: str = "Mum", **changes: Any) -> Recipient:
        """Somebody on the list who said yes."""
        made = person(name, **changes)
        self.tell(made)
        return made

    def sender(self) -> Sender:
        """One more sender."""
        return Sender(self.bureau.records, self.channels, URL, lambda: self.now)

    def send(self, wait: timedelta = timedelta()) -> Pass:
        """Let time pass, then send what is due."""
        self.now += wait
        return self.sender().run()
