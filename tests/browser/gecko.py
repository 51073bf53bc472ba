"""Firefox with push messages, over WebDriver BiDi: its page, and the notifications around it."""

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

_PATIENCE_S = 30
_PREFERENCES = {
    # What a driven Firefox gets by itself would turn push off.
    "remote.prefs.recommended": False,
    # A press on "Allow", and notifications that Firefox draws itself.
    "permissions.default.desktop-notification": 1,
    "alerts.useSystemBackend": False,
    "dom.push.testing.allowInsecureServerURL": True,
    "dom.push.retryBaseInterval": 100,
    # It asks nobody but the page's server and that of push messages.
    "app.normandy.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "browser.newtabpage.enabled": False,
    "browser.region.network.url": "",
    "browser.safebrowsing.update.enabled": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.getAddons.cache.enabled": False,
    "extensions.systemAddon.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    "toolkit.telemetry.enabled": False,
}
# A notification that Firefox draws is a window of its own.
_CLICK = """for (const shown of Services.wm.getEnumerator("alert:alert")) {
  shown.document.documentElement.click();
  return true;
}
return false;"""


def until(found: Callable[[], Any], what: str) -> Any:
    """What is found in the end; fails in words if nothing is."""
    end = time.monotonic() + _PATIENCE_S
    while not (it := found()):
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.05)
    return it


class Gecko:
    """One Firefox, and a page in it."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._sent = socket, 0
        self._send("session.new", capabilities={})
        self._tab = self._send("browsingContext.getTree")["contexts"][0]["context"]
        around = self._send("browsingContext.getTree", **{"moz:scope": "chrome"})
        self._around = around["contexts"][0]["context"]

    @property
    def open_pages(self) -> list[str]:
        """The address of each tab."""
        return [each["url"] for each in self._send("browsingContext.getTree")["contexts"]]

    def open(self, address: str) -> None:
        """Open a page, and wait until it is loaded."""
        self._send("browsingContext.navigate", context=self._tab, url=address, wait="complete")

    def run(self, body: str, *given: Any) -> Any:
        """What the body of an asynchronous function returns in the page."""
        return self._run(self._tab, body, given)

    def click_notification(self) -> bool:
        """Press the notification that is shown, if there is one."""
        return bool(self._run(self._around, _CLICK, ()))

    def close(self) -> None:
        """Everything."""
        with suppress(ConnectionClosed):
            self._send("browser.close")

    def _run(self, place: str, body: str, given: tuple[Any, ...]) -> Any:
        function = f"async (given) => JSON.stringify(await (async () => {{ {body} }})() ?? null)"
        answer = self._send(
            "script.callFunction",
            functionDeclaration=f"() => ({function})({json.dumps(given)})",
            awaitPromise=True,
            target={"context": place},
            userActivation=True,
        )
        assert answer["type"] == "success", answer["exceptionDetails"]["text"]
        return json.loads(answer["result"]["value"])

    def _send(self, method: str, **params: Any) -> Any:
        self._sent += 1
        self._socket.send(json.dumps({"id": self._sent, "method": method, "params": params}))
        while (answer := json.loads(self._socket.recv(_PATIENCE_S))).get("id") != self._sent:
            pass
        assert answer["type"] == "success", f"{method}: {answer}"
        return answer["result"]


@contextmanager
def gecko(push_server: str) -> Iterator[Gecko]:
    """A Firefox of its own that gets its messages from ``push_server``, until the block ends."""
    found = shutil.which("firefox-esr") or shutil.which("firefox")
    if not found:
        pytest.fail("Firefox is not installed; install the package firefox-esr", pytrace=False)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        chosen = {**_PREFERENCES, "dom.push.serverURL": push_server}.items()
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in chosen]
        (Path(folder) / "user.js").write_text("\n".join(lines))
        options = ["--headless", "--no-remote", "--remote-debugging-port=0"]
        process = subprocess.Popen(
            [found, *options, "--remote-allow-system-access", "--profile", folder],
            # It does not start for one user in the home of another, as in a container.
            env={**os.environ, "HOME": folder},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            with connect(_address(Path(folder)), max_size=None) as socket:
                made = Gecko(socket)
                yield made
                made.close()
        finally:
            process.terminate()
            process.wait(_PATIENCE_S)


def _address(folder: Path) -> str:
    """Where Firefox listens, which it writes into its profile."""

    def read() -> Any:
        with suppress(FileNotFoundError, ValueError):
            return json.loads((folder / "WebDriverBiDiServer.json").read_text())
        return None

    place = until(read, "Firefox to listen")
    return f"ws://{place['ws_host']}:{place['ws_port']}/session"
