"""Queues of requests between processes, each with a limit.

A page worker hands a client's own connection over, with the whole request, and forgets it. The
queue is a pair of sockets that every worker inherits: the system keeps what waits, and a worker
that is killed takes nothing with it but the request it was answering.
"""

import fcntl
import json
import os
import select
import socket
import struct
import tempfile
import termios
import time
from dataclasses import dataclass
from typing import Any, BinaryIO

# Long enough for a client on this machine or in this house, such as a proxy, to refuse it.
_PROBE_MS = 50

# macOS has no ordered packets between processes; its datagrams keep their order as well.
_KIND = socket.SOCK_SEQPACKET if os.uname().sysname == "Linux" else socket.SOCK_DGRAM


@dataclass(frozen=True, slots=True)
class Job:
    """A request to answer, and the connection to answer it on."""

    client: socket.socket
    # As ``socket.accept`` and ``getsockname`` give them: host and port, or a path.
    address: Any
    server: Any
    raw: bytes
    # Whether the client still sends a body that nobody reads.
    has_unread_body: bool
    # When it was put, in seconds of the machine's monotonic clock.
    put_at: float

    def has_left(self) -> bool:
        """Whether the client has closed the connection, and waits no more.

        One that has merely said all it wants to say looks the same, until something is sent: it
        takes that, and one that has left refuses it.
        """
        try:
            if self.client.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT):
                return False
            self.client.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        except BlockingIOError:
            return False
        except OSError:
            return True
        poll = select.poll()
        # Errors and the end of a connection are always reported.
        poll.register(self.client, 0)
        return bool(poll.poll(_PROBE_MS))


class WorkQueue:
    """Requests that wait for one kind of worker; at most ``most`` of them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._entry, self._exit = socket.socketpair(socket.AF_UNIX, _KIND)
        self._entry.setblocking(False)
        self._exit.setblocking(False)

    def close(self) -> None:
        """Close both ends; the connections that wait are closed with them."""
        self._entry.close()
        self._exit.close()

    def put(
        self, client: socket.socket, address: Any, server: Any, raw: bytes, has_unread_body: bool
    ) -> bool:
        """Hand a request over with its connection; False if the queue or the system is full.

        The caller closes its own end of ``client`` afterwards.
        """
        if self.waiting() >= self._most:
            return False
        about = json.dumps([address, server, has_unread_body, time.monotonic()]).encode() + b"\n"
        try:
            with _memory() as file:
                file.write(about + raw)
                file.seek(0)
                socket.send_fds(self._entry, [b"\0"], [client.fileno(), file.fileno()])
        except OSError:
            # Full, or no descriptors or memory left.
            return False
        return True

    def take(self, timeout: float) -> Job | None:
        """Return the request that waits longest; None if none comes within ``timeout`` seconds."""
        if not select.select([self._exit], [], [], timeout)[0]:
            return None
        try:
            _, descriptors, _, _ = socket.recv_fds(self._exit, 1, 2)
        except BlockingIOError:
            # Another worker was faster.
            return None
        if len(descriptors) != 2:
            for descriptor in descriptors:
                os.close(descriptor)
            return None
        client = socket.socket(fileno=descriptors[0])
        with os.fdopen(descriptors[1], "rb") as file:
            about, _, raw = file.read().partition(b"\n")
        address, server, has_unread_body, put_at = json.loads(about)
        return Job(client, _place(address), _place(server), raw, has_unread_body, put_at)

    def waiting(self) -> int:
        """How many requests wait."""
        # Each is one byte long, and the system says how many bytes wait.
        return int(struct.unpack("i", fcntl.ioctl(self._exit, termios.FIONREAD, b"\0" * 4))[0])


def _memory() -> BinaryIO:
    """A file that needs no disk, where the system has such files."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("request"), "w+b", buffering=0)
    return tempfile.TemporaryFile(buffering=0)


def _place(stored: Any) -> Any:
    return tuple(stored) if isinstance(stored, list) else stored
