"""Requests that arrive in pieces: complete with their last byte, never before."""

import pytest
from gunicorn.config import Config
from gunicorn.http import get_parser
from gunicorn.http.errors import ParseException
from hypothesis import given
from hypothesis import strategies as st

from caregiver_card.web.request_size import is_answered_unread, largest_request
from caregiver_card.web.server.incoming import Incoming

_GET = b"GET /c/ABC HTTP/1.1\r\nHost: card.example\r\n\r\n"
_POST = b"POST /new HTTP/1.1\r\nHost: card.example\r\nContent-Length: 5\r\n\r\nhello"


def _new(largest_body: int = 100) -> Incoming:
    return Incoming(lambda path: largest_body, is_answered_unread)


def _incoming(raw: bytes, largest_body: int = 100) -> tuple[Incoming, bool]:
    incoming = _new(largest_body)
    return incoming, incoming.add(raw)


@pytest.mark.parametrize("raw", [_GET, _POST])
def test_a_request_is_complete_with_its_last_byte(raw: bytes) -> None:
    """However it drips."""
    incoming = _new()
    assert [incoming.add(bytes([byte])) for byte in raw] == [False] * (len(raw) - 1) + [True]
    assert incoming.take() == raw and not len(incoming)


@given(st.lists(st.sampled_from([_GET, _POST]), min_size=1, max_size=4), st.integers(1, 60))
def test_requests_in_a_row_come_apart(requests: list[bytes], size: int) -> None:
    """As they were sent, whatever the pieces are."""
    raw, incoming, taken = b"".join(requests), _new(), []
    for at in range(0, len(raw), size):
        ready = incoming.add(raw[at : at + size])
        while ready:
            taken.append(incoming.take())
            ready = incoming.has_next()
    assert taken == requests


def test_a_body_that_is_too_large_is_not_waited_for() -> None:
    """The application refuses it in its own words."""
    incoming, complete = _incoming(_POST.replace(b": 5", b": 101"))
    assert complete and incoming.has_unread_body
    assert incoming.take().endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    "target", [b"/new/hospital", b"/New/hospita%6c?l=de", b"/O/abc/edit/hospital"]
)
def test_a_hospitals_file_may_be_larger(target: bytes) -> None:
    """At its own addresses alone, in any spelling that opens them."""
    head = b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 8000000\r\n\r\n"
    for path, is_larger in (
        (target, False),
        (b"/new/file", True),
        (b"/x?/new/hospital", True),
        (b"/o/a/b/edit/hospital", True),
    ):
        incoming = Incoming(largest_request, is_answered_unread)
        incoming.add(head % path)
        assert incoming.has_unread_body == is_larger
    huge = Incoming(largest_request, is_answered_unread)
    huge.add(head.replace(b"8000000", b"50000000") % target)
    assert huge.has_unread_body


def test_a_head_without_an_end_is_refused() -> None:
    """A line that never ends costs 32 KB of memory, and no more."""
    incoming, complete = _incoming(b"GET / HTTP/1.1\r\nX: " + b"a" * 33_000)
    assert complete and incoming.refused == 431


def test_a_body_of_unknown_length_is_refused() -> None:
    """It could be cut in two ways, by a proxy and by us."""
    chunked = _POST.replace(b"Content-Length: 5", b"Transfer-Encoding: chunked")
    incoming, complete = _incoming(chunked)
    assert complete and incoming.refused == 411


def test_a_record_system_is_answered_unread() -> None:
    """Its file does not depend on what it says; the connection ends with the answer."""
    chunked = _POST.replace(b"Content-Length: 5", b"Transfer-Encoding: chunked")
    incoming, complete = _incoming(chunked.replace(b"/new", b"/S/abc"))
    assert complete and incoming.has_unread_body and not incoming.refused
    assert incoming.take() == b"POST /S/abc HTTP/1.1\r\nHost: card.example\r\n\r\n"


def test_a_body_of_two_lengths_is_refused() -> None:
    """Where the next request begins would be a matter of opinion."""
    post = _POST.replace(b"/new", b"/s/abc")
    incoming, complete = _incoming(post.replace(b"\r\n\r\n", b"\r\nTransfer-Encoding: x\r\n\r\n"))
    assert complete and incoming.refused == 400


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


_VALUE = st.sampled_from(["0", "5", "05", "+5", "-5", "5,5", "5 5", "\u00b2", "", "0x5", "5\x0b"])
_NAME = st.sampled_from(["Content-Length", "content-LENGTH", "Content-Length ", " Content-Length"])
_FIELD = st.one_of(
    st.tuples(_NAME, _VALUE).map(": ".join),
    st.sampled_from(["X: y", "Expect: 100-continue", "Expect:", "\tz", "X", "Content_Length: 5"]),
)


@given(st.lists(_FIELD, max_size=4), st.sampled_from(["\r\n", "\n", "\r", "\0\r\n"]))
def test_a_request_ends_where_gunicorn_says(fields: list[str], end: str) -> None:
    """Or one of both refuses it, which closes the connection."""
    head = "\r\n".join(["POST /new HTTP/1.1", end.join(["Host: x", *fields]), "", ""])
    incoming, complete = _incoming(head.encode("latin-1") + b"hello" * 5)
    assert complete
    raw = incoming.take()
    if not incoming.refused:
        try:
            request = next(get_parser(Config(), iter([raw]), ("127.0.0.1", 1)))
        except ParseException:
            return
        lengths = [int(value) for name, value in request.headers if name == "CONTENT-LENGTH"]
        assert len(raw.partition(b"\r\n\r\n")[2]) == sum(lengths)
