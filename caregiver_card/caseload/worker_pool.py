"""Work shared among processes: results in order, and no more of it in hand than needed."""

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

_G = TypeVar("_G")
_M = TypeVar("_M")

# Enough that nobody waits for work while the results before are written.
_IN_HAND = 4
# A server on the same machine comes first: its pages are for emergencies.
_NICE = 5
# A forked process has everything that the first one has loaded, at once and without its memory;
# the first has no threads that a fork could cut in two. Elsewhere than on Linux the system's own
# libraries may have some.
_START = "fork" if sys.platform == "linux" else "spawn"


def map_in_order(work: Callable[[_G], _M], given: Iterable[_G], processes: int) -> Iterator[_M]:
    """``work`` on each, in order, by as many processes; by this one if that is 1.

    A process that dies ends the whole with ``concurrent.futures.BrokenExecutor``; if this one
    dies, so do they.
    """
    if processes == 1:
        yield from map(work, given)
        return
    # What is loaded stays shared: a collection would touch, and so copy, every page of it.
    gc.freeze()
    context = multiprocessing.get_context(_START)
    pool = ProcessPoolExecutor(processes, context, initializer=_enlist)
    try:
        yield from _in_order(pool, work, given, processes * _IN_HAND)
    finally:
        pool.shutdown(cancel_futures=True)
        gc.unfreeze()


def _in_order(
    pool: ProcessPoolExecutor, work: Callable[[_G], _M], given: Iterable[_G], most: int
) -> Iterator[_M]:
    waiting: deque[Future[_M]] = deque()
    for thing in given:
        waiting.append(pool.submit(work, thing))
        if len(waiting) >= most:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _enlist() -> None:
    """What a process does first: it leaves interruptions to the first one, and dies with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with contextlib.suppress(OSError):
        os.nice(_NICE)
    threading.Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    first = multiprocessing.parent_process()
    if first:
        wait([first.sentinel])
        os._exit(1)
