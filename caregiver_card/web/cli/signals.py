"""Let SIGINT and SIGTERM end work cleanly."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupted(BaseException):
    """A signal ended the work; ``status`` is the exit status that a shell reports for it."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.status = 128 + number


@contextmanager
def interruptible() -> Iterator[None]:
    """Raise ``Interrupted`` on either signal within the block, so that ``finally`` can clean up."""

    def end(number: int, _frame: Any) -> None:
        raise Interrupted(number)

    previous = [signal.signal(number, end) for number in _SIGNALS]
    try:
        yield
    finally:
        for number, handler in zip(_SIGNALS, previous, strict=True):
            signal.signal(number, handler)


def ignore() -> None:
    """Ignore both signals from now on, so that the work that follows is finished."""
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)
