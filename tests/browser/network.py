"""A network between the browser and the server that does what networks do."""

import http.client
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

# What a network in a hotel or a hospital puts in the place of any page.
PORTAL = b"<!doctype html><title>Welcome</title><h1>Welcome to our network</h1>"


class Network:
    """One address whose network can be switched while a browser uses it.

    ``mode``: "open" leads to ``server``; "slow" does so after a second; "hanging" never answers;
    "half" stops in the middle of an answer; "portal", "portal 302" and "portal 404" answer with
    pages of their own; "failing" hands on a 503 of the server's; "down" breaks every connection.
    ``refused`` is one path that does so in every mode.
    """

    def __init__(self, port: int = 0) -> None:
        self.server, self.mode, self.refused = "", "open", ""
        self.asked: list[str] = []
        self.listening = False
        self._port = port
        self.start()
        self.url = f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Answer on the port that it always had."""
        network = self

        class Handler(BaseHTTPRequestHandler):
            # One connection for each question, so that none outlives a switch.
            protocol_version = "HTTP/1.0"

            def do_GET(self) -> None:
                # A browser opens connections ahead of need; a stopped server answers on none.
                if network.listening:
                    network.asked.append(self.path)
                    network._answer(self)

            do_HEAD = do_POST = do_GET

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        self._listening = ThreadingHTTPServer(("127.0.0.1", self._port), Handler)
        self._listening.daemon_threads = True
        self._listening.block_on_close = False
        self._port = self._listening.server_address[1]
        self.listening = True
        threading.Thread(target=self._listening.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Nobody listens any more, as when the server is switched off."""
        self.listening = False
        self._listening.shutdown()
        self._listening.server_close()

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        mode, place = self.mode, {"Location": "http://127.0.0.1:9/login"}
        if mode == "down" or handler.path == self.refused:
            handler.close_connection = True
        elif mode == "hanging":
            self._until_switched(handler)
        elif mode.startswith("portal"):
            code = int(mode.removeprefix("portal") or 200)
            _send(handler, code, place if code == 302 else {}, PORTAL)
        elif mode == "failing":
            _send(handler, 503, {"Caregiver-Card": "yes"}, b"<h1>Just now not</h1>")
        else:
            time.sleep(1 if mode == "slow" else 0)
            self._hand_on(handler, half=mode == "half")

    def _until_switched(self, handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        mode = self.mode
        while self.mode == mode:
            time.sleep(0.05)

    def _hand_on(self, handler: BaseHTTPRequestHandler, half: bool) -> None:
        server = http.client.HTTPConnection(urlsplit(self.server).netloc, timeout=20)
        sent = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        named = {name: value for name, value in handler.headers.items() if name != "Connection"}
        server.request(handler.command, handler.path, sent or None, named)
        answer = server.getresponse()
        body = answer.read()
        server.close()
        headers = {
            name: value
            for name, value in answer.getheaders()
            if name.lower() not in ("connection", "transfer-encoding", "date", "server")
        }
        headers["Content-Length"] = headers.get("Content-Length", str(len(body)))
        if half:
            _send(handler, answer.status, headers, body[: len(body) // 2])
            self._until_switched(handler)
        else:
            _send(handler, answer.status, headers, body)


def _send(handler: BaseHTTPRequestHandler, code: int, headers: dict[str, str], body: bytes) -> None:
    handler.send_response(code)
    given = {"Content-Type": "text/html", "Content-Length": str(len(body)), **headers}
    for name, value in given.items():
        handler.send_header(name, value)
    handler.end_headers()
    if handler.command != "HEAD":
        handler.wfile.write(body)
        handler.wfile.flush()


@contextmanager
def network() -> Iterator[Network]:
    """A network until the block ends."""
    made = Network()
    try:
        yield made
    finally:
        made.mode = "down"
        made.stop()
