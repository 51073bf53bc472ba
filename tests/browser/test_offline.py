"""Cards on a phone with no network: a real browser, a real server, and networks that misbehave."""

import re
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from caregiver_card.briefing.briefing import brief
from caregiver_card.card_service import CardService
from caregiver_card.pages import emergency
from caregiver_card.storage.records import AddedCard
from tests.browser.looking import look
from tests.browser.network import Network
from tests.cast import WORDS, alex, card_of, sam
from tests.chromium import FLAGS, program
from tests.web import reading

pytestmark = pytest.mark.browser

# The limit of the worker, and what a busy machine adds to it.
_LIMIT, _BUSY = 3.0, 6.0
expect.set_options(timeout=15_000)


# A phone and its cards --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def keeper(keeper_afar: CardService) -> CardService:
    """The cards of the server beyond the network."""
    return keeper_afar


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    """A phone on which nothing is kept."""
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def page(phone: BrowserContext) -> Page:
    """Its one window."""
    return phone.new_page()


def _path(card: AddedCard) -> str:
    return f"/c/{card.reader_links[0].token}"


def _keep(page: Page, net: Network, card: AddedCard) -> None:
    page.goto(f"{net.url}{_path(card)}/keep")
    page.get_by_role("button", name=WORDS.say("keep.press"), exact=True).click()
    expect(page.get_by_text(WORDS.say("keep.saved"), exact=True)).to_be_visible()


def _stored(page: Page) -> dict[str, Any]:
    """Everything that the browser holds of this site."""
    return page.evaluate(  # type: ignore[no-any-return]
        """async () => ({
          caches: await caches.keys(),
          workers: (await navigator.serviceWorker.getRegistrations()).length,
          local: Object.keys(localStorage), session: Object.keys(sessionStorage),
          databases: (await indexedDB.databases()).length, cookies: document.cookie,
        })"""
    )


_NOTHING = {
    "caches": [],
    "workers": 0,
    "local": [],
    "session": [],
    "databases": 0,
    "cookies": "",
}


def _copy(page: Page, card: AddedCard) -> dict[str, Any]:
    """What is kept of a card: the bytes as text, and the stamps."""
    return page.evaluate(  # type: ignore[no-any-return]
        """async (path) => {
          const held = await caches.match(`${path}/kept.json`, { cacheName: "kept-cards" });
          const at = (name) => Number(held?.headers.get(name));
          const [compared, gone] = [at("Compared-At"), at("Gone-At")];
          return held && { text: await held.text(), compared, gone };
        }""",
        _path(card),
    )


def _said(page: Page) -> str:
    """What stands directly under the danger of a kept copy; nothing on the server's own page."""
    first = page.locator("main > :first-child")
    return first.inner_text() if first.get_attribute("class") == "keep" else ""


def _until(holds: Callable[[], bool]) -> None:
    """Wait for what a worker does by itself."""
    for _ in range(150):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError("it did not come to pass")


def _opened(page: Page, net: Network, path: str) -> str:
    page.goto(f"{net.url}{path}")
    assert page.inner_text("h1") == WORDS.clinical("danger.what")
    return _said(page)


# Keeping ----------------------------------------------------------------------------------------


def test_a_strangers_phone_stores_nothing(page: Page, net: Network, card: AddedCard) -> None:
    """Who scans the code, reads the guide, or looks at the page that keeps, has kept nothing."""
    for path in (_path(card), "/guide", "/beeping", "/", f"{_path(card)}/keep"):
        page.goto(f"{net.url}{path}")
        page.wait_for_load_state("networkidle")
        assert _stored(page) == _NOTHING, path
    assert not [each for each in net.asked if each.endswith(("/sw.js", "/kept.json"))]


def test_a_card_is_kept_byte_for_byte_and_only_then_called_saved(
    page: Page, net: Network, card: AddedCard
) -> None:
    """With the time, and with what the browser says of keeping it."""
    _keep(page, net, card)
    copy = _copy(page, card)
    with urllib.request.urlopen(f"{net.url}{_path(card)}/kept.json") as answer:
        assert copy["text"].encode() == answer.read()
    assert abs(copy["compared"] / 1000 - time.time()) < 60
    said = page.inner_text("[role=status]")
    assert re.search(r"on \w+ \d+, 20\d\d, \d\d:\d\d\.", said), said
    lasting = page.evaluate("navigator.storage.persisted()")
    assert WORDS.say("keep.lasts" if lasting else "keep.may_go") in said
    kinds = sorted(each.split("-")[0] for each in _stored(page)["caches"])
    assert kinds == ["kept", "shell"]


@pytest.mark.parametrize("granted", [True, False])
def test_the_answer_about_lasting_storage_is_told_as_it_is(
    page: Page, net: Network, card: AddedCard, granted: bool
) -> None:
    """It is asked for after the press and not before."""
    answer = str(granted).lower()
    page.add_init_script(f"navigator.storage.persist = async () => (window.asked = true, {answer})")
    page.goto(f"{net.url}{_path(card)}/keep")
    assert page.evaluate("window.asked") is None
    page.click("#press")
    words = WORDS.say("keep.lasts" if granted else "keep.may_go")
    expect(page.get_by_text(words)).to_be_visible()
    other = WORDS.say("keep.may_go" if granted else "keep.lasts")
    expect(page.get_by_text(other)).to_be_hidden()


@pytest.mark.parametrize("mode", ["down", "failing", "portal", "portal 302", "portal 404"])
def test_what_could_not_be_fetched_is_not_called_saved(
    page: Page, net: Network, card: AddedCard, mode: str
) -> None:
    """Whatever a network puts in the place of the server; nothing is left behind."""
    page.goto(f"{net.url}{_path(card)}/keep")
    net.mode = mode
    page.click("#press")
    expect(page.get_by_text(WORDS.say("keep.away"))).to_be_visible()
    expect(page.get_by_text(WORDS.say("keep.saved"), exact=True)).to_be_hidden()
    assert _copy(page, card) is None
    net.mode = "open"
    page.click("#again")
    expect(page.get_by_text(WORDS.say("keep.saved"), exact=True)).to_be_visible()


def test_without_the_worker_nothing_is_called_saved(
    page: Page, net: Network, card: AddedCard
) -> None:
    """A copy that nothing opens would be a promise: it is taken away again."""
    page.goto(f"{net.url}{_path(card)}/keep")
    net.refused = "/guide"
    page.click("#press")
    expect(page.get_by_text(WORDS.say("keep.broken"))).to_be_visible()
    net.refused = ""
    assert _copy(page, card) is None
    page.click("#again")
    expect(page.get_by_text(WORDS.say("keep.saved"), exact=True)).to_be_visible()


def test_a_browser_that_does_not_give_back_what_it_was_given_is_found_out(
    page: Page, net: Network, card: AddedCard
) -> None:
    """One byte is enough."""
    page.goto(f"{net.url}{_path(card)}/keep")
    page.evaluate(
        """() => { const put = Cache.prototype.put;
          Cache.prototype.put = async function (key, answer) {
            const text = (await answer.text()).slice(0, -1) + " ";
            return put.call(this, key, new Response(text, { headers: answer.headers }));
          }; }"""
    )
    page.click("#press")
    expect(page.get_by_text(WORDS.say("keep.lost"))).to_be_visible()
    assert _copy(page, card) is None


def test_without_script_the_page_says_what_to_do_instead(
    chromium: Browser, net: Network, card: AddedCard
) -> None:
    """And offers no button that does nothing."""
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{net.url}{_path(card)}/keep")
    expect(page.get_by_text(WORDS.say("keep.no_script"))).to_be_visible()
    assert page.locator("button:visible").count() == 0
    expect(page.get_by_role("link", name=WORDS.say("page.print_card"))).to_be_visible()
    context.close()


# With no network --------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["network off", "server stopped", "down"])
def test_a_kept_card_opens_with_no_network(
    phone: BrowserContext, page: Page, net: Network, card: AddedCard, how: str
) -> None:
    """With today's alerts, its age under the danger, and no question to the network."""
    _keep(page, net, card)
    if how == "network off":
        phone.set_offline(True)
    elif how == "server stopped":
        net.stop()
    else:
        net.mode = how
    said = _opened(page, net, _path(card))
    assert said.startswith("Kept copy, less than 1 hour old"), said
    band = page.locator("header.danger").bounding_box()
    under = page.locator("main > .keep").bounding_box()
    assert band and under and 0 <= under["y"] - band["y"] - band["height"] < 20
    today = datetime.now(UTC).date()
    expected = reading.Page(emergency.page(brief(card_of(alex()), WORDS, 1), today))
    alert = " ".join(page.inner_text("div.alert").split())
    assert alert == reading.words(expected.one("div", class_="alert"))
    assert page.locator("img").count() == 0
    for path in ("/", "/guide", "/beeping", f"{_path(card)}/beeping"):
        page.goto(f"{net.url}{path}")
        assert page.locator("h1").count() == 1 and "no network" not in page.inner_text("h1")
    page.goto(f"{net.url}{_path(card)}/keep")
    assert page.inner_text("h1") == WORDS.say("phone.none_title")


def test_every_spelling_of_a_kept_address_opens(page: Page, net: Network, card: AddedCard) -> None:
    """As the code on paper has it, and as people type it."""
    _keep(page, net, card)
    net.stop()
    token = card.reader_links[0].token
    hyphens = "-".join(token[at : at + 4] for at in range(0, 26, 4))
    for path in (f"/C/{token}", f"/c/{token.lower()}", f"/c/{hyphens}", f"/c/{token}/"):
        assert _opened(page, net, path), path


def test_the_app_starts_cold_with_the_server_stopped(
    chromium: Browser, net: Network, card: AddedCard, tmp_path: Path
) -> None:
    """A new process of the browser with what the last one left on the disk."""
    with _profile(chromium, tmp_path) as first:
        _keep(first, net, card)
    net.stop()
    with _profile(chromium, tmp_path) as second:
        assert _opened(second, net, f"{_path(card)}/keep?app").startswith("Kept copy")
        assert _opened(second, net, _path(card)).startswith("Kept copy")
        second.goto(f"{net.url}/")
        expect(second.get_by_role("link", name="Alex Rivera")).to_be_visible()
        expect(second.get_by_text(WORDS.say("home.copy"))).to_be_visible()


@contextmanager
def _profile(chromium: Browser, folder: Path) -> Iterator[Page]:
    context = chromium.browser_type.launch_persistent_context(
        folder, executable_path=program(), args=FLAGS, viewport={"width": 390, "height": 844}
    )
    try:
        yield context.pages[0]
    finally:
        context.close()


@pytest.mark.parametrize("mode", ["hanging", "half"])
def test_a_network_that_hangs_is_waited_for_three_seconds(
    page: Page, net: Network, card: AddedCard, mode: str
) -> None:
    """Before the first byte or in the middle; then the copy, and the shell without waiting."""
    _keep(page, net, card)
    net.mode = mode
    began = time.monotonic()
    assert _opened(page, net, _path(card)).startswith("Kept copy")
    assert _LIMIT <= time.monotonic() - began < _LIMIT + _BUSY
    if mode == "hanging":
        page.goto(f"{net.url}/", wait_until="domcontentloaded")
        expect(page.get_by_role("link", name="Alex Rivera")).to_be_visible()
        assert time.monotonic() - began < 2 * (_LIMIT + _BUSY)


def test_a_slow_network_within_the_limit_brings_the_servers_page(
    page: Page, net: Network, card: AddedCard
) -> None:
    """The newest is better than the quickest."""
    _keep(page, net, card)
    net.mode = "slow"
    assert _opened(page, net, _path(card)) == ""


def test_a_card_that_is_not_kept_is_waited_for_as_long_as_it_takes(
    page: Page, net: Network, card: AddedCard, keeper: CardService
) -> None:
    """And leaves nothing behind on a phone that keeps another."""
    _keep(page, net, card)
    other = keeper.add(card_of(sam()), datetime.now(UTC))
    before = page.evaluate(
        "caches.open('kept-cards').then(each => each.keys()).then(keys => keys.length)"
    )
    assert _opened(page, net, _path(other)) == ""
    page.wait_for_load_state("networkidle")
    assert _copy(page, other) is None
    after = page.evaluate(
        "caches.open('kept-cards').then(each => each.keys()).then(keys => keys.length)"
    )
    assert after == before == 1
    net.stop()
    page.goto(f"{net.url}{_path(other)}")
    assert page.inner_text("h1") == WORDS.say("phone.none_title")


# The pages beside a card ------------------------------------------------------------------------


def _beside(page: Page, net: Network, card: AddedCard, name: str) -> str:
    """What stands under the danger of a page beside a card."""
    page.goto(f"{net.url}{_path(card)}/{name}")
    title = "beeping.title" if name == "beeping" else "seeing.title"
    assert page.inner_text("h1") == WORDS.say(title)
    return _said(page)


def test_a_kept_cards_beeping_page_has_its_numbers_with_no_network(
    page: Page, net: Network, card: AddedCard
) -> None:
    """One tap away from the copy, with its age; the same page as the server's otherwise."""
    _keep(page, net, card)
    assert _beside(page, net, card, "beeping") == ""
    server = page.inner_text("main")
    net.stop()
    _opened(page, net, _path(card))
    page.get_by_role("link", name=WORDS.say("page.beeping")).click()
    assert page.url == f"{net.url}{_path(card)}/beeping"
    said = _said(page)
    assert said.startswith("Kept copy, less than 1 hour old")
    assert page.inner_text("main").replace(said, "", 1).strip() == server.strip()
    expect(page.locator("section.call a.team")).to_contain_text("+1 312-555-0142")


def test_a_kept_cards_page_of_signs_works_with_no_network(
    page: Page, net: Network, card: AddedCard
) -> None:
    """What is due today, the ticks, and the message with pump, dose and address."""
    _keep(page, net, card)
    net.stop()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    assert _beside(page, net, card, "see").startswith("Kept copy, less than 1 hour old")
    expect(page.locator("section.call .alert")).to_contain_text(WORDS.say("seeing.due"))
    page.get_by_label("High fever").check()
    expect(page.locator(".list.withdrawal")).to_be_visible()
    text = page.locator("#text").input_value()
    assert "High fever" in text and "400 mcg" in text and f"{net.url}{_path(card)}" in text
    expect(page.locator("a[data-sms='+13125550177']")).to_be_visible()
    assert complaints == []
    look(page, "a kept card's signs")


@pytest.mark.parametrize("name", ["beeping", "see"])
@pytest.mark.parametrize("mode", ["portal", "portal 302", "portal 404", "failing", "down"])
def test_no_other_networks_answer_takes_the_place_of_a_page_beside_a_card(
    page: Page, net: Network, card: AddedCard, mode: str, name: str
) -> None:
    """Nor does it mark the copy."""
    _keep(page, net, card)
    before = _copy(page, card)
    net.mode = mode
    said = _beside(page, net, card, name)
    assert said.startswith("Kept copy") and "no longer" not in said
    assert _copy(page, card) == before


@pytest.mark.parametrize("name", ["beeping", "see"])
def test_a_page_beside_a_card_that_is_no_more_says_so(
    page: Page, net: Network, card: AddedCard, keeper: CardService, name: str
) -> None:
    """At its first contact; and so does the card from then on."""
    _keep(page, net, card)
    keeper.vault.revoke(card.owner, card.reader_links[0].id)
    assert "no longer opens this card" in _beside(page, net, card, name)
    net.stop()
    assert "no longer opens this card" in _beside(page, net, card, name)
    assert "no longer opens this card" in _opened(page, net, _path(card))


def test_a_page_beside_a_card_brings_the_copy_up_to_date(
    page: Page, net: Network, card: AddedCard, keeper: CardService
) -> None:
    """Whichever of them is opened with a network, all of them are the newer ones afterwards."""
    _keep(page, net, card)
    first = _copy(page, card)
    changed = card_of(alex({"regimen.daily_dose_mcg": 310}))
    keeper.save(card.owner, changed, 1, "", datetime.now(UTC))
    assert _beside(page, net, card, "beeping") == ""
    _until(lambda: _copy(page, card)["compared"] > first["compared"])
    net.stop()
    assert _beside(page, net, card, "see").startswith("Kept copy")
    assert "310 mcg" in page.locator("#text").input_value()


def test_beside_a_card_that_is_not_kept_stand_the_public_pages(
    page: Page, net: Network, card: AddedCard, keeper: CardService
) -> None:
    """So it is where a card was taken off, or kept before its pages were kept beside it."""
    _keep(page, net, card)
    other = keeper.add(card_of(sam()), datetime.now(UTC))
    older = keeper.add(card_of(sam()), datetime.now(UTC))
    _keep(page, net, older)
    page.evaluate(
        """async (path) => { const cache = await caches.open("kept-cards");
          const held = await cache.match(path), file = await held.json();
          delete file.beside;
          const { headers } = held;
          await cache.put(path, new Response(JSON.stringify(file), { headers })); }""",
        f"{_path(older)}/kept.json",
    )
    page.goto(f"{net.url}{_path(card)}/keep")
    page.click("#remove")
    expect(page.get_by_text(WORDS.say("keep.removed"))).to_be_visible()
    net.stop()
    assert _opened(page, net, _path(older)).startswith("Kept copy")
    for each in (card, other, older):
        for name in ("beeping", "see"):
            assert _beside(page, net, each, name) == ""
            assert WORDS.say("guide.numbers") in page.inner_text("section.call")
            assert page.locator("a[href^='tel:']").count() == 0


# The way to the number --------------------------------------------------------------------------

_PRESSED = (("beeping", "beeping.way"), ("see", "seeing.title"))


def _dialled(page: Page) -> list[str]:
    """The numbers of the cards on the start page."""
    calls = page.locator("#cards a[href^='tel:']:visible").all()
    return [each.get_attribute("href") or "" for each in calls]


def _calls(page: Page) -> list[str]:
    """The numbers that stand first on a page."""
    calls = page.locator("section.call a[href^='tel:']").all()
    return [each.get_attribute("href") or "" for each in calls]


@pytest.mark.parametrize("network", ["with", "without"])
def test_the_start_page_leads_to_the_numbers_of_the_one_card(
    page: Page, net: Network, card: AddedCard, network: str
) -> None:
    """Its own ways stand beside its numbers, first of all on the page."""
    _keep(page, net, card)
    if network == "without":
        net.stop()
    for name, words in _PRESSED:
        page.goto(f"{net.url}/")
        expect(page.locator("#intro")).to_be_hidden()
        expect(page.locator("#cards a[href^='tel:']")).to_have_count(2)
        assert _dialled(page) == ["tel:+13125550142", "tel:911"]
        link = page.locator("#cards").get_by_role("link", name=WORDS.say(words))
        expect(link).to_have_attribute("href", f"{_path(card)}/{name}")
        link.click()
        expect(page).to_have_url(f"{net.url}{_path(card)}/{name}")
        assert _calls(page) == ["tel:911", "tel:+13125550142"]


def test_of_several_people_the_start_page_asks_which(
    page: Page, net: Network, card: AddedCard, keeper: CardService
) -> None:
    """Under each name stand that person's own numbers and ways."""
    other = keeper.add(card_of(sam()), datetime.now(UTC))
    _keep(page, net, card)
    _keep(page, net, other)
    net.stop()
    page.goto(f"{net.url}/")
    expect(page.get_by_role("heading", name=WORDS.say("home.whom"))).to_be_visible()
    look(page, "two cards")
    for name, words in _PRESSED:
        buttons = page.locator("#cards").get_by_role("link", name=WORDS.say(words))
        ways = {f"{_path(each)}/{name}" for each in (card, other)}
        assert {each.get_attribute("href") for each in buttons.all()} == ways
    sam_lee = page.locator("#cards > li").filter(has_text="Sam Lee")
    sam_lee.get_by_role("link", name=WORDS.say("beeping.way")).click()
    assert "tel:999" in _calls(page)


def test_whoever_has_the_owners_address_here_is_led_to_the_numbers_too(
    page: Page, net: Network, card: AddedCard, keeper: CardService
) -> None:
    """The list knows the card's own pages; the same person as a copy is one tile."""
    page.goto(f"{net.url}/o/{card.owner}/key")
    page.get_by_role("button", name=WORDS.say("kept.device")).click()
    tiles, own = page.locator("#cards > li"), f"a[href='/o/{card.owner}']"
    for is_kept in (False, True):
        if is_kept:
            _keep(page, net, card)
        page.goto(f"{net.url}/")
        expect(tiles).to_have_count(1)
        beeping = tiles.get_by_role("link", name=WORDS.say("beeping.way"))
        expect(beeping).to_have_attribute("href", f"{_path(card)}/beeping")
        expect(tiles.locator(own).last).to_be_visible()
        assert "tel:+13125550142" in _dialled(page)
    _keep(page, net, keeper.add(card_of(sam()), datetime.now(UTC)))
    page.goto(f"{net.url}/")
    expect(tiles).to_have_count(2)


def test_without_a_card_the_start_page_leads_to_the_public_pages(page: Page, net: Network) -> None:
    """Nobody is asked for whom."""
    page.goto(f"{net.url}/")
    page.wait_for_load_state("networkidle")
    links = page.locator("#intro .ways").get_by_role("link")
    assert [each.get_attribute("href") for each in links.all()] == ["/beeping", "/signs"]
    expect(page.locator("#shelf")).to_be_hidden()


@pytest.mark.parametrize("network", ["with", "without"])
def test_a_public_page_on_a_phone_with_a_card_leads_to_its_numbers(
    page: Page, net: Network, card: AddedCard, keeper: CardService, network: str
) -> None:
    """First of all on it, by the name of each person whose card is kept here."""
    _keep(page, net, card)
    _keep(
        page, net, keeper.add(card_of(sam({"patient.full_name": "S<b> & Lee"})), datetime.now(UTC))
    )
    if network == "without":
        net.stop()
    for path, own in (("/beeping", "/beeping"), ("/signs", "/see"), ("/guide", "")):
        page.goto(f"{net.url}{path}")
        first = page.locator("main > :first-child")
        links = first.get_by_role("link")
        expect(links).to_have_text(
            [WORDS.say("phone.own", name=each) for each in ("Alex Rivera", "S<b> & Lee")]
        )
        assert links.first.get_attribute("href") == f"{_path(card)}{own}"
        look(page, f"{path}, with a card")
        links.first.click()
        assert "tel:+13125550142" in _calls(page)


def test_in_the_place_of_a_page_that_is_not_here_stands_the_way_to_the_numbers(
    page: Page, net: Network, card: AddedCard, keeper: CardService
) -> None:
    """What is not kept leads to what is."""
    _keep(page, net, card)
    other = keeper.add(card_of(sam()), datetime.now(UTC))
    net.stop()
    page.goto(f"{net.url}{_path(other)}")
    assert page.inner_text("h1") == WORDS.say("phone.none_title")
    page.get_by_role("link", name=WORDS.say("phone.own", name="Alex Rivera")).click()
    assert "tel:+13125550142" in _calls(page)


# What the server says ---------------------------------------------------------------------------


def test_opening_a_card_brings_its_copy_up_to_date(
    page: Page, net: Network, card: AddedCard, keeper: CardService
) -> None:
    """A new dose is on the copy after the page was opened once with a network."""
    _keep(page, net, card)
    first = _copy(page, card)
    changed = card_of(alex({"regimen.daily_dose_mcg": 310}))
    keeper.save(card.owner, changed, 1, "", datetime.now(UTC))
    assert _opened(page, net, _path(card)) == ""
    _until(lambda: _copy(page, card)["compared"] > first["compared"])
    net.stop()
    assert _opened(page, net, _path(card)).startswith("Kept copy")
    assert "310" in page.inner_text(".measures") and "400" not in page.inner_text(".measures")


@pytest.mark.parametrize("how", ["revoked", "deleted"])
@pytest.mark.parametrize("contact", ["the card", "the start page", "the page that keeps"])
def test_a_card_that_is_no_more_stays_and_says_so(
    page: Page, net: Network, card: AddedCard, keeper: CardService, how: str, contact: str
) -> None:
    """At the next contact, wherever that is; and from then on with no network too."""
    _keep(page, net, card)
    if how == "revoked":
        keeper.vault.revoke(card.owner, card.reader_links[0].id)
    else:
        keeper.vault.delete(card.owner)
    if contact == "the card":
        assert "no longer opens this card" in _opened(page, net, _path(card))
    elif contact == "the start page":
        page.goto(f"{net.url}/")
        expect(page.get_by_text(WORDS.say("home.gone"))).to_be_visible()
    else:
        page.goto(f"{net.url}/")
        expect(page.get_by_text(WORDS.say("home.gone"))).to_be_visible()
        page.goto(f"{net.url}{_path(card)}/keep")
        assert page.inner_text("h1") == WORDS.say("unknown.title")
    net.stop()
    said = _opened(page, net, _path(card))
    assert re.match(r"Since \d+ \w+ \d+, \d\d:\d\d, the server no longer opens this card", said)
    assert "400" in page.inner_text(".measures")


@pytest.mark.parametrize("mode", ["portal", "portal 302", "portal 404", "failing", "down"])
def test_only_the_servers_own_answer_counts(
    page: Page, net: Network, card: AddedCard, mode: str
) -> None:
    """A captive portal's page, redirection or 404 neither replaces nor removes nor marks a copy."""
    _keep(page, net, card)
    before = _copy(page, card)
    net.mode = mode
    for _ in range(2):
        said = _opened(page, net, _path(card))
        assert said.startswith("Kept copy") and "no longer" not in said
        page.goto(f"{net.url}/")
        expect(page.get_by_text(WORDS.say("home.copy"))).to_be_visible()
        page.goto(f"{net.url}/guide")
        assert page.inner_text("h1") == WORDS.say("guide.title")
    page.wait_for_timeout(300)
    assert _copy(page, card) == before
    net.mode = "open"
    assert _opened(page, net, _path(card)) == ""


# The worker -------------------------------------------------------------------------------------


def test_an_update_needs_no_restart_and_loses_no_card(
    page: Page, net: Network, card: AddedCard, newer: str
) -> None:
    """One visit with a network brings the newer version; the card stays as it was kept."""
    _keep(page, net, card)
    before, shells = _copy(page, card), _stored(page)["caches"]
    net.server = newer
    page.goto(f"{net.url}/guide")
    (old,) = set(shells) - {"kept-cards"}
    _until(lambda: old not in _stored(page)["caches"])
    assert _copy(page, card) == before
    net.stop()
    page.goto(f"{net.url}/")
    expect(page.get_by_role("heading", name="Cards of the newer version")).to_be_visible()
    assert _opened(page, net, _path(card)).startswith("Kept copy")


def test_an_update_that_cannot_be_fetched_whole_leaves_the_old_version(
    page: Page, net: Network, card: AddedCard, newer: str
) -> None:
    """A network that gives out in the middle of an update takes nothing away."""
    _keep(page, net, card)
    shells = _stored(page)["caches"]
    net.server, net.refused = newer, "/static/js/days.js"
    page.goto(f"{net.url}/guide")
    page.wait_for_timeout(2000)
    assert "/static/js/days.js" in net.asked
    net.stop()
    page.goto(f"{net.url}/")
    expect(page.get_by_role("heading", name=WORDS.say("home.shelf"))).to_be_visible()
    assert _opened(page, net, _path(card)).startswith("Kept copy")
    assert set(shells) <= set(_stored(page)["caches"])


def test_the_kill_switch_removes_the_worker_and_no_card(
    page: Page, net: Network, card: AddedCard, afar: str, switched_off: str
) -> None:
    """After one visit there is no worker; after the switch is back and one visit there is one."""
    _keep(page, net, card)
    before = _copy(page, card)
    net.server = switched_off
    page.goto(f"{net.url}/guide")
    _until(lambda: _stored(page)["workers"] == 0)
    assert _stored(page)["caches"] == ["kept-cards"] and _copy(page, card) == before
    page.goto(f"{net.url}/")
    expect(page.get_by_text(WORDS.say("home.shut"))).to_be_visible()
    page.goto(f"{net.url}{_path(card)}/keep")
    expect(page.get_by_text(WORDS.say("keep.off"))).to_be_visible()
    net.server = afar
    page.goto(f"{net.url}/")
    expect(page.get_by_text(WORDS.say("home.copy"))).to_be_visible()
    net.stop()
    assert _opened(page, net, _path(card)).startswith("Kept copy")


def test_storage_cleared_under_it_is_no_harm(
    phone: BrowserContext, page: Page, net: Network, card: AddedCard
) -> None:
    """The copies alone, or all of the site: the card opens with a network and is kept anew."""
    _keep(page, net, card)
    page.evaluate("caches.keys().then(keys => Promise.all(keys.map(each => caches.delete(each))))")
    assert _opened(page, net, _path(card)) == ""
    page.goto(f"{net.url}/")
    expect(page.locator("#shelf")).to_be_hidden()
    _keep(page, net, card)
    session = phone.new_cdp_session(page)
    session.send("Storage.clearDataForOrigin", {"origin": net.url, "storageTypes": "all"})
    assert _opened(page, net, _path(card)) == ""
    assert _stored(page) == _NOTHING
    _keep(page, net, card)
    net.stop()
    assert _opened(page, net, _path(card)).startswith("Kept copy")


def test_the_owners_pages_are_left_to_the_network(
    page: Page, net: Network, card: AddedCard
) -> None:
    """They come from the server with the worker there, and nothing of them is stored."""
    _keep(page, net, card)
    page.goto(f"{net.url}/o/{card.owner}")
    assert page.inner_text("h1") == "Alex Rivera"
    held = page.evaluate(
        """async () => (await Promise.all((await caches.keys()).map(async (name) =>
          (await (await caches.open(name)).keys()).map((each) => each.url)))).flat()"""
    )
    assert not [each for each in held if "/o/" in each]
    assert [each for each in held if "/c/" in each] == [f"{net.url}{_path(card)}/kept.json"]


# Several cards, and the app ---------------------------------------------------------------------


def test_several_cards_are_listed_removed_one_by_one_and_cleared(
    page: Page, net: Network, card: AddedCard, keeper: CardService
) -> None:
    """By name, with no network as well; one leaves the others; clearing leaves nothing at all."""
    other = keeper.add(card_of(sam()), datetime.now(UTC))
    _keep(page, net, card)
    _keep(page, net, other)
    net.stop()
    page.goto(f"{net.url}/")
    names = page.locator("#cards h2 a")
    expect(names).to_have_count(2)
    remove = WORDS.say("home.forget")
    page.get_by_role("button", name=f"{remove}: Alex Rivera").click()
    expect(names).to_have_text(["Sam Lee"])
    assert _copy(page, card) is None and _copy(page, other)
    assert _opened(page, net, _path(other)).startswith("Kept copy")
    page.goto(f"{net.url}/")
    page.click("#clear")
    page.click("#leave")
    expect(names).to_have_text(["Sam Lee"])
    page.click("#clear")
    page.click("#clear-all")
    expect(page.locator("#cleared")).to_be_visible()
    expect(page.locator("#shelf")).to_be_hidden()
    assert _stored(page) == _NOTHING


def test_a_card_is_taken_off_where_it_was_kept(page: Page, net: Network, card: AddedCard) -> None:
    """The press is undone on the same page, and stays undone."""
    _keep(page, net, card)
    page.click("#remove")
    expect(page.get_by_text(WORDS.say("keep.removed"))).to_be_visible()
    assert _copy(page, card) is None
    assert _opened(page, net, _path(card)) == ""
    page.wait_for_load_state("networkidle")
    assert _copy(page, card) is None


_STANDALONE = "Object.defineProperty(navigator, 'standalone', { value: true })"


def test_an_app_without_the_browsers_store_keeps_its_card_at_its_first_start(
    phone: BrowserContext, page: Page, net: Network, card: AddedCard
) -> None:
    """As on an iPhone: the icon fetches, stores and proves again; then it opens the card."""
    phone.add_init_script(_STANDALONE)
    start = f"{net.url}{_path(card)}/keep?app"
    page.goto(start)
    expect(page.get_by_text(WORDS.say("keep.saved"), exact=True)).to_be_visible()
    expect(page.locator("#install")).to_be_hidden()
    assert _copy(page, card)
    assert _opened(page, net, f"{_path(card)}/keep?app") == ""
    net.stop()
    assert _opened(page, net, f"{_path(card)}/keep?app").startswith("Kept copy")


def test_what_was_taken_off_an_app_is_not_kept_again_unasked(
    phone: BrowserContext, page: Page, net: Network, card: AddedCard
) -> None:
    """The icon is still there; the person has said no."""
    phone.add_init_script(_STANDALONE)
    page.goto(f"{net.url}{_path(card)}/keep?app")
    page.click("#remove")
    expect(page.get_by_text(WORDS.say("keep.removed"))).to_be_visible()
    page.goto(f"{net.url}{_path(card)}/keep?app")
    expect(page.locator("#press")).to_be_visible()
    assert _copy(page, card) is None


def test_a_browsers_tab_is_not_taken_for_the_app(page: Page, net: Network, card: AddedCard) -> None:
    """Whoever follows the start address in a browser is asked first."""
    page.goto(f"{net.url}{_path(card)}/keep?app")
    expect(page.locator("#press")).to_be_visible()
    assert _stored(page) == _NOTHING


_AGENTS = {
    "iphone": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
    "android": "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0 Mobile Safari/537.36",
    "desktop": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0",
}


@pytest.mark.parametrize("kind", _AGENTS)
def test_the_help_to_install_is_the_phones_own_and_comes_after_saving(
    chromium: Browser, net: Network, card: AddedCard, kind: str
) -> None:
    """With pictures; both pages are looked at."""
    context = chromium.new_context(user_agent=_AGENTS[kind], viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{net.url}{_path(card)}/keep")
    expect(page.locator("#install")).to_be_hidden()
    look(page, "keep")
    _keep(page, net, card)
    shown = page.locator("#install [data-for]:visible")
    expect(shown).to_have_count(1)
    assert shown.get_attribute("data-for") == kind
    assert shown.locator("svg").count() == 3
    look(page, f"kept, {kind}")
    context.close()


def test_the_list_and_the_copy_are_for_everyone(
    page: Page, net: Network, card: AddedCard, keeper: CardService
) -> None:
    """The list with a card that is gone, the question before clearing, the copy, and no network."""
    other = keeper.add(card_of(sam()), datetime.now(UTC))
    _keep(page, net, card)
    _keep(page, net, other)
    keeper.vault.delete(other.owner)
    page.goto(f"{net.url}/")
    expect(page.locator("[data-kind=gone]:visible")).to_have_count(1)
    page.click("#clear")
    look(page, "the list")
    net.stop()
    for path in (_path(card), _path(other), f"{_path(card)}/keep"):
        page.goto(f"{net.url}{path}")
        look(page, path)
