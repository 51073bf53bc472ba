"""A phone on the list: put there by a script, confirmed by it, and kept up to date."""

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from caregiver_card.alerting.channels import push_subscription
from caregiver_card.alerting.service import MAX_RECIPIENTS
from caregiver_card.storage.crypto import new_token
from tests.alerting.mailbox import mailbox
from tests.alerting.pushing import Phone
from tests.web.website import MAIL_URL, NOON, Website, hidden, words

CONTACT = "mailto:operator@card.example"
OLD, NEW = "https://web.push.apple.com/old", "https://web.push.apple.com/new"
KEYS = Phone().keys


class PhoneSite(Website):
    """Alex's card; notifications are on."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, mail_url=MAIL_URL)
        self.settings(vapid_subject=CONTACT)

    def here(self, endpoint: str = OLD, **changes: str) -> TestResponse:
        """What the script sends after the press."""
        page = self.get("/alerts").text
        given = {"name": "Mum's phone", "endpoint": endpoint, "time_zone": "America/Chicago"}
        return self.browser.post(
            f"{self.home}/alerts/phone", data={**hidden(page), **given, **KEYS, **changes}
        )

    def start(self, own: str, endpoint: str, **changes: str) -> TestResponse:
        """What the worker sends on a start, with no form and no session."""
        given = {"endpoint": endpoint, **KEYS, **changes}
        return self.app.test_client().post(f"{own}/phone", data=given)

    @property
    def phones(self) -> list[Any]:
        """The list."""
        book = self.bureau.record(self.owned.card_id)
        return list(book.people) if book else []


@pytest.fixture
def house(tmp_path: Path) -> Iterator[PhoneSite]:
    """Noon on 21 November 2026; nobody is told yet."""
    made = PhoneSite(tmp_path)
    yield made
    made.keeper.store.dispose()


def test_it_works(house: PhoneSite) -> None:
    """The press was the yes; the page says since when and when it was last confirmed."""
    answer = house.here()
    assert answer.status_code == 201, answer.text
    (mum,) = house.phones
    assert answer.text == f"/u/{mum.token}"
    assert (mum.channel, mum.name, mum.time_zone) == ("push", "Mum's phone", "America/Chicago")
    assert mum.reachable and not mum.open_subject
    assert push_subscription.read(mum.address).endpoint == OLD
    page = house.words("/alerts?said=phone")
    assert (
        "Mum's phone Gets alerts notifications on a phone" in page and "Send it a test now." in page
    )
    assert "Last confirmed on this phone: 21 Nov 2026, 06:00" in page and OLD not in page
    assert "told of a card's alerts on a phone" in words(house.browser.get(answer.text))


def test_pressed_twice_it_is_there_once(house: PhoneSite) -> None:
    """With its newest name; who had stopped it has now asked for it again."""
    own = house.here().text
    house.browser.post(own, data={"go": "stop"})
    assert not house.phones[0].reachable
    assert house.here(name="Our phone").text == own
    assert [each.name for each in house.phones] == ["Our phone"] and house.phones[0].reachable


def test_a_phone_moves_to_its_new_address(house: PhoneSite) -> None:
    """On any start; one that was given up is called again, one that was stopped is not."""
    own = house.here().text
    card_id, mum = house.owned.card_id, house.phones[0]
    house.bureau.change_recipient(
        card_id, mum.id, house.now, gone_at=house.now, trouble="push-gone"
    )
    house.now += timedelta(days=3)
    answer = house.start(own, NEW)
    assert (answer.status_code, answer.text) == (
        200,
        push_subscription.application_server_key("k" * 40),
    )
    assert (
        push_subscription.read(house.phones[0].address).endpoint == NEW
        and house.phones[0].reachable
    )
    assert not house.phones[0].trouble
    assert "Last confirmed on this phone: 24 Nov 2026" in house.words("/alerts")
    house.browser.post(own, data={"go": "stop"})
    house.start(own, OLD)
    assert house.phones[0].stopped_at and not house.phones[0].reachable


def test_the_same_address_is_written_down_once_an_hour(house: PhoneSite) -> None:
    """However often the app is opened."""
    own = house.here().text
    for minutes, checked in ((30, 0), (31, 61), (5, 61)):
        house.now += timedelta(minutes=minutes)
        house.start(own, OLD)
        assert house.phones[0].checked_at == NOON + timedelta(minutes=checked)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": ""}, "The name"),
        ({"name": "x" * 41}, "The name"),
        ({"endpoint": "https://127.0.0.1/x"}, "notification service is not one"),
        ({"auth": ""}, "notification service is not one"),
        ({"p256dh": "A" * 87}, "notification service is not one"),
    ],
)
def test_what_is_no_phone_is_refused(house: PhoneSite, changes: dict[str, str], says: str) -> None:
    """In words for the page; and a start cannot bring in what a press could not."""
    answer = house.here(**changes)
    assert answer.status_code == 422 and answer.text.startswith("Th") and says in answer.text
    assert not house.phones
    own = house.here().text
    if "name" not in changes:
        assert house.start(own, **{"endpoint": OLD, **changes}).status_code == 422
    assert push_subscription.read(house.phones[0].address).endpoint == OLD


def test_who_may_say_so(house: PhoneSite) -> None:
    """The owner, through the page's own form; a phone through its own address and no other's."""
    given = {"name": "x", "endpoint": OLD, **KEYS}
    assert house.app.test_client().post(f"{house.home}/alerts/phone", data=given).status_code == 400
    nobody = f"/o/{new_token()}/alerts/phone"
    hidden = {"csrf_token": re.findall(r'csrf_token" value="([^"]+)', house.get("/alerts").text)[0]}
    assert house.browser.post(nobody, data={**given, **hidden}).status_code == 404
    for path in (f"/u/{new_token()}", f"/u/{house.kept.owner}", "/u/x"):
        assert house.start(path, OLD).status_code == 404
    assert not house.phones


def test_a_mail_address_cannot_become_a_phone(house: PhoneSite) -> None:
    """A mail's links are in the hands of whoever reads the mail."""
    with mailbox() as house.post:
        own = house.told()
    assert house.start(own, OLD).status_code == 404 and house.mum.channel == "mail"


def test_a_list_ends(house: PhoneSite) -> None:
    """With words that say so, and without the button."""
    for number in range(MAX_RECIPIENTS):
        assert house.here(endpoint=f"{OLD}{number}").status_code == 201
    answer = house.browser.post(
        f"{house.home}/alerts/phone",
        data={"name": "x", "endpoint": NEW, **KEYS}
        | {"csrf_token": re.findall(r'csrf_token" value="([^"]+)', house.get("/alerts").text)[0]},
    )
    assert answer.status_code == 409 and "Nobody was added" in answer.text
    assert len(house.phones) == MAX_RECIPIENTS and "What is this phone" not in house.words(
        "/alerts"
    )


def test_without_a_contact_there_are_none(tmp_path: Path) -> None:
    """And the page says what is missing."""
    house = Website(tmp_path, mail_url=MAIL_URL)
    assert "has to set CARD_VAPID_SUBJECT" in house.words("/alerts")
    assert "push.js" not in house.get("/alerts").text
    house.keeper.store.dispose()


@pytest.mark.slow
def test_a_page_never_loads_what_sends(tmp_path: Path) -> None:
    """Its libraries would double what each worker of the server needs to start."""
    code = (
        "import sys, caregiver_card.web; print(sorted({'pywebpush', 'aiohttp'} & {*sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
