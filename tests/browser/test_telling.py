"""The pages about alerts in a browser: added with the keyboard alone, looked at on a phone."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page

from caregiver_card.alerting.messages import INVITATION
from caregiver_card.alerting.policy.alert_record import AlertRecord, QueuedMessage
from caregiver_card.alerting.service import AlertService
from caregiver_card.card_service import CardService
from tests.browser.looking import look
from tests.browser.presses import lead_on
from tests.cast import WORDS, alex, card_of
from tests.servers import SECRET

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    """A small phone."""
    context = chromium.new_context(viewport={"width": 320, "height": 700})
    page = context.new_page()
    yield page
    context.close()


def test_somebody_is_added_and_every_page_is_for_everyone(
    phone: Page, url: str, keeper: CardService
) -> None:
    """The list, the form with and without faults, the message's page, the person's own page."""
    bureau, now = AlertService(keeper.store.engine, SECRET), datetime.now(UTC)
    owner = keeper.add(card_of(alex()), now).owner
    card_id, home = keeper.vault.owned(owner).card_id, f"{url}/o/{owner}"
    phone.goto(f"{home}/alerts")
    look(phone, "alerts, empty")
    phone.goto(f"{home}/alerts/new")
    look(phone, "new")
    phone.fill("#name", "Mum")
    phone.press("#name", "Enter")
    phone.wait_for_selector(".summary")
    assert phone.evaluate("document.activeElement.className") == "summary"
    look(phone, "new, faults")
    phone.fill("#address", "mum@family.example")
    if not phone.locator("#time_zone").is_visible():
        phone.get_by_text(WORDS.say("people.form.usual")).click()
    phone.select_option("#time_zone", "America/Chicago")
    phone.check("input[value=refill]")
    phone.press("#address", "Enter")
    phone.wait_for_url(re.compile(r"/alerts\?said=asked(-waiting)?&who="))
    look(phone, "alerts, asked")

    told = _book(bureau, card_id).people[0]
    phone.goto(f"{url}/u/{told.token}")
    look(phone, "own, asked")
    lead_on(phone.locator("button[value=yes]"))
    look(phone, "own, told")
    if not phone.locator("button[value=snooze]").is_visible():
        phone.get_by_text(WORDS.say("own.pause_ask")).click()
    lead_on(phone.locator("button[value=snooze]"))
    look(phone, "own, paused")
    keys = [each.key for each in _book(bureau, card_id).plan.occasions]
    note = QueuedMessage("alerts", told.id, {"keys": keys})
    bureau.records.change(card_id, now, lambda book: (book, [note]))
    claimed = bureau.records.outbox.claim(datetime.now(UTC))
    while claimed and claimed.queued.what == INVITATION:
        claimed = bureau.records.outbox.claim(datetime.now(UTC))
    assert claimed
    phone.goto(f"{url}/a/{claimed.token}")
    look(phone, "a message")
    lead_on(phone.locator("main button"))
    phone.wait_for_selector("[role=status]")
    look(phone, "a message, known")
    bureau.change_recipient(card_id, told.id, now, trouble="mail-away", troubled_at=now)
    own = f"/alerts/{told.id}"
    for below in ("", "/alerts", own, f"{own}/remove", f"{own}/pause"):
        phone.goto(f"{home}{below}")
        look(phone, below)
    phone.goto(f"{url}/u/{told.token}")
    lead_on(phone.locator("button[value=stop]"))
    phone.wait_for_selector("[role=status]")
    look(phone, "own, stopped")
    phone.goto(f"{url}/u/{'0' * 26}")
    look(phone, "nobody")


def _book(bureau: AlertService, card_id: bytes) -> AlertRecord:
    book = bureau.record(card_id)
    assert book
    return book
