"""Firefox over WebDriver BiDi: JSON on one WebSocket, and no driver between.

Playwright's own way to a Firefox of the system's packages asks for commands that this one does not
have, and Debian packs no geckodriver.
"""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.browser.phones import PATIENCE, Phone, Refused, awaited, function

# It asks nobody but the page's server.
_QUIET = {
    "app.normandy.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "browser.newtabpage.enabled": False,
    "browser.region.network.url": "",
    "browser.safebrowsing.update.enabled": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.push.connection.enabled": False,
    "extensions.getAddons.cache.enabled": False,
    "extensions.systemAddon.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.disable-localhost-when-offline": True,
    "services.settings.server": "data:,",
    "toolkit.telemetry.enabled": False,
}


class Session:
    """A conversation with one Firefox."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._sent = socket, 0

    def send(self, method: str, **params: Any) -> Any:
        """What Firefox answers to a command; Refused with its words if it does not do it."""
        self._sent += 1
        self._socket.send(json.dumps({"id": self._sent, "method": method, "params": params}))
        while (answer := json.loads(self._socket.recv(2 * PATIENCE))).get("id") != self._sent:
            pass
        if answer["type"] == "error":
            raise Refused(f"{method}: {answer['message']}")
        return answer["result"]

    def command(self, source: str) -> Any:
        """What some lines return in Firefox's own window, where its settings are."""
        tree = self.send("browsingContext.getTree", **{"moz:scope": "chrome"})
        answer = self.send(
            "script.callFunction",
            functionDeclaration=f"() => {{ {source} }}",
            awaitPromise=False,
            target={"context": tree["contexts"][0]["context"]},
        )
        return answer["result"].get("value")


class FirefoxPhone(Phone):
    """One tab."""

    def __init__(
        self, session: Session, tab: str, person: str = "default", script: bool = True
    ) -> None:
        self._session, self._tab, self._person = session, tab, person
        # Where the page's script is off, Firefox keeps no promise made in it.
        self._waits = script
        self.widen(390)

    def open(self, address: str) -> None:
        """Open a page, and wait until it is loaded."""
        self._send("browsingContext.navigate", url=address, wait="complete")

    def run(self, body: str, *given: Any) -> Any:
        """What the body of an asynchronous function returns in the page, by way of JSON."""
        answer = self._session.send(
            "script.callFunction",
            functionDeclaration=function(body, given, self._waits),
            awaitPromise=self._waits,
            target={"context": self._tab},
        )
        if answer["type"] == "exception":
            raise Refused(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def _resize(self, width: int, height: int) -> None:
        self._send("browsingContext.setViewport", viewport={"width": width, "height": height})

    @contextmanager
    def offline(self) -> Iterator[None]:
        """No network for any tab or worker: BiDi's own command reaches no worker."""
        self._session.command("Services.io.offline = true")
        try:
            yield
        finally:
            self._session.command("Services.io.offline = false")

    def answers(self, question: str, answer: str, origin: str) -> None:
        """What the person says when the browser asks, for instance "persistent-storage"."""
        self._session.send(
            "permissions.setPermission",
            descriptor={"name": question},
            state=answer,
            origin=origin,
            userContext=self._person,
        )

    def _tap(self, sought: str) -> None:
        self.run("document.querySelector(given[0]).scrollIntoView({ block: 'center' })", sought)
        found = self._send("browsingContext.locateNodes", locator={"type": "css", "value": sought})
        place = {"type": "element", "element": {"sharedId": found["nodes"][0]["sharedId"]}}
        moves = [
            {"type": "pointerMove", "x": 0, "y": 0, "origin": place},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self._act({"type": "pointer", "id": "finger", "actions": moves})

    def _type(self, sought: str, words: str) -> None:
        # A tap while the page still scrolls lands on a neighbour.
        for _ in range(5):
            self._tap(sought)
            if self.run("return document.activeElement.matches(given[0])", sought):
                break
        keys = [{"type": kind, "value": each} for each in words for kind in ("keyDown", "keyUp")]
        self._act({"type": "key", "id": "keys", "actions": keys})

    def _act(self, actions: dict[str, Any]) -> None:
        self._send("input.performActions", actions=[actions])

    def _send(self, method: str, **params: Any) -> Any:
        return self._session.send(method, context=self._tab, **params)


class Firefox:
    """Hands out phones: tabs of one process that share nothing, or a process with a profile."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @contextmanager
    def phone(self, profile: Path | None = None, script: bool = True) -> Iterator[FirefoxPhone]:
        """A phone on which nothing is kept; with ``profile``, what was kept in that folder."""
        if profile:
            with running(profile, {}) as session:
                tree = session.send("browsingContext.getTree")
                yield FirefoxPhone(session, tree["contexts"][0]["context"])
            return
        self._allow_script(script)
        person = self._session.send("browser.createUserContext")
        try:
            tab = self._session.send("browsingContext.create", type="tab", **person)
            yield FirefoxPhone(self._session, tab["context"], person["userContext"], script)
        finally:
            self._session.send("browser.removeUserContext", **person)
            self._allow_script(True)

    def _allow_script(self, yes: bool) -> None:
        self._session.command(
            f"Services.prefs.setBoolPref('javascript.enabled', {json.dumps(yes)})"
        )

    @staticmethod
    def clear(profile: Path) -> None:
        """What a browser does that runs out of space: all that sites have kept is gone."""
        shutil.rmtree(profile / "storage")


@contextmanager
def firefox() -> Iterator[Firefox]:
    """Firefox until the block ends."""
    with running(None, {}) as session:
        yield Firefox(session)


@contextmanager
def running(profile: Path | None, settings: Mapping[str, Any]) -> Iterator[Session]:
    """A Firefox with settings of its own; with ``profile``, what was kept in that folder."""
    found = shutil.which("firefox-esr") or shutil.which("firefox")
    if not found:
        pytest.fail("Firefox is not installed; install the package firefox-esr", pytrace=False)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as own:
        folder = profile or Path(own)
        folder.mkdir(exist_ok=True)
        chosen = {**_QUIET, **settings}.items()
        (folder / "user.js").write_text(
            "\n".join(f'user_pref("{name}", {json.dumps(value)});' for name, value in chosen)
        )
        told = folder / "WebDriverBiDiServer.json"
        told.unlink(missing_ok=True)
        command = [found, "--headless", "--no-remote", "--remote-debugging-port=0"]
        # Who may reach the browser's own window may take its network away.
        command.append("--remote-allow-system-access")
        process = subprocess.Popen(
            [*command, "--profile", str(folder)],
            # It does not start for one user in the home of another, as in a container.
            env={**os.environ, "HOME": own},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield from _talking(_address(told))
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _talking(address: str) -> Iterator[Session]:
    with connect(f"{address}/session", max_size=None) as socket:
        session = Session(socket)
        session.send("session.new", capabilities={})
        yield session
        # What is kept is written down before it ends.
        with suppress(ConnectionClosed):
            session.send("browser.close")


def _address(told: Path) -> str:
    """Where Firefox listens, which it writes into its profile."""

    def read() -> dict[str, Any]:
        try:
            return json.loads(told.read_text())  # type: ignore[no-any-return]
        except (FileNotFoundError, ValueError):
            return {}

    place = awaited(read, "Firefox to listen")
    return f"ws://{place['ws_host']}:{place['ws_port']}"
