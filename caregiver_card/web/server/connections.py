"""Accept connections and read whole requests from all of them at once, waiting for none."""

import errno
import os
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
MOST_CONNECTIONS = 800
# Of one process: 128 card files of the largest size at once, or seven hospital's files. Beyond it
# the largest is refused, and never what fits a head: a page opens always.
_MOST_BYTES = 64 * 1024 * 1024
# How long a request that is arriving may take when the server ends.
_LAST_S = 3.0
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
    # How many of its bytes are counted.
    held: int = 0


class Connections:
    """The connections of one process.

    ``serve`` answers a complete request or hands it over, and returns whether the connection stays
    here and open. ``refuse`` answers a request that is none with a status, and closes.
    At most ``most`` connections are open. A byte at the descriptor ``wake`` ends a wait.
    """

    def __init__(
        self,
        listeners: Sequence[socket.socket],
        serve: Callable[[Connection, bytes], bool],
        refuse: Callable[[Connection, int], None],
        incoming: Callable[[], Incoming],
        *,
        most: int = MOST_CONNECTIONS,
        wake: int | None = None,
    ) -> None:
        self._serve, self._refuse, self._new_incoming = serve, refuse, incoming
        self._most, self._wake, self._listeners = most, wake, listeners
        self._selector = selectors.DefaultSelector()
        self._open: set[Connection] = set()
        self._held = 0
        if wake is not None:
            self._selector.register(wake, selectors.EVENT_READ)
        for listener in listeners:
            listener.setblocking(False)
            self._selector.register(listener, selectors.EVENT_READ)

    def run(self, timeout: float) -> bool:
        """Do what there is to do; wait at most ``timeout`` seconds for it.

        Return whether there was anything.
        """
        ready = self._selector.select(timeout)
        for key, _ in ready:
            if key.fileobj == self._wake:
                os.read(self._wake, 4096)
            elif key.data is None:
                self._accept(key.fileobj)  # type: ignore[arg-type]
            elif key.data in self._open:
                self._read(key.data)
        return bool(ready)

    def close_overdue(self) -> None:
        """Refuse requests that take too long to arrive, and close idle connections."""
        now = time.monotonic()
        for each in list(self._open):
            if len(each.incoming) and now - each.since > REQUEST_S:
                self._let_go(each)
                self._refuse(each, 408)
            elif not len(each.incoming) and now - each.since > _IDLE_S:
                self._close(each)

    def finish(self) -> None:
        """Answer what is arriving, within three seconds, refuse the rest, and close everything."""
        end = time.monotonic() + _LAST_S
        while self.run(0) and time.monotonic() < end:
            # What clients have sent before the end.
            pass
        for listener in self._listeners:
            self._selector.unregister(listener)
            listener.close()
        while any(len(each.incoming) for each in self._open) and time.monotonic() < end:
            self.run(0.05)
        for each in list(self._open):
            if len(each.incoming):
                self._let_go(each)
                self._refuse(each, 503)
        for each in list(self._open):
            self._close(each)
        self._selector.close()

    def _accept(self, listener: socket.socket) -> None:
        for _ in range(_ACCEPTED_AT_ONCE):
            try:
                client, address = listener.accept()
            except OSError as error:
                if error.errno not in (errno.EMFILE, errno.ENFILE):
                    # Another worker was faster, or the client has gone.
                    return
                self._make_room()
                continue
            if len(self._open) >= self._most:
                self._make_room()
            client.setblocking(False)
            if listener.family != socket.AF_UNIX:
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            places = _text(address), _text(listener.getsockname())
            added = Connection(client, *places, self._new_incoming())
            self._open.add(added)
            self._selector.register(client, selectors.EVENT_READ, added)
            self._read(added)

    def _make_room(self) -> None:
        """Close the connection that has kept us waiting longest: new clients always get in."""
        if not self._open:
            # Descriptors that nothing here can give back.
            time.sleep(0.05)
        else:
            self._close(min(self._open, key=lambda each: each.since))

    def _read(self, each: Connection) -> None:
        self._take_in(each)
        self._count(each)
        while self._held > _MOST_BYTES:
            largest = max(self._open, key=lambda each: each.held)
            self._let_go(largest)
            self._refuse(largest, 503)

    def _count(self, each: Connection) -> None:
        held = len(each.incoming) if each in self._open else 0
        self._held += held - each.held
        each.held = held

    def _take_in(self, each: Connection) -> None:
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
        if each in self._open and each.incoming.waits:
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
        self._count(each)
        with suppress(KeyError, ValueError):
            self._selector.unregister(each.client)

    def _close(self, each: Connection) -> None:
        self._let_go(each)
        each.client.close()


def _text(place: Any) -> Any:
    """An address without bytes; Linux has sockets whose names are no paths."""
    return os.fsdecode(place) if isinstance(place, bytes) else place
