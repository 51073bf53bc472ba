"""Work that ends cleanly when it is interrupted: by the keyboard, or by the system."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupted(BaseException):
    """Somebody ended the work; ``status`` is how a shell reports that."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.status = 128 + number


@contextmanager
def interruptible() -> Iterator[None]:
    """Both signals raise ``Interrupted`` within the block, so that what was begun is undone."""

    def end(number: int, _frame: Any) -> None:
        raise Interrupted(number)

    before = [signal.signal(each, end) for each in _SIGNALS]
    try:
        yield
    finally:
        for each, handler in zip(_SIGNALS, before, strict=True):
            signal.signal(each, handler)


def hold() -> None:
    """From here on neither counts any more: what is begun now is finished."""
    for each in _SIGNALS:
        signal.signal(each, signal.SIG_IGN)
