"""A mail on a phone: as wide as its screen, and no wider."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.alerting.mailbox import mailbox
from tests.languages.test_web import house_in

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("tag", ["en", "he"])
def test_a_mail_is_not_wider_than_a_phone(
    chromium: Browser, tmp_path: Path, tag: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its longest address is broken, from the left and from the right."""
    house = house_in(tmp_path, tag, monkeypatch)
    with mailbox() as house.post:
        house.add()
        house.send()
        house.browser.post(house.link("u"), data={"go": "yes"})
        house.send()
    house.keeper.store.dispose()
    page = chromium.new_page(viewport={"width": 320, "height": 700})
    for _, mail in house.post.taken:
        html = mail.get_body(("html",))
        assert html
        page.set_content(str(html.get_content()))
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.close()
    assert len(house.post.taken) >= 2
