"""Waits until something is true in a page, or beside it."""

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Error, Page

# What a page does by itself it does within a second, and ten times later on a machine under load.
_LONGEST_S = 10
_PAUSE_MS = 50


def until(page: Page, expression: str, arg: Any = None) -> None:
    """Wait until the script ``expression`` says yes of the page, whatever page that then is.

    Playwright's ``wait_for_function`` asks a second time by ``eval`` in the page, which the pages'
    own policy forbids: it fails whenever the first answer is no.
    """
    until_true(page, lambda: _holds(page, expression, arg), expression)


def until_true(page: Page, is_true: Callable[[], bool], what: str) -> None:
    """Wait until ``is_true``, while the page goes on; ``what`` says it in words."""
    latest = time.monotonic() + _LONGEST_S
    while not is_true():
        assert time.monotonic() < latest, f"{page.url}: never {what}"
        page.wait_for_timeout(_PAUSE_MS)


def _holds(page: Page, expression: str, arg: Any) -> bool:
    try:
        return bool(page.evaluate(expression, arg))
    except Error as error:
        # The page that was asked has gone to another meanwhile.
        if "context was destroyed" in error.message:
            return False
        raise
