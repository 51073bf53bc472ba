"""Pages that ask, in a real browser: what is chosen hides what does not apply, with no script."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def phone(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A phone whose browser runs scripts, and one that does not."""
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, java_script_enabled=request.param
    )
    yield context.new_page()
    context.close()


def test_an_answer_hides_the_other_one(phone: Page, addresses: dict[str, str]) -> None:
    """Any sign leaves emergency services, none the pump team; the sound leaves its meaning."""
    phone.goto(addresses["typical, beeping"])
    yes, no = phone.locator(".act.for-yes"), phone.locator(".act.for-no")
    expect(yes).to_be_visible()
    expect(no).to_be_visible()
    phone.get_by_label("Yes, one or more, or not sure").check()
    expect(yes).to_be_visible()
    expect(no).to_be_hidden()
    phone.get_by_label("No, none").check()
    expect(yes).to_be_hidden()
    expect(no).to_contain_text("+1 312-555-0142")
    phone.get_by_label("Not sure", exact=True).check()
    expect(phone.locator(".heard:visible")).to_have_count(1)
    expect(phone.locator(".heard:visible")).to_contain_text("Treat it as the critical one")


def test_the_keyboard_chooses(chromium: Browser, addresses: dict[str, str]) -> None:
    """Tab goes from question to question, the arrow and the space bar choose."""
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(addresses["beeping"])
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#sound-two")).to_be_checked()
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("#signs-yes")).to_be_checked()
    expect(page.locator(".act.for-no")).to_be_hidden()
    context.close()
