"""The project's gunicorn.conf.py without its warming, which "hello" has no use for."""

import gc
import runpy
from pathlib import Path
from typing import Any

_PROJECT = Path(__file__).parent.parent.parent / "gunicorn.conf.py"

globals().update(
    {name: value for name, value in runpy.run_path(str(_PROJECT)).items() if name[0] != "_"}
)
# As many as the project has for pages.
workers = 2


def pre_fork(_server: Any, _worker: Any) -> None:
    """Each worker answers everything."""


def when_ready(_server: Any) -> None:
    """What it does to the collector is done here too."""
    gc.collect()
    gc.freeze()


def post_worker_init(_worker: Any) -> None:
    """It prints nothing."""
