"""A pool of processes: results in order, and few items in progress."""

import contextlib
import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing.connection import wait
from typing import TypeVar

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

# Per process: enough that none waits for work while earlier results are written.
_IN_PROGRESS = 4
# A server on the same machine has priority: its pages are for emergencies.
_NICE = 5
# A forked process shares what the parent has loaded, without delay or memory of its own. Forking is
# safe because the parent has no threads; on other systems than Linux the system's libraries may
# start some.
_START_METHOD = "fork" if sys.platform == "linux" else "spawn"


def map_in_order(
    work: Callable[[_Item], _Result], items: Iterable[_Item], processes: int
) -> Iterator[_Result]:
    """Yield ``work(item)`` for each item, in order, from ``processes``; 1 stands for this process.

    Raises ``concurrent.futures.BrokenExecutor`` if a process dies. If this process dies, so do the
    others.
    """
    if processes == 1:
        yield from map(work, items)
        return
    # A garbage collection would touch, and so copy, every shared page of memory.
    gc.freeze()
    context = multiprocessing.get_context(_START_METHOD)
    pool = ProcessPoolExecutor(processes, context, initializer=_set_up_worker)
    try:
        yield from _in_order(pool, work, items, processes * _IN_PROGRESS)
    finally:
        pool.shutdown(cancel_futures=True)
        gc.unfreeze()


def _in_order(
    pool: ProcessPoolExecutor, work: Callable[[_Item], _Result], items: Iterable[_Item], limit: int
) -> Iterator[_Result]:
    waiting: deque[Future[_Result]] = deque()
    for item in items:
        waiting.append(pool.submit(work, item))
        if len(waiting) >= limit:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _set_up_worker() -> None:
    """Prepare a new process: it leaves interruptions to the parent, and dies with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with contextlib.suppress(OSError):
        os.nice(_NICE)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        wait([parent.sentinel])
        os._exit(1)
