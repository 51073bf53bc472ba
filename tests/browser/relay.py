"""A push service that a real Firefox subscribes at: it takes messages and passes them on unread.

It speaks what Mozilla's speaks over a WebSocket (hello, register, notification). What comes while
the browser is away waits, of one topic only the last (RFC 8030, 5.4).
"""

import base64
import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from tests.alerting.pushing import Service, service

# What a browser's own service says; the tests send to loopback instead (``loopback``).
_MOZILLA = "https://updates.push.services.mozilla.com"


@dataclass
class Relay:
    """Who is subscribed, and what waits."""

    taken: Service
    url: str = ""
    browser: str = field(default_factory=lambda: uuid.uuid4().hex)
    channels: list[str] = field(default_factory=list)
    waiting: dict[str, dict[str, Any]] = field(default_factory=dict)
    acknowledged: list[str] = field(default_factory=list)
    _socket: ServerConnection | None = None
    _away: bool = False

    def loopback(self, address: str) -> str:
        """A person's address as it is reached here."""
        return address.replace(_MOZILLA, f"https://{self.taken.host}")

    def forget(self) -> None:
        """As a service that lost its data: no browser is known any more."""
        self.browser = uuid.uuid4().hex
        self.channels.clear()
        self._hang_up()

    def leave(self) -> None:
        """The phone is off."""
        self._away = True
        self._hang_up()

    def come_back(self) -> None:
        """It is on again."""
        self._away = False

    def post(self, path: str, headers: dict[str, str], body: bytes) -> None:
        """A message for one of the subscriptions."""
        version = uuid.uuid4().hex
        message = {
            "messageType": "notification",
            "channelID": path.rpartition("/")[2],
            "version": version,
            "data": base64.urlsafe_b64encode(body).rstrip(b"=").decode(),
            "headers": {"encoding": headers["content-encoding"]},
        }
        self.waiting[headers.get("topic", version)] = message
        if self._socket:
            self._deliver(self._socket)

    def talk(self, socket: ServerConnection) -> None:
        """One conversation with the browser."""
        if self._away:
            return
        # Right after it has gone the browser may not be there any more.
        with suppress(ConnectionClosed):
            for words in socket:
                self._answer(socket, json.loads(words))
        if self._socket is socket:
            self._socket = None

    def _answer(self, socket: ServerConnection, said: dict[str, Any]) -> None:
        kind = said.get("messageType")
        answer = {"messageType": kind, "status": 200}
        if kind == "hello":
            answer |= {"uaid": self.browser, "use_webpush": True, "broadcasts": {}}
        elif kind == "register":
            self.channels.append(said["channelID"])
            place = f"{_MOZILLA}/wpush/v2/{said['channelID']}"
            answer |= {"channelID": said["channelID"], "pushEndpoint": place}
        elif kind == "ack":
            self.acknowledged += [each["version"] for each in said["updates"]]
            return
        elif kind not in ("unregister", None):
            return
        socket.send(json.dumps(answer if kind else {}))
        if kind == "hello":
            self._socket = socket
            self._deliver(socket)

    def _deliver(self, socket: ServerConnection) -> None:
        while self.waiting:
            socket.send(json.dumps(self.waiting.pop(next(iter(self.waiting)))))

    def _hang_up(self) -> None:
        socket, self._socket = self._socket, None
        if socket:
            socket.close()


@contextmanager
def relay(certificate: Path) -> Iterator[Relay]:
    """A push service for one browser, until the block ends."""
    with service(certificate) as taken:
        made = Relay(taken)
        taken.passed_on = made.post
        server = serve(made.talk, "127.0.0.1", 0, close_timeout=0.5)
        made.url = f"ws://127.0.0.1:{server.socket.getsockname()[1]}/"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield made
        finally:
            made.leave()
            server.shutdown()
            thread.join()
