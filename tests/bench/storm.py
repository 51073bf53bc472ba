"""The emergency page while others print, upload, drip and lock: its answers beside those in peace.

Each storm blows from processes of its own, for some seconds; meanwhile one client opens the page
again and again, as phones do, on a new connection each time.
"""

import contextlib
import http.client
import multiprocessing
import os
import re
import socket
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing.synchronize import Event
from pathlib import Path
from statistics import quantiles
from typing import Any

import requests

from tests.bench import examples, servers
from tests.bench.figures import Row
from tests.cast import alex
from tests.tables import table

MOST_OF_PEACE = 3.0
_SECONDS = 8.0
# Between two openings: the client that looks is no storm itself.
_PAUSE_S = 0.01
_PEOPLE = 8
_DRIPPING = 20
_CARDS = 20
# People are elsewhere: they do not take the processor from the server.
_NICENESS = 19
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Place:
    """Where the server is, what it serves, and the file of its database."""

    server: servers.Server
    reader: str
    owner: str
    database: Path


@dataclass(slots=True)
class Looked:
    """How long each opening took, in seconds, and how many went wrong."""

    taken: list[float] = field(default_factory=list)
    failed: int = 0

    def percentile(self, number: int) -> float:
        """The 50th or 99th, in milliseconds."""
        return quantiles(self.taken, n=100)[number - 1] * 1000


Storm = Callable[[Place, Event], None]


def rows() -> list[Row]:
    """p50 and p99 in peace, then in each storm and in all of them at once."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'cards.sqlite'}"
        with servers.project(folder, url, public_url="") as server:
            place = _place(server, folder)
            found = []
            for storm, blowing in STORMS.items():
                peace = look(place)
                with ExitStack() as stack:
                    for each in blowing:
                        stack.enter_context(_blow(each, place))
                    time.sleep(1)
                    found.append(_row(storm, peace, look(place)))
            return [*found, *_prints(place)]


def look(place: Place, seconds: float = _SECONDS) -> Looked:
    """Open the page for some seconds."""
    looked, end = Looked(), time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.perf_counter()
        try:
            response, body = place.server.get(f"/c/{place.reader}")
            looked.failed += response.status != 200 or len(body) < 5000
        except OSError:
            looked.failed += 1
        looked.taken.append(time.perf_counter() - began)
        time.sleep(_PAUSE_S)
    return looked


def _row(storm: str, peace: Looked, looked: Looked) -> Row:
    ratio = looked.percentile(99) / peace.percentile(99)
    value = (
        f"{ratio:.2f} (p50 {looked.percentile(50):.1f} ms, p99 {looked.percentile(99):.1f} ms, "
        f"{looked.failed} of {len(looked.taken)} failed)"
    )
    yardstick = f"peace (p50 {peace.percentile(50):.1f} ms, p99 {peace.percentile(99):.1f} ms)"
    met = ratio <= MOST_OF_PEACE and not looked.failed
    return Row(f"page under {storm}", yardstick, value, f"p99 <= {MOST_OF_PEACE:.2f}", met)


def _prints(place: Place) -> Iterator[Row]:
    """How many prints a second eight people get."""
    end, done = multiprocessing.Event(), multiprocessing.Value("i", 0)
    with _processes(_PEOPLE, lambda: _count_sheets(place, end, done)):
        time.sleep(_SECONDS)
        end.set()
        yield Row("sheets a second, eight people", "", f"{done.value / _SECONDS:.1f}")


def _count_sheets(place: Place, end: Event, done: Any) -> None:
    while not end.is_set():
        if _get(place, f"/c/{place.reader}/card.pdf?layout=sheet") == 200:
            with done.get_lock():
                done.value += 1


def _sheets(place: Place, end: Event) -> None:
    while not end.is_set():
        _get(place, f"/c/{place.reader}/card.pdf?layout=sheet")


def _zips(place: Place, end: Event) -> None:
    while not end.is_set():
        _get(place, f"/o/{place.owner}/everything.zip")


def _batches(place: Place, end: Event) -> None:
    with requests.Session() as session:
        address = place.server.address("/new/batch")
        people = [alex({"patient.full_name": f"Alex {number}"}) for number in range(_CARDS)]
        file = table(*people)
        while not end.is_set():
            with contextlib.suppress(requests.RequestException):
                found = TOKEN.search(session.get(address).text)
                fields = {
                    "csrf_token": found[1] if found else "",
                    "go": "print",
                    "layout": "wallet",
                }
                session.post(address, data=fields, files={"file": ("cards.csv", file)})


def _drips(place: Place, end: Event) -> None:
    clients = [socket.create_connection(("127.0.0.1", place.server.port)) for _ in range(_DRIPPING)]
    for client in clients:
        client.sendall(f"GET /c/{place.reader} HTTP/1.1\r\nHost: card.example\r\n".encode())
    while not end.wait(1):
        for client in clients:
            client.sendall(b"X-Drip: 1\r\n")


def _saves(place: Place, end: Event) -> None:
    """Somebody adds copies, while the database belongs to somebody else."""
    with requests.Session() as session:
        address = place.server.address(f"/o/{place.owner}/copies/new")
        while not end.is_set():
            with contextlib.suppress(requests.RequestException):
                found = TOKEN.search(session.get(address).text)
                fields = {"csrf_token": found[1] if found else "", "label": "bag"}
                session.post(address, data=fields)


def _lock(place: Place, end: Event) -> None:
    connection = sqlite3.connect(place.database, isolation_level=None)
    while not end.is_set():
        with contextlib.suppress(sqlite3.OperationalError):
            connection.execute("BEGIN EXCLUSIVE")
            end.wait(5)
            connection.execute("ROLLBACK")
    connection.close()


_LOCKED: tuple[tuple[Storm, int], ...] = ((_lock, 1), (_saves, _PEOPLE))
_ONE: dict[str, tuple[tuple[Storm, int], ...]] = {
    "8 × zip": ((_zips, _PEOPLE),),
    "8 × sheet": ((_sheets, _PEOPLE),),
    "8 × batch": ((_batches, _PEOPLE),),
    "20 dripping clients": ((_drips, 1),),
    "a locked database": _LOCKED,
}
STORMS = {**_ONE, "all at once": tuple(each for storm in _ONE.values() for each in storm)}


@contextmanager
def _blow(storm: tuple[Storm, int], place: Place) -> Iterator[None]:
    work, people = storm
    end = multiprocessing.Event()
    with _processes(people, lambda: work(place, end)):
        yield
        end.set()


@contextmanager
def _processes(number: int, work: Callable[[], None]) -> Iterator[None]:
    context = multiprocessing.get_context("fork")

    def work_nicely() -> None:
        os.nice(_NICENESS)
        work()

    started = [context.Process(target=work_nicely, daemon=True) for _ in range(number)]
    for each in started:
        each.start()
    try:
        yield
    finally:
        for each in started:
            each.join(5)
            each.kill()


def _get(place: Place, path: str) -> int:
    try:
        return place.server.get(path)[0].status
    except (OSError, http.client.HTTPException):
        return 0


def _place(server: servers.Server, folder: Path) -> Place:
    database = folder / "cards.sqlite"
    added = examples.add(f"sqlite:///{database}", "typical")
    return Place(server, added.reader_links[0].token, added.owner, database)
