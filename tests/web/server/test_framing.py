"""Requests that are cut, written or sent in an odd way: one answer each, from the right worker."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import Server, free_port, gunicorn

pytestmark = pytest.mark.slow

_SECOND = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
_PRINT, _FORM, _PAGE = b"print 10", b"form 5", b"page 0"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose views say which worker answers."""
    with gunicorn(tmp_path_factory.mktemp("odd"), "tests.web.server.odd_app:app") as running:
        yield running


def _all(client: socket.socket, wait: float = 10) -> bytes:
    """What arrives until the server closes, or is silent for ``wait`` seconds."""
    client.settimeout(wait)
    received = b""
    try:
        while chunk := client.recv(65536):
            received += chunk
    except TimeoutError:
        pass
    return received


def _exchange(server: Server, *pieces: bytes, pause: float = 0.2, wait: float = 10) -> bytes:
    with server.connect() as client:
        for piece in pieces:
            client.sendall(piece)
            time.sleep(pause if piece is not pieces[-1] else 0)
        return _all(client, wait)


def _head(*fields: str, line: str = "POST /who/page HTTP/1.1") -> bytes:
    return "\r\n".join([line, "Host: x", *fields, "", ""]).encode("latin-1")


_LENGTH = len(_SECOND)


@pytest.mark.parametrize(
    "fields",
    [
        [f"Content-Length: {_LENGTH:030}"],
        [f"Content-Length: {_LENGTH}", "Content-Length: 0"],
        ["Content-Length: 0", f"Content-Length: {_LENGTH}"],
        [f"Content-Length: {_LENGTH}", f"Content-Length: {_LENGTH}"],
        [f"Content-Length: +{_LENGTH}"],
        [f"Content-Length: {_LENGTH}, {_LENGTH}"],
        [f"Content-Length: 0 {_LENGTH}"],
        [f"Content-Length: -{_LENGTH}"],
        [f"Content-Length: 0x{_LENGTH:x}"],
        ["Content-Length: \u00b2"],
        ["Content-Length:"],
        [f"Content-Length : {_LENGTH}"],
        [f" Content-Length: {_LENGTH}"],
        ["X: y", f"\tContent-Length: {_LENGTH}"],
        [f"X: y\nContent-Length: {_LENGTH}"],
        [f"X: y\rContent-Length: {_LENGTH}"],
        [f"X: y\0\r\nContent-Length: {_LENGTH}"],
        [f"Content-Length: {_LENGTH}\0"],
        [f"Content-Length: {_LENGTH}\x0b"],
        ["Transfer-Encoding: chunked", f"Content-Length: {_LENGTH}"],
        ["Transfer-Encoding : chunked"],
        ["Transfer-Encoding:\tidentity"],
        [f"Expect: 100-continue\rContent-Length: {_LENGTH}"],
        [f"Expect: 100-continue\r\n Content-Length: {_LENGTH}"],
        [f"Content-Length: {10**25}"],
    ],
    ids=str,
)
@pytest.mark.parametrize("kind", ["page", "form"])
def test_a_length_in_doubt_ends_the_connection(
    server: Server, fields: list[str], kind: str
) -> None:
    """One answer, a refusal; what may be a body is never read as a second request."""
    raw = _head(*fields, line=f"POST /who/{kind} HTTP/1.1") + _SECOND
    received = _exchange(server, raw)
    assert received.count(b"HTTP/1.1 ") - received.count(b"100 Continue") == 1
    assert b"HTTP/1.1 4" in received and b"Connection: close" in received


@pytest.mark.parametrize(
    ("line", "who"),
    [
        ("GET http://card.example/who/print HTTP/1.1", _PRINT),
        ("GET HTTP://card.example/WHO/print HTTP/1.0", _PRINT),
        ("GET /who/print#part HTTP/1.1", _PRINT),
        ("GET /who/print;x#?a HTTP/1.1", b"404"),
        ("GET /who/print?#a HTTP/1.1", _PRINT),
        ("GET /%77%68o/p%72int HTTP/1.1", _PRINT),
        ("GET //who/print HTTP/1.1", _PRINT),
        ("\r\nGET /who/print HTTP/1.1", _PRINT),
        ("\r\nGET http://card.example/who/form HTTP/1.1", _FORM),
        ("HEAD /who/page HTTP/1.1", b"200 OK"),
        ("OPTIONS * HTTP/1.1", b"404"),
        ("GET http://card.example HTTP/1.1", b"HTTP/1.1 "),
        ("CONNECT card.example:80 HTTP/1.1", b"HTTP/1.1 4"),
        ("GET /who/page HTTP/1.0", _PAGE),
        ("get /who/page HTTP/1.1", b"400"),
    ],
    ids=repr,
)
def test_a_target_means_to_the_server_what_it_means_to_the_program(
    server: Server, line: str, who: bytes
) -> None:
    """Otherwise anybody could have a page worker print."""
    received = _exchange(server, _head("Connection: close", line=line))
    assert who in received and b"HTTP/1.1 5" not in received


def test_a_large_form_is_not_read_by_a_page_worker(server: Server) -> None:
    """Taking half a megabyte of fields apart takes a tenth of a second."""
    small = _exchange(server, _head("Connection: close", "Content-Length: 4") + b"tick")
    assert b"page 0 4" in small
    body = b"a&" * 200_000
    large = _exchange(server, _head("Connection: close", f"Content-Length: {len(body)}") + body)
    assert f"page 5 {len(body)}".encode() in large


@pytest.mark.parametrize("kind", ["page", "form", "print"])
def test_a_client_that_has_said_all_is_answered(server: Server, kind: str) -> None:
    """It closes its own half of the connection, and reads."""
    with server.connect() as client:
        client.sendall(_head(line=f"GET /who/{kind} HTTP/1.1"))
        client.shutdown(socket.SHUT_WR)
        assert kind.encode() in _all(client)


@pytest.mark.parametrize("kind", ["form", "print"])
@pytest.mark.parametrize("pause", [0, 0.2])
def test_what_follows_a_request_that_is_handed_over_is_left_out(
    server: Server, kind: str, pause: float
) -> None:
    """One whole answer that says "close"; the client asks again for the rest, on another."""
    with server.connect() as client:
        client.sendall(_head(line=f"GET /slow/{kind} HTTP/1.1"))
        time.sleep(pause)
        client.sendall(_SECOND * 40)
        time.sleep(1)
        received = _all(client)
    assert received.count(b"HTTP/1.1 ") == 1 and received.endswith(b"done")
    assert b"Connection: close" in received


def test_requests_in_a_row_are_answered_in_a_row(server: Server) -> None:
    """Pages, one with a body, then a print that ends the connection."""
    post = _head("Content-Length: 3") + b"abc"
    raw = post + b"\r\n" + post + _head(line="HEAD /who/page HTTP/1.1") + post
    received = _exchange(server, raw + _head(line="GET /who/print HTTP/1.1") + post)
    assert received.count(b"HTTP/1.1 200") == 5
    assert received.count(b"page 0 3") == 3 and received.endswith(b"print 10 0")


@pytest.mark.parametrize(("kind", "who"), [("page", _PAGE), ("form", _FORM), ("print", _PRINT)])
def test_a_client_that_asks_before_it_sends_is_answered(
    server: Server, kind: str, who: bytes
) -> None:
    """Once, also behind another request; a client of HTTP/1.0 never."""
    head = _head("Expect: 100-continue", "Content-Length: 3", "Connection: close")
    head = head.replace(b"/who/page", f"/who/{kind}".encode())
    received = _exchange(server, head, b"abc")
    assert received.count(b"100 Continue") == 1 and who + b" 3" in received
    received = _exchange(server, _head(line="GET /who/page HTTP/1.1") + head, b"abc")
    assert received.count(b"100 Continue") == 1 and who + b" 3" in received
    received = _exchange(server, head.replace(b"HTTP/1.1", b"HTTP/1.0"), b"abc")
    assert b"100 Continue" not in received and who + b" 3" in received


@pytest.mark.parametrize(
    ("line", "field", "stays"),
    [
        ("GET /who/page HTTP/1.1", "X: y", True),
        ("GET /who/page HTTP/1.1", "Connection: close", False),
        ("GET /who/page HTTP/1.0", "X: y", False),
        ("GET /who/page HTTP/1.0", "Connection: keep-alive", True),
        ("GET /who/page HTTP/1.1", "Connection: Upgrade", True),
        ("HEAD /who/page HTTP/1.1", "X: y", True),
        ("HEAD /who/page HTTP/1.0", "X: y", False),
    ],
)
def test_a_connection_stays_open_as_the_client_wants(
    server: Server, line: str, field: str, stays: bool
) -> None:
    """A second request on it is answered, or there is no second."""
    raw = _head(field, "Upgrade: websocket", line=line)
    received = _exchange(server, raw * 2, wait=1)
    assert received.count(b"HTTP/1.") == (2 if stays else 1)


def test_a_client_with_a_long_address_is_answered(tmp_path: Path) -> None:
    """IPv6 beside IPv4, every kind."""
    port = free_port()
    options = ("--bind", f"127.0.0.1:{port}", "--bind", f"[::1]:{port}", "--access-logfile", "-")
    with gunicorn(tmp_path, "tests.web.server.odd_app:app", *options, port=port) as server:
        for kind, who in (("page", _PAGE), ("form", _FORM), ("print", _PRINT)):
            with socket.create_connection(("::1", port)) as client:
                client.sendall(_head("Connection: close", line=f"GET /who/{kind} HTTP/1.1"))
                assert who in _all(client)
    assert server.log.read_text().count("::1 - - ") == 3


def test_a_server_at_a_path_answers(tmp_path: Path) -> None:
    """Every kind, with a log of its requests; a client there has no address."""
    place = tmp_path / "socket"
    options = ("--bind", f"unix:{place}", "--access-logfile", "-")
    with gunicorn(tmp_path, "tests.web.server.odd_app:app", *options, at=place) as server:
        for kind, who in (("page", _PAGE), ("form", _FORM), ("print", _PRINT)):
            with socket.socket(socket.AF_UNIX) as client:
                # A name without a path, which Python gives as bytes.
                client.bind(f"\0{place}-{kind}")
                client.connect(str(place))
                client.sendall(_head("Connection: close", line=f"GET /who/{kind} HTTP/1.1"))
                assert who in _all(client)
    assert server.log.read_text().count("GET /who/") == 3
