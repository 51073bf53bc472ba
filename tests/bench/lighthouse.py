"""Lighthouse on the emergency page and the start page: nothing below 100, whenever it is run.

It is npm's, pinned in the Makefile and installed beneath ``.venv``. Its phone is simulated from
what the browser took, so a machine with other work loses points on any page: a static one stands
beside ours and says how much.
"""

import json
import os
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from tests.bench import examples, servers, slow
from tests.bench.figures import Row
from tests.chromium import FLAGS, whole

BEST = 100
_RUNS = 3
_PROGRAM = examples.ROOT / ".venv" / "lighthouse" / "node_modules" / ".bin" / "lighthouse"
_CATEGORIES = ("performance", "accessibility", "best-practices")


def rows() -> list[Row]:
    """The scores of each page, run by run."""
    if not _PROGRAM.exists():
        raise FileNotFoundError(f"Lighthouse is not installed at {_PROGRAM}; make bench does it")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'cards.sqlite'}"
        path = f"/c/{examples.keep(url)['typical']}"
        (folder / "page.html").write_text(slow.static_page(), "utf-8")
        with servers.project(folder, url) as server, servers.still(folder) as still:
            # Mends a page that was pressed by other code than the server's.
            server.get(f"{path}/seen")
            return [
                _row("Lighthouse, /c/<token>", server.address(path), folder),
                _row("Lighthouse, /", server.address("/"), folder),
                replace(
                    _row("  a static page", still.address("/page.html"), folder), goal="", met=None
                ),
            ]


def _row(what: str, address: str, folder: Path) -> Row:
    runs = [_scores(address, folder / "report.json") for _ in range(_RUNS)]
    said = ", ".join(" ".join(map(str, run)) for run in runs)
    met = all(score == BEST for run in runs for score in run)
    return Row(what, " ".join(_CATEGORIES), said, f"{BEST}, each of {_RUNS} runs", met)


def _scores(address: str, report: Path) -> list[int]:
    command = (
        str(_PROGRAM),
        address,
        "--quiet",
        "--form-factor=mobile",
        f"--only-categories={','.join(_CATEGORIES)}",
        "--output=json",
        f"--output-path={report}",
        f"--chrome-flags={' '.join(FLAGS)}",
    )
    how = {**os.environ, "CHROME_PATH": whole()}
    # Now and then its browser's record of a page has no beginning (NO_NAVSTART): then once more.
    if subprocess.run(command, env=how, check=False).returncode:
        subprocess.run(command, env=how, check=True)
    categories = json.loads(report.read_text("utf-8"))["categories"]
    return [round(100 * categories[name]["score"]) for name in _CATEGORIES]
