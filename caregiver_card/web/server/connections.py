"""Accept connections and read whole requests from all of them at once, waiting for none."""

import selectors
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from caregiver_card.web.server.incoming import Incoming

# From its first byte to its last: a table of a caseload over a slow mobile network. It holds
# nothing meanwhile but its own bytes.
REQUEST_S = 60.0
# How long a connection stays open for the next request: the time to read a page and press a link.
# Proxies that keep connections to us open longer than this open another.
_IDLE_S = 15.0
# Of one process. The system's usual limit of open files is 1,024.
_MOST_CONNECTIONS = 800
_ACCEPTED_AT_ONCE = 64
_CHUNK = 64 * 1024


@dataclass(slots=True, eq=False)
class Connection:
    """A client's connection and what has arrived on it."""

    client: socket.socket
    address: Any
    server: Any
    incoming: Incoming
    # When its present request began, or the last one ended.
    since: float = field(default_factory=time.monotonic)


class Connections:
    """The connections of one process.

    ``serve`` answers a complete request or hands it over, and returns whether the connection stays
    here and open. ``refuse`` answers a request that is none with a status, and closes.
    """

    def __init__(
        self,
        listeners: Sequence[socket.socket],
        serve: Callable[[Connection, bytes], bool],
        refuse: Callable[[Connection, int], None],
        largest_body: int,
    ) -> None:
        self._serve, self._refuse, self._largest_body = serve, refuse, largest_body
        self._selector = selectors.DefaultSelector()
        self._open: set[Connection] = set()
        for listener in listeners:
            listener.setblocking(False)
            self._selector.register(listener, selectors.EVENT_READ)

    def run(self, timeout: float) -> None:
        """Do what there is to do; wait at most ``timeout`` seconds for it."""
        for key, _ in self._selector.select(timeout):
            if key.data is None:
                self._accept(key.fileobj)  # type: ignore[arg-type]
            elif key.data in self._open:
                self._read(key.data)

    def close_overdue(self) -> None:
        """Refuse requests that take too long to arrive, and close idle connections."""
        now = time.monotonic()
        for each in list(self._open):
            if len(each.incoming) and now - each.since > REQUEST_S:
                self._let_go(each)
                self._refuse(each, 408)
            elif not len(each.incoming) and now - each.since > _IDLE_S:
                self._close(each)

    def close(self) -> None:
        """Close every connection."""
        for each in list(self._open):
            self._close(each)
        self._selector.close()

    def _accept(self, listener: socket.socket) -> None:
        for _ in range(_ACCEPTED_AT_ONCE):
            try:
                client, address = listener.accept()
            except OSError:
                # Another worker was faster, or the client has gone.
                return
            if len(self._open) >= _MOST_CONNECTIONS:
                # The one that has kept us waiting longest, so that new clients always get in.
                self._close(min(self._open, key=lambda each: each.since))
            client.setblocking(False)
            if listener.family != socket.AF_UNIX:
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            incoming = Incoming(self._largest_body)
            added = Connection(client, address, listener.getsockname(), incoming)
            self._open.add(added)
            self._selector.register(client, selectors.EVENT_READ, added)
            self._read(added)

    def _read(self, each: Connection) -> None:
        try:
            chunk = each.client.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError:
            chunk = b""
        if not chunk:
            self._close(each)
            return
        if not len(each.incoming):
            each.since = time.monotonic()
        if each.incoming.add(chunk):
            self._answer(each)
        elif each.incoming.waits:
            each.incoming.waits = False
            with suppress(OSError):
                each.client.send(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _answer(self, each: Connection) -> None:
        while True:
            if each.incoming.refused:
                self._let_go(each)
                self._refuse(each, each.incoming.refused)
                return
            if not self._serve(each, each.incoming.take()):
                self._let_go(each)
                return
            each.since = time.monotonic()
            if not each.incoming.has_next():
                return

    def _let_go(self, each: Connection) -> None:
        """Forget a connection that somebody else closes, or has closed."""
        self._open.discard(each)
        with suppress(KeyError, ValueError):
            self._selector.unregister(each.client)

    def _close(self, each: Connection) -> None:
        self._let_go(each)
        each.client.close()
