"""A phone whose pages say when the dose could first be read."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.waiting import until
from tests.chromium import FLAGS, whole

# The dose of the typical card, as its page says it.
DOSE = "400 mcg"
# From the beginning of the navigation until the dose can be read: a look lays the page out and
# gathers none of its other words.
_LOOKING = """const looking = setInterval(() => {
  if (!document.querySelector(".amount")?.innerText.includes("%s")) return;
  clearInterval(looking);
  window.doseAt = performance.now();
}, %d);"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a profile."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=whole(), args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def phone(browser: Browser, every: int) -> Iterator[BrowserContext]:
    """A phone on which nothing is kept, whose pages look for the dose ``every`` milliseconds."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.add_init_script(_LOOKING % (DOSE, every))
    try:
        yield context
    finally:
        context.close()


def opened(page: Page, address: str) -> float:
    """Seconds from the beginning of the navigation until the dose could be read."""
    page.goto(address)
    until(page, "window.doseAt")
    return float(page.evaluate("window.doseAt")) / 1000


def in_turn(works: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """What each work says that it took, round by round; every second round goes backwards."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for index in range(rounds):
        for name in list(works) if index % 2 == 0 else list(reversed(list(works))):
            taken[name].append(works[name]())
    return taken
