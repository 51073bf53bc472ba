"""Send responses to clients that take them slowly, without a worker waiting for any of them."""

import select
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field

# Without any progress: a phone that has lost its network.
_STALLED_S = 30
# In all. A whole caseload, over a mobile network of the slowest kind, takes a few minutes.
_LONGEST_S = 600
# Of one process: clients that read nothing hold no more than this.
_MOST_BYTES = 64 * 1024 * 1024
MOST_CLIENTS = 256
# How long a client may go on sending a body that nobody reads, until it sees the answer.
_LINGER_S = 5


@dataclass(slots=True)
class _Outgoing:
    client: socket.socket
    rest: memoryview
    lingers: bool
    # Nothing is sent before.
    not_before: float
    began_at: float = field(default_factory=time.monotonic)
    moved_at: float = field(default_factory=time.monotonic)

    def advance(self) -> bool:
        """Send or drain what can be; return whether all is done."""
        if self.is_held:
            return False
        try:
            if self.rest:
                self.rest = self.rest[self.client.send(self.rest) :]
                self.moved_at = time.monotonic()
                if self.rest:
                    return False
                self.client.shutdown(socket.SHUT_WR)
            # What came meanwhile is read: closed with it, the connection would lose the response.
            self.lingers = bool(self.client.recv(65536))
            return not self.lingers
        except BlockingIOError:
            return not (self.rest or self.lingers)
        except OSError:
            return True

    @property
    def is_held(self) -> bool:
        return time.monotonic() < self.not_before

    def is_overdue(self, now: float) -> bool:
        allowed = _STALLED_S if self.rest else _LINGER_S
        return now - self.moved_at > allowed or now - self.began_at > _LONGEST_S


class ResponseSender:
    """Sends responses and closes their connections; a thread works while there is anything to do.

    ``lingers`` names a client that still sends: its connection is closed when it has read the
    answer, for a connection closed with unread bytes loses what was sent on it.
    """

    def __init__(self, most_clients: int = MOST_CLIENTS) -> None:
        self._most_clients = most_clients
        self._waiting: list[_Outgoing] = []
        self._lock, self._thread = threading.Lock(), None

    _thread: threading.Thread | None

    def send(
        self,
        client: socket.socket,
        response: bytes,
        *,
        lingers: bool = False,
        held_s: float = 0.0,
    ) -> None:
        """Send what the system takes at once, and leave the rest to the thread.

        ``held_s``: how many seconds to wait before.
        """
        client.setblocking(False)
        not_before = time.monotonic() + held_s if held_s else 0.0
        outgoing = _Outgoing(client, memoryview(response), lingers, not_before)
        if outgoing.advance():
            client.close()
            return
        with self._lock:
            self._waiting.append(outgoing)
            self._limit(self._waiting)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()

    def finish(self, timeout: float) -> None:
        """Wait until all is sent, at most ``timeout`` seconds."""
        if thread := self._thread:
            thread.join(timeout)

    def _run(self) -> None:
        under_way: list[_Outgoing] = []
        while True:
            with self._lock:
                under_way += self._waiting
                self._waiting.clear()
                if not under_way:
                    self._thread = None
                    return
            self._limit(under_way)
            _wait(under_way)
            now = time.monotonic()
            for each in under_way:
                if each.advance() or each.is_overdue(now):
                    each.client.close()
            under_way = [each for each in under_way if each.client.fileno() >= 0]

    def _limit(self, those: list[_Outgoing]) -> None:
        """Close what has taken longest, so that new ones are always served; never the only one."""
        held = sum(each.rest.nbytes for each in those)
        while len(those) > self._most_clients or (held > _MOST_BYTES and len(those) > 1):
            oldest = those.pop(0)
            held -= oldest.rest.nbytes
            oldest.client.close()


def _wait(under_way: list[_Outgoing]) -> None:
    """Until one of them can go on; briefly, for new ones join meanwhile."""
    poll = select.poll()
    for each in under_way:
        if each.is_held:
            continue
        with suppress(ValueError):
            poll.register(each.client, select.POLLOUT if each.rest else select.POLLIN)
    poll.poll(50)
