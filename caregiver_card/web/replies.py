"""Replies of the web: HTML that is compressed already, and files to keep."""

import gzip

from flask import Response, request

from caregiver_card.pages.pressed import Pressed


def page(pressed: Pressed, status: int = 200) -> Response:
    """A page without holes, compressed or plain, as the reader can take it."""
    compressed = takes_gzip()
    return html(pressed.gzip() if compressed else pressed.plain(), compressed, status)


def takes_gzip() -> bool:
    """Whether the reader can take a compressed page."""
    accepted = request.environ.get("HTTP_ACCEPT_ENCODING", "")
    return "gzip" in accepted and "gzip;q=0" not in accepted.replace(" ", "")


def html(body: bytes, compressed: bool, status: int = 200) -> Response:
    """An HTML page in the bytes that were made for ``takes_gzip()``."""
    response = Response(body, status, content_type="text/html; charset=utf-8")
    if compressed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    return response


def packed(body: bytes, kind: str) -> Response:
    """Data for a script, compressed where the reader can take it."""
    if not takes_gzip():
        return Response(body, content_type=kind)
    response = Response(gzip.compress(body, 6), content_type=kind)
    response.headers["Content-Encoding"] = "gzip"
    return response


def download(body: bytes, kind: str, name: str) -> Response:
    """A file that a browser shows or saves as ``name``."""
    response = Response(body, content_type=kind)
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
