"""Measuring in turn, and the rows of the table."""

import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; a row without a goal is there for information."""

    what: str
    yardstick: str
    value: str
    goal: str = ""
    met: bool | None = None


def in_turn(
    works: Mapping[str, Work], clock: Callable[[], float], rounds: int, times: int = 1
) -> dict[str, list[float]]:
    """Seconds per call of each work, round by round; every second round goes backwards."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for index in range(rounds):
        order = list(works) if index % 2 == 0 else list(reversed(works))
        for name in order:
            # The rubbish of the one before is not this one's.
            gc.collect()
            work, start = works[name], clock()
            for _ in range(times):
                work()
            taken[name].append((clock() - start) / times)
    return taken


def ratio(ours: list[float], theirs: list[float]) -> tuple[float, str]:
    """The ratio of the medians, and the same in words with the least and the most of a round."""
    each = [a / b for a, b in zip(ours, theirs, strict=True)]
    middle = median(ours) / median(theirs)
    return middle, f"{middle:.2f} ({min(each):.2f}-{max(each):.2f})"


def at_most(
    what: str, yardstick: str, ours: list[float], theirs: list[float], limit: float
) -> Row:
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
    heading = ("what", "yardstick", "median (min-max)", "goal", "")
    lines = [heading, *((r.what, r.yardstick, r.value, r.goal, _verdict(r)) for r in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heading))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _verdict(row: Row) -> str:
    return "" if row.met is None else "met" if row.met else "NOT MET"
