"""The first wallet PDF after a worker's start beside the next ones, through a real gunicorn."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.bench import examples, servers
from tests.bench.figures import Row, at_most, information, milliseconds

MOST_OF_WARM = 1.50
_STARTS = 5
_NEXT = 15


def rows() -> list[Row]:
    """The first card, and what loading the program costs where nothing was warmed."""
    firsts, warm, cold = [], [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'cards.sqlite'}"
        path = f"/c/{examples.keep(url)['typical']}/card.pdf"
        for _ in range(_STARTS):
            with servers.project(folder, url, workers=1) as server:
                firsts.append(_timed(server, path))
                warm.append(median(_timed(server, path) for _ in range(_NEXT)))
            cold.append(_loading())
    yardstick = f"the next {_NEXT} ({milliseconds(warm)})"
    return [
        at_most("first card.pdf after a start", yardstick, firsts, warm, MOST_OF_WARM),
        information(f"  loading the program ({milliseconds(cold)})", yardstick, cold, warm),
    ]


def _timed(server: servers.Server, path: str) -> float:
    start = time.perf_counter()
    response, body = server.get(path)
    taken = time.perf_counter() - start
    if response.status != 200 or not body.startswith(b"%PDF"):
        raise RuntimeError(f"{path}: {response.status}")
    return taken


def _loading() -> float:
    start = time.perf_counter()
    command = (sys.executable, "-c", "import caregiver_card.web.reader")
    subprocess.run(command, cwd=examples.ROOT, check=True)
    return time.perf_counter() - start
