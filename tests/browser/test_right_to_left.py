"""What is read from left to right is so on a page in Hebrew or Arabic too."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from caregiver_card.briefing.briefing import Briefing, brief
from caregiver_card.briefing.content import Content, load
from caregiver_card.card_service import CardService
from caregiver_card.pages import emergency
from tests import tables
from tests.alerting.mailbox import mailbox
from tests.browser.presses import lead_on
from tests.cast import CAST, alex, card_of, tuyet
from tests.languages.test_right_to_left import bare, briefing_of, every_card, every_language
from tests.languages.test_web import house_in
from tests.web.client import NOON

pytestmark = pytest.mark.browser

# The letters of a page or an element, as a person sees them, from left to right, line by line.
_SEEN = """within => {
  const range = document.createRange()
  const walk = document.createTreeWalker(within || document.body, NodeFilter.SHOW_TEXT)
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

_LEFT = "each => each.getBoundingClientRect().left"
# What does not stand where its mirror image would, were the page read from left to right.
_UNMIRRORED = """() => {
  const skipped = "svg *, .unseen, .skip, dt[dir=auto], dd > a"
  const boxes = [...document.querySelectorAll("body *")].filter(each => !each.matches(skipped)
    && each.checkVisibility() && getComputedStyle(each).display !== "inline")
  const places = () => boxes.map(each => each.getBoundingClientRect())
  const root = document.documentElement
  const before = places()
  root.dir = "ltr"
  const after = places()
  root.dir = "rtl"
  const isOff = (one, other) => Math.abs(one + other - root.clientWidth) > 1.5
  return boxes.filter((_, at) => isOff(before[at].left, after[at].right)
    || isOff(before[at].right, after[at].left))
    .map(each => each.outerHTML.slice(0, 100))
}"""


@pytest.fixture
def wide(chromium: Browser) -> Iterator[Page]:
    """A screen on which no line of these tests is broken."""
    page = chromium.new_page(viewport={"width": 1400, "height": 844})
    yield page
    page.close()


def _in_order(briefing: Briefing) -> list[str]:
    """What must be seen as it is written."""
    return [
        briefing.team.shown,
        *(each.number.shown for each in briefing.contacts if each.number),
    ]


def _backwards(words: str) -> str:
    """Hebrew or Arabic with figures among it, from left to right as it is seen."""
    return re.sub(r"\d+", lambda figures: figures[0][::-1], bare(words)[::-1])


def _author_and_day(name: str, content: Content) -> str:
    """Of the rescue plan: a Latin name at the right, and its day to the left of it, whole."""
    plan = card_of(CAST[name]()).regimen.rescue_plan
    assert plan and plan.written_on
    day = content.say("page.rescue_by", by="", on=content.day(plan.written_on))
    return _backwards(day) + bare(plan.written_by)


@every_card
@every_language
def test_numbers_are_seen_as_they_are_written(chromium: Browser, tag: str, name: str) -> None:
    """On the page: telephone numbers, doses with their unit, a day beside a Latin name."""
    briefing = briefing_of(tag, name)
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    page.set_content(emergency.page(briefing, NOON.date()))
    seen = bare(page.evaluate(_SEEN))
    units = page.evaluate(_UNITS)
    page.close()
    assert units == [True, True]
    for each in (*_in_order(briefing), _author_and_day(name, load(tag))):
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


@every_language
def test_a_page_is_the_mirror_image_of_one_read_from_left_to_right(
    wide: Page, url: str, keeper: CardService, tag: str
) -> None:
    """No box, button or gap is left at the side on which it stands in English."""
    card = card_of(alex({"language": tag}))
    home = f"{url}/o/{keeper.add(card, NOON).owner}"
    for below in ("", "/refill", "/edit/allergies", "/edit/contacts", "/history", "/delete"):
        wide.goto(home + below)
        assert wide.evaluate(_UNMIRRORED) == [], below


def test_a_change_is_read_from_right_to_left(wide: Page, url: str, keeper: CardService) -> None:
    """The arrow leads from what was, at the right, to what is, and "a day" follows its dose."""
    before, after = ({"language": "he", "regimen.daily_dose_mcg": dose} for dose in (310, 320))
    owner = keeper.add(card_of(alex(before)), NOON).owner
    keeper.save(owner, card_of(alex(after)), 1, "", NOON)
    wide.goto(f"{url}/o/{owner}")
    change = wide.locator(".history p.note").first
    assert "←" in change.inner_text()
    was, now = change.locator("bdi").all()[1:]
    assert bare(was.evaluate(_SEEN)) == f"{_backwards('ליום')}310mcg"
    assert was.evaluate(_LEFT) > now.evaluate(_LEFT)


@pytest.mark.parametrize(
    ("own", "read"), [("he", "he"), ("he", "en"), ("en", "he"), ("ar", "he"), ("en", "en")]
)
def test_words_to_say_run_as_their_language_does(wide: Page, own: str, read: str) -> None:
    """For a foreign reader, too, and where the first word is a maker's Latin name."""
    briefing = brief(card_of(alex({"language": own})), load(read), 1)
    wide.set_content(emergency.page(briefing, NOON.date()))
    lists = "each => [...each.children].map(item => getComputedStyle(item).direction)"
    said, *meant = [each.evaluate(lists) for each in wide.locator(".say ol").all()]
    assert set(said) == {load(own).manner.direction}
    assert not meant or set(meant[0]) == {load(read).manner.direction}


def test_what_a_table_is_asked_ends_at_the_left(wide: Page, url: str) -> None:
    """Though it begins with a number or a Latin name; the name of a column runs as it is typed."""
    wide.goto(f"{url}/new/batch?l=he")
    table = tables.table(tuyet({"language": "he"}))
    wide.set_input_files(
        "input[type=file]", {"name": "cards.csv", "mimeType": "text/csv", "buffer": table}
    )
    lead_on(wide.get_by_role("button", name=load("he").say("batch.check")))
    findings = wide.locator(".findings li").all()
    seen = " ".join(bare(each.evaluate(_SEEN)) for each in findings)
    for asked in ("זה נכון?", "צוות המשאבה יודע?"):
        assert _backwards(asked) in seen
    for column in wide.locator(".findings code").all():
        assert column.evaluate("each => getComputedStyle(each).direction") == "ltr"


def test_the_number_in_an_alert_is_seen_as_it_is_written(
    wide: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In its mail, and on the page that the mail leads to."""
    house = house_in(tmp_path, "he", monkeypatch)
    with mailbox() as house.post:
        house.add()
        house.send()
        house.browser.post(house.link("u"), data={"go": "yes"})
        house.send()
    mail = house.post.taken[-1][1].get_body(("html",))
    assert mail
    for html in (str(mail.get_content()), house.browser.get(house.link("a")).text):
        wide.set_content(html)
        assert "+1312-555-0142" in bare(wide.evaluate(_SEEN))
    house.keeper.store.dispose()
