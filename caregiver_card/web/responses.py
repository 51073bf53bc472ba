"""Build responses: precompressed HTML, compressed data and downloads."""

import re
from collections.abc import Mapping
from typing import Any

from flask import Response, request

from caregiver_card.pages.precompressed import PrecompressedPage, compress

# The static files that become smaller by compression.
_COMMENT_LINE = re.compile(rb"^ *//.*\n", re.MULTILINE)
_COMPRESSIBLE = ("text/css", "text/javascript")


def page(precompressed: PrecompressedPage, status: int = 200) -> Response:
    """Send a page without holes, as gzip if the client accepts it."""
    compressed = accepts_gzip()
    body = precompressed.gzip() if compressed else precompressed.plain()
    return html(body, compressed, status)


def accepts_gzip(environ: Mapping[str, Any] | None = None) -> bool:
    """Whether the client accepts gzip; without ``environ``, the client of the present request."""
    accepted = (environ or request.environ).get("HTTP_ACCEPT_ENCODING", "")
    return "gzip" in accepted and "gzip;q=0" not in accepted.replace(" ", "")


def html(body: bytes, compressed: bool, status: int = 200) -> Response:
    """Send an HTML page; ``compressed`` says whether ``body`` is gzip (see ``accepts_gzip``)."""
    return Response(body, status, html_headers(len(body), compressed=compressed))


def html_headers(length: int, *, compressed: bool) -> list[tuple[str, str]]:
    """Return the headers of an HTML page of ``length`` bytes as they are sent."""
    found = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Length", str(length)),
        ("Vary", "Accept-Encoding"),
    ]
    return [*found, ("Content-Encoding", "gzip")] if compressed else found


def send_compressed(body: bytes, content_type: str) -> Response:
    """Send data or a script, as gzip if the client accepts it."""
    return _compress(Response(body, content_type=content_type))


def compress_static(response: Response) -> Response:
    """Compress the scripts that Flask serves from ``static``, without their comments.

    Every phone that keeps a card stores them.
    """
    if request.endpoint != "static" or response.status_code != 200:
        return response
    if response.mimetype not in _COMPRESSIBLE:
        return response
    response.direct_passthrough = False
    if response.mimetype == "text/javascript":
        response.set_data(_COMMENT_LINE.sub(b"", response.get_data()))
    tag, _ = response.get_etag()
    # A weak tag: the bytes differ from the file's.
    response.set_etag(tag or "", weak=True)
    return _compress(response)


def _compress(response: Response) -> Response:
    if accepts_gzip():
        response.set_data(compress(response.get_data()))
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    return response


def download(body: bytes, content_type: str, name: str) -> Response:
    """Send a file that a browser shows, or saves as ``name``."""
    response = Response(body, content_type=content_type)
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def attachment(body: bytes, content_type: str, name: str) -> Response:
    """Send a file that a browser saves as ``name`` and never shows."""
    response = Response(body, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
