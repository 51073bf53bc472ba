"""The yardstick of the phone's pages: files that stand still, each compressed once.

``BENCH_STILL`` is their folder. A browser may keep all of them but a script.
"""

import gzip
import os
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(os.environ["BENCH_STILL"])
_KINDS = {
    ".html": (("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "max-age=86400")),
    ".js": (("Content-Type", "text/javascript"), ("Cache-Control", "no-cache")),
}


@cache
def _file(path: str) -> bytes:
    return gzip.compress((_FOLDER / path).read_bytes(), 9)


def app(environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
    """The file of the path, as a web server answers it."""
    path = environ["PATH_INFO"].lstrip("/")
    if not (_FOLDER / path).is_file():
        start("404 Not Found", [("Content-Length", "0")])
        return []
    body = _file(path)
    length = ("Content-Length", str(len(body)))
    start("200 OK", [*_KINDS[Path(path).suffix], ("Content-Encoding", "gzip"), length])
    return [body]
