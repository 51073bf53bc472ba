"""How far a nurse reads: each of ten answers of the emergency page, in screens and taps."""

import tempfile
from pathlib import Path

from tests.bench import examples
from tests.bench.figures import Row
from tests.bench.hand import phone
from tests.browser.reach import FIRST_SCREEN, Answer, answers
from tests.browser.serving import serving
from tests.servers import database

MOST_SCREENS = 2


def rows() -> list[Row]:
    """A row an answer, with the worst of the three example cards."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with serving(folder) as server, phone() as page:
            found = []
            for token in examples.keep(database(folder)).values():
                page.goto(f"{server.url}/c/{token}")
                found.append(answers(page))
    return [_row(name, [each[name] for each in found]) for name in found[0]]


def _row(name: str, held: list[Answer]) -> Row:
    screen, taps = max(each.screen for each in held), held[0].taps
    most = 1 if taps or name in FIRST_SCREEN else MOST_SCREENS
    value = f"screen {screen}, {taps} taps"
    return Row(f"/c/<token>: {name}", "", value, f"screen {most}, {taps} taps", screen <= most)
