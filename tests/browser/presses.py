"""Presses that lead to another page."""

from playwright.sync_api import Locator


def lead_on(pressed: Locator) -> None:
    """Press what leads to another page, and wait until that page is loaded.

    A press returns before a form with a file is on its way.
    """
    with pressed.page.expect_navigation():
        pressed.click()
