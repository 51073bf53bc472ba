"""What the worker keeps beside the cards: as it is fetched, and as it lies there.

60 kB in all is what the network has to bring, the guides and the worker itself included. Unpacked,
as they lie on the phone, the guides alone are more text than that; so of what is stored the goal is
for the program, everything but them: 80 kB.
"""

import gzip
import json
import re
import tempfile
from pathlib import Path

from tests.bench import servers
from tests.bench.figures import Row, size

MOST_BYTES, MOST_STORED = 60_000, 80_000
# Content with its sources, which no program makes shorter.
_GUIDES = ("/beeping", "/guide", "/signs")


def rows() -> list[Row]:
    """The bytes of the shell."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with servers.project(folder, f"sqlite:///{folder / 'cards.sqlite'}", 1) as server:
            fetched = {"/sw.js": server.get("/sw.js")[1]}
            found = re.search(r"^const ASSETS = (.*);$", _raw(fetched["/sw.js"]), re.MULTILINE)
            for path in json.loads(found[1]) if found else ():
                fetched[path] = server.get(path)[1]
    stored = {path: len(_raw(body).encode()) for path, body in fetched.items()}
    program = sum(length for path, length in stored.items() if path not in _GUIDES)
    return [
        size("offline shell, fetched", sum(map(len, fetched.values())), MOST_BYTES),
        size("  stored, without the guides", program, MOST_STORED),
        Row("  stored, with the guides", "", f"{sum(stored.values()):,} bytes"),
    ]


def _raw(body: bytes) -> str:
    return (gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body).decode()
