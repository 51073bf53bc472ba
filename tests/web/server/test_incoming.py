"""Requests that arrive in pieces: complete with their last byte, never before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiver_card.web.server.incoming import Incoming, request_line

_GET = b"GET /c/ABC HTTP/1.1\r\nHost: card.example\r\n\r\n"
_POST = b"POST /new HTTP/1.1\r\nHost: card.example\r\nContent-Length: 5\r\n\r\nhello"


def _incoming(raw: bytes, largest_body: int = 100) -> tuple[Incoming, bool]:
    incoming = Incoming(largest_body)
    return incoming, incoming.add(raw)


@pytest.mark.parametrize("raw", [_GET, _POST])
def test_a_request_is_complete_with_its_last_byte(raw: bytes) -> None:
    """However it drips."""
    incoming = Incoming(100)
    assert [incoming.add(bytes([byte])) for byte in raw] == [False] * (len(raw) - 1) + [True]
    assert incoming.take() == raw and not len(incoming)


@given(st.lists(st.sampled_from([_GET, _POST]), min_size=1, max_size=4), st.integers(1, 60))
def test_requests_in_a_row_come_apart(requests: list[bytes], size: int) -> None:
    """As they were sent, whatever the pieces are."""
    raw, incoming, taken = b"".join(requests), Incoming(100), []
    for at in range(0, len(raw), size):
        ready = incoming.add(raw[at : at + size])
        while ready:
            taken.append(incoming.take())
            ready = incoming.has_next()
    assert taken == requests


def test_a_body_that_is_too_large_is_not_waited_for() -> None:
    """The application refuses it in its own words."""
    incoming, complete = _incoming(_POST.replace(b": 5", b": 101"))
    assert complete and incoming.is_oversized
    assert incoming.take().endswith(b"\r\n\r\n")


def test_a_head_without_an_end_is_refused() -> None:
    """A line that never ends costs 32 KB of memory, and no more."""
    incoming, complete = _incoming(b"GET / HTTP/1.1\r\nX: " + b"a" * 33_000)
    assert complete and incoming.refused == 431


def test_a_body_of_unknown_length_is_refused() -> None:
    """It could be cut in two ways, by a proxy and by us."""
    incoming, complete = _incoming(
        _POST.replace(b"Content-Length: 5", b"Transfer-Encoding: chunked")
    )
    assert complete and incoming.refused == 411


def test_a_client_that_asks_before_it_sends_is_told_to_send() -> None:
    """Once, by the server: the application does not see the question."""
    head, body = (
        _POST.replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n").split(b"hello")[0],
        b"hello",
    )
    incoming, complete = _incoming(head)
    assert not complete and incoming.waits
    assert incoming.add(body)
    assert incoming.take() == _POST


@pytest.mark.parametrize(
    "raw", [b"\r\n\r\n", b"GET\r\n\r\n", b"\x16\x03\x01\r\n\r\n", b"a b c d\r\n\r\n"]
)
def test_bytes_that_are_no_request_have_no_line(raw: bytes) -> None:
    """A TLS client at a port without TLS, for example."""
    assert request_line(raw) == ("", "")


def test_a_request_has_a_method_and_a_target() -> None:
    """As they stand in its first line."""
    assert request_line(_POST) == ("POST", "/new")
