"""Looks at a page as it stands in a browser: is it for everyone?"""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def look(page: Page, address: str, scheme: str) -> None:
    """axe finds nothing; nothing is wider than the screen; what is tapped is 44 px."""
    # A press may have led elsewhere: the page must have come to rest.
    page.wait_for_load_state("networkidle")
    # In the dark only the colours are others.
    options = {"runOnly": ["color-contrast"]} if scheme == "dark" else None
    found = Axe().run(page, options=options).response["violations"]
    assert not found, (address, [(each["id"], each["nodes"][0]["html"]) for each in found])
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, (address, wide)
    small = page.evaluate(
        """() => [...document.querySelectorAll("a, button, input, select, textarea, summary")]
          .filter((each) => each.checkVisibility() && !each.closest("p:not(.links)")
            && !["hidden", "radio", "checkbox"].includes(each.type)
            && !each.matches(".unseen, .skip, .summary a"))
          .filter((each) => each.getBoundingClientRect().height < 43.5)
          .map((each) => each.outerHTML)"""
    )
    assert not small, (address, small)
