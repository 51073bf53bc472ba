"""Real gunicorns: a connection that says nothing, and a database that is not there."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.servers import AWAY, Server, environment, free_port, gunicorn

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


def test_a_server_starts_while_its_database_is_away(tmp_path: Path) -> None:
    """After a power cut both come back, in any order; the guide needs no database."""
    with gunicorn(tmp_path, CARD_DATABASE_URL=AWAY) as server:
        assert server.get("/guide")[0] == 200
        assert server.get("/healthz")[0] == 503
        assert server.get("/c/AAAAAAAAAAAAAAAAAAAAAAAAAA")[0] == 503
        assert "database: cannot be reached" in server.log.read_text()


def test_an_address_that_can_never_be_right_is_said_in_one_line(tmp_path: Path) -> None:
    """The setting is named, its value is not: there may be a password in it."""
    settings = environment(tmp_path, free_port(), CARD_DATABASE_URL="mysql://nobody:secret@there")
    done = subprocess.run(
        [sys.executable, "-m", "gunicorn", "wsgi:app"], env=settings, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "\nERROR settings: CARD_DATABASE_URL: the address is not sqlite:///PATH" in done.stderr
    assert "Traceback" not in done.stderr and "secret" not in done.stderr
