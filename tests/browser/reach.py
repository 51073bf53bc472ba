"""How far the answers of an emergency page are for somebody who reads it on a phone."""

from dataclasses import dataclass
from math import ceil

from playwright.sync_api import Page

from tests.cast import WORDS

_SCREEN = {"width": 390, "height": 844}
# What a nurse asks of the page, and where it stands: below how many screens, or behind which jump.
_BY_EYE = {
    "what is it": "h1",
    "whom to call": "a.team .digits",
    "who is it": "#who",
    "allergic to what": ".who p:nth-of-type(2)",
    "how much a day, how strong": ".measure:nth-of-type(2) .amount",
    "which pump, and where": f".facts div:has-text('{WORDS.say('page.pump')}')",
    "last refill, alarm date": f".facts div:has-text('{WORDS.say('page.alarm_date')}')",
    "tablets too": f".facts div:has-text('{WORDS.say('page.oral')}')",
}
_BY_JUMP = {
    "stiff or floppy": ("#signs", "#apart tbody"),
    "what must never be done": ("#nots", ".never ul"),
}
FIRST_SCREEN = ("what is it", "whom to call", "who is it", "allergic to what")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: the screen that it is on, counted from one, after so many taps."""

    screen: int
    taps: int


def answers(page: Page) -> dict[str, Answer]:
    """Where each answer is on the page that is open."""
    page.set_viewport_size({"width": _SCREEN["width"], "height": _SCREEN["height"]})
    page.evaluate("scrollTo(0, 0)")
    found = {name: Answer(_screen(page, selector), 0) for name, selector in _BY_EYE.items()}
    for name, (target, selector) in _BY_JUMP.items():
        page.click(f"nav a[href='{target}']")
        found[name] = Answer(_screen(page, selector), 1)
    return found


def _screen(page: Page, selector: str) -> int:
    box = page.locator(selector).first.bounding_box()
    if box is None:
        raise RuntimeError(f"{selector} is not on the page")
    return ceil((box["y"] + box["height"]) / _SCREEN["height"])
