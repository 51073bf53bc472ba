"""A caseload of wallet cards: two processes beside one, many cards beside few, and the memory.

Processes that share a busy machine say nothing about two cores: the wall-clock rows mean something
on a quiet one only. The cost of a card is CPU time, of all processes together.
"""

import json
import subprocess
import sys

from tests.bench import examples
from tests.bench.figures import Row, at_least, at_most, milliseconds

LEAST_OF_TWO = 1.80
MOST_OF_FEW = 1.10
MOST_MEGABYTES = 130
LEAST_A_SECOND = 30
_ROUNDS = 3
# Two processes cost a tenth of a second to start and to part, whatever they print: 200 cards, as
# those that the goal comes from.
_FEW, _SHARED, _MANY = 50, 200, 1000


def rows() -> list[Row]:
    """Three short rounds, then a whole caseload."""
    one, two, few = [], [], []
    for _ in range(_ROUNDS):
        one.append(_printed(_SHARED, 1)["wall"] / _SHARED)
        two.append(_printed(_SHARED, 2)["wall"] / _SHARED)
        few.append(_printed(_FEW, 2)["cpu"] / _FEW)
    whole = _printed(_MANY, 2)
    cost, speed = whole["cpu"] / _MANY, _MANY / whole["wall"]
    megabytes = whole["rss_mb"]
    return [
        at_least(
            f"batch, two processes, {_SHARED} cards, wall", "one process", one, two, LEAST_OF_TWO
        ),
        at_most(
            f"batch of {_MANY}, CPU a card ({milliseconds([cost])})",
            f"batch of {_FEW} ({milliseconds(few)})",
            [cost] * _ROUNDS,
            few,
            MOST_OF_FEW,
        ),
        Row(
            f"batch of {_MANY}, largest process, RSS",
            "",
            f"{megabytes:.0f} MB",
            f"<= {MOST_MEGABYTES}",
            megabytes <= MOST_MEGABYTES,
        ),
        Row(
            f"batch of {_MANY}, two processes, wall",
            "",
            f"{speed:.1f} cards/s",
            f">= {LEAST_A_SECOND}",
            speed >= LEAST_A_SECOND,
        ),
    ]


def _printed(count: int, processes: int) -> dict[str, float]:
    command = (sys.executable, "-m", "tests.bench.batchwork", str(count), str(processes))
    done = subprocess.run(command, cwd=examples.ROOT, check=True, capture_output=True)
    taken: dict[str, float] = json.loads(done.stdout)
    if taken["wrong"]:
        raise RuntimeError(f"{taken['wrong']} rows are no cards any more")
    return taken
