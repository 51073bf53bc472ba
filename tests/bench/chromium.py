"""A warm Chromium that prints through its debugging protocol."""

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import sync_playwright

from caregiver_card.paper import style

_PATH = "/usr/bin/chromium"
_OPTIONS = {"generateTaggedPDF": True, "preferCSSPageSize": True, "printBackground": True}


def with_style(page: str, styles: tuple[str, ...]) -> str:
    """The print's own page with its own style sheets inside, for nothing is fetched."""
    inside = "\n".join(style(each) for each in styles)
    return page.replace("</head>", f"<style>{inside}</style></head>")


@contextmanager
def printer() -> Iterator[Callable[[str], bytes]]:
    """What makes a tagged PDF of a page; each card is a new document in the same tab."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_PATH)
        try:
            tab = browser.new_page()
            session = tab.context.new_cdp_session(tab)

            def to_pdf(page: str) -> bytes:
                tab.set_content(page)
                return base64.b64decode(session.send("Page.printToPDF", _OPTIONS)["data"])

            yield to_pdf
        finally:
            browser.close()
