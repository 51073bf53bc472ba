"""``python -m tests.bench [http|cpu|prints|slow|kept …]``: goals in a table, all or those named.

Exit status 0 whatever the figures are: what is not met is for a person to read. 1 if a benchmark
broke off; the figures of the others are told all the same.
"""

import os
import platform
import sys
import time
import traceback

from tests.bench import (
    batch,
    codes,
    cpu,
    first,
    http,
    kept,
    lighthouse,
    presses,
    prints,
    reading,
    record,
    shell,
    slow,
    storm,
)
from tests.bench.figures import table

BENCHMARKS = {
    "http": http.rows,
    "cpu": cpu.rows,
    "prints": prints.rows,
    "first": first.rows,
    "slow": slow.rows,
    "kept": kept.rows,
    "shell": shell.rows,
    "lighthouse": lighthouse.rows,
    "presses": presses.rows,
    "reading": reading.rows,
    "record": record.rows,
    "codes": codes.rows,
    "batch": batch.rows,
    "storm": storm.rows,
}


def main(names: list[str]) -> None:
    """Run the benchmarks of these names, or all."""
    unknown = set(names) - set(BENCHMARKS)
    if unknown:
        sys.exit(f"no such benchmark: {', '.join(sorted(unknown))}; {', '.join(BENCHMARKS)}")
    start, rows, broken = time.monotonic(), [], []
    for name in names or BENCHMARKS:
        print(f"{name} ...", file=sys.stderr, flush=True)
        try:
            rows += BENCHMARKS[name]()
        except Exception:
            traceback.print_exc()
            broken.append(name)
    print(table(rows))
    missed = sum(row.met is False for row in rows)
    print(f"\n{missed} of {sum(row.met is not None for row in rows)} goals not met")
    print(
        f"{os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}, {platform.machine()}, "
        f"Python {platform.python_version()}; {time.monotonic() - start:.0f} s"
    )
    if broken:
        sys.exit(f"broke off: {', '.join(broken)}")


if __name__ == "__main__":
    main(sys.argv[1:])
