"""Replies of the web: HTML that is compressed already, and files to keep."""

import gzip

from flask import Response, request

from caregiver_card.pages.precompressed import PrecompressedPage

# Of our own files, those that compressing makes smaller.
_TEXTS = ("text/css", "text/javascript")


def page(pressed: PrecompressedPage, status: int = 200) -> Response:
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
    """Data or a script, compressed where the reader can take it."""
    return _pack(Response(body, content_type=kind))


def file(response: Response) -> Response:
    """What Flask answers by itself: a style or a script of ours is compressed as well."""
    if request.endpoint != "static" or response.status_code != 200:
        return response
    if response.mimetype not in _TEXTS:
        return response
    response.direct_passthrough = False
    tag, _ = response.get_etag()
    # The same file in other bytes.
    response.set_etag(tag or "", weak=True)
    return _pack(response)


def _pack(response: Response) -> Response:
    if takes_gzip():
        response.set_data(gzip.compress(response.get_data(), 6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    return response


def download(body: bytes, kind: str, name: str) -> Response:
    """A file that a browser shows or saves as ``name``."""
    response = Response(body, content_type=kind)
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
