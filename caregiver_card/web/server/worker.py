"""gunicorn's worker, in three kinds: for pages, for forms, for prints."""

import os
import resource
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import cache, partial
from typing import Any

from gunicorn.workers.base import Worker as GunicornWorker

from caregiver_card.web.limiting import HELD
from caregiver_card.web.request_size import is_answered_unread, largest_request
from caregiver_card.web.server.answers import Answers, Overrun
from caregiver_card.web.server.connections import MOST_CONNECTIONS, Connection, Connections
from caregiver_card.web.server.incoming import Incoming
from caregiver_card.web.server.queues import Job, WorkQueue
from caregiver_card.web.server.sending import MOST_CLIENTS, ResponseSender
from caregiver_card.web.server.work import Work, WorkTable

# Requests that may wait. A print takes a tenth of a second to a few seconds: who comes after
# sixteen others would wait longer than people wait for a page.
_MOST_WAITING = {Work.FORM: 64, Work.PRINT: 16}
# After which a refused client may try again: by then about half of a full queue is done.
RETRY_AFTER_S = 10
# Of one print: a table of the largest size on the smallest machine, twice.
_PRINT_S = 60.0
# Forms wait for a locked database (``database.BUSY_MS``) without using the processor.
_FORM_THREADS = 8
# Less of a busy processor for what is less urgent; each step is about a quarter. Beyond 10, Linux
# leaves both prints on one of two processors for a while, and prints a tenth less.
_NICENESS = {Work.PAGE: 0, Work.FORM: 5, Work.PRINT: 10}
# How often the loops look whether they are to end.
_TICK_S = 1.0
# Of the time that gunicorn gives a worker to end: for what waits. The rest is for what is begun.
_SHARE_OF_GRACE = 2 / 3


@cache
def queues() -> dict[Work, WorkQueue]:
    """Return the queues; the first call makes them, in the process that the workers come from."""
    return {kind: WorkQueue(most) for kind, most in _MOST_WAITING.items()}


class Worker(GunicornWorker):  # type: ignore[misc]  # gunicorn has no types
    """Answers one kind of work.

    ``kind`` is set before the fork; None is a worker that is alone and does everything.
    """

    kind: Work | None = None
    # Until when it may begin what waits, after it was told to end; none if that is to be quick.
    _until = 0.0

    def run(self) -> None:
        """Work until gunicorn ends the process."""
        self._answers = Answers(self.wsgi, self.cfg, self.log)
        descriptors = _allow_open_files()
        self._most_connections = min(MOST_CONNECTIONS, descriptors // 3)
        self._sender = ResponseSender(min(MOST_CLIENTS, descriptors // 8))
        with suppress(OSError):
            os.nice(_NICENESS[self.kind or Work.PAGE])
        if self.kind == Work.FORM:
            self._answer_forms()
        elif self.kind == Work.PRINT:
            self._print()
        else:
            self._answer_pages()
        self._sender.finish(self.cfg.graceful_timeout)

    def handle_exit(self, sig: int, frame: Any) -> None:
        """End gently: what clients have sent is answered first."""
        self._until = time.monotonic() + _SHARE_OF_GRACE * self.cfg.graceful_timeout
        super().handle_exit(sig, frame)

    def _goes_on(self) -> bool:
        self.notify()
        return bool(self.alive) and self.ppid == os.getppid()

    def _jobs(self, kind: Work) -> Iterator[Job]:
        """What comes out of a queue, until the worker is to end and what waits is done."""
        while self.alive and self.ppid == os.getppid():
            if job := queues()[kind].take(_TICK_S):
                yield job
            elif kind == Work.PRINT:
                self.notify()
        while time.monotonic() < self._until and (job := queues()[kind].take(0)):
            yield job

    # -- pages

    def _answer_pages(self) -> None:
        self._table = WorkTable(self.wsgi) if self.kind else None
        connections = Connections(
            self.sockets,
            self._serve,
            self._refuse,
            partial(Incoming, largest_request, is_answered_unread),
            most=self._most_connections,
            wake=self.PIPE[0],
        )
        swept_at = time.monotonic()
        while self._goes_on():
            connections.run(_TICK_S)
            if time.monotonic() - swept_at > _TICK_S:
                connections.close_overdue()
                swept_at = time.monotonic()
        connections.finish()

    def _serve(self, each: Connection, raw: bytes) -> bool:
        """Answer a page, or hand the request over; return whether the connection stays open."""
        exchange = self._answers.read(raw, each.address, each.server)
        if exchange is None:
            self._refuse(each, 400)
            return False
        kind = self._table.of(exchange.environ) if self._table else Work.PAGE
        if kind != Work.PAGE:
            self._hand_over(each, raw, kind)
            return False
        stays, lingers = False, each.incoming.has_unread_body

        def send(response: bytes, is_last: bool) -> None:
            nonlocal stays
            held_s = exchange.environ.get(HELD, 0.0)
            rest = response if held_s else _send_at_once(each.client, response)
            stays = not rest and not is_last
            if not stays:
                self._sender.send(each.client, rest, lingers=lingers, held_s=held_s)

        self._answers.answer(exchange, send, closes=lingers or not self.alive)
        return stays

    def _hand_over(self, each: Connection, raw: bytes, kind: Work) -> None:
        oversized = each.incoming.has_unread_body
        if queues()[kind].put(each.client, each.address, each.server, raw, oversized):
            # The other process has the connection; this one's end of it goes.
            each.client.close()
        else:
            words = "busy" if kind == Work.PRINT else ""
            refusal = self._answers.refusal(503, RETRY_AFTER_S, words)
            self._sender.send(each.client, refusal, lingers=oversized)

    def _refuse(self, each: Connection, status: int) -> None:
        refusal = self._answers.refusal(status, RETRY_AFTER_S if status == 503 else 0)
        self._sender.send(each.client, refusal, lingers=True)

    # -- forms

    def _answer_forms(self) -> None:
        began: dict[int, float] = {}
        threads = [
            threading.Thread(target=self._take_forms, args=(number, began), daemon=True)
            for number in range(_FORM_THREADS)
        ]
        for thread in threads:
            thread.start()
        while self.alive and self.ppid == os.getppid():
            # All of them busy with one request for longer than gunicorn allows: begin anew.
            oldest = min(began.values(), default=0) if len(began) == _FORM_THREADS else 0
            if not oldest or time.monotonic() - oldest < self.cfg.timeout:
                self.notify()
            time.sleep(_TICK_S)
        end = time.monotonic() + self.cfg.graceful_timeout
        for thread in threads:
            thread.join(max(0, end - time.monotonic()))

    def _take_forms(self, number: int, began: dict[int, float]) -> None:
        for job in self._jobs(Work.FORM):
            began[number] = time.monotonic()
            # Even if its client has left: what was typed is saved.
            self._do(job)
            del began[number]

    # -- prints

    def _print(self) -> None:
        deadline = 0.0

        def tick(_signal: int, _frame: Any) -> None:
            if time.monotonic() > deadline:
                # Again each second, for a library may swallow it; gunicorn is told nothing, and
                # ends a worker that goes on all the same.
                raise Overrun
            self.notify()

        signal.signal(signal.SIGALRM, tick)
        for job in self._jobs(Work.PRINT):
            if job.has_left():
                job.client.close()
                continue
            self.notify()
            deadline = time.monotonic() + _PRINT_S
            signal.setitimer(signal.ITIMER_REAL, _TICK_S, _TICK_S)
            try:
                self._do(job)
            except Overrun:
                # It came while the answer to it was made.
                job.client.close()
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
            if time.monotonic() > deadline:
                # Nobody knows in what state a library was left: the next worker is a new one.
                return

    def _do(self, job: Job) -> None:
        """Answer a request from a queue."""
        exchange = self._answers.read(job.raw, job.address, job.server)
        if exchange is None:
            # The page worker could read it.
            job.client.close()
            return

        def send(response: bytes, _is_last: bool) -> None:
            held_s = exchange.environ.get(HELD, 0.0)
            self._sender.send(job.client, response, lingers=job.has_unread_body, held_s=held_s)

        self._answers.answer(exchange, send, closes=True)


def _send_at_once(client: socket.socket, response: bytes) -> bytes:
    """Send what the system takes, and return the rest; a page goes whole if the client reads."""
    try:
        return response[client.send(response) :]
    except BlockingIOError:
        return response
    except OSError:
        return b""


def _allow_open_files() -> int:
    """Return how many files may be open: each connection is one.

    The usual limit, which leaves no room beside them, is raised as far as the system lets us.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4096 if hard == resource.RLIM_INFINITY else min(4096, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    return max(soft, wanted)
