"""What the process does that the workers come from: their kinds, its listeners, and the end."""

import socket
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from caregiver_card.web.server.answers import Answers
from caregiver_card.web.server.work import Work
from caregiver_card.web.server.worker import RETRY_AFTER_S, queues

# Of each five workers.
_SHARES = {Work.PAGE: 2, Work.FORM: 1, Work.PRINT: 2}
# How long the operating system may hold back a silent connection; it rounds this to its own steps.
_DEFER_S = 30


def kind_of_next(others: Sequence[Work | None], number: int) -> Work | None:
    """Return the kind of the next of ``number`` workers; None if they are too few for kinds.

    ``others`` are the kinds of those that run.
    """
    if number < len(Work) or None in others:
        return None
    return min(_SHARES, key=lambda kind: others.count(kind) / _SHARES[kind])


def keep_kinds(server: Any, number: int) -> None:
    """Have gunicorn, when it goes down to ``number`` workers, end those whose kind stays.

    It ends the oldest first. Without a worker of each kind, forms or prints would wait for ever.
    """
    kinds = [each.kind for each in server.WORKERS.values()]
    if number >= len(kinds) or None in kinds:
        return
    if number < len(Work):
        server.log.warning("%d workers are the fewest: one of each kind", len(Work))
        server.num_workers = len(Work)
        return
    stay: list[Work | None] = []
    while len(stay) < number:
        stay.append(kind_of_next(stay, number))
    for each in sorted(server.WORKERS.values(), key=lambda each: -each.age):
        if each.kind in stay:
            stay.remove(each.kind)
        else:
            each.age = -1


def refuse_waiting(server: Any) -> None:
    """Answer what still waits when the last worker has ended."""
    answers = Answers(server.app.wsgi(), server.cfg, server.log)
    for queue in queues().values():
        while job := queue.take(0):
            with suppress(OSError):
                job.client.send(answers.refusal(503, RETRY_AFTER_S))
            job.client.close()


def defer(listener: socket.socket) -> None:
    """Ask the operating system (Linux) to hand over a connection only with its first byte."""
    if listener.family != socket.AF_UNIX and hasattr(socket, "TCP_DEFER_ACCEPT"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, _DEFER_S)
