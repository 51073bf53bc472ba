"""Real gunicorns: a connection that says nothing, and a database that is not there."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pytest

from caregiver_card.card_service import CardService
from caregiver_card.storage.records import AddedCard
from caregiver_card.storage.store import open_store
from tests.cast import WORDS, alex, card_of
from tests.servers import AWAY, Server, database, environment, free_port, gunicorn, until
from tests.web.client import NOON

# Real servers and real seconds.
pytestmark = pytest.mark.slow


@contextmanager
def _silent(server: Server, count: int) -> Iterator[None]:
    """Connections that are opened ahead of need, as browsers do."""
    with ExitStack() as open_ones:
        for _ in range(count):
            open_ones.enter_context(server.connect())
        yield


def test_silent_connections_do_not_delay_a_page(tmp_path: Path) -> None:
    """With more of them than there are workers; gunicorn's own would answer after 30 seconds."""
    with gunicorn(tmp_path) as server, _silent(server, 8):
        began = time.monotonic()
        assert server.get("/healthz")[0] == 200
        assert time.monotonic() - began < 5


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with two workers for pages, one for forms and two for prints."""
    with gunicorn(tmp_path_factory.mktemp("server"), WEB_CONCURRENCY="2") as running:
        yield running


@pytest.fixture(scope="module")
def added(server: Server) -> AddedCard:
    """A card in its database."""
    store = open_store(database(server.log.parent))
    try:
        return CardService(store).add(card_of(alex()), NOON)
    finally:
        store.dispose()


def _say(server: Server, raw: bytes) -> tuple[int, dict[str, str], bytes]:
    """Send bytes; status, headers and body of the answer."""
    # An answer that does not come holds its socket open.
    with server.connect() as client, closing(http.client.HTTPResponse(client)) as answer:
        client.sendall(raw)
        answer.begin()
        return answer.status, dict(answer.getheaders()), answer.read()


def _get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: card.example\r\n\r\n".encode()


def test_pages_of_a_visit_share_a_connection(server: Server, added: AddedCard) -> None:
    """One after the other."""
    page = f"/c/{added.reader_links[0].token}"
    with server.connect() as client:
        for path in (page, "/guide", page):
            client.sendall(_get(path))
            answer = http.client.HTTPResponse(client)
            answer.begin()
            assert answer.status == 200 and answer.read()
            assert answer.getheader("Connection") == "keep-alive"


def test_clients_that_drip_delay_nobody(server: Server) -> None:
    """More of them than there are workers and threads."""
    with ExitStack() as stack:
        for _ in range(40):
            stack.enter_context(server.connect()).sendall(b"GET / HTTP/1.1\r\nHost:")
        began = time.monotonic()
        for path in ("/guide", "/new", "/healthz"):
            assert server.get(path)[0] == 200
        assert time.monotonic() - began < 5


def test_a_client_that_does_not_read_delays_nobody(server: Server, added: AddedCard) -> None:
    """Eight of them leave their prints lying; a ninth gets its own."""
    path = f"/c/{added.reader_links[0].token}/card.pdf?layout=sheet"
    with ExitStack() as stack:
        for _ in range(8):
            client = stack.enter_context(server.connect())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
            client.sendall(_get(path))
        status, pdf = server.get(path)
        assert status == 200 and pdf.startswith(b"%PDF")


# The program with a print that lasts until the test says so, and names its worker.
_HELD = """
import os, pathlib, time
from caregiver_card.web.server.work import print_work
from wsgi import app

folder = pathlib.Path(os.environ["TMPDIR"])

@app.get("/held")
@print_work
def held():
    (folder / f"{os.getpid()}.worker").touch()
    while not (folder / "go-on").exists():
        time.sleep(0.05)
    return "printed"
"""


@dataclass(frozen=True)
class _HeldPrints:
    server: Server
    folder: Path

    def go_on(self) -> None:
        """Let every print end."""
        (self.folder / "go-on").touch()

    def workers(self) -> list[int]:
        """The workers that have begun a print."""
        return [int(path.stem) for path in self.folder.glob("*.worker")]


@pytest.fixture
def held(tmp_path: Path) -> Iterator[_HeldPrints]:
    """A server with two workers for prints, whose prints wait."""
    (tmp_path / "held.py").write_text(_HELD)
    options = ("--pythonpath", str(tmp_path))
    with gunicorn(tmp_path, "held:app", *options, WEB_CONCURRENCY="2") as server:
        yield _HeldPrints(server, tmp_path / "tmp")


def test_a_full_queue_says_when_to_come_back(held: _HeldPrints) -> None:
    """In words, with our headers; each that was let in is printed, and pages open meanwhile."""
    with ThreadPoolExecutor(30) as people:
        asked = [people.submit(_say, held.server, _get("/held")) for _ in range(2)]
        until(lambda: len(held.workers()) == 2)
        # Sixteen more may wait, and one if both page workers let in the last at once.
        asked += [people.submit(_say, held.server, _get("/held")) for _ in range(28)]
        answers = [each.result() for each in islice(as_completed(asked), 11)]
        assert held.server.get("/guide")[0] == 200
        held.go_on()
    for status, headers, body in answers:
        assert status == 503 and headers["Retry-After"] == "10"
        assert "Content-Security-Policy" in headers
        assert WORDS.say("error.title-busy").encode() in body
    told = Counter(each.result()[0] for each in asked)
    assert told in ({200: 18, 503: 12}, {200: 19, 503: 11})


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 40_000, 431),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", 411),
        (b"\x16\x03\x01 nothing\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nBad header\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", 400),
        (b"POST /new/file HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\nx", 413),
    ],
    ids=["endless", "chunked", "tls", "header", "version", "large"],
)
def test_what_is_no_request_gets_our_page(server: Server, raw: bytes, status: int) -> None:
    """With the headers of every other answer; a record system's page may read it."""
    told, headers, body = _say(server, raw)
    assert told == status
    assert status == 413 or headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Cache-Control"] == "no-store" and "Content-Security-Policy" in headers
    assert b"<h1>" in body


def test_a_print_worker_that_dies_takes_one_print_with_it(held: _HeldPrints) -> None:
    """The others are printed, by the other one and by the next."""
    with ThreadPoolExecutor(8) as people:
        asked = [people.submit(_status, held.server, "/held") for _ in range(8)]
        until(lambda: len(held.workers()) == 2)
        os.kill(held.workers()[0], signal.SIGKILL)
        assert next(as_completed(asked)).result() == 0
        held.go_on()
    assert sorted(each.result() for each in asked) == [0, *[200] * 7]


# The program with a print that never ends, and a second in which a print has to be done.
_ENDLESS = """
from caregiver_card.web.server import worker
from caregiver_card.web.server.work import print_work
from wsgi import app

worker._PRINT_S = 1

@app.get("/endless")
@print_work
def endless():
    while True:
        pass
"""


def test_a_print_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    """It says so, and its worker prints the next."""
    (tmp_path / "endless.py").write_text(_ENDLESS)
    with gunicorn(tmp_path, "endless:app", "--pythonpath", str(tmp_path)) as server:
        assert server.get("/endless")[0] == 503
        with ThreadPoolExecutor(4) as people:
            assert set(people.map(lambda _: server.get("/endless")[0], range(4))) == {503}
        assert "request: took too long" in server.log.read_text()


def test_a_server_is_stopped_when_its_prints_are_done(held: _HeldPrints) -> None:
    """What was let in is answered before the last worker ends."""
    with ThreadPoolExecutor(1) as people:
        asked = people.submit(_status, held.server, "/held")
        until(lambda: len(held.workers()) == 1)
        os.kill(held.server.pid, signal.SIGTERM)
        held.go_on()
        assert asked.result() == 200


def _status(server: Server, path: str) -> int:
    try:
        return server.get(path)[0]
    except (OSError, http.client.HTTPException):
        return 0


def test_a_server_starts_while_its_database_is_away(tmp_path: Path) -> None:
    """After a power cut both come back, in any order; the guide needs no database."""
    with gunicorn(tmp_path, CARD_DATABASE_URL=AWAY) as server:
        assert server.get("/guide")[0] == 200
        assert server.get("/healthz")[0] == 503
        assert server.get("/c/AAAAAAAAAAAAAAAAAAAAAAAAAA")[0] == 503
        assert "database: cannot be reached" in server.log.read_text()


def test_an_address_that_can_never_be_right_is_said_in_one_line(tmp_path: Path) -> None:
    """The setting is named, its value is not: there may be a password in it."""
    settings = environment(tmp_path, free_port(), CARD_DATABASE_URL="mysql://nobody:secret@there")
    done = subprocess.run(
        [sys.executable, "-m", "gunicorn", "wsgi:app"], env=settings, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "\nERROR settings: CARD_DATABASE_URL: the address is not sqlite:///PATH" in done.stderr
    assert "Traceback" not in done.stderr and "secret" not in done.stderr
