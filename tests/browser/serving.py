"""The real server, gunicorn, for tests that drive a browser; and what a person does in one."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from caregiver_card.card.model import Card
from caregiver_card.questionnaire import answers
from caregiver_card.questionnaire.step_types import Rows, Step
from tests.browser.phones import Phone
from tests.servers import Server, gunicorn

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


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """gunicorn with a database in ``folder``, at noon on 21 November 2026."""
    (folder / "still.py").write_text(_WSGI)
    with gunicorn(folder, "still:app", "--pythonpath", str(folder), WEB_CONCURRENCY="1") as running:
        yield running


def newer_program(tree: Path) -> Path:
    """The program in ``tree`` with one other word: a newer version of all that a phone holds."""
    for name in ("caregiver_card", "static", "templates"):
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("*.pyc.*"))
    for name in ("wsgi.py", "gunicorn.conf.py"):
        shutil.copy(ROOT / name, tree)
    words = tree / "caregiver_card" / "data" / "languages" / "en" / "text" / "site.toml"
    old = 'shelf = "On this device"'
    assert old in words.read_text("utf-8")
    words.write_text(words.read_text("utf-8").replace(old, 'shelf = "Cards of the newer version"'))
    return tree


def fill(page: Any, card: Card, step: Step) -> None:
    """Type what a card says into a step's page; lists get a row for each item."""
    flat = answers.from_card(card)
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


def fill_in(phone: Phone, card: Card, step: Step) -> None:
    """The same on a phone of another engine, for a step whose lists have one row at most."""
    flat = answers.from_card(card)
    for field in step.fields:
        for name, words in answers.under(flat, field.path).items():
            box = f'[name="{name}"]'
            kind = phone.run("return document.querySelector(given[0]).type", box)
            if kind == "radio":
                phone.press(f'{box}[value="{words}"]')
            elif kind == "select-one":
                phone.run("document.querySelector(given[0]).value = given[1]", box, words)
            else:
                phone.write(box, words)
