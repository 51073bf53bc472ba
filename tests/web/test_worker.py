"""A connection that says nothing keeps nobody waiting."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from caregiver_card.web.worker import Worker
from tests.servers import Server, gunicorn

# Real servers and real seconds.
pytestmark = pytest.mark.slow


@contextmanager
def _silent(server: Server, count: int) -> Iterator[None]:
    """Connections that are opened ahead of need, as browsers do."""
    place = ("127.0.0.1", int(server.url.rpartition(":")[2]))
    with ExitStack() as open_ones:
        for _ in range(count):
            open_ones.enter_context(socket.create_connection(place))
        yield


def test_silent_connections_do_not_delay_a_page(tmp_path: Path) -> None:
    """With more of them than there are workers; gunicorn's own would answer after 30 seconds."""
    with gunicorn(tmp_path) as server, _silent(server, 8):
        began = time.monotonic()
        assert server.get("/healthz")[0] == 200
        assert time.monotonic() - began < 5


def test_where_the_system_hands_them_over_a_worker_closes_them() -> None:
    """macOS does, and Linux after a while."""
    client, ours = socket.socketpair()
    with client, ours:
        Worker.handle(object.__new__(Worker), None, ours, "")
        assert client.recv(1) == b""
