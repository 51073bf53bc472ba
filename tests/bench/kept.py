"""A kept card opened with no network, beside the same page kept in the two plain ways.

The page is the very one that our worker shows. The yardstick of the goal is a worker that does the
least that a worker can and answers with it from its cache: to open a page with no network for sure
takes a worker, since the browser's own cache drops what it likes. That cache, without any worker,
stands beside it for information. Nothing is slowed down: Chromium does not slow the worker with its
page. Cold is the usual case: nothing was open for a while, and the worker has ended.
"""

import tempfile
from functools import partial
from pathlib import Path

from playwright.sync_api import BrowserContext, Page

from caregiver_card.briefing.content import load
from tests.bench import examples, phone, servers
from tests.bench.figures import Row, at_most, information, milliseconds

MOST_OF_CACHED = 1.20
_ROUNDS = 25
_LOOK = 4
_WORKER = """
addEventListener("install", (event) => event.waitUntil(keep()));
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => event.respondWith(caches.match(event.request)));
async function keep() {
  await (await caches.open("still")).add("/kept/page.html");
  await skipWaiting();
}
"""
_REGISTER = """async () => {
  const found = await navigator.serviceWorker.register("/sw.js", { scope: "/kept/" });
  const worker = found.installing ?? found.waiting ?? found.active;
  if (worker.state !== "activated") {
    await new Promise((done) => worker.addEventListener("statechange",
      () => worker.state === "activated" && done()));
  }
}"""


def rows() -> list[Row]:
    """When the dose can be read, with the worker ended and at work."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'cards.sqlite'}"
        path = f"/c/{examples.keep(url)['typical']}"
        with (
            servers.project(folder, url) as ours,
            servers.still(folder) as still,
            phone.chromium() as browser,
            phone.phone(browser, _LOOK) as context,
        ):
            address = ours.address(path)
            text = _keep(context.new_page(), address)
            for kind in ("kept", "plain"):
                (folder / kind).mkdir()
                (folder / kind / "page.html").write_text(text, "utf-8")
            (folder / "sw.js").write_text(_WORKER)
            return _measured(context, address, still)


def _keep(page: Page, address: str) -> str:
    """Keep the card on this phone; the page that it then shows with no network."""
    page.goto(f"{address}/keep")
    page.click("#press")
    page.get_by_text(load().say("keep.saved"), exact=True).wait_for()
    page.context.set_offline(True)
    answer = page.goto(address)
    text = answer.text() if answer else ""
    page.context.set_offline(False)
    page.close()
    if 'class="keep"' not in text:
        raise RuntimeError("the card was not kept")
    return text


def _measured(context: BrowserContext, address: str, still: servers.Server) -> list[Row]:
    worked, plain = still.address("/kept/page.html"), still.address("/plain/page.html")
    page = context.new_page()
    page.goto(plain)
    page.evaluate(_REGISTER)
    context.set_offline(True)
    addresses = {"ours": address, "worker": worked, "plain": plain}
    found = []
    for how, ended in (("cold", True), ("warm", False)):
        taken = phone.in_turn(
            {
                name: partial(_opened, context, each, ended=ended)
                for name, each in addresses.items()
            },
            _ROUNDS,
        )
        what = f"kept card with no network, {how}"
        least = f"the least worker ({milliseconds(taken['worker'])})"
        cache = f"HTTP cache ({milliseconds(taken['plain'])})"
        found += [
            at_most(what, least, taken["ours"], taken["worker"], MOST_OF_CACHED),
            information(f"  {how}", cache, taken["ours"], taken["plain"]),
        ]
    return found


def _opened(context: BrowserContext, address: str, *, ended: bool) -> float:
    page = context.new_page()
    try:
        if ended:
            session = context.new_cdp_session(page)
            session.send("ServiceWorker.enable")
            session.send("ServiceWorker.stopAllWorkers")
            session.detach()
        return phone.opened(page, address)
    finally:
        page.close()
