"""A card behind nginx and behind Caddy, with the files of ``deploy/``."""

import http.client
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pytest

from caregiver_card.card_service import CardService
from caregiver_card.storage.records import AddedCard
from caregiver_card.storage.store import open_store
from tests.cast import WORDS, alex, card_of
from tests.deploy.proxies import PROXIES, Proxy, running
from tests.servers import Server, database, free_port, gunicorn
from tests.web.client import NOON

pytestmark = pytest.mark.slow


@dataclass(frozen=True, slots=True)
class Site:
    """A server behind a proxy, and a card in it."""

    server: Server
    proxy: Proxy
    added: AddedCard

    @property
    def page(self) -> str:
        """The address of its emergency page."""
        return f"/c/{self.added.reader_links[0].token}"

    def ask(
        self,
        path: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of an answer through the proxy."""
        return ask(self.proxy, path, method, body, headers)


def ask(
    proxy: Proxy,
    path: str,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] = MappingProxyType({}),
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of an answer."""
    connection = http.client.HTTPConnection("card.example", proxy.port)
    connection.sock = proxy.connect()
    try:
        connection.request(method, path, body, {"Host": "card.example", **headers})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


@pytest.fixture(scope="module", params=PROXIES)
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """A running site."""
    folder = tmp_path_factory.mktemp("proxied")
    with gunicorn(
        folder, CARD_TRUSTED_PROXIES="1", CARD_PUBLIC_URL="https://card.example"
    ) as server:
        port = int(server.url.rpartition(":")[2])
        with running(PROXIES[request.param], folder / "proxy", port) as proxy:
            yield Site(server, proxy, _add(folder))


def _add(folder: Path) -> AddedCard:
    store = open_store(database(folder))
    try:
        return CardService(store).add(card_of(alex()), NOON)
    finally:
        store.dispose()


def test_a_card_opens_and_prints(site: Site) -> None:
    """With every header of ours, once."""
    status, headers, body = site.ask(site.page)
    assert status == 200 and b"Alex Rivera" in body
    assert headers["Strict-Transport-Security"].startswith("max-age=")
    assert headers["Cache-Control"] == "no-store" and headers["Referrer-Policy"] == "no-referrer"
    status, _, pdf = site.ask(f"{site.page}/card.pdf?layout=sheet")
    assert status == 200 and pdf.startswith(b"%PDF")
    status, _, archive = site.ask(f"/o/{site.added.owner}/everything.zip")
    assert status == 200 and archive.startswith(b"PK")


def test_nothing_that_a_client_says_of_the_way_is_believed(site: Site) -> None:
    """No other host, no prefix before a path, and no address but its own."""
    lies = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Prefix": "/evil",
        "X-Forwarded-Port": "1",
        "Forwarded": "host=evil.example",
        "SCRIPT_NAME": "/evil",
        "PATH_INFO": "/evil",
    }
    status, headers, _ = site.ask(f"/o/{site.added.owner}/choose", headers=lies)
    assert status == 302 and headers["Location"] == f"/o/{site.added.owner}"
    for path in (site.page, f"/o/{site.added.owner}"):
        status, _, body = site.ask(path, headers=lies)
        assert status == 200 and b"evil" not in body


def test_clients_that_drip_delay_nobody(site: Site) -> None:
    """Sixty of them, half in their heads and half in their bodies."""
    heads = (
        b"GET / HTTP/1.1\r\nHost: card.example\r\nX-",
        b"POST /new HTTP/1.1\r\nHost: card.example\r\nContent-Length: 100\r\n\r\nx",
    )
    with ExitStack() as stack:
        for number in range(60):
            stack.enter_context(site.proxy.connect()).sendall(heads[number % 2])
        began = time.monotonic()
        assert site.ask(site.page)[0] == site.ask("/new")[0] == 200
        assert time.monotonic() - began < 5


def test_what_is_typed_is_in_no_file_of_the_proxy(site: Site) -> None:
    """Not even a long form, nor a token, after every kind of answer."""
    typed = b"csrf_token=x&note=" + b"Rivera-canary " * 20_000
    status, _, _ = site.ask(
        f"/o/{site.added.owner}/refill",
        "POST",
        typed,
        {"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert status == 400
    site.ask("/c/AAAAAAAAAAAAAAAAAAAAAAAAAA")
    site.ask(f"{site.page}/card.pdf?layout=sheet")
    written = site.proxy.written()
    assert b"Rivera" not in written and b"AAAAAAAAAAAAAAAA" not in written
    assert site.added.reader_links[0].token.encode() not in written


def test_a_hospitals_file_passes_and_is_in_no_file_of_the_proxy(site: Site) -> None:
    """Of the size that the program takes, at each address that takes one."""
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    sent = b"csrf_token=x&note=" + b"Rivera-canary " * 500_000
    # The program has read it all: what it refuses is a form that is not its own.
    for path in ("/new/hospital", f"/o/{site.added.owner}/edit/hospital"):
        status, _, body = site.ask(path, "POST", sent, kind)
        assert status == 400 and WORDS.say("form.stale_title").encode() in body, path
    assert b"Rivera" not in site.proxy.written()


@pytest.mark.parametrize("kind", PROXIES)
def test_a_restart_of_the_program_writes_no_token_down(kind: str, tmp_path: Path) -> None:
    """Whoever scans meanwhile reads that the numbers are on the card, and then the page."""
    port = free_port()
    with running(PROXIES[kind], tmp_path / "proxy", port) as proxy:
        token = _add_before(tmp_path)
        for path in (f"/c/{token}", f"/%63/{token}", f"/c/{token}/seen?{token}"):
            status, headers, body = ask(proxy, path)
            assert status in (502, 503) and b"printed on the card" in body
            assert headers["Cache-Control"] == "no-store" and headers["Retry-After"] == "10"
        with gunicorn(tmp_path, port=port):
            for _ in range(100):
                if ask(proxy, f"/c/{token}")[0] == 200:
                    break
                time.sleep(0.1)
            assert ask(proxy, f"/c/{token}")[0] == 200
        assert ask(proxy, f"/c/{token}")[0] in (502, 503)
    assert token.encode() not in proxy.written()


def _add_before(folder: Path) -> str:
    return _add(folder).reader_links[0].token
