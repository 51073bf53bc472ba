"""Notifications end to end: a real Firefox subscribes, is told, and its person presses.

Only the name of Mozilla's push service is led to one of the tests' own, which reads no message.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from caregiver_card.alerting.channels import push_subscription
from caregiver_card.alerting.channels.channel import FinalSend, Message, Outcome
from caregiver_card.alerting.channels.push import Push
from caregiver_card.alerting.policy.channel_checks import TEST_ALERT
from caregiver_card.alerting.sender import Sender
from caregiver_card.alerting.service import AlertService
from caregiver_card.card_service import CardService
from caregiver_card.storage import crypto
from caregiver_card.storage.store import open_store
from tests.alerting.certificates import certificate
from tests.alerting.house import overdue
from tests.browser.gecko import Gecko, gecko
from tests.browser.phones import awaited
from tests.browser.relay import Relay, relay
from tests.cast import card_of
from tests.servers import SECRET, gunicorn

pytestmark = pytest.mark.browser

CONTACT = "mailto:operator@card.example"
_SHOWN = """const there = await (await navigator.serviceWorker.ready).getNotifications();
return there.map(({ title, body, tag, data }) => ({ title, body, tag, url: data.url }));"""


@dataclass
class PushedPhone:
    """A card, one Firefox, the push service between them, and a sender with a clock of its own."""

    home: str
    keeper: CardService
    owner: str
    firefox: Gecko
    service: Relay
    pem: str
    now: datetime

    def send(self, address: str, message: Message, final_send: FinalSend) -> Outcome:
        """The push channel, which finds Mozilla's service here."""
        hosts = (*push_subscription.HOSTS, self.service.taken.host)
        by = Push(crypto.push_key(SECRET), CONTACT, hosts, 5, self.pem)
        return by.send(self.service.loopback(address), message, final_send)

    def tell(self, wait: timedelta = timedelta()) -> None:
        """Let time pass for the sender, then send what is due."""
        self.now += wait
        url = self.home.partition("/o/")[0]
        sender = Sender(self.bureau.records, {"push": self}, url, lambda: self.now)
        assert sender.run().sent

    def add(self, subject: str) -> None:
        """Press the button on the alerts page, then choose what is told."""
        self.firefox.open(f"{self.home}/alerts")
        self.firefox.write("#name", "Mum's phone")
        self.firefox.press("#here button")
        awaited(lambda: "said=phone" in self.firefox.open_pages[0], "the phone on the list")
        self.bureau.change_recipient(self.card_id, self.mum.id, self.now, subjects=(subject,))

    def ask(self) -> None:
        """Send a test."""
        self.bureau.resend(self.card_id, self.mum.id, TEST_ALERT, self.now)
        self.tell()

    @property
    def bureau(self) -> AlertService:
        """The people told."""
        assert self.keeper.alerts
        return self.keeper.alerts

    @property
    def card_id(self) -> bytes:
        """What the tables call the card."""
        return self.keeper.vault.owned(self.owner).card_id

    @property
    def mum(self) -> Any:
        """The phone on the list."""
        book = self.bureau.record(self.card_id)
        assert book
        return book.people[0]

    @property
    def shown(self) -> list[dict[str, str]]:
        """The notifications on the screen."""
        return list(self.firefox.run(_SHOWN))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, CardService]]:
    """A server with notifications, and the cards that it keeps."""
    folder = tmp_path_factory.mktemp("pushed")
    (folder / "instance").mkdir()
    with gunicorn(folder, CARD_VAPID_SUBJECT=CONTACT, WEB_CONCURRENCY="1") as server:
        store = open_store(f"sqlite:///{folder}/instance/cards.sqlite")
        yield server.url, CardService(store, AlertService(store.engine, SECRET))
        store.dispose()


@pytest.fixture
def family(served: tuple[str, CardService], tmp_path: Path) -> Iterator[PushedPhone]:
    """Sam's card, whose appointment passed; noon tomorrow for the sender."""
    url, keeper = served
    pem, noon = certificate(tmp_path), datetime.now(UTC).replace(hour=12) + timedelta(days=1)
    owner = keeper.add(card_of(overdue()), datetime.now(UTC)).owner
    with relay(pem) as service, gecko(service.url) as firefox:
        yield PushedPhone(f"{url}/o/{owner}", keeper, owner, firefox, service, str(pem), noon)


def test_from_the_press_to_the_answer(family: PushedPhone) -> None:
    """The browser opens the message, shows it, and a press on it opens "It has arrived"."""
    family.add("opened")
    endpoint = push_subscription.read(family.mum.address).endpoint
    assert endpoint.rpartition("/")[2] == family.service.channels[0]
    family.ask()
    (shown,) = awaited(lambda: family.shown, "a notification")
    assert shown["title"] == "A test: are you reached?"
    assert shown["body"] == "Press to read what it is about."
    awaited(family.firefox.click_notification, "a notification to press")
    awaited(lambda: shown["url"] in family.firefox.open_pages, "the page behind the notification")
    awaited(lambda: not family.shown, "the notification to go away")


def test_a_phone_that_was_off_shows_the_newest_of_each_alert(family: PushedPhone) -> None:
    """And one that is on hears the repetition in the place of the one before."""
    family.add("refill")
    family.service.leave()
    for _ in range(3):
        family.tell(timedelta(days=1))
    assert len(family.service.waiting) == 1 and len(family.service.taken.taken) == 3
    family.service.come_back()
    (first,) = awaited(lambda: family.shown, "a notification")
    family.tell(timedelta(days=1))
    awaited(lambda: family.shown[0]["url"] != first["url"], "the repetition")
    (again,) = family.shown
    assert again["tag"] == first["tag"] and "alert of an emergency card" in again["title"]
    assert len(family.service.acknowledged) == 2


def test_a_service_that_lost_its_phones_does_not_lose_the_family(family: PushedPhone) -> None:
    """The browser tells the worker, the worker tells the server, and nobody pressed anything."""
    family.add("opened")
    old = push_subscription.read(family.mum.address).endpoint
    family.firefox.open("about:blank")
    family.service.forget()
    awaited(lambda: push_subscription.read(family.mum.address).endpoint != old, "the new address")
    assert (
        push_subscription.read(family.mum.address).endpoint.rpartition("/")[2]
        in family.service.channels
    )
    family.ask()
    family.firefox.open(family.home)
    (shown,) = awaited(lambda: family.shown, "a notification")
    assert shown["title"] == "A test: are you reached?"
