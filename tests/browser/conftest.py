"""One Chromium and one server for all browser tests."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from caregiver_card.keeper import Keeper
from caregiver_card.keeping.store import open_store
from tests.browser.serving import serving
from tests.people import CAST, WORDS, card_of
from tests.servers import Server, free_port, gunicorn
from tests.web.client import NOON

_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# The app with a clock that stands still.
_WSGI = """
import os
from datetime import UTC, datetime
from caregiver_card.web import create_app
from caregiver_card.web.config import Config

app = create_app(
    Config.from_environment(os.environ), lambda: datetime(2026, 11, 21, 12, tzinfo=UTC)
)
"""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of the system's packages."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        pytest.fail("Chromium is not installed; install the package chromium", pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def either(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A phone with script, and one without."""
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, java_script_enabled=request.param
    )
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real server where it is noon on 21 November 2026."""
    folder, port = tmp_path_factory.mktemp("served"), free_port()
    (folder / "still.py").write_text(_WSGI)
    with gunicorn(folder, "still:app", "--pythonpath", str(folder), port=port) as running:
        yield running


@pytest.fixture(scope="session")
def addresses(server: Server) -> dict[str, str]:
    """The address of every page that is looked at, by name."""
    found = {
        "home": f"{server.url}/",
        "guide": f"{server.url}/guide",
        "beeping": f"{server.url}/beeping",
        "signs": f"{server.url}/signs",
        "unknown": f"{server.url}/c/{'0' * 26}",
        "nothing": f"{server.url}/nothing",
    }
    store = open_store(f"sqlite:///{server.log.parent}/instance/cards.sqlite")
    keeper = Keeper(store, WORDS)
    for name, make in CAST.items():
        kept = keeper.add(card_of(make()), NOON)
        found[name] = f"{server.url}/c/{kept.readers[0].token}"
        found[f"{name}, beeping"] = f"{found[name]}/beeping"
        found[f"{name}, see"] = f"{found[name]}/see"
        found[f"{name}, owner"] = f"{server.url}/o/{kept.owner}"
        keeper.calendars.add(kept.owner, "neutral Maria's phone", NOON.date())
        found[f"{name}, heard"] = f"{server.url}/o/{kept.owner}/heard"
        found[f"{name}, calendar"] = f"{server.url}/o/{kept.owner}/calendar"
    store.dispose()
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where this module's server keeps its cards."""
    return tmp_path_factory.mktemp("cards")


@pytest.fixture(scope="module")
def url(folder: Path) -> Iterator[str]:
    """A server of this module's own."""
    with serving(folder) as address:
        yield address


@pytest.fixture(scope="module")
def keeper(folder: Path, url: str) -> Iterator[Keeper]:
    """The cards that the server keeps."""
    store = open_store(f"sqlite:///{folder}/cards.sqlite")
    yield Keeper(store, WORDS)
    store.dispose()
