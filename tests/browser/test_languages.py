"""Each language on a phone: the first screen, its width, and whether it is for everyone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from caregiver_card.briefing.briefing import Briefing, brief
from caregiver_card.briefing.content import load
from caregiver_card.card_service import CardService
from tests.browser.looking import look
from tests.cast import alex, card_of
from tests.languages.catalogue import both_directions, every_language
from tests.web.client import NOON

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    """A phone of 390 by 844."""
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


every_reading = pytest.mark.parametrize("own", ["its own card", "an English card"])


def _opened(phone: Page, url: str, keeper: CardService, tag: str, own: str) -> Briefing:
    card = card_of(alex({"language": tag if own == "its own card" else "en"}))
    kept = keeper.add(card, NOON)
    phone.goto(f"{url}/c/{kept.reader_links[0].token}?l={tag}")
    assert phone.evaluate("document.documentElement.lang") == tag
    return brief(card, load(tag), 1)


def _seen(phone: Page, selector: str, words: str) -> None:
    place = phone.locator(selector).first
    assert words in place.inner_text()
    box = place.bounding_box()
    assert box and box["y"] + box["height"] <= 844, f"{words}: ends at {box}"


@every_reading
@every_language
def test_the_first_screen_says_the_danger_whom_to_call_and_who_it_is(
    phone: Page, url: str, keeper: CardService, tag: str, own: str
) -> None:
    """At 390 by 844, and nothing hangs over at 320."""
    briefing = _opened(phone, url, keeper, tag, own)
    for selector, words in (
        ("h1", briefing.what.text),
        (".danger p", briefing.stop.text),
        ("a.team .digits", briefing.team.shown),
        ("#who", briefing.person.name),
    ):
        _seen(phone, selector, words)
    phone.set_viewport_size({"width": 320, "height": 844})
    assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@every_reading
@every_language
def test_the_first_screen_says_dose_and_strength(
    phone: Page, url: str, keeper: CardService, tag: str, own: str
) -> None:
    """As in English."""
    briefing = _opened(phone, url, keeper, tag, own)
    _seen(phone, ".measure:nth-of-type(1) .amount", briefing.dose.number)
    _seen(phone, ".measure:nth-of-type(2) .amount", briefing.concentration.number)


@every_language
def test_its_page_is_for_everyone(phone: Page, url: str, keeper: CardService, tag: str) -> None:
    """With all that is folded open."""
    kept = keeper.add(card_of(alex({"language": tag})), NOON)
    _look_at(phone, f"{url}/c/{kept.reader_links[0].token}")


@both_directions
def test_the_pages_of_a_family_are_for_everyone(
    phone: Page, url: str, keeper: CardService, tag: str
) -> None:
    """The owner's, a form, the prints of a copy, and the first question."""
    owner = f"{url}/o/{keeper.add(card_of(alex({'language': tag})), NOON).owner}"
    _look_at(phone, owner)
    prints = phone.locator("a[href*='/copies/']").first.get_attribute("href")
    for address in (f"{owner}/edit/regimen", f"{url}{prints}", f"{url}/new?l={tag}"):
        _look_at(phone, address)


def _look_at(phone: Page, address: str) -> None:
    phone.goto(address)
    phone.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    look(phone, address)


@every_language
def test_a_tap_leads_into_another_language_and_back(
    phone: Page, url: str, keeper: CardService, tag: str
) -> None:
    """By the language's own name, in the row below the number."""
    kept = keeper.add(card_of(alex()), NOON)
    phone.goto(f"{url}/c/{kept.reader_links[0].token}")
    row = phone.locator("nav.languages")
    for asked in (tag, "en"):
        folded = row.locator("details:not([open]) summary")
        if folded.count() and not row.get_by_text(load(asked).manner.name).is_visible():
            folded.click()
        row.get_by_role("link", name=load(asked).manner.name, exact=True).click()
        assert phone.evaluate("document.documentElement.lang") == asked
