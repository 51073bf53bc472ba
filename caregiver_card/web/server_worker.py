"""gunicorn's worker and sockets, so that a connection that says nothing keeps nobody waiting.

Browsers open connections ahead of need, and so do scanners and watchdogs. gunicorn's worker serves
one connection at a time and would listen to each until its ``timeout``: two silent ones, and for
half a minute nobody reads a card.
"""

import socket
from select import select
from typing import Any

from gunicorn.util import close
from gunicorn.workers.sync import SyncWorker

# A request begins right behind its connection; the way there and back over a bad mobile network
# takes less. Where the system can wait, nothing waits here.
_FIRST_BYTE_S = 1.0
# How long the system may keep a silent connection to itself. Rounded by it to its own steps.
_DEFER_S = 30


class Worker(SyncWorker):  # type: ignore[misc]  # gunicorn has no types
    """One request at a time; a connection without one is closed."""

    def handle(self, listener: Any, client: socket.socket, addr: Any) -> None:
        """Answer, if anything was asked within a second."""
        asked, _, _ = select([client], [], [], _FIRST_BYTE_S)
        if asked:
            super().handle(listener, client, addr)
        else:
            close(client)


def defer(listener: socket.socket) -> None:
    """Have the system, where it can (Linux), hand over a connection only with its first byte."""
    if listener.family != socket.AF_UNIX and hasattr(socket, "TCP_DEFER_ACCEPT"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, _DEFER_S)
