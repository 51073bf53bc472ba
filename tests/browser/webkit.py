"""WebKitGTK over WebDriver: its own driver, a window of ours, and a screen that nobody sees."""

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.browser.phones import PATIENCE, Phone, Refused, awaited, function
from tests.servers import free_port

_WINDOW = Path(__file__).with_name("webkit_window.py")
# A promise is waited for, and its result handed to the driver's last argument.
_WAITED = """const done = arguments[arguments.length - 1];
({function})().then((result) => done([result]), (fault) => done(String(fault)));"""


class WebKitPhone(Phone):
    """One window."""

    def __init__(self, address: str) -> None:
        self._address = address
        self.widen(390)

    def open(self, address: str) -> None:
        """Open a page, and wait until it is loaded."""
        self._send("url", url=address)

    def run(self, body: str, *given: Any) -> Any:
        """What the body of an asynchronous function returns in the page, by way of JSON."""
        script = _WAITED.replace("{function}", function(body, given))
        answer = self._send("execute/async", script=script, args=[])
        if not isinstance(answer, list):
            raise Refused(answer)
        return json.loads(answer[0])

    def _resize(self, width: int, height: int) -> None:
        self._send("window/rect", width=width, height=height)

    def _tap(self, sought: str) -> None:
        self._send(f"element/{self._found(sought)}/click")

    def _type(self, sought: str, words: str) -> None:
        self._send(f"element/{self._found(sought)}/value", text=words)

    def _found(self, sought: str) -> str:
        (name,) = self._send("element", using="css selector", value=sought).values()
        return str(name)

    def _send(self, command: str, **params: Any) -> Any:
        return _sent("POST", f"{self._address}/{command}", params)


class WebKit:
    """Hands out phones: windows that share nothing, or with the things of a folder."""

    def __init__(self, driver: str) -> None:
        self._driver = driver

    @contextmanager
    def phone(self, profile: Path | None = None, script: bool = True) -> Iterator[WebKitPhone]:
        """A phone on which nothing is kept; with ``profile``, what was kept in that folder."""
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as own:
            given = [str(profile or own), "script" if script else "none"]
            options = {"binary": str(_WINDOW), "args": given}
            wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
            made = _sent("POST", f"{self._driver}/session", {"capabilities": wanted})
            address = f"{self._driver}/session/{made['sessionId']}"
            try:
                yield WebKitPhone(address)
            finally:
                _sent("DELETE", address)
                # A process that the window leaves behind still writes down what was kept.
                if profile:
                    awaited(lambda: not _in_use(profile), f"WebKit to leave {profile}")

    @staticmethod
    def clear(profile: Path) -> None:
        """What a browser does that runs out of space: all that sites have kept is gone."""
        shutil.rmtree(profile)


@contextmanager
def webkit() -> Iterator[WebKit]:
    """WebKitGTK until the block ends."""
    with _screen() as screen:
        port = free_port()
        command = [_installed("WebKitWebDriver", "webkit2gtk-driver"), f"--port={port}"]
        driver = subprocess.Popen(command, env=screen, stderr=subprocess.DEVNULL)
        try:
            address = f"http://127.0.0.1:{port}"
            awaited(lambda: _sent("GET", f"{address}/status")["ready"], "WebKitWebDriver to listen")
            yield WebKit(address)
        finally:
            driver.terminate()
            driver.wait(PATIENCE)


@contextmanager
def _screen() -> Iterator[dict[str, str]]:
    """The environment of a program that draws where nobody looks."""
    command = [_installed("Xvfb", "xvfb"), "-displayfd", "1", "-screen", "0", "1280x1024x24"]
    screen = subprocess.Popen(
        [*command, "-nolisten", "tcp"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    with screen:
        try:
            assert screen.stdout
            number = screen.stdout.readline().decode().strip()
            yield {**os.environ, "DISPLAY": f":{number}"}
        finally:
            screen.terminate()


def _in_use(folder: Path) -> bool:
    """Whether any process has a file of this folder open."""
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        with contextlib.suppress(OSError):
            if link.readlink().is_relative_to(folder):
                return True
    return False


def _installed(program: str, package: str) -> str:
    found = shutil.which(program)
    if not found:
        pytest.fail(f"{program} is not installed; install the package {package}", pytrace=False)
    return found


def _sent(method: str, address: str, params: dict[str, Any] | None = None) -> Any:
    """What the driver answers; Refused with its words if it does not do it."""
    body = None if params is None else json.dumps(params).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(address, method=method, data=body, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=2 * PATIENCE) as answer:
            return json.load(answer)["value"]
    except urllib.error.HTTPError as fault:
        with fault:
            raise Refused(f"{address}: {fault.read().decode()}") from None
    except urllib.error.URLError as fault:
        raise Refused(str(fault.reason)) from None
