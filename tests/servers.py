"""A real gunicorn in a folder of its own, stopped as an operator stops it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

_ROOT = Path(__file__).parent.parent
# The address of a database at which nobody answers.
AWAY = "postgresql+psycopg://nobody@127.0.0.1:9/none?connect_timeout=1"
SECRET = "a key for tests that is long enough to be one"


@dataclass
class Server:
    """A running server: its address, the file with all that it printed, its number."""

    url: str
    log: Path
    pid: int = 0
    process: "subprocess.Popen[bytes] | None" = None

    def connect(self) -> socket.socket:
        """A connection to it that is still silent."""
        return socket.create_connection(("127.0.0.1", int(self.url.rpartition(":")[2])), timeout=20)

    def get(self, path: str, method: str = "GET") -> tuple[int, bytes]:
        """Fetch, whatever the answer is."""
        request = urllib.request.Request(f"{self.url}{path}", method=method)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as fault:
            with fault:
                return fault.code, fault.read()


def until(is_so: Callable[[], bool], seconds: float = 15) -> None:
    """Wait for what a server does in its own time."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.1)


def database(folder: Path) -> str:
    """The address of the database of a server in ``folder``."""
    return f"sqlite:///{folder}/instance/cards.sqlite"


def environment(folder: Path, port: int, **settings: str) -> dict[str, str]:
    """Everything that a server writes, it writes below ``folder``; it sends nothing by itself."""
    (folder / "tmp").mkdir(exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CARD_")}
    return {
        **kept,
        "CARD_DATABASE_URL": database(folder),
        "CARD_SECRET_KEY": SECRET,
        # What measures does a thing more often than any family.
        "CARD_LIMITS": "off",
        "CARD_SENDER": "off",
        "CARD_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "PORT": str(port),
        "TMPDIR": str(folder / "tmp"),
        # One worker of each kind: each one more prints a card before it is asked anything.
        "WEB_CONCURRENCY": "1",
        **settings,
    }


# Below the ports that the system gives away by itself, and a thousand for each process of tests:
# what is free now is not taken by a test beside this one before its server listens.
_PORTS = cycle(range(20_000, 21_000))
_APART = 1000 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


def free_port() -> int:
    """A port that nobody listens on."""
    for port in _PORTS:
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port + _APART))
            return port + _APART
    raise AssertionError("ports never end")


@contextmanager
def gunicorn(
    folder: Path,
    app: str = "wsgi:app",
    *options: str,
    port: int = 0,
    root: Path = _ROOT,
    within: Sequence[str] = (),
    at: Path | None = None,
    **settings: str,
) -> Iterator[Server]:
    """gunicorn as the README starts it in the checkout ``root``, until the block ends.

    ``within`` is what the command begins with, to run in a namespace. ``at`` is the socket's path
    if it has one instead of a port.
    """
    port = port or free_port()
    log = folder / "gunicorn.log"
    command = [sys.executable, "-m", "gunicorn", "-c", str(root / "gunicorn.conf.py"), *options]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*within, *command, app],
            cwd=root,
            env=environment(folder, port, **settings),
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        server = Server(f"http://127.0.0.1:{port}", log, process.pid, process)
        try:
            _wait(server, process, at)
            yield server
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(server: Server, process: "subprocess.Popen[bytes]", at: Path | None) -> None:
    for _ in range(300):
        assert process.poll() is None, server.log.read_text()
        if at and at.exists():
            return
        try:
            # It answers before its database does.
            if server.get("/healthz")[0] in (200, 503):
                return
        except (urllib.error.URLError, ConnectionError):
            pass
        time.sleep(0.1)
    raise AssertionError(f"gunicorn does not answer:\n{server.log.read_text()}")
