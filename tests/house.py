"""A card that is kept, its alerts and a clock that the test sets."""

from datetime import datetime, timedelta
from typing import Any

from caregiver_card.alerting.outbox import OutboxEntry
from caregiver_card.alerting.policy.recipients import Recipient
from caregiver_card.alerting.sender import Pass, Sender
from caregiver_card.alerting.service import AlertService
from caregiver_card.card_service import CardService
from caregiver_card.storage.records import AddedCard, OwnedCard
from tests.alerting.telling import person


class House:
    """One card, whoever is told of its alerts, and a sender."""

    def __init__(self, keeper: CardService, kept: AddedCard, now: datetime, url: str) -> None:
        assert keeper.alerts
        self.keeper, self.kept, self.now, self.url = keeper, kept, now, url
        self.bureau: AlertService = keeper.alerts
        self.channels: dict[str, Any] = {}

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
        return Sender(self.bureau.records, self.channels, self.url, lambda: self.now)

    def send(self, wait: timedelta = timedelta()) -> Pass:
        """Let time pass, then send what is due."""
        self.now += wait
        return self.sender().run()
