"""The card in places of a person's own, in a browser: a file, a phone's Medical ID, a tag."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from caregiver_card.card_service import CardService
from tests.browser.looking import look
from tests.cast import WORDS, card_of, tuyet
from tests.web.client import NOON

pytestmark = pytest.mark.browser

# The browser's side of Web NFC, which only phones have: it keeps what it is given to write, and
# refuses as the test says. No real tag was at hand.
_NFC = """
globalThis.written = [];
globalThis.NDEFReader = class {
  async write(message, { signal }) {
    await new Promise((done) => setTimeout(done, 50));
    if (!signal) throw new Error("it would wait for ever");
    if (globalThis.refusal) throw new DOMException("", globalThis.refusal);
    written.push(message);
  }
};
"""


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    """A phone that lets a page copy."""
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, permissions=["clipboard-read", "clipboard-write"]
    )
    yield context
    context.close()


@pytest.fixture
def home(url: str, keeper: CardService) -> str:
    """The address of a copy of a card."""
    kept = keeper.add(card_of(tuyet()), NOON)
    return f"{url}/c/{kept.reader_links[0].token}"


def _opened(phone: BrowserContext, address: str) -> Page:
    page = phone.new_page()
    page.on("pageerror", lambda fault: pytest.fail(str(fault)))
    page.goto(address)
    return page


def test_the_saved_file_opens_with_no_network_and_asks_for_nothing(
    phone: BrowserContext, home: str, tmp_path: Path
) -> None:
    """As from a USB stick: what it says is what the server's page says, and it looks as it."""
    page = _opened(phone, f"{home}/keep")
    with page.expect_download() as saving:
        page.get_by_role("link", name=WORDS.say("anywhere.save")).click()
    assert saving.value.suggested_filename == "baclofen-pump-page-2026-11-21.html"
    file = tmp_path / saving.value.suggested_filename
    saving.value.save_as(file)
    page.goto(home)
    # Other languages need the server.
    page.locator("nav.languages").evaluate("row => row.remove()")
    served = [each for each in page.locator("main section").all_inner_texts() if each]
    phone.set_offline(True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    assert asked == [file.as_uri()]
    saved = [each for each in page.locator("main section").all_inner_texts() if each]
    assert saved[:-1] == served[:-1] and len(saved) > 10
    about = page.get_by_text(WORDS.say("page.newer_file"))
    expect(about).to_contain_text("This copy was made on 21 Nov 2026.")
    look(page, "the saved file")


def test_each_text_is_copied_as_it_stands(phone: BrowserContext, home: str) -> None:
    """By its button, which says that it did; and marked whole by one press without it."""
    page = _opened(phone, f"{home}/medical-id")
    look(page, "medical ID")
    for button in page.get_by_role("button").all():
        text = page.locator(f"#{button.get_attribute('data-copies')}")
        button.click()
        expect(button.locator("xpath=..")).to_contain_text(WORDS.say("seeing.copied"))
        assert page.evaluate("navigator.clipboard.readText()") == text.inner_text()
        text.click()
        assert page.evaluate("String(getSelection())") == text.inner_text()


def test_where_no_tag_can_be_written_none_is_offered(phone: BrowserContext, home: str) -> None:
    """This browser has no NFC."""
    page = _opened(phone, f"{home}/keep")
    expect(page.get_by_role("heading", name=WORDS.say("keep.title"))).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(page.locator("#tag")).to_be_hidden()


def test_the_address_is_written_to_a_tag(phone: BrowserContext, home: str) -> None:
    """One record, the address that the paper's code holds; a second press may follow."""
    phone.add_init_script(_NFC)
    page = _opened(phone, f"{home}/keep")
    look(page, "keep, with a tag")
    button = page.get_by_role("button", name=WORDS.say("tag.write"))
    button.click()
    expect(page.get_by_text(WORDS.say("tag.waiting"))).to_be_visible()
    expect(page.get_by_text(WORDS.say("tag.written"))).to_be_visible()
    record = {"records": [{"recordType": "url", "data": home}]}
    assert page.evaluate("written") == [record]
    button.click()
    expect(page.get_by_text(WORDS.say("tag.waiting"))).to_be_visible()
    expect(page.get_by_text(WORDS.say("tag.written"))).to_be_visible()
    assert page.evaluate("written") == [record, record]


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        ("NotAllowedError", "refused"),
        ("NotSupportedError", "unsupported"),
        ("NotReadableError", "off"),
        ("NetworkError", "failed"),
        ("TimeoutError", "late"),
        ("AbortError", "late"),
        ("DataError", "failed"),
    ],
)
def test_what_went_wrong_is_said_in_words(
    phone: BrowserContext, home: str, refusal: str, said: str
) -> None:
    """And never that it was written."""
    phone.add_init_script(f"globalThis.refusal = '{refusal}';{_NFC}")
    page = _opened(phone, f"{home}/keep")
    page.get_by_role("button", name=WORDS.say("tag.write")).click()
    expect(page.get_by_text(WORDS.say(f"tag.{said}"))).to_be_visible()
    assert page.locator("#tag [data-said]:visible").count() == 1
    assert page.evaluate("written") == []
