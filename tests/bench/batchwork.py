"""A caseload printed in a process of its own, as ``card batch`` does it; its cost as JSON.

Run as ``python -m tests.bench.batchwork COUNT PROCESSES``.
"""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from caregiver_card.briefing.content import load
from caregiver_card.caseload import batch, cases, worker_pool
from caregiver_card.caseload.batch import BatchPlan
from tests import tables
from tests.bench import examples

_PLAN = BatchPlan(
    layout="wallet",
    paper="a4",
    black=False,
    public_url=examples.PUBLIC_URL,
    today=examples.TODAY,
    bound=True,
)


def main(count: int, processes: int) -> None:
    """Check and print so many cards; prints seconds and megabytes."""
    raw = tables.table(*_files(count))
    work = partial(batch.print_row, _PLAN)
    # What a first card costs more than the next is not a matter of how many there are.
    work(next(cases.cards(raw)))
    cpu, wall = _cpu(), time.perf_counter()
    wrong = [
        row
        for found in batch.check_rows(_PLAN, raw)
        for row, fault in found.faults
        if fault.level == "ERROR"
    ]
    with tempfile.TemporaryFile() as stream:
        output = batch.output(stream, _PLAN, load(), count)
        for made in worker_pool.map_in_order(work, cases.cards(raw), processes):
            output.add(made)
        output.close()
    taken = {"wall": time.perf_counter() - wall, "cpu": _cpu() - cpu, "wrong": len(wrong)}
    # The largest resident set of any process; what forked ones share is counted for each.
    taken["rss_mb"] = max(_largest(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024
    print(json.dumps(taken))


def _files(count: int) -> Iterator[dict[str, Any]]:
    held = json.loads((examples.ROOT / "tests" / "data" / "typical.json").read_bytes())
    for number in range(count):
        yield held | {"patient": held["patient"] | {"full_name": f"Alex Rivera {number}"}}


def _largest() -> int:
    """This process's, in kB; what getrusage says of it may be that of the process that began it."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))


def _usage() -> tuple[resource.struct_rusage, resource.struct_rusage]:
    return resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)


def _cpu() -> float:
    return sum(each.ru_utime + each.ru_stime for each in _usage())


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
