"""Real gunicorns on free ports, the project's and the yardstick's, and wrk to load them."""

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.examples import PUBLIC_URL, ROOT

_PATIENCE_S = 30
# Each request asks for the next of the paths.
_LUA = """
local paths, at = {%s}, 0
wrk.headers["Accept-Encoding"] = "gzip"
function request()
  at = at %% #paths + 1
  return wrk.format("GET", paths[at])
end
"""


@dataclass(frozen=True, slots=True)
class Server:
    """A gunicorn whose workers have started and have not been asked anything yet."""

    port: int
    pid: int = 0

    def get(self, path: str) -> tuple[http.client.HTTPResponse, bytes]:
        """One request by hand: no redirect is followed."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE_S)
        try:
            connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
            response = connection.getresponse()
            return response, response.read()
        finally:
            connection.close()

    def address(self, path: str) -> str:
        """The address of a path."""
        return f"http://127.0.0.1:{self.port}{path}"

    def rate(self, paths: Sequence[str], seconds: int, folder: Path) -> float:
        """Requests per second of eight connections that ask for ``paths`` in turn."""
        script = folder / "requests.lua"
        script.write_text(_LUA % ", ".join(f'"{path}"' for path in paths))
        command = ("wrk", "-t1", "-c8", f"-d{seconds}s", "-s", str(script), self.address("/"))
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        found = re.search(r"Requests/sec:\s*([\d.]+)", said)
        if found is None or "Non-2xx" in said or "Socket errors" in said:
            raise RuntimeError(said)
        return float(found[1])


@contextmanager
def project(
    folder: Path,
    database_url: str,
    workers: int | None = None,
    mail_url: str = "",
    public_url: str = PUBLIC_URL,
) -> Iterator[Server]:
    """The project's own server; without a public URL it is one of plain http, with its forms."""
    settings = {
        "CARD_DATABASE_URL": database_url,
        "CARD_PUBLIC_URL": public_url,
        "CARD_SECRET_KEY": "0" * 64,
        "CARD_MAIL_URL": mail_url,
        "CARD_LIMITS": "off",
    }
    if workers:
        settings["WEB_CONCURRENCY"] = str(workers)
    with _running("gunicorn.conf.py", "wsgi:app", settings, folder) as server:
        yield server


@contextmanager
def hello(folder: Path) -> Iterator[Server]:
    """The yardstick's, with the same settings."""
    with _running("tests/bench/hello_conf.py", "tests.bench.hello:app", {}, folder) as server:
        yield server


@contextmanager
def still(folder: Path) -> Iterator[Server]:
    """One that serves the files of a folder and computes nothing."""
    settings = {"BENCH_STILL": str(folder)}
    with _running("tests/bench/hello_conf.py", "tests.bench.still:app", settings, folder) as server:
        yield server


@contextmanager
def _running(conf: str, app: str, settings: dict[str, str], folder: Path) -> Iterator[Server]:
    port, log = _free_port(), folder / f"{app.replace(':', '.')}.log"
    plain = {name: value for name, value in os.environ.items() if not name.startswith("CARD_")}
    with log.open("wb") as out:
        process = subprocess.Popen(
            (sys.executable, "-m", "gunicorn", "-c", conf, app),
            cwd=ROOT,
            env={**plain, **settings, "PORT": str(port)},
            stdout=out,
            stderr=out,
        )
    try:
        _await_workers(process, log)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(_PATIENCE_S)


def _await_workers(process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait for the workers by the log: a request would warm one of them."""
    end = time.monotonic() + _PATIENCE_S
    while b"Booting worker" not in log.read_bytes():
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(log.read_text())
        time.sleep(0.05)
    time.sleep(0.5)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
