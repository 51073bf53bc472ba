"""Pages that ask, in a real browser: with script and without, with a network and without."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(either: Page) -> Page:
    """A phone whose browser runs scripts, and one that does not."""
    return either


@pytest.mark.parametrize("name", ["typical, beeping", "complex, beeping"])
@pytest.mark.parametrize(("width", "height"), [(320, 568), (390, 844)])
def test_with_any_sign_the_call_is_on_the_first_screen(
    phone: Page, addresses: dict[str, str], name: str, width: int, height: int
) -> None:
    """Nothing has to be answered or scrolled first; the large phone has both calls at once."""
    phone.set_viewport_size({"width": width, "height": height})
    phone.goto(addresses[name])
    ends = {}
    for answer, number in (("for-yes", "a.emergency"), ("for-no", "a.team")):
        box = phone.locator(f".act.{answer} {number}").bounding_box()
        assert box
        ends[answer] = box["y"] + box["height"]
    assert ends["for-yes"] <= height
    assert ends["for-no"] <= 844 + (100 if width == 320 else 0)


# Check signs ------------------------------------------------------------------------------------


@pytest.fixture
def device(chromium: Browser) -> Iterator[BrowserContext]:
    """A phone in Chicago that tells where it is and lets a page copy."""
    context = chromium.new_context(
        viewport={"width": 390, "height": 844},
        timezone_id="America/Chicago",
        geolocation={"latitude": 41.878113, "longitude": -87.629799, "accuracy": 12.4},
        permissions=["clipboard-read", "clipboard-write", "geolocation"],
    )
    yield context
    context.close()


def _opened(device: BrowserContext, address: str) -> Page:
    page, said = device.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.goto(address)
    expect(page.locator("#answered")).to_be_visible()
    assert said == []
    return page


def test_ticking_answers_at_once_with_no_network(
    device: BrowserContext, addresses: dict[str, str]
) -> None:
    """Once it is open it needs nobody: the lists, the action and the message follow each tick."""
    page = _opened(device, addresses["typical, see"])
    device.set_offline(True)
    expect(page.locator("#held")).to_be_hidden()
    page.get_by_label("Confused").check()
    page.get_by_label("A pump alarm was heard").check()
    expect(page.locator(".list.withdrawal")).to_be_visible()
    expect(page.locator(".list.overdose")).to_be_visible()
    expect(page.locator(".list.allergy")).to_be_hidden()
    expect(page.locator("#alike")).to_contain_text("do not tell them apart")
    expect(page.locator(".acts")).to_contain_text("emergency services")
    text = page.locator("#text").input_value()
    assert "Confused; A pump alarm was heard" in text and addresses["typical"] in text
    assert re.search(r"Seen \d+ \w+ \d{4}, \d\d:\d\d C[SD]T: ", text), text
    page.get_by_label("Confused").uncheck()
    page.get_by_label("A pump alarm was heard").uncheck()
    expect(page.locator("#held")).to_be_hidden()
    assert "nothing ticked" in page.locator("#text").input_value()


def test_what_is_read_is_what_is_sent(device: BrowserContext, addresses: dict[str, str]) -> None:
    """The person's own words are in the message, which is the text message and the copy."""
    page = _opened(device, addresses["typical, see"])
    page.get_by_label("High fever").check()
    box = page.locator("#text")
    page.get_by_label("In your own words").fill("At school. Söng & 100 %")
    expect(box).to_have_value(re.compile("Söng & 100 %\nPump: "))
    page.get_by_label("Sweating").check()
    expect(box).to_have_value(re.compile("Söng & 100 %\nPump: "))
    expect(box).to_have_attribute("readonly", "")
    for link in page.locator("a[data-sms]").all():
        href = link.get_attribute("href") or ""
        assert re.match(r"sms:(\+\d+)?\?&body=", href)
        assert unquote(href.split("body=")[1]) == box.input_value()
    page.locator("#copy").click()
    expect(page.locator("#sent")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == box.input_value()


def test_what_could_not_be_copied_is_said_beside_the_button(
    device: BrowserContext, addresses: dict[str, str]
) -> None:
    """Within a finger's breadth of Copy, and aloud; the next word takes its place."""
    device.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error())")
    page = _opened(device, addresses["typical, see"])
    page.locator("#copy").click()
    said = page.get_by_role("status").filter(has_text="It could not be copied")
    expect(said).to_be_visible()
    place, button = said.bounding_box(), page.locator("#copy").bounding_box()
    assert place and button
    assert 0 <= place["y"] - (button["y"] + button["height"]) <= 24
    page.get_by_role("button", name="Add where I am").click()
    expect(page.locator("#said")).to_contain_text("Read it before you send it")
    expect(page.locator("#sent")).to_have_text("")


def test_the_place_is_asked_for_shown_and_taken_out(
    device: BrowserContext, addresses: dict[str, str]
) -> None:
    """Nobody asks a phone where it is before the tap; then it stands in the message, to be read."""
    device.add_init_script(
        """window.asked = 0;
        const here = navigator.geolocation, real = here.getCurrentPosition.bind(here);
        here.getCurrentPosition = (...given) => { window.asked++; real(...given); };"""
    )
    page = _opened(device, addresses["signs"])
    page.get_by_label("Sweating").check()
    assert page.evaluate("window.asked") == 0
    assert "41.87811" not in page.locator("#text").input_value()
    page.get_by_role("button", name="Add where I am").click()
    expect(page.locator("#text")).to_have_value(re.compile("41.87811, -87.62980, within 12 m"))
    expect(page.locator("#said")).to_contain_text("Read it before you send it")
    page.get_by_role("button", name="Take the place out").click()
    expect(page.locator("#text")).not_to_have_value(re.compile("41.87811"))


def test_a_place_that_is_not_found_is_said(chromium: Browser, addresses: dict[str, str]) -> None:
    """A phone that may not tell leaves the message as it was."""
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(addresses["signs"])
    page.get_by_role("button", name="Add where I am").click()
    expect(page.locator("#said")).to_contain_text("Say it on the phone")
    assert "Place" not in page.locator("#text").input_value()
    context.close()


def test_sharing_hands_over_the_words(device: BrowserContext, addresses: dict[str, str]) -> None:
    """The phone's own share sheet gets the message; where there is none, no button stands."""
    page = _opened(device, addresses["signs"])
    expect(page.locator("#share")).to_be_hidden()
    device.add_init_script("navigator.share = async (given) => { window.shared = given; };")
    page.reload()
    page.get_by_label("Sweating").check()
    page.locator("#share").click()
    assert page.evaluate("window.shared.text") == page.locator("#text").input_value()


def test_the_ticks_are_sent_only_without_script(
    chromium: Browser, addresses: dict[str, str]
) -> None:
    """Without script the button answers; the address in the browser holds nothing of it."""
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, java_script_enabled=False
    )
    page = context.new_page()
    page.goto(addresses["typical, see"])
    expect(page.locator("#answered")).to_be_hidden()
    page.get_by_label("Floppier than usual").check()
    page.get_by_label("In your own words").fill("<b>limp</b> & pale")
    page.get_by_role("button", name="What to do").click()
    assert page.url == addresses["typical, see"] + "#action"
    expect(page.locator(".list.overdose")).to_be_visible()
    expect(page.locator(".list.withdrawal")).to_be_hidden()
    text = page.locator("#text").input_value()
    assert "Floppier than usual" in text and "\n<b>limp</b> & pale\n" in text
    assert page.get_by_label("In your own words").input_value() == "<b>limp</b> & pale"
    context.close()


# The way to the number -------------------------------------------------------------------------


def _sticks(page: Page) -> bool:
    """Whether the bar stands at the foot of the screen, whole, and no wider than it."""
    box = page.locator("#bar").bounding_box()
    screen = page.viewport_size
    return bool(
        box
        and screen
        and box["y"] >= 0
        and abs(box["y"] + box["height"] - screen["height"]) < 1
        and box["x"] >= 0
        and box["x"] + box["width"] <= screen["width"]
    )


@pytest.mark.parametrize(("width", "text"), [(390, 16), (320, 16), (320, 32)])
def test_the_first_tick_answers_in_the_first_screen(
    chromium: Browser, addresses: dict[str, str], width: int, text: int
) -> None:
    """A word, the number and the way down, at the foot of the screen; nothing before it."""
    context = chromium.new_context(viewport={"width": width, "height": 640})
    page = context.new_page()
    page.goto(addresses["complex, see"])
    page.evaluate(f"document.documentElement.style.fontSize = '{text}px'")
    bar, word = page.locator("#bar"), page.locator("#word")
    expect(bar).to_be_hidden()
    expect(word).to_have_role("status")
    page.get_by_label("A refill is late").check()
    expect(word).to_have_text("Call the clinic now")
    expect(bar.get_by_role("link", name="Call the team")).to_be_visible()
    page.get_by_label("Stiffer than usual").check()
    assert _sticks(page)
    box = bar.bounding_box()
    assert box and box["height"] < 640 / 2, "it leaves no room for the ticks"
    expect(word).to_have_text("To hospital now")
    expect(bar.get_by_role("link", name="Call the team")).to_be_hidden()
    expect(bar.get_by_role("link", name="Call 115")).to_have_attribute("href", "tel:115")
    bar.get_by_role("link", name="What to do").click()
    expect(page.locator("#action")).to_be_in_viewport()
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    last = page.locator("main > section").last.bounding_box()
    shown = bar.bounding_box()
    assert last and shown and shown["y"] + shown["height"] <= last["y"], "it covers the last line"
    page.get_by_label("Stiffer than usual").uncheck()
    page.get_by_label("A refill is late").uncheck()
    expect(bar).to_be_hidden()
    context.close()


def test_the_keyboard_reaches_the_number(chromium: Browser, addresses: dict[str, str]) -> None:
    """What has the focus is never under the bar; behind the last question come its links."""
    context = chromium.new_context(viewport={"width": 390, "height": 640})
    page = context.new_page()
    page.goto(addresses["typical, see"])
    page.locator("input[type=checkbox]").first.focus()
    page.keyboard.press("Space")
    for _ in range(40):
        page.keyboard.press("Tab")
        covered = page.evaluate(
            """() => { const at = document.activeElement, bar = document.querySelector("#bar");
              return !bar.contains(at) && at.getBoundingClientRect().bottom >
                bar.getBoundingClientRect().top + 1 && bar.getBoundingClientRect().bottom > 0 &&
                at.getBoundingClientRect().top < bar.getBoundingClientRect().bottom; }"""
        )
        assert not covered, page.evaluate("document.activeElement.outerHTML")
        if page.evaluate("document.activeElement.matches('#bar a')"):
            break
    assert page.evaluate("document.activeElement.href") == "tel:911"
    context.close()


@pytest.mark.parametrize("where", [".call", "#answered section"])
def test_a_grave_sign_makes_the_emergency_number_the_button(
    phone: Page, addresses: dict[str, str], where: str
) -> None:
    """First the pump team, for nothing is ticked; with a sign it comes second. With script and
    without."""
    phone.goto(addresses["typical, see"])

    def first() -> bool:
        colour = "each => getComputedStyle(each).backgroundColor"
        number, team = (phone.locator(f"{where} .{each}").first for each in ("emergency", "team"))
        filled = "rgb(11, 93, 42)"
        assert (number.evaluate(colour) == filled) != (team.evaluate(colour) == filled)
        return bool(number.evaluate(colour) == filled)

    if phone.locator(where).first.is_visible():
        assert not first()
    phone.get_by_label("Itching without a rash").check()
    if phone.locator("#show").is_visible():
        phone.locator("#show").click()
    assert first()
