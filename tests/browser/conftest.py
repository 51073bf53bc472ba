"""One Chromium and one server for all browser tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypedDict

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from caregiver_card.card_service import CardService
from caregiver_card.storage.records import AddedCard
from caregiver_card.storage.store import open_store
from tests.browser.network import Network, network
from tests.browser.serving import newer_program, serving
from tests.cast import CAST, alex, card_of
from tests.chromium import FLAGS, program
from tests.servers import Server, database, gunicorn
from tests.web.client import NOON


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of the system's packages."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=FLAGS)
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
    with serving(tmp_path_factory.mktemp("served")) as running:
        yield running


@pytest.fixture(scope="session")
def url(server: Server) -> str:
    """Where the server is that keeps ``keeper``'s cards."""
    return server.url


@pytest.fixture(scope="session")
def keeper(server: Server) -> Iterator[CardService]:
    """The cards that the server keeps: each test adds its own."""
    with _keeper(server.log.parent) as made:
        yield made


@contextmanager
def _keeper(folder: Path) -> Iterator[CardService]:
    store = open_store(database(folder))
    yield CardService(store)
    store.dispose()


@pytest.fixture(scope="session")
def addresses(server: Server, keeper: CardService) -> dict[str, str]:
    """The address of every page that is looked at, by name."""
    found = {
        "home": f"{server.url}/",
        "guide": f"{server.url}/guide",
        "beeping": f"{server.url}/beeping",
        "signs": f"{server.url}/signs",
        "unknown": f"{server.url}/c/{'0' * 26}",
        "nothing": f"{server.url}/nothing",
    }
    for name, make in CAST.items():
        kept = keeper.add(card_of(make()), NOON)
        found[name] = f"{server.url}/c/{kept.reader_links[0].token}"
        found[f"{name}, beeping"] = f"{found[name]}/beeping"
        found[f"{name}, see"] = f"{found[name]}/see"
        found[f"{name}, owner"] = f"{server.url}/o/{kept.owner}"
        keeper.calendars.add(kept.owner, "neutral Maria's phone", NOON.date())
        found[f"{name}, heard"] = f"{server.url}/o/{kept.owner}/heard"
        found[f"{name}, calendar"] = f"{server.url}/o/{kept.owner}/calendar"
    record = f"{server.url}/o/{kept.owner}/record"
    link = keeper.health_links.add(kept.owner, "Hospital visit", NOON.date(), None)
    return found | {"record": record, "record code": f"{record}/{link.id}"}


# For a phone whose network can misbehave --------------------------------------------------------


@pytest.fixture(scope="session")
def line() -> Iterator[Network]:
    """The network between the phone and the server."""
    with network() as made:
        yield made


@pytest.fixture(scope="session")
def folder_afar(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server at its other end keeps its cards."""
    return tmp_path_factory.mktemp("afar")


@pytest.fixture(scope="session")
def keeper_afar(folder_afar: Path, afar: str) -> Iterator[CardService]:
    """Those cards."""
    with _keeper(folder_afar) as made:
        yield made


@pytest.fixture(scope="session")
def afar(folder_afar: Path, line: Network) -> Iterator[str]:
    """The server at its other end, by the real clock: a worker knows no other."""
    with gunicorn(folder_afar, CARD_PUBLIC_URL=line.url, WEB_CONCURRENCY="1") as running:
        yield running.url


class _SettingsAfar(TypedDict):
    """What a server is told, all of it words."""

    CARD_DATABASE_URL: str
    CARD_PUBLIC_URL: str
    WEB_CONCURRENCY: str


@pytest.fixture(scope="session")
def settings_afar(folder_afar: Path, line: Network) -> _SettingsAfar:
    """What another server with the same cards at the same address is told."""
    return {
        "CARD_DATABASE_URL": database(folder_afar),
        "CARD_PUBLIC_URL": line.url,
        "WEB_CONCURRENCY": "1",
    }


@pytest.fixture(scope="session")
def newer(
    tmp_path_factory: pytest.TempPathFactory, afar: str, settings_afar: _SettingsAfar
) -> Iterator[str]:
    """A newer version of the program, by one word, with the same cards."""
    tree = newer_program(tmp_path_factory.mktemp("newer"))
    place = tmp_path_factory.mktemp("newer-served")
    with gunicorn(place, root=tree, **settings_afar) as running:
        yield running.url


@pytest.fixture(scope="session")
def switched_off(
    tmp_path_factory: pytest.TempPathFactory, afar: str, settings_afar: _SettingsAfar
) -> Iterator[str]:
    """The server with the kill switch on."""
    place = tmp_path_factory.mktemp("off")
    with gunicorn(place, CARD_OFFLINE="off", **settings_afar) as running:
        yield running.url


@pytest.fixture
def net(line: Network, afar: str) -> Iterator[Network]:
    """The network, open at the start of every test."""
    line.server, line.mode, line.refused = afar, "open", ""
    line.asked.clear()
    yield line
    line.mode = "open"
    if not line.listening:
        line.start()


@pytest.fixture
def card(keeper: CardService) -> AddedCard:
    """A card of its own for a test."""
    return keeper.add(card_of(alex()), datetime.now(UTC))
