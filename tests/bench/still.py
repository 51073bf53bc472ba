"""The yardstick of the phone's pages: files that stand still, compressed when the server starts.

``BENCH_STILL`` is their folder. A browser may keep all of them but a worker, whose one file is
``worker.js``.
"""

import gzip
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

_FOLDER = Path(os.environ["BENCH_STILL"])
_KINDS = {".html": "text/html; charset=utf-8", ".js": "text/javascript"}
_FILES = {
    f"/{path.relative_to(_FOLDER)}": (gzip.compress(path.read_bytes(), 9), _KINDS[path.suffix])
    for path in _FOLDER.rglob("*.*")
}


def app(environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
    """The file of the path, as a web server answers it."""
    body, kind = _FILES.get(environ["PATH_INFO"], (b"", ""))
    headers = [
        ("Content-Type", kind),
        ("Content-Encoding", "gzip"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-cache" if kind == _KINDS[".js"] else "max-age=86400"),
        # Only for the worker's own file: it may answer for its folder.
        ("Service-Worker-Allowed", "/"),
    ]
    start("200 OK" if kind else "404 Not Found", headers if kind else [])
    return [body]
