"""Servers that are stopped, changed, starved and hurt while people use them."""

import http.client
import os
import re
import signal
import socket
import struct
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from tests.servers import Server, gunicorn, until

pytestmark = pytest.mark.slow

_APP = "tests.web.server.odd_app:app"
_NICE = {"page": 0, "form": 5, "print": 10}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose views say which worker answers, wait, and fail."""
    with _settled(tmp_path_factory.mktemp("odd")) as running:
        yield running


def _get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()


def _status(server: Server, path: str) -> int:
    """0 if the connection ended without an answer."""
    try:
        with server.connect() as client:
            client.sendall(_get(path))
            answer = http.client.HTTPResponse(client)
            answer.begin()
            answer.read()
            return answer.status
    except (OSError, http.client.HTTPException):
        return 0


def _workers(server: Server, kind: str) -> list[int]:
    found = []
    for folder in Path("/proc").iterdir():
        with suppress(OSError, IndexError):
            stat = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(stat[1]) == server.pid and int(stat[16]) == _NICE[kind]:
                found.append(int(folder.name))
    return found


def _counts(server: Server) -> list[int]:
    return [len(_workers(server, kind)) for kind in _NICE]


@contextmanager
def _settled(folder: Path, *options: str, within: Sequence[str] = ()) -> Iterator[Server]:
    """A server all of whose workers have begun: each is as nice as its kind from then on."""
    with gunicorn(folder, _APP, *options, within=within, WEB_CONCURRENCY="2") as server:
        until(lambda: _counts(server) == [2, 1, 2])
        yield server


@contextmanager
def _load(server: Server, *paths: str) -> Iterator[Counter[tuple[str, int]]]:
    """People who ask for ``paths`` again and again, breathing between; counts their answers."""
    ends, counts = threading.Event(), Counter[tuple[str, int]]()

    def ask(path: str) -> None:
        while not ends.wait(0.02):
            counts[path, _status(server, path)] += 1

    with ThreadPoolExecutor(len(paths)) as people:
        asked = [people.submit(ask, path) for path in paths]
        try:
            yield counts
        finally:
            ends.set()
    assert all(each.exception() is None for each in asked)


_EVERYTHING = ("/who/page", "/who/page", "/who/form", "/slow/form", "/who/print", "/slow/print")


@pytest.mark.parametrize("name", ["exit", "memory", "header", "close"])
@pytest.mark.parametrize("kind", ["page", "form", "print"])
def test_a_view_that_fails_ends_its_request_alone(server: Server, name: str, kind: str) -> None:
    """The worker goes on, the same one, with all its threads."""
    before = _workers(server, kind)
    told = [_status(server, f"/fault/{name}/{kind}") for _ in range(12)]
    assert told == [200 if name == "close" else 500] * 12
    assert _workers(server, kind) == before
    assert _status(server, f"/who/{kind}") == 200


def test_a_print_that_swallows_its_end_is_ended(tmp_path: Path) -> None:
    """With its worker, after gunicorn's timeout; the page opens meanwhile, and the next print."""
    with _settled(tmp_path, "--timeout", "3") as server, ThreadPoolExecutor(1) as people:
        asked = people.submit(_status, server, "/fault/stubborn/print")
        assert _status(server, "/who/print") == 200
        assert asked.result() == 0
        until(lambda: len(_workers(server, "print")) == 2)
        assert _status(server, "/who/print") == 200


def test_what_was_let_in_is_answered_when_the_server_ends(tmp_path: Path) -> None:
    """Full queues, a request that is arriving, another that never will; then it ends with 0."""
    with gunicorn(tmp_path, _APP, WEB_CONCURRENCY="2") as server, ThreadPoolExecutor(40) as people:
        paths = ["/slow/print"] * 14 + ["/slow/form"] * 20
        asked = [people.submit(_status, server, path) for path in paths]
        with server.connect() as arriving, server.connect() as dripping:
            arriving.sendall(_get("/who/page")[:20])
            dripping.sendall(b"GET /")
            time.sleep(0.5)
            began = time.monotonic()
            os.kill(server.pid, signal.SIGTERM)
            time.sleep(0.5)
            arriving.sendall(_get("/who/page")[20:])
            assert b"200 OK" in arriving.recv(65536)
            assert b"503 SERVICE UNAVAILABLE" in dripping.recv(65536)
        assert Counter(each.result() for each in asked) == {200: 34}
        assert server.process and server.process.wait(20) == 0
        assert time.monotonic() - began < 15


def test_what_waits_for_too_long_is_told_to_come_back(tmp_path: Path) -> None:
    """When the server has to end before it is done."""
    options = ("--graceful-timeout", "3")
    with (
        gunicorn(tmp_path, _APP, *options, WEB_CONCURRENCY="2") as server,
        ThreadPoolExecutor(16) as people,
    ):
        asked = [people.submit(_status, server, "/slow/print") for _ in range(16)]
        time.sleep(0.3)
        os.kill(server.pid, signal.SIGTERM)
        told = Counter(each.result() for each in asked)
        assert set(told) == {200, 503}
        assert server.process and server.process.wait(20) == 0


def test_a_reload_loses_nothing(tmp_path: Path) -> None:
    """Twice, while people ask for everything."""
    with _settled(tmp_path) as server:
        with _load(server, *_EVERYTHING) as counts:
            for _ in range(2):
                old = {pid for kind in _NICE for pid in _workers(server, kind)}
                os.kill(server.pid, signal.SIGHUP)
                until(lambda old=old: not any(Path(f"/proc/{pid}").exists() for pid in old))  # type: ignore[misc]
        assert {status for _, status in counts} == {200}
        assert _counts(server) == [2, 1, 2]


def test_a_smaller_server_still_does_everything(tmp_path: Path) -> None:
    """Down by SIGTTOU, never below one worker of each kind, and up again."""
    with _settled(tmp_path) as server:
        with _load(server, *_EVERYTHING) as counts:
            for _ in range(5):
                os.kill(server.pid, signal.SIGTTOU)
                time.sleep(0.3)
            until(lambda: sum(_counts(server)) == 3)
            assert _counts(server) == [1, 1, 1]
            for _ in range(2):
                os.kill(server.pid, signal.SIGTTIN)
                # Two signals at once are one.
                time.sleep(0.5)
            until(lambda: _counts(server) == [2, 1, 2])
        assert {status for _, status in counts} == {200}
        assert "3 workers are the fewest" in server.log.read_text()


@pytest.mark.parametrize("options", [(), ("--workers", "1")])
def test_the_smallest_server_does_everything(tmp_path: Path, options: tuple[str, ...]) -> None:
    """One worker of each kind, or one that does all."""
    with gunicorn(tmp_path, _APP, *options, WEB_CONCURRENCY="1") as server:
        for kind in _NICE:
            assert _status(server, f"/who/{kind}") == 200
        if options:
            for _ in range(2):
                os.kill(server.pid, signal.SIGTTIN)
                time.sleep(0.5)
            with ThreadPoolExecutor(8) as people:
                told = people.map(lambda _: _status(server, "/who/print"), range(30))
                assert set(told) == {200}


def test_a_worker_that_is_killed_takes_only_what_it_was_doing(tmp_path: Path) -> None:
    """One of each kind, under load; pages open all the time but for that moment."""
    with _settled(tmp_path) as server:
        with _load(server, *_EVERYTHING) as counts:
            for kind in _NICE:
                victim = _workers(server, kind)[0]
                os.kill(victim, signal.SIGKILL)
                until(lambda victim=victim: _replaced(server, victim))  # type: ignore[misc]
        lost = sum(count for (_, status), count in counts.items() if status == 0)
        assert {status for _, status in counts} <= {0, 200} and lost <= 6


def _replaced(server: Server, pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists() and _counts(server) == [2, 1, 2]


def _is_stopped(pid: int) -> bool:
    """By the state of a process (proc_pid_stat(5)), behind its name in brackets."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def test_a_worker_that_stops_is_replaced(tmp_path: Path) -> None:
    """After gunicorn's timeout; pages open meanwhile at the other one."""
    with _settled(tmp_path, "--timeout", "3") as server:
        stopped = [_workers(server, kind)[0] for kind in _NICE]
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        # A signal takes a moment: one that still accepts would take a request with it.
        until(lambda: all(map(_is_stopped, stopped)))
        with ThreadPoolExecutor(2) as people:
            asked = [people.submit(_status, server, f"/who/{kind}") for kind in ("form", "print")]
            assert [each.result() for each in asked] == [200, 200]
        until(lambda: _counts(server) == [2, 1, 2])


def test_a_program_is_replaced_without_a_pause(tmp_path: Path) -> None:
    """SIGUSR2 starts the new one beside the old, which then ends gently."""
    pidfile = tmp_path / "pid"
    # As the unit starts it: "python -m gunicorn" cannot start itself once more.
    program = Path(sys.executable).with_name("gunicorn")
    within = ("sh", "-c", f'shift 2; exec {program} "$@"')
    with _settled(tmp_path, "--pid", str(pidfile), within=within) as server:
        new = 0
        try:
            with _load(server, *_EVERYTHING) as counts:
                os.kill(server.pid, signal.SIGUSR2)
                second = tmp_path / "pid.2"
                until(second.exists)
                new = int(second.read_text())
                replaced = Server(server.url, server.log, new)
                until(lambda: _counts(replaced) == [2, 1, 2])
                time.sleep(2)
                os.kill(server.pid, signal.SIGTERM)
                assert server.process and server.process.wait(20) == 0
                time.sleep(0.5)
            assert {status for _, status in counts} == {200}
        finally:
            if new:
                os.kill(new, signal.SIGTERM)
                until(lambda: not Path(f"/proc/{new}").exists())


_HANDED_OVER = """
import os, socket, sys
listener = socket.create_server(("127.0.0.1", int(os.environ["PORT"])))
os.dup2(listener.fileno(), 3)
os.set_inheritable(3, True)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
os.execv(sys.argv[1], sys.argv[1:])
"""


def test_a_server_at_a_socket_of_systemd_answers(tmp_path: Path) -> None:
    """It listens where systemd listens already."""
    within = (sys.executable, "-c", _HANDED_OVER)
    with gunicorn(tmp_path, _APP, within=within, WEB_CONCURRENCY="2") as server:
        for kind in _NICE:
            assert _status(server, f"/who/{kind}") == 200


def _held(server: Server) -> int:
    """Open descriptors and threads of all workers."""
    pids = [pid for kind in _NICE for pid in _workers(server, kind)]
    return sum(
        len(list(Path(f"/proc/{pid}/{what}").iterdir())) for pid in pids for what in ("fd", "task")
    )


def test_nothing_is_left_behind_by_requests(server: Server) -> None:
    """No descriptor and no thread, after a thousand of every kind and of none."""
    _status(server, "/who/form")
    with ThreadPoolExecutor(8) as people:
        list(people.map(lambda _: _status(server, "/who/form"), range(16)))
        before = _held(server)
        for raw in (
            *(_get(f"/who/{kind}") for kind in _NICE),
            b"G",
            b"\r\n",
            b"nothing\r\n\r\n",
            b"POST /who/page HTTP/1.1\r\nContent-Length: 9\r\n\r\n1",
            _get("/large"),
        ):
            list(people.map(lambda _, raw=raw: _reset(server, raw), range(125)))
    # A connection to the database more or less; a leak would be hundreds.
    until(lambda: _held(server) < before + 20, 45)


def _reset(server: Server, raw: bytes) -> None:
    """Send and leave, as a phone without a network does; a third of them wait a moment."""
    with suppress(OSError), server.connect() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.sendall(raw)
        if threading.get_ident() % 3 == 0:
            client.settimeout(0.2)
            client.recv(100)


def test_crowds_of_silent_and_dripping_clients_delay_nobody(server: Server) -> None:
    """Two thousand connections, each with a byte."""
    with ExitStack() as stack:
        for _ in range(2000):
            stack.enter_context(server.connect()).sendall(b"G")
        began = time.monotonic()
        assert [_status(server, f"/who/{kind}") for kind in _NICE] == [200] * 3
        assert time.monotonic() - began < 2


def test_uploads_that_never_end_hold_a_bounded_memory(server: Server) -> None:
    """The largest is told to come back; small requests and one whole upload get through."""
    head = b"POST /who/form HTTP/1.1\r\nHost: x\r\nContent-Length: 500000\r\n\r\n"
    before = [_memory(pid) for pid in _workers(server, "page")]
    with ExitStack() as stack:
        crowd = [stack.enter_context(server.connect()) for _ in range(800)]
        for client in crowd:
            with suppress(OSError):
                client.sendall(head + b"x" * 480_000)
        assert _status(server, "/who/page") == 200
        last = stack.enter_context(server.connect())
        last.sendall(head + b"x" * 500_000)
        assert b"form 5 500000" in last.recv(65536)
        more = [_memory(pid) - max(before) for pid in _workers(server, "page")]
        assert max(more) < 130_000, more
        refused = 0
        for client in crowd:
            client.settimeout(0.01)
            with suppress(OSError):
                refused += b"Retry-After: 10" in client.recv(65536)
        assert refused > 50


def _memory(pid: int) -> int:
    """In KB, at its highest, without what it shares with the process it came from."""
    fields = dict(re.findall(r"(\w+):\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text()))
    return int(fields["RssAnon"])


def test_answers_that_nobody_reads_hold_a_bounded_memory(server: Server) -> None:
    """Eight megabytes each, for 120 clients; who reads gets a whole one."""
    before = [_memory(pid) for pid in _workers(server, "page")]
    with ExitStack() as stack:
        for _ in range(120):
            client = stack.enter_context(server.connect())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
            client.sendall(_get("/large"))
        assert _status(server, "/who/page") == 200
        time.sleep(0.5)
        more = [_memory(pid) - max(before) for pid in _workers(server, "page")]
        assert max(more) < 200_000, more
        assert len(server.get("/large")[1]) == 8_000_000


def test_a_server_with_few_descriptors_answers_slowly_but_answers(tmp_path: Path) -> None:
    """More clients than it may open files; its processor is not worn out by waiting."""
    within = ("sh", "-c", 'ulimit -n 64; exec "$0" "$@"')
    with _settled(tmp_path, within=within) as server, ExitStack() as stack:
        for path in ("/large", "/who/page"):
            for _ in range(60):
                client = stack.enter_context(server.connect())
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
                client.sendall(_get(path)[: None if path == "/large" else 9])
        used = [_seconds(pid) for pid in _workers(server, "page")]
        for _ in range(5):
            assert [_status(server, f"/who/{kind}") for kind in _NICE] == [200] * 3
        time.sleep(1)
        after = [_seconds(pid) for pid in _workers(server, "page")]
        assert max(b - a for a, b in zip(used, after, strict=True)) < 0.7


def _seconds(pid: int) -> float:
    """Of the processor, that a process has used."""
    stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")


def test_no_log_line_of_any_kind_holds_a_token(tmp_path: Path) -> None:
    """Of pages, forms, prints, refusals and what is no request."""
    token = "ABCDEFGHJKMNPQRSTVWXYZ0123"
    with gunicorn(tmp_path, _APP, "--access-logfile", "-", "--log-level", "debug") as server:
        for path in ("", "/card.pdf", "/seen", "/see", "/%00", "#x", "/" + "a" * 5000):
            for start in ("/c/", "/C/", "//c/", "/%63/", "http://x/c/", "/o/", "\x00/c/"):
                _status(server, f"{start}{token}{path}")
                _status(server, f"{start}{token.lower()}{path}")
        with server.connect() as client:
            client.sendall(f"GET /c/{token} HTTP/1.1\r\nContent-Length: x\r\n\r\n".encode())
            client.recv(100)
    assert token.lower() not in server.log.read_text().lower()
