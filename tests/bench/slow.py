"""The emergency page on a slow phone beside a static file, which no program can beat by much."""

import gzip
import re
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from caregiver_card.briefing.content import load
from caregiver_card.pages import guide
from caregiver_card.style_sheets import screen_style
from tests.bench import examples, phone, servers
from tests.bench.figures import Row, at_most, milliseconds

MOST_OF_STATIC = 1.15
# The static file's, in bytes, compressed.
_SIZE = 12_000
_ROUNDS = 9
_LOOK = 25
# 400 ms, 400 kbit/s both ways, a processor four times slower.
_NETWORK = {"latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
_SLOWER = 4


def rows() -> list[Row]:
    """When the dose can be read."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'cards.sqlite'}"
        path = f"/c/{examples.keep(url)['typical']}"
        with (
            servers.project(folder, url) as ours,
            servers.still(folder) as still,
            phone.chromium() as browser,
        ):
            (folder / "page.html").write_text(static_page(), "utf-8")
            # Mends a page that was pressed by other code than the server's.
            ours.get(f"{path}/seen")
            taken = phone.in_turn(
                {
                    "ours": lambda: _opened(browser, ours.address(path)),
                    "foreign": lambda: _opened(browser, ours.address(f"{path}?l=fr")),
                    "static": lambda: _opened(browser, still.address("/page.html")),
                },
                _ROUNDS,
            )
    yardstick = f"static page of {_SIZE:,} bytes ({milliseconds(taken['static'])})"
    what = "slow phone, dose of /c/<token> visible"
    return [
        at_most(f"{what}{of}", yardstick, taken[key], taken["static"], MOST_OF_STATIC)
        for key, of in (("ours", ""), ("foreign", ", in French"))
    ]


def _opened(browser: Browser, address: str) -> float:
    with phone.phone(browser, _LOOK) as context:
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", {"offline": False, **_NETWORK})
        session.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
        return phone.opened(page, address)


def static_page() -> str:
    """A page with the dose at its beginning and our style inside, filled with the guide's items."""
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>A page</title>'
        '<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">'
        f"<style>{screen_style('emergency.css')}</style><h1>Baclofen pump</h1>"
        f'<p>+1 312 555 0142</p><p>Alex Rivera</p><p class="amount">{phone.DOSE}</p><ul>'
    )
    texts = (guide.page(load(tag)).plain().decode() for tag in ("en", "de"))
    for item in re.findall(r"<li>[^<]+", "".join(texts)):
        if len(gzip.compress((page + item).encode(), 9)) > _SIZE:
            return page
        page += item
    raise ValueError(f"the guide does not fill {_SIZE} bytes any more")
