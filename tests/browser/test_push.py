"""Notifications in a real browser: the permission, the press, the message on the screen.

A subscription of Chromium's own needs Google's service, which is not here: where the page asks for
one, it is given a phone of the tests. Everything else is Chromium's; ``test_pushed`` has a Firefox
that subscribes, is told and is pressed.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from caregiver_card.alerting.channels import push_subscription
from caregiver_card.alerting.service import AlertService
from caregiver_card.card_service import CardService
from caregiver_card.storage.store import open_store
from tests.alerting.pushing import Phone
from tests.browser.looking import look
from tests.browser.waiting import until_true
from tests.cast import card_of, sam
from tests.servers import SECRET, gunicorn

pytestmark = pytest.mark.browser

_ENDPOINT = "https://fcm.googleapis.com/fcm/send/"
_PHONE = """({ endpoint, keys }) => {
  const made = (place, key) => ({
    endpoint: place,
    options: { applicationServerKey: key },
    toJSON: () => ({ endpoint: place, keys }),
    unsubscribe: async () => true,
  });
  PushManager.prototype.getSubscription = async () => null;
  PushManager.prototype.subscribe = async (options) => {
    sessionStorage.asked = JSON.stringify(options);
    return made(globalThis.place ?? endpoint, null);
  };
}"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A server with notifications."""
    folder = tmp_path_factory.mktemp("push")
    (folder / "instance").mkdir()
    contact = "mailto:operator@card.example"
    with gunicorn(folder, CARD_VAPID_SUBJECT=contact, WEB_CONCURRENCY="1") as running:
        yield running.url, folder


@pytest.fixture(scope="module")
def keeper(served: tuple[str, Path]) -> Iterator[CardService]:
    """The cards that it keeps."""
    store = open_store(f"sqlite:///{served[1]}/instance/cards.sqlite")
    yield CardService(store, AlertService(store.engine, SECRET))
    store.dispose()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A phone."""
    made = chromium.new_context(viewport={"width": 390, "height": 844})
    made.add_init_script(f"({_PHONE})({json.dumps({'endpoint': _ENDPOINT, 'keys': Phone().keys})})")
    yield made
    made.close()


@pytest.fixture
def home(served: tuple[str, Path], keeper: CardService) -> str:
    """An owner's page of a new card."""
    return f"{served[0]}/o/{keeper.add(card_of(sam()), datetime.now(UTC)).owner}"


def _people(keeper: CardService, home: str) -> tuple[Any, ...]:
    assert keeper.alerts
    book = keeper.alerts.record(keeper.vault.owned(home.rpartition("/")[2]).card_id)
    return book.people if book else ()


def _press(page: Page) -> None:
    page.fill("#name", "Mum's phone")
    page.press("#name", "Enter")


def test_one_press_puts_a_phone_on_the_list(
    context: BrowserContext, home: str, keeper: CardService
) -> None:
    """With what is asked for: each message shown, under the server's key."""
    context.grant_permissions(["notifications"])
    page = context.new_page()
    page.goto(f"{home}/alerts")
    look(page, "alerts, a phone may be added")
    _press(page)
    page.wait_for_url(f"{home}/alerts?said=phone")
    expect(page.get_by_text("Last confirmed on this phone")).to_be_visible()
    (mum,) = _people(keeper, home)
    assert (mum.name, mum.channel, mum.reachable) == ("Mum's phone", "push", True)
    assert push_subscription.read(mum.address).endpoint == _ENDPOINT
    asked = json.loads(page.evaluate("sessionStorage.asked"))
    assert asked == {
        "userVisibleOnly": True,
        "applicationServerKey": push_subscription.application_server_key(SECRET),
    }
    assert mum.time_zone == page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")
    look(page, "alerts, a phone on the list")


def test_a_phone_whose_address_changed_says_so_by_itself(
    context: BrowserContext, home: str, keeper: CardService
) -> None:
    """With what the page remembered, and no press; a phone that was removed is forgotten."""
    context.grant_permissions(["notifications"])
    page = context.new_page()
    page.goto(f"{home}/alerts")
    _press(page)
    page.wait_for_url(f"{home}/alerts?said=phone")
    confirm = """async (place) => {
      globalThis.place = place;
      const { confirmHere } = await import("/static/js/phone.js");
      await confirmHere((await navigator.serviceWorker.ready).pushManager);
      return (await (await caches.open("told-here")).keys()).length;
    }"""
    assert page.evaluate(confirm, f"{_ENDPOINT}new") == 1
    (mum,) = _people(keeper, home)
    assert push_subscription.read(mum.address).endpoint == f"{_ENDPOINT}new"
    page.goto(f"{home}/alerts/{mum.id}/remove")
    page.click("main form button")
    page.wait_for_url(f"{home}/alerts?said=removed")
    assert page.evaluate(confirm, f"{_ENDPOINT}new") == 0


def test_who_does_not_allow_it_is_told_how(
    context: BrowserContext, home: str, keeper: CardService
) -> None:
    """Nothing is asked before the press, and nobody is put on the list."""
    page = context.new_page()
    page.add_init_script("Notification.requestPermission = async () => (window.asks = 1, 'denied')")
    page.goto(f"{home}/alerts")
    assert page.evaluate("window.asks") is None
    _press(page)
    expect(page.get_by_text("This phone was not allowed")).to_be_visible()
    look(page, "alerts, not allowed")
    assert not _people(keeper, home)


def test_a_fault_keeps_what_was_typed(
    context: BrowserContext, home: str, keeper: CardService
) -> None:
    """A name that is missing, and a browser that gives nothing."""
    context.grant_permissions(["notifications"])
    page = context.new_page()
    page.goto(f"{home}/alerts")
    page.click("#here button")
    expect(page.locator("[data-push=refused]")).to_contain_text("The name")
    page.evaluate("() => { PushManager.prototype.subscribe = () => Promise.reject(new Error()) }")
    _press(page)
    expect(page.get_by_text("This phone was not put on the list")).to_be_visible()
    assert page.input_value("#name") == "Mum's phone" and not _people(keeper, home)


def test_without_script_the_page_says_so(chromium: Browser, home: str) -> None:
    """And offers no button that does nothing."""
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{home}/alerts")
    expect(page.get_by_text("This needs the scripts of this page")).to_be_visible()
    expect(page.locator("#here")).to_be_hidden()
    context.close()


def test_the_worker_shows_each_message(context: BrowserContext, home: str) -> None:
    """As it came, with no fetch; a repetition takes the place of the first; what is not ours is
    shown as well, since a browser takes the right from who stays silent.

    The engine alone has no place on a screen for a message: here the worker is heard, and
    ``test_pushed`` sees the message itself.
    """
    context.grant_permissions(["notifications"])
    page = context.new_page()
    page.goto(f"{home}/alerts")
    client = context.new_cdp_session(page)
    registered: list[dict[str, Any]] = []
    client.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: registered.extend(told["registrations"]),
    )
    client.send("ServiceWorker.enable")
    page.evaluate(
        "navigator.serviceWorker.register('/sw.js').then(() => navigator.serviceWorker.ready)"
    )
    until_true(page, lambda: bool(registered), "a worker")
    (worker,) = context.service_workers
    worker.evaluate("""() => {
      self.shown = [];
      registration.showNotification = async (title, { body, tag, renotify, data }) =>
        void shown.push({ title, body, tag, renotify, url: data.url });
    }""")
    origin = home.partition("/o/")[0]
    told = {
        "title": "Urgent: an alert of an emergency card",
        "body": "Press to read what it is about.",
        "tag": "0123456789abcdef" * 2,
        "url": f"{origin}/a/TOKEN",
    }
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    again = {**told, "body": "The same, a day later.", "url": f"{origin}/a/ANOTHER"}
    bare = {"title": origin[7:], "body": "", "tag": "", "url": "/"}
    for data in (json.dumps(told), json.dumps(again), "cut o"):
        client.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": origin, "registrationId": registered[-1]["registrationId"], "data": data},
        )
    until_true(page, lambda: len(worker.evaluate("shown")) >= 3, "three messages")
    assert worker.evaluate("shown") == [
        {**each, "renotify": bool(each["tag"])} for each in (told, again, bare)
    ]
    assert not asked
