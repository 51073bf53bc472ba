"""The card in two more engines: Firefox's, and WebKitGTK's, which is nearest to an iPhone's.

Each test is one of ``test_offline`` and its neighbours, where it is told in more cases. What an
engine or its driver does not allow:

- WebKitGTK's network cannot be switched off, so that is Firefox's alone; the server stopped and
  connections that break are in both.
- WebKit's driver answers no question of the browser's and runs nothing before a page's own scripts.
  So a granted permission is Firefox's alone, and the first start of an iPhone's app is tested in
  Chromium, which can pretend to be one.
- Push is not in WebKitGTK; Firefox's is in ``test_pushed``, Chromium's in ``test_push``.
- What Safari does beyond its engine (clearing after seven days, icons with a store of their own) no
  engine on this system does.
"""

import json
import re
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from caregiver_card.briefing.briefing import brief
from caregiver_card.card import codec
from caregiver_card.card_service import CardService
from caregiver_card.pages import emergency
from caregiver_card.questionnaire import steps
from caregiver_card.storage.records import AddedCard
from tests.browser.firefox import Firefox, FirefoxPhone, firefox
from tests.browser.network import Network
from tests.browser.phones import Phone, awaited
from tests.browser.serving import fill_in
from tests.browser.webkit import WebKit, webkit
from tests.cast import WORDS, alex, card_of, sam
from tests.web import reading

pytestmark = pytest.mark.browser

# The limit of the worker, and what a busy machine adds to it.
_LIMIT, _BUSY = 3.0, 6.0
Engine = Firefox | WebKit
_ENGINES: dict[str, Callable[[], AbstractContextManager[Engine]]] = {
    "firefox": firefox,
    "webkit": webkit,
}
_firefox_alone = pytest.mark.parametrize("engine", ["firefox"], indirect=True)


# A phone and its cards --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def keeper(keeper_afar: CardService) -> CardService:
    """The cards of the server beyond the network."""
    return keeper_afar


@pytest.fixture(scope="module", params=_ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """One engine after the other."""
    with _ENGINES[request.param]() as made:
        yield made


@pytest.fixture
def phone(engine: Engine) -> Iterator[Phone]:
    """A phone on which nothing is kept."""
    with engine.phone() as made:
        yield made


def _path(card: AddedCard) -> str:
    return f"/c/{card.reader_links[0].token}"


def _keep(phone: Phone, net: Network, card: AddedCard) -> None:
    phone.open(f"{net.url}{_path(card)}/keep")
    phone.press("#press")
    phone.shows(WORDS.say("keep.saved"))


def _keep_at_last(phone: Phone, net: Network, card: AddedCard) -> None:
    """Firefox finds out in the middle of a page that its worker's file is gone, and breaks off all
    that this page asks, its own script too; whoever opens it again keeps the card."""
    said = "return given.some((each) => document.body.innerText.includes(each))"
    ready, away, saved = (WORDS.say(f"keep.{name}") for name in ("press", "away", "saved"))

    def tried() -> bool:
        phone.open(f"{net.url}{_path(card)}/keep")
        phone.until(said, ready, WORDS.say("keep.no_script"))
        if ready in phone.text():
            phone.press("#press")
            phone.until(said, away, saved)
        return saved in phone.text()

    awaited(tried, "the card to be kept", phone.text)


def _opened(phone: Phone, net: Network, path: str) -> str:
    """Open a card; what stands directly under its danger, if it is a kept copy."""
    phone.open(f"{net.url}{path}")
    assert phone.text("h1") == WORDS.clinical("danger.what")
    return phone.text("main > .keep:first-child")


def _copy(phone: Phone, card: AddedCard) -> Any:
    """What is kept of a card: the bytes as text, and the stamps; None if it is not kept."""
    return phone.run(
        """const held = await caches.match(`${given[0]}/kept.json`, { cacheName: "kept-cards" });
        const at = (name) => Number(held?.headers.get(name));
        const [compared, gone] = [at("Compared-At"), at("Gone-At")];
        return held && { text: await held.text(), compared, gone };""",
        _path(card),
    )


def _caches(phone: Phone) -> list[str]:
    return sorted(phone.run("return caches.keys()"))


def _workers(phone: Phone) -> int:
    return int(phone.run("return (await navigator.serviceWorker.getRegistrations()).length"))


# The page ---------------------------------------------------------------------------------------


def test_the_emergency_page_reads_right(phone: Phone, net: Network, card: AddedCard) -> None:
    """Danger, number, name and dose on the first screen; no script; nothing over the side."""
    phone.open(f"{net.url}{_path(card)}")
    phone.shows(WORDS.clinical("danger.what"), "+1 312-555-0142", "Alex Rivera", "400")
    assert phone.run("return document.scripts.length") == 0
    for sought in ("h1", "a.team .digits", "#who", ".measure:nth-of-type(2) .amount"):
        bottom = "return document.querySelector(given[0]).getBoundingClientRect().bottom"
        assert phone.run(bottom, sought) <= 844, sought
    for width in (320, 390):
        phone.widen(width)
        assert phone.run("return document.documentElement.scrollWidth") <= width
    assert _caches(phone) == [] and _workers(phone) == 0


def test_the_saved_file_opens_from_the_disk(
    phone: Phone, net: Network, card: AddedCard, tmp_path: Path
) -> None:
    """As from a USB stick, with no server."""
    with urllib.request.urlopen(f"{net.url}{_path(card)}/page.html", timeout=20) as answer:
        (tmp_path / "page.html").write_bytes(answer.read())
    net.stop()
    phone.open((tmp_path / "page.html").as_uri())
    phone.shows(WORDS.clinical("danger.what"), "+1 312-555-0142", "400", "This copy was made on")


# Keeping ----------------------------------------------------------------------------------------


def test_a_card_is_kept_byte_for_byte_and_only_then_called_saved(
    phone: Phone, net: Network, card: AddedCard
) -> None:
    """With the time, and with what the browser says of keeping it."""
    _keep(phone, net, card)
    copy = _copy(phone, card)
    with urllib.request.urlopen(f"{net.url}{_path(card)}/kept.json") as answer:
        assert copy["text"].encode() == answer.read()
    assert abs(copy["compared"] / 1000 - time.time()) < 60
    said = phone.text("[role=status]")
    assert re.search(r"on \w+ \d+, 20\d\d, \d\d:\d\d\.", said), said
    lasting = phone.run("return navigator.storage.persisted()")
    phone.shows(WORDS.say("keep.lasts" if lasting else "keep.may_go"))
    assert [each.partition("-")[0] for each in _caches(phone)] == ["kept", "shell"]


def test_a_card_is_saved_while_the_browser_still_asks(
    phone: Phone, net: Network, card: AddedCard
) -> None:
    """Firefox asks the person whether a site may keep things; nobody has to answer first."""
    phone.open(f"{net.url}{_path(card)}/keep")
    asks = "navigator.storage.persist = () => new Promise((answer) => (window.answer = answer))"
    phone.run(asks)
    phone.press("#press")
    phone.shows(WORDS.say("keep.saved"), WORDS.say("keep.may_go"))
    phone.run("answer(true)")
    phone.shows(WORDS.say("keep.lasts"))
    assert WORDS.say("keep.may_go") not in phone.text()


@_firefox_alone
@pytest.mark.parametrize("answer", ["granted", "denied"])
def test_the_persons_answer_is_told_as_it_is(
    phone: FirefoxPhone, net: Network, card: AddedCard, answer: str
) -> None:
    """Agreed or not, by Firefox's own word."""
    phone.answers("persistent-storage", answer, net.url)
    _keep(phone, net, card)
    granted = answer == "granted"
    phone.shows(WORDS.say("keep.lasts" if granted else "keep.may_go"))
    assert phone.run("return navigator.storage.persisted()") == granted


def test_a_browser_that_does_not_give_back_what_it_was_given_is_found_out(
    phone: Phone, net: Network, card: AddedCard
) -> None:
    """One byte is enough; without a network nothing is called saved either."""
    phone.open(f"{net.url}{_path(card)}/keep")
    phone.run(
        """const put = Cache.prototype.put;
        Cache.prototype.put = async function (key, answer) {
          const text = (await answer.text()).slice(0, -1) + " ";
          return put.call(this, key, new Response(text, { headers: answer.headers }));
        };"""
    )
    phone.press("#press")
    phone.shows(WORDS.say("keep.lost"))
    assert _copy(phone, card) is None
    phone.open(f"{net.url}{_path(card)}/keep")
    net.mode = "portal"
    phone.press("#press")
    phone.shows(WORDS.say("keep.away"))
    assert _copy(phone, card) is None


# With no network --------------------------------------------------------------------------------


def test_a_kept_card_opens_with_the_server_stopped(
    phone: Phone, net: Network, card: AddedCard
) -> None:
    """With today's alerts and its age under the danger; the guides open, too."""
    _keep(phone, net, card)
    net.stop()
    assert _opened(phone, net, _path(card)).startswith("Kept copy, less than 1 hour old")
    _stands_under_the_danger(phone)
    today = datetime.now(UTC).date()
    expected = reading.Page(emergency.page(brief(card_of(alex()), WORDS, 1), today))
    assert phone.text("div.alert") == reading.words(expected.one("div", class_="alert"))
    for path in ("/", "/guide", "/beeping", "/signs", f"{_path(card)}/beeping"):
        phone.open(f"{net.url}{path}")
        assert phone.text("h1") and "no network" not in phone.text("h1")
    phone.open(f"{net.url}{_path(card)}/keep")
    assert phone.text("h1") == WORDS.say("phone.none_title")


def _stands_under_the_danger(phone: Phone) -> None:
    gap = phone.run(
        """const box = (sought) => document.querySelector(sought).getBoundingClientRect();
        return box("main > .keep").top - box("header.danger").bottom;"""
    )
    assert 0 <= gap < 20


@_firefox_alone
def test_a_kept_card_opens_with_the_network_off(
    phone: FirefoxPhone, net: Network, card: AddedCard
) -> None:
    """The server is there and is not asked."""
    _keep(phone, net, card)
    net.asked.clear()
    with phone.offline():
        assert _opened(phone, net, _path(card)).startswith("Kept copy")
    assert net.asked == []
    assert _opened(phone, net, _path(card)) == ""


def test_the_app_starts_cold_and_after_a_clearing(
    engine: Engine, net: Network, card: AddedCard, tmp_path: Path
) -> None:
    """New processes of the browser, with what the last one left on the disk or without it."""
    with engine.phone(tmp_path) as first:
        _keep(first, net, card)
    net.stop()
    with engine.phone(tmp_path) as second:
        assert _opened(second, net, f"{_path(card)}/keep?app").startswith("Kept copy")
        assert _opened(second, net, _path(card).lower()).startswith("Kept copy")
        second.open(f"{net.url}/")
        second.shows("Alex Rivera", WORDS.say("home.copy"))
    net.start()
    engine.clear(tmp_path)
    with engine.phone(tmp_path) as third:
        assert _opened(third, net, _path(card)) == ""
        third.open(f"{net.url}{_path(card)}/keep")
        third.shows(WORDS.say("keep.press"))
        assert WORDS.say("keep.saved") not in third.text()
        _keep_at_last(third, net, card)
        net.stop()
        assert _opened(third, net, _path(card)).startswith("Kept copy")


@pytest.mark.parametrize("mode", ["hanging", "half"])
def test_a_network_that_hangs_is_waited_for_three_seconds(
    phone: Phone, net: Network, card: AddedCard, mode: str
) -> None:
    """Before the first byte or in the middle; then the copy."""
    _keep(phone, net, card)
    net.mode = mode
    began = time.monotonic()
    assert _opened(phone, net, _path(card)).startswith("Kept copy")
    assert _LIMIT <= time.monotonic() - began < _LIMIT + _BUSY


def test_a_slow_network_within_the_limit_brings_the_servers_page(
    phone: Phone, net: Network, card: AddedCard
) -> None:
    """The newest is better than the quickest."""
    _keep(phone, net, card)
    net.mode = "slow"
    assert _opened(phone, net, _path(card)) == ""


# What the server says ---------------------------------------------------------------------------


def test_opening_a_card_brings_its_copy_up_to_date(
    phone: Phone, net: Network, card: AddedCard, keeper: CardService
) -> None:
    """A new dose is on the copy after the page was opened once with a network."""
    _keep(phone, net, card)
    first = _copy(phone, card)["compared"]
    changed = card_of(alex({"regimen.daily_dose_mcg": 310}))
    keeper.save(card.owner, changed, 1, "", datetime.now(UTC))
    assert _opened(phone, net, _path(card)) == ""
    awaited(lambda: _copy(phone, card)["compared"] > first, "the copy to be renewed")
    net.stop()
    assert _opened(phone, net, _path(card)).startswith("Kept copy")
    assert "310" in phone.text(".measures") and "400" not in phone.text(".measures")


def test_a_card_that_is_revoked_stays_and_says_so(
    phone: Phone, net: Network, card: AddedCard, keeper: CardService
) -> None:
    """At the next contact, and from then on with no network too."""
    _keep(phone, net, card)
    keeper.vault.revoke(card.owner, card.reader_links[0].id)
    assert "no longer opens this card" in _opened(phone, net, _path(card))
    net.stop()
    said = _opened(phone, net, _path(card))
    assert re.match(r"Since \d+ \w+ \d+, \d\d:\d\d, the server no longer opens this card", said)
    assert "400" in phone.text(".measures")


def test_only_the_servers_own_answer_counts(phone: Phone, net: Network, card: AddedCard) -> None:
    """A captive portal's page, redirection or 404 neither replaces nor removes nor marks a copy."""
    _keep(phone, net, card)
    before = _copy(phone, card)
    for net.mode in ("portal", "portal 302", "portal 404", "failing", "down"):
        said = _opened(phone, net, _path(card))
        assert said.startswith("Kept copy") and "no longer" not in said, net.mode
        assert _copy(phone, card) == before, net.mode
    net.mode = "portal 404"
    phone.open(f"{net.url}/")
    phone.shows(WORDS.say("home.copy"))
    assert _copy(phone, card) == before
    net.mode = "open"
    assert _opened(phone, net, _path(card)) == ""


# The worker -------------------------------------------------------------------------------------


def test_an_update_needs_no_restart_and_loses_no_card(
    phone: Phone, net: Network, card: AddedCard, newer: str
) -> None:
    """One that gives out in the middle leaves the old version; a whole one takes its place."""
    _keep(phone, net, card)
    before, shells = _copy(phone, card), _caches(phone)
    net.server, net.refused = newer, "/static/js/days.js"
    phone.open(f"{net.url}/guide")
    awaited(lambda: net.refused in net.asked, "the update to begin")
    assert set(shells) <= set(_caches(phone))
    net.refused = ""
    phone.open(f"{net.url}/guide")
    (old,) = set(shells) - {"kept-cards"}
    awaited(lambda: old not in _caches(phone), "the old version to go")
    assert _copy(phone, card) == before
    net.stop()
    phone.open(f"{net.url}/")
    phone.shows("Cards of the newer version")
    assert _opened(phone, net, _path(card)).startswith("Kept copy")


def test_the_kill_switch_removes_the_worker_and_no_card(
    phone: Phone, net: Network, card: AddedCard, afar: str, switched_off: str
) -> None:
    """After one visit there is no worker; after the switch is back and one visit there is one."""
    _keep(phone, net, card)
    before = _copy(phone, card)
    net.server = switched_off
    phone.open(f"{net.url}/guide")
    awaited(lambda: _workers(phone) == 0, "the worker to go")
    assert _caches(phone) == ["kept-cards"] and _copy(phone, card) == before
    phone.open(f"{net.url}/")
    phone.shows(WORDS.say("home.shut"))
    net.server = afar
    phone.open(f"{net.url}/")
    phone.shows(WORDS.say("home.copy"))
    net.stop()
    assert _opened(phone, net, _path(card)).startswith("Kept copy")


def test_storage_cleared_under_it_is_no_harm(phone: Phone, net: Network, card: AddedCard) -> None:
    """The caches alone: nothing is said to be kept, and the card can be kept anew."""
    _keep(phone, net, card)
    phone.run("for (const each of await caches.keys()) await caches.delete(each)")
    assert _opened(phone, net, _path(card)) == ""
    phone.open(f"{net.url}/")
    assert not phone.run("return document.getElementById('shelf').checkVisibility()")
    _keep(phone, net, card)
    net.stop()
    assert _opened(phone, net, _path(card)).startswith("Kept copy")


def test_several_cards_are_listed_removed_one_by_one_and_cleared(
    phone: Phone, net: Network, card: AddedCard, keeper: CardService
) -> None:
    """By name, with no network as well; clearing leaves nothing at all."""
    other = keeper.add(card_of(sam()), datetime.now(UTC))
    _keep(phone, net, card)
    _keep(phone, net, other)
    net.stop()
    phone.open(f"{net.url}/")
    phone.shows("Alex Rivera", "Sam Lee")
    phone.press("#cards button[aria-label$='Alex Rivera']")
    awaited(lambda: "Alex Rivera" not in phone.text(), "the card to go")
    assert _copy(phone, card) is None and _copy(phone, other)
    phone.press("#clear")
    phone.press("#clear-all")
    phone.until("return document.getElementById('cleared').checkVisibility()")
    assert _caches(phone) == [] and _workers(phone) == 0
    assert phone.run("return localStorage.length + sessionStorage.length") == 0


# A caregiver and a bystander --------------------------------------------------------------------

_STEPS = {WORDS.say(f"step.{each.key}.title"): each for each in steps.STEPS}


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_card_is_made_from_nothing(
    engine: Engine, net: Network, keeper: CardService, script: bool
) -> None:
    """Every page by hand, saved, and its emergency page opens."""
    wanted = card_of(sam())
    with engine.phone(script=script) as phone:
        phone.open(f"{net.url}/new")
        phone.follow("form:not(#draft-form) .buttons button")
        while (title := phone.text("h1")) != WORDS.say("new.check"):
            fill_in(phone, wanted, _STEPS[title])
            _send(phone, ".buttons button")
            assert phone.text("h1") != title, phone.text("main")
        fill_in(phone, wanted, steps.LAST)
        _send(phone, "button[value=save]")
        assert phone.text("h1") == WORDS.say("key.title"), phone.text("main")
        token = phone.run("return location.pathname").split("/")[2]
        made, card = (
            json.loads(codec.encode(each)) for each in (keeper.vault.owned(token).card, wanted)
        )
        assert made["regimen"] == card["regimen"] and made["patient"] == card["patient"]
        assert ("time_zone" in made) == script
        phone.follow("a[href^='/c/']:not([href$='.pdf'])")
        phone.shows(WORDS.clinical("danger.what"), "Sam Lee")


def _send(phone: Phone, button: str) -> None:
    """Press the page's button, and answer what it asks back."""
    phone.follow(button)
    asked = "return document.querySelectorAll('input[name=confirm]:not(:checked)').length"
    if phone.run(asked):
        while phone.run(asked):
            phone.press("input[name=confirm]:not(:checked)")
        phone.follow(button)


def test_a_flat_battery_loses_nothing(phone: Phone, net: Network, card: AddedCard) -> None:
    """What was typed and not saved is offered back on this device, and forgotten once saved."""
    form = f"{net.url}/o/{card.owner}/edit/pump"
    phone.open(form)
    phone.press("#own-device")
    phone.write("#pump-location", "left flank")
    phone.until("return JSON.stringify(localStorage).includes('left flank')")
    phone.open(form)
    phone.follow("#draft-form button")
    assert phone.run("return document.querySelector('#pump-location').value") == "left flank"
    _send(phone, ".buttons button")
    assert phone.text("h1") == WORDS.say("saved.title"), phone.text("main")
    phone.until("return !Object.keys(localStorage).some((key) => key.includes('draft'))")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_ticks_are_answered(engine: Engine, net: Network, card: AddedCard, script: bool) -> None:
    """On the device with script; without it by the server, and the address holds nothing."""
    with engine.phone(script=script) as phone:
        phone.open(f"{net.url}{_path(card)}/see")
        if script:
            phone.until("return document.getElementById('answered').checkVisibility()")
            net.stop()
        phone.press("input[value=floppy]")
        phone.write("#own", "<b>limp</b> & pale")
        if not script:
            phone.follow("#show")
        phone.until("return document.querySelector('.list.overdose').checkVisibility()")
        text = phone.run("return document.getElementById('text').value")
        assert "Floppier than usual" in text and "\n<b>limp</b> & pale\n" in text
        assert not phone.run("return document.querySelector('.list.withdrawal').checkVisibility()")
        assert phone.run("return location.pathname + location.search") == f"{_path(card)}/see"
