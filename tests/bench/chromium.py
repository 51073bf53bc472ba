"""A warm Chromium that prints through its debugging protocol."""

import base64
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from caregiver_card.style_sheets import print_style
from tests.chromium import whole

_OPTIONS = {"generateTaggedPDF": True, "preferCSSPageSize": True, "printBackground": True}


# What elements.css leaves out of a browser's own sheet.
_PLAIN = "body, h1, h2, p, ol, ul { margin: 0 }\n"


def with_style(page: str, styles: tuple[str, ...]) -> str:
    """The print's own page with its own style sheets inside, for nothing is fetched."""
    inside = _PLAIN + "\n".join(print_style(each) for each in styles)
    return page.replace("</head>", f"<style>{inside}</style></head>")


def seconds() -> float:
    """The processor's time of every thread of the browser that ``printer`` started, so far."""
    parents = {path.parent: _parent(path) for path in Path("/proc").glob("[0-9]*/stat")}
    ours = [Path(f"/proc/{os.getpid()}")]
    for each in ours:
        ours += [child for child, parent in parents.items() if parent == each.name]
    browser = [each for each in ours if b"chromium" in _read(each / "cmdline").split(b"\0")[0]]
    # By the nanosecond; the usual figures are by the hundredth of a second.
    threads = [path for each in browser for path in each.glob("task/*/schedstat")]
    return sum(int((_read(path).split() or [b"0"])[0]) for path in threads) / 1e9


def _parent(stat: Path) -> str:
    # The name of a process stands in brackets and may hold anything; a process may end meanwhile.
    after = _read(stat).rpartition(b")")[2].split()
    return after[1].decode() if len(after) > 1 else ""


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


@contextmanager
def printer() -> Iterator[Callable[[str], bytes]]:
    """What makes a tagged PDF of a page; each card is a new document in the same tab."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=whole())
        try:
            tab = browser.new_page()
            session = tab.context.new_cdp_session(tab)

            def to_pdf(page: str) -> bytes:
                tab.set_content(page)
                return base64.b64decode(session.send("Page.printToPDF", _OPTIONS)["data"])

            yield to_pdf
        finally:
            browser.close()
