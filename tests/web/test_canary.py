"""A token in every spelling goes in everywhere, and comes out in no log, trace or crash."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

from caregiver_card.web import redaction
from tests.servers import Server, environment, free_port, gunicorn

_ROOT = Path(__file__).parents[2]
_CANARY = "0CANARY23456789ABCDEFGHJKM"
_ALL = "".join(f"%{ord(each):02x}" for each in _CANARY)
_HYPHENS = "--".join(_CANARY)
# A record system's address is longer.
_ADDRESS = f"{_CANARY}-bcdefghijklmnop_"
_SPELLINGS = (
    f"/s/{_ADDRESS}",
    f"/S/{_ADDRESS}?recipient={_ADDRESS}",
    f"/%73%2F{_ADDRESS}",
    f"/nothing?next=%2Fs%2F{_ADDRESS}",
    f"/c/{_CANARY}",
    f"/C/{_CANARY.lower()}",
    f"/c/{_HYPHENS[:60]}",
    f"/c%2F{_CANARY}",
    f"/c%2f{_CANARY.lower()}",
    f"/%63/{_CANARY}",
    f"/%43/{_CANARY}/card.pdf",
    f"/%6f%2f{_CANARY}",
    f"/{quote(quote('/c/' + _CANARY, safe=''), safe='')}",
    f"/c/{_ALL}",
    f"/%63%2f{_ALL}",
    f"/%2563%252f{quote(_ALL)}",
    f"//c//{_CANARY}",
    f"/c//{_CANARY}",
    f"/c/{_CANARY}%0d%0aX-Evil:%201",
    f"/o/{_CANARY}/refill",
    f"/a/{_CANARY}?x={_CANARY}",
    f"/u/{_CANARY}",
    f"/f/{_CANARY}",
    f"/nothing?next=%2Fc%2F{_CANARY}",
    f"/static/{_CANARY}.css",
    f"/{_CANARY}",
    f"/readyz?{_CANARY}",
)


def _found(written: str) -> bool:
    """Whether the canary is in it, in any spelling that opens a card."""
    for _ in range(4):
        folded = re.sub(r"[-\s]", "", written).upper()
        if _CANARY[:13] in folded or _CANARY[13:] in folded:
            return True
        written = unquote(written)
    return False


@pytest.mark.parametrize("spelling", _SPELLINGS)
def test_a_spelling_is_redacted(spelling: str) -> None:
    """As a line of a log has it, and the line stays one."""
    line = f'127.0.0.1 "GET {spelling} HTTP/1.1" 404'
    written = redaction.redact(line)
    assert _found(line) and not _found(written)
    assert "\n" not in written and "\r" not in written and "HTTP/1.1" in written
    assert redaction.redact(written) == written


def _ask(server: Server) -> None:
    """Every spelling, by several methods, with the canary in headers; and what is no request."""
    port = int(server.url.rsplit(":", 1)[1])
    requests = [
        f"{method} {spelling} HTTP/1.1\r\nHost: x\r\nReferer: http://x{spelling}\r\n"
        f"User-Agent: {_CANARY}\r\nCookie: session={_CANARY}\r\nConnection: close\r\n"
        f"Content-Length: 0\r\n\r\n"
        for spelling in _SPELLINGS
        for method in ("GET", "POST", "BREW")
    ]
    requests += [
        f"GET /c/{_CANARY}\r\n\r\n",
        f"GET /c/{_CANARY} HTTP/9.9\r\n\r\n",
        f"/c/{_CANARY}\r\n\r\n",
        f"GET /c/{_CANARY} HTTP/1.1\r\nContent-Length: /c/{_CANARY}\r\n\r\n",
        f"GET /c/{_CANARY} HTTP/1.1\r\n/c/{_CANARY}\r\n\r\n",
    ]
    for request in requests:
        client = socket.create_connection(("127.0.0.1", port), timeout=20)
        with client, suppress(OSError):
            client.sendall(request.encode())
            client.shutdown(socket.SHUT_WR)
            while client.recv(65536):
                pass


def _all_files(folder: Path) -> str:
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return "\n".join(path.read_bytes().decode("latin-1") for path in paths)


@pytest.mark.slow
def test_gunicorn_prints_no_token(tmp_path: Path) -> None:
    """At its most talkative, to its output and to log files."""
    options = ("--access-logfile", str(tmp_path / "access.log"), "--log-level", "debug")
    more = ("--error-logfile", str(tmp_path / "error.log"), "--capture-output")
    with gunicorn(tmp_path, "wsgi:app", *options, *more) as server:
        _ask(server)
    access = (tmp_path / "access.log").read_text()
    assert access.count("\n") > len(_SPELLINGS) and "/c/~" in access
    assert not _found(_all_files(tmp_path))


@contextmanager
def _flask_run(folder: Path) -> Iterator[Server]:
    port, log = free_port(), folder / "flask.log"
    with log.open("wb") as out:
        run = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "run", "--port", str(port)],
            cwd=_ROOT,
            env=environment(folder, port),
            stdout=out,
            stderr=out,
        )
        server = Server(f"http://127.0.0.1:{port}", log, run.pid)
        try:
            for _ in range(200):
                with suppress(OSError):
                    server.get("/healthz")
                    break
                time.sleep(0.1)
            yield server
        finally:
            run.send_signal(signal.SIGTERM)
            run.wait(20)


@pytest.mark.slow
def test_flask_run_prints_no_token(tmp_path: Path) -> None:
    """Werkzeug logs every request by a logger of its own."""
    with _flask_run(tmp_path) as server:
        _ask(server)
    said = server.log.read_text()
    assert said.count("HTTP/1.1") > len(_SPELLINGS) and "/c/~" in said
    assert not _found(said)


_CRASH = """
import os, runpy, sys
def crash(*_):
    raise RuntimeError(f"no card behind /%63/{os.environ['CANARY']} or {os.environ['CANARY']}")
import caregiver_card.web.config
caregiver_card.web.config.Config.from_environment = crash
sys.argv = ["flask", "--app", "wsgi", *sys.argv[1:]]
runpy.run_module(sys.argv[0] if sys.argv[0] == "flask" else "gunicorn", run_name="__main__")
"""


@pytest.mark.slow
@pytest.mark.parametrize("words", [["alerts", "work"], ["card", "status"], ["run"]], ids=str)
def test_a_crash_at_import_prints_no_token(tmp_path: Path, words: list[str]) -> None:
    """The last traceback is written by nobody's logger."""
    done = subprocess.run(
        [sys.executable, "-c", _CRASH, *words],
        cwd=_ROOT,
        env={**environment(tmp_path, free_port()), "CANARY": _CANARY},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode != 0
    assert "RuntimeError" in done.stderr and "~" in done.stderr
    assert not _found(done.stdout + done.stderr)


@pytest.mark.slow
def test_a_sender_that_fails_prints_no_token(tmp_path: Path) -> None:
    """``alerts work`` goes on after a fault, and logs it with its traceback."""
    script = _CRASH.replace(
        "import caregiver_card.web.config\n"
        "caregiver_card.web.config.Config.from_environment = crash\n",
        "from caregiver_card.alerting.sender_pass import SenderPass\nSenderPass.run = crash\n",
    )
    run = subprocess.Popen(
        [sys.executable, "-u", "-c", script, "alerts", "work"],
        cwd=_ROOT,
        env={**environment(tmp_path, free_port()), "CANARY": _CANARY},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert run.stdout
    os.set_blocking(run.stdout.fileno(), True)
    said = ""
    while "RuntimeError:" not in said:
        line = run.stdout.readline()
        assert line, said
        said += line
    run.terminate()
    said += run.communicate(timeout=30)[0]
    assert "the sender failed; trying again" in said and not _found(said)
