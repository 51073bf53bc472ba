"""Keeping the private link is a step of its own, with every way of keeping it."""

import base64
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageOps

from tests.cast import WORDS
from tests.web.website import Website, words


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Website]:
    """Alex's card, in the United States."""
    made = Website(tmp_path)
    yield made
    made.keeper.store.dispose()


def test_keeping_the_link_is_a_step_of_its_own(house: Website) -> None:
    """The one solid button prints the key sheet on the country's paper; next is the wallet card."""
    page = house.get("/key?new=answers").text
    copy = house.keeper.vault.owned(house.kept.owner).reader_links[0]
    solid = re.findall(r'<a class="button" href="([^"]+)"', page)
    assert solid == [f"{house.home}/key.pdf?paper=letter"]
    assert f'<a class="button quiet" href="{house.home}/copies/{copy.id}">' in page
    assert f"{house.home}/key.pdf?paper=a4" in page
    assert WORDS.say("key.kept") not in house.get("/key").text


def test_the_link_may_be_given_to_who_looks_after_the_card_too(house: Website) -> None:
    """Two parents know what to do; emergency staff get another code."""
    assert WORDS.say("key.never") in words(house.get("/key"))


def test_the_link_is_a_code_on_the_screen_for_another_phone(house: Website) -> None:
    """A phone reads the private link from it; the page says who may see it."""
    page = house.get("/key")
    picture = re.search(r'src="data:image/png;base64,([^"]+)"', page.text)
    assert picture and "Whoever scans it can change the card" in words(page)
    image = Image.open(io.BytesIO(base64.b64decode(picture[1])))
    (found,) = zxingcpp.read_barcodes(ImageOps.expand(image.convert("L"), 24, 255))
    assert found.text.casefold() == f"http://card.example/o/{house.kept.owner}".casefold()


def test_copying_and_sending_wait_for_a_browser_that_can(house: Website) -> None:
    """Both buttons are hidden without script."""
    page = house.get("/key").text
    for name in ("data-share", "data-copies"):
        button = re.search(rf"<button[^>]+{name}[^>]*>", page)
        assert button and " hidden" in button[0]
