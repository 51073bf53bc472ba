"""A gunicorn worker that closes silent connections.

Browsers, scanners and watchdogs open connections before they need them. gunicorn's worker serves
one connection at a time and would wait for each until its ``timeout``: two silent connections
would block every card for half a minute.
"""

import socket
from select import select
from typing import Any

from gunicorn.util import close
from gunicorn.workers.sync import SyncWorker

# A request follows its connection at once; a round trip over a bad mobile network takes less.
# Where the operating system defers connections (see ``defer``), the worker does not wait at all.
_FIRST_BYTE_S = 1.0
# How long the operating system may hold back a silent connection; it rounds this to its own steps.
_DEFER_S = 30


class Worker(SyncWorker):  # type: ignore[misc]  # gunicorn has no types
    """Serve one request at a time, and close a connection that sends none."""

    def handle(self, listener: Any, client: socket.socket, addr: Any) -> None:
        """Answer if the first byte comes within a second."""
        readable, _, _ = select([client], [], [], _FIRST_BYTE_S)
        if readable:
            super().handle(listener, client, addr)
        else:
            close(client)


def defer(listener: socket.socket) -> None:
    """Ask the operating system (Linux) to hand over a connection only with its first byte."""
    if listener.family != socket.AF_UNIX and hasattr(socket, "TCP_DEFER_ACCEPT"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, _DEFER_S)
