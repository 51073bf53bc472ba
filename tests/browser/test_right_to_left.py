"""What is read from left to right is so on a page in Hebrew or Arabic too."""

import pytest
from playwright.sync_api import Browser

from caregiver_card.briefing.briefing import Briefing
from caregiver_card.card_service import CardService
from caregiver_card.pages import emergency
from tests.cast import alex, card_of
from tests.languages.test_right_to_left import bare, briefing_of, every_card, every_language
from tests.web.client import NOON

pytestmark = pytest.mark.browser

# The places of the letters of a text, as a person sees them, from left to right and line by line.
_SEEN = """words => {
  const range = document.createRange()
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const letters = []
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    if (!node.parentElement.checkVisibility()) continue
    for (let at = 0; at < node.length; at++) {
      range.setStart(node, at)
      range.setEnd(node, at + 1)
      const box = range.getBoundingClientRect()
      if (box.width) letters.push([Math.round(box.bottom), box.left, node.data[at]])
    }
  }
  letters.sort((a, b) => a[0] - b[0] || a[1] - b[1])
  return letters.map(each => each[2]).join("")
}"""


# Whether each unit stands to the right of its number.
_UNITS = """() => [...document.querySelectorAll(".amount")].map(each => {
  const number = document.createRange()
  number.selectNodeContents(each.firstChild)
  const unit = each.querySelector("small").getBoundingClientRect()
  return unit.left > number.getBoundingClientRect().left
})"""

# Of each drawing: the middles of its first mark and of "today", and the words that leave its tile
# or are mirrored.
_DRAWN = """() => [...document.querySelectorAll("svg.gauge, svg.chart")].map((drawing) => {
  const tile = drawing.closest("section").getBoundingClientRect()
  const middle = ({ left, right }) => (left + right) / 2
  const words = [...drawing.querySelectorAll("text")]
  const isWrong = (each) => {
    const { left, right } = each.getBoundingClientRect()
    return left < tile.left || right > tile.right || each.getScreenCTM().a < 0
  }
  return {
    first: middle(drawing.querySelector(".mark").getBoundingClientRect()),
    today: middle(words.at(-1).getBoundingClientRect()),
    wrong: words.filter(isWrong).map(each => each.textContent),
  }
})"""


def _in_order(briefing: Briefing) -> list[str]:
    """What must be seen as it is written."""
    return [
        briefing.team.shown,
        *(each.number.shown for each in briefing.contacts if each.number),
    ]


@every_card
@every_language
def test_numbers_are_seen_as_they_are_written(chromium: Browser, tag: str, name: str) -> None:
    """On the page: telephone numbers, doses with their unit."""
    briefing = briefing_of(tag, name)
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    page.set_content(emergency.page(briefing, NOON.date()))
    seen = bare(page.evaluate(_SEEN))
    units = page.evaluate(_UNITS)
    page.close()
    assert units == [True, True]
    for each in _in_order(briefing):
        assert bare(each) in seen, each


@pytest.mark.parametrize("tag", ["ar", "en", "he"])
def test_time_goes_the_way_a_page_is_read(
    chromium: Browser, url: str, keeper: CardService, tag: str
) -> None:
    """In both drawings of the owner's page; no word of them is mirrored or leaves its tile."""
    owner = keeper.add(card_of(alex({"language": tag})), NOON).owner
    for width in (320, 1400):
        page = chromium.new_page(viewport={"width": width, "height": 844})
        page.goto(f"{url}/o/{owner}")
        drawings = page.evaluate(_DRAWN)
        page.close()
        assert len(drawings) == 2
        for each in drawings:
            assert each["wrong"] == []
            assert (each["first"] > each["today"]) == (tag != "en")
