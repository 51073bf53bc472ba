"""Requests that wait between processes, each with its client's connection."""

import socket
from collections.abc import Iterator

import pytest

from caregiver_card.web.server.queues import Job, WorkQueue

_RAW = b"GET /c/ABC/card.pdf HTTP/1.1\r\n\r\n"
_PLACES = (("10.0.0.1", 4711), ("127.0.0.1", 8000))


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """A client, and our end of its connection."""
    client, ours = socket.socketpair()
    with client, ours:
        yield client, ours


@pytest.fixture
def queue() -> Iterator[WorkQueue]:
    """A queue for three."""
    made = WorkQueue(3)
    yield made
    made.close()


def _put(queue: WorkQueue, ours: socket.socket, raw: bytes = _RAW) -> bool:
    return queue.put(ours, *_PLACES, raw, False)


def test_a_request_is_taken_with_its_connection(
    queue: WorkQueue, pair: tuple[socket.socket, socket.socket]
) -> None:
    """What is sent on it reaches the client, even if the one who put it has closed its end."""
    client, ours = pair
    raw = _RAW + b"x" * 500_000
    assert _put(queue, ours, raw)
    ours.close()
    job = queue.take(0)
    assert job and (job.address, job.server, job.raw) == (*_PLACES, raw)
    job.client.sendall(b"here")
    job.client.close()
    assert client.recv(10) == b"here"


def test_a_queue_has_a_limit(queue: WorkQueue, pair: tuple[socket.socket, socket.socket]) -> None:
    """A place is free again as soon as one is taken."""
    assert [_put(queue, pair[1]) for _ in range(5)] == [True, True, True, False, False]
    assert queue.waiting() == 3
    first = queue.take(0)
    assert first and _put(queue, pair[1]) and not _put(queue, pair[1])
    first.client.close()


def test_the_one_that_waits_longest_comes_first(
    queue: WorkQueue, pair: tuple[socket.socket, socket.socket]
) -> None:
    """And none is left."""
    for number in range(3):
        _put(queue, pair[1], b"%d" % number)
    jobs = [queue.take(0) for _ in range(4)]
    assert [job and job.raw for job in jobs] == [b"0", b"1", b"2", None]
    for job in jobs:
        if job:
            job.client.close()


def test_a_client_that_has_left_is_noticed(
    queue: WorkQueue, pair: tuple[socket.socket, socket.socket]
) -> None:
    """Nobody prints for it."""
    _put(queue, pair[1])
    job = queue.take(0)
    assert job and not job.has_left()
    pair[0].close()
    assert job.has_left()
    job.client.close()


def test_a_client_that_has_only_said_all_has_not_left() -> None:
    """Over TCP both look the same until something is sent."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        for leave, has_left in ((socket.socket.close, True), (_say_no_more, False)):
            client = socket.create_connection(listener.getsockname())
            ours = listener.accept()[0]
            with client, ours:
                leave(client)
                assert Job(ours, "", "", _RAW, False, 0).has_left() is has_left


def _say_no_more(client: socket.socket) -> None:
    client.shutdown(socket.SHUT_WR)
