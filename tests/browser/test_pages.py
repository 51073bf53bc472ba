"""The pages in a real browser: readable at once, by anybody, on any screen, with the keyboard."""

import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pypdf
import pytest
from playwright.sync_api import Browser, Page

from caregiver_card.briefing.briefing import brief
from tests.browser.looking import look
from tests.browser.reach import FIRST_SCREEN, answers
from tests.cast import CAST, WORDS, card_of
from tests.prints import Print, codes
from tests.servers import Server
from tests.web.client import NOON

pytestmark = pytest.mark.browser

_PAGES = [*CAST, "guide", "beeping", "complex, beeping", "unknown", "nothing", "home"]
_PAGES += ["signs", "complex, see", "typical, owner", "typical, calendar", "typical, heard"]
_PAGES += ["record", "record code"]


@contextmanager
def _opened(
    chromium: Browser, url: str, width: int = 390, height: int = 844, scheme: Any = "light"
) -> Iterator[Page]:
    """The page in a window of its own; whatever the browser complains of is a failure."""
    context = chromium.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, bypass_csp=False
    )
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda fault: said.append(str(fault)))
    page.goto(url)
    try:
        yield page
        complaints = [each for each in said if "status of 404" not in each]
        assert complaints == []
    finally:
        context.close()


def _breadth(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@pytest.mark.parametrize("name", _PAGES)
def test_every_page_is_for_everyone(
    chromium: Browser, addresses: dict[str, str], name: str
) -> None:
    """On a small phone, a phone and a screen, light and dark, with all that is folded open."""
    with _opened(chromium, addresses[name]) as page:
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        look(page, name)


@pytest.mark.parametrize("name", _PAGES)
def test_text_twice_as_large_stays_on_the_page(
    chromium: Browser, addresses: dict[str, str], name: str
) -> None:
    """At 390 px with 200 % text nothing runs over the side and nothing is cut."""
    with _opened(chromium, addresses[name]) as page:
        page.evaluate("document.documentElement.style.fontSize = '32px'")
        if page.evaluate("getComputedStyle(document.documentElement).fontSize") != "32px":
            pytest.fail("the text did not grow")
        assert _breadth(page) <= 0
        cut = page.evaluate(
            """[...document.querySelectorAll('main *, header *')].filter(each => {
                const box = each.getBoundingClientRect();
                return box.width > 1 && box.height > 1 && each.checkVisibility() &&
                    (box.right > innerWidth + 1 || box.left < -1);
            }).map(each => each.outerHTML.slice(0, 80))"""
        )
        assert cut == []


@pytest.mark.parametrize("name", sorted(CAST))
def test_no_word_that_tells_signs_apart_is_broken_on_a_small_phone(
    chromium: Browser, addresses: dict[str, str], name: str
) -> None:
    """ "hallucinatin-g" is read twice: each word of the comparison stands on one line at 320 px."""
    with _opened(chromium, addresses[name], 320, 568) as page:
        broken = page.evaluate(
            """[...document.querySelectorAll('#apart th, #apart td')].flatMap(cell => {
                const text = cell.firstChild, range = document.createRange();
                return [...text.data.matchAll(/[a-z]+/gi)].filter(word => {
                    range.setStart(text, word.index);
                    range.setEnd(text, word.index + word[0].length);
                    return range.getClientRects().length > 1;
                }).map(word => word[0]);
            })"""
        )
        assert broken == []


def test_without_colours_a_plate_still_has_an_edge(
    chromium: Browser, addresses: dict[str, str]
) -> None:
    """Forced colours take every background: the first call and the dose are not loose words."""
    context = chromium.new_context(forced_colors="active")
    page = context.new_page()
    page.goto(addresses["typical"])
    for plate in (".team", ".measure"):
        style = "getComputedStyle(document.querySelector(plate))"
        drawn = page.evaluate(f"plate => {style}.outlineStyle + {style}.outlineWidth", plate)
        seen = page.evaluate(f"plate => {style}.outlineColor", plate)
        assert drawn == "solid2px" and seen.startswith("rgb("), (plate, drawn, seen)
    context.close()


@pytest.mark.parametrize("name", sorted(CAST))
def test_a_card_is_readable_after_one_request(
    chromium: Browser, server: Server, addresses: dict[str, str], name: str
) -> None:
    """Everything arrives with the first answer; the picture that records follows, and no more."""
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    asked = _requests(page)
    page.route("**/seen", lambda route: route.abort())
    page.goto(addresses[name], wait_until="domcontentloaded")
    text = page.inner_text("body")
    context.close()
    briefing = brief(card_of(CAST[name]()), WORDS, 1)
    for words in (
        briefing.stop.text,
        briefing.team.shown,
        briefing.person.name,
        briefing.dose.number,
    ):
        assert words in text
    assert asked[0] == addresses[name]
    assert [each.removeprefix(addresses[name]) for each in asked[1:]] == ["/seen"]


def test_other_pages_are_one_request(chromium: Browser, addresses: dict[str, str]) -> None:
    """The guide and the pages for nothing fetch nothing further."""
    for name in ("guide", "beeping", "unknown", "nothing"):
        context = chromium.new_context()
        page = context.new_page()
        asked = _requests(page)
        page.goto(addresses[name])
        context.close()
        assert asked == [addresses[name]], name


def _requests(page: Page) -> list[str]:
    # Grows as the page asks.
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return asked


@pytest.mark.parametrize("kept", [False, True], ids=["the page", "a kept copy"])
@pytest.mark.parametrize("name", sorted(CAST))
def test_the_first_screen_holds_what_counts(
    chromium: Browser, server: Server, addresses: dict[str, str], name: str, kept: bool
) -> None:
    """At 390 by 844 without scrolling: danger, number, name, allergies, dose and concentration.
    A page keeps room for a row of languages."""
    briefing = brief(card_of(CAST[name]()), WORDS, 1)
    least = 844 if kept else 844 - 44
    with _opened(chromium, f"{server.url}/" if kept else addresses[name]) as page:
        if kept:
            _show_copy(page, server, addresses[name])
            assert "2 days old" in page.locator("header + main > p.keep:first-child").inner_text()
        for selector, words in (
            ("h1", briefing.what.text),
            ("a.team .digits", briefing.team.shown),
            ("#who", briefing.person.name),
            (".who p:nth-of-type(2)", (*briefing.allergies.items, briefing.allergies.words)[0]),
            (".measure:nth-of-type(1) .amount", briefing.dose.number),
            (".measure:nth-of-type(2) .amount", briefing.concentration.number),
        ):
            place = page.locator(selector).first
            assert words in place.inner_text()
            box = place.bounding_box()
            assert box and box["y"] + box["height"] <= least, f"{words}: ends at {box}"


def test_a_long_note_keeps_no_pump_from_the_first_screen(
    chromium: Browser, addresses: dict[str, str]
) -> None:
    """The longest card: the pump ends with the first screen, but for the line of languages."""
    with _opened(chromium, addresses["complex"]) as page:
        ends = (("page.pump", 850 + 44), ("page.alarm_date", 1075 + 44))
        for label, most in ((WORDS.say(place), most) for place, most in ends):
            box = page.locator(".facts > div", has_text=label).first.bounding_box()
            assert box and box["y"] + box["height"] <= most, f"{label}: {box}"


@pytest.mark.parametrize("name", sorted(CAST))
def test_ten_answers_are_near(chromium: Browser, addresses: dict[str, str], name: str) -> None:
    """On the second screen at most, or one tap away; allergies on the first, "never" at a tap."""
    with _opened(chromium, addresses[name]) as page:
        found = answers(page)
    assert len(found) == 10
    for what, answer in found.items():
        assert answer.screen <= (1 if answer.taps or what in FIRST_SCREEN else 2), what


def _show_copy(page: Page, server: Server, address: str) -> None:
    """The copy of a card as the worker fills it in, two days after it was last compared."""
    _, raw = server.get(address.removeprefix(server.url) + "/kept.json")
    now = int(NOON.timestamp() * 1000)
    stamps = {"compared": now - 48 * 3_600_000, "gone": 0}
    filled = page.evaluate(
        """async ([card, stamps, now]) =>
          (await import("/static/js/days.js")).page(card, stamps, now)""",
        [json.loads(raw), stamps, now],
    )
    page.goto("about:blank")
    page.set_content(filled)


@pytest.mark.parametrize("name", sorted(CAST))
@pytest.mark.parametrize("width", [320, 390])
def test_a_finger_hits_every_number(
    chromium: Browser, addresses: dict[str, str], name: str, width: int
) -> None:
    """Each number to call is at least 44 px high, and its accessible name holds the number."""
    with _opened(chromium, addresses[name], width) as page:
        links = page.locator("a[href^='tel:']").all()
        assert len(links) >= 3
        for link in links:
            box = link.bounding_box()
            assert box and box["height"] >= 44 and box["width"] >= 44, link.inner_text()
            dialled = re.sub(r"\D", "", link.get_attribute("href") or "")
            snapshot = link.aria_snapshot()
            assert dialled in re.sub(r"\D", "", snapshot.split("/url")[0]), snapshot


def test_a_number_that_is_hidden_is_never_the_only_one(
    chromium: Browser, addresses: dict[str, str]
) -> None:
    """The emergency number stands in its link's words."""
    with _opened(chromium, addresses["typical"]) as page:
        assert "911" in page.locator("a.emergency").inner_text()


@pytest.mark.parametrize("name", ["typical", "guide", "complex, beeping"])
def test_the_keyboard_reaches_everything(
    chromium: Browser, addresses: dict[str, str], name: str
) -> None:
    """Tab goes to every link and every summary in order, each with a visible outline."""
    with _opened(chromium, addresses[name]) as page:
        expected = page.evaluate(
            "[...document.querySelectorAll('a[href], summary')]"
            ".filter(each => each.checkVisibility()).length"
        )
        reached = []
        for _ in range(expected):
            page.keyboard.press("Tab")
            reached.append(
                page.evaluate(
                    """() => { const each = document.activeElement, style = getComputedStyle(each);
                    return [each.tagName, each.outerHTML, style.outlineStyle,
                            parseFloat(style.outlineWidth)]; }"""
                )
            )
        assert {each[0] for each in reached} <= {"A", "SUMMARY"}
        page.keyboard.press("Tab")
        order = page.evaluate(
            "[...document.querySelectorAll('a[href], summary')]"
            ".filter(each => each.checkVisibility()).map(each => each.outerHTML)"
        )
        assert [each[1] for each in reached] == order
        for _, html, style, width in reached:
            assert style != "none" and width >= 2, html[:100]


def test_what_is_folded_opens_with_enter(chromium: Browser, addresses: dict[str, str]) -> None:
    """The words to say are one key away."""
    with _opened(chromium, addresses["typical"]) as page:
        assert not page.locator("details.say ol").is_visible()
        page.locator("details.say summary").focus()
        page.keyboard.press("Enter")
        assert page.locator("details.say ol").is_visible()
        assert "2000\u00a0mcg/mL" in page.locator("details.say ol").inner_text()


@pytest.mark.parametrize("name", sorted(CAST))
def test_a_page_can_be_printed(chromium: Browser, addresses: dict[str, str], name: str) -> None:
    """The first sheet has danger, number, name and dose; the words to say are there unfolded."""
    briefing = brief(card_of(CAST[name]()), WORDS, 1)
    with _opened(chromium, addresses[name]) as page:
        raw = page.pdf(format="A4")
    sheets = [_spaced(sheet.extract_text()) for sheet in pypdf.PdfReader(io.BytesIO(raw)).pages]
    for words in (
        briefing.what.text,
        briefing.stop.text,
        briefing.team.shown,
        briefing.dose.number,
    ):
        assert _spaced(words) in sheets[0], words
    everything = " ".join(sheets)
    assert _spaced("I need the pump physician on call now") in everything
    assert len(sheets) <= 6


def test_in_print_a_label_is_no_larger_than_its_fact(
    chromium: Browser, addresses: dict[str, str]
) -> None:
    """The sizes of the screen do not carry over to the paper."""
    with _opened(chromium, addresses["typical"]) as page:
        page.emulate_media(media="print")
        label, fact = (
            page.locator(f".facts {tag}").first.evaluate(
                "each => parseFloat(getComputedStyle(each).fontSize)"
            )
            for tag in ("dt", "dd")
        )
        assert label <= fact


def _spaced(words: str) -> str:
    return "".join(words.split())


def test_the_code_on_the_card_leads_back_to_the_page(
    chromium: Browser, server: Server, addresses: dict[str, str]
) -> None:
    """Print, photograph, open: the same page, at an address in capitals."""
    status, raw = server.get(addresses["typical"].removeprefix(server.url) + "/card.pdf")
    assert status == 200
    (address,) = codes(Print(raw).sides[0].raster(300))["opencv"]
    assert address == addresses["typical"].upper()
    with _opened(chromium, address) as scanned:
        text = scanned.inner_text("body")
        assert "Alex Rivera" in text
    with _opened(chromium, addresses["typical"]) as page:
        assert page.inner_text("body") == text


def test_following_the_links_of_a_card(chromium: Browser, addresses: dict[str, str]) -> None:
    """The guide is one tap away, and the way leaves no trace of where it began."""
    with _opened(chromium, addresses["typical"]) as page:
        with page.expect_request("**/guide") as asked:
            page.locator("a[href='/guide']").click()
        assert "referer" not in asked.value.headers
        assert page.title().startswith("Intrathecal baclofen pump")
