"""The real server, gunicorn, for tests that drive a browser; and what a person does in one."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from caregiver_card.asking import answers
from caregiver_card.asking.steps import Rows, Step
from caregiver_card.card import Card

ROOT = Path(__file__).parent.parent.parent
# The app with a clock that stands still.
_WSGI = """
import os
from datetime import UTC, datetime
from caregiver_card.web import create_app
from caregiver_card.web.config import Config

app = create_app(
    Config.from_environment(os.environ), lambda: datetime(2026, 11, 21, 12, tzinfo=UTC)
)
"""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """gunicorn with a database in ``folder``, at noon on 21 November 2026; gives its address."""
    (folder / "still.py").write_text(_WSGI)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings = {
        "CARD_DATABASE_URL": f"sqlite:///{folder}/cards.sqlite",
        "CARD_PUBLIC_URL": url,
        "CARD_SECRET_KEY": "a key for tests that is long enough to be one",
        "PORT": str(port),
        "WEB_CONCURRENCY": "1",
        "PYTHONPATH": str(ROOT),
    }
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "still:app", "--pythonpath", str(folder)],
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(url)
        yield url
    finally:
        server.terminate()
        server.wait(10)


def _wait(url: str) -> None:
    for _ in range(150):
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("gunicorn did not answer")


def fill(page: Any, card: Card, step: Step) -> None:
    """Type what a card says into a step's page; lists get a row for each item."""
    flat = answers.of(card)
    for field in step.fields:
        under = answers.under(flat, field.path)
        if isinstance(field, Rows):
            for index in range(1, len({path.split("]")[0] for path in under})):
                _type(page, {k: v for k, v in under.items() if f"[{index - 1}]" in k})
                page.click(f'button[value="add:{field.path}"]')
        _type(page, under)


def _type(page: Any, typed: dict[str, str]) -> None:
    for name, words in typed.items():
        box = page.locator(f'[name="{name}"]')
        kind = box.first.evaluate("each => each.type")
        if kind == "radio":
            page.check(f'[name="{name}"][value="{words}"]')
        elif kind == "select-one":
            box.select_option(words)
        else:
            box.fill(words)
