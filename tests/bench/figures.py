"""Measuring in turn, and the rows of the table."""

import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import median
from types import MappingProxyType

Work = Callable[[], object]
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds per call in each round: of a processor, and by the clock on the wall."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; a row without a goal is there for information."""

    what: str
    yardstick: str
    value: str
    goal: str = ""
    met: bool | None = None


def in_turn(
    works: Mapping[str, Work],
    rounds: int,
    times: int = 1,
    clocks: Mapping[str, Clock] = MappingProxyType({}),
) -> dict[str, Taken]:
    """What each work took, round by round; every second round goes backwards.

    ``clocks`` tells the processor's time of a work that another process does.
    """
    taken = {name: Taken() for name in works}
    for index in range(rounds):
        order = list(works) if index % 2 == 0 else list(reversed(list(works)))
        for name in order:
            # The rubbish of the one before is not this one's.
            gc.collect()
            work, clock = works[name], clocks.get(name, time.process_time)
            cpu, wall = clock(), time.perf_counter()
            for _ in range(times):
                work()
            taken[name].wall.append((time.perf_counter() - wall) / times)
            taken[name].cpu.append((clock() - cpu) / times)
    return taken


def ratio(ours: list[float], theirs: list[float]) -> tuple[float, str]:
    """The median of the rounds' ratios, and the same in words with the least and the most.

    Each round has a ratio of its own, for the machine's speed drifts from one to the next.
    """
    each = [a / b for a, b in zip(ours, theirs, strict=True)]
    middle = median(each)
    return middle, f"{middle:.2f} ({min(each):.2f}-{max(each):.2f})"


def at_most(what: str, yardstick: str, ours: list[float], theirs: list[float], limit: float) -> Row:
    """A row whose goal is a ratio of at most ``limit``."""
    middle, words = ratio(ours, theirs)
    return Row(what, yardstick, words, f"<= {limit:.2f}", middle <= limit)


def at_least(
    what: str, yardstick: str, ours: list[float], theirs: list[float], limit: float
) -> Row:
    """A row whose goal is a ratio of at least ``limit``."""
    middle, words = ratio(ours, theirs)
    return Row(what, yardstick, words, f">= {limit:.2f}", middle >= limit)


def information(what: str, yardstick: str, ours: list[float], theirs: list[float]) -> Row:
    """A row without a goal."""
    return Row(what, yardstick, ratio(ours, theirs)[1])


def size(what: str, count: int, limit: int) -> Row:
    """A row whose goal is a number of bytes."""
    return Row(what, "", f"{count:,} bytes", f"<= {limit:,}", count <= limit)


def milliseconds(seconds: list[float]) -> str:
    """For the size of things only: the machine's speed swings."""
    return f"{median(seconds) * 1000:.1f} ms"


def table(rows: list[Row]) -> str:
    """The rows under their headings, in columns."""
    heading = ("what", "yardstick", "ratio (min-max)", "goal", "")
    lines = [heading, *((r.what, r.yardstick, r.value, r.goal, _verdict(r)) for r in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heading))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _verdict(row: Row) -> str:
    return "" if row.met is None else "met" if row.met else "NOT MET"
