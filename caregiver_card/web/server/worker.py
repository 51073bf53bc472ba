"""gunicorn's worker, in three kinds: for pages, for forms, for prints."""

import os
import resource
import signal
import socket
import threading
import time
from contextlib import suppress
from functools import cache
from typing import Any

from gunicorn.workers.base import Worker as GunicornWorker

from caregiver_card.web.security import LARGEST_REQUEST
from caregiver_card.web.server.answers import Answers, Overrun
from caregiver_card.web.server.connections import Connection, Connections
from caregiver_card.web.server.incoming import request_line
from caregiver_card.web.server.queues import Job, WorkQueue
from caregiver_card.web.server.sending import ResponseSender
from caregiver_card.web.server.work import Work, WorkTable

# Requests that may wait. A print takes a tenth of a second to a few seconds: who comes after
# sixteen others would wait longer than people wait for a page.
_MOST_WAITING = {Work.FORM: 64, Work.PRINT: 16}
# After which a refused client may try again: by then about half of a full queue is done.
_RETRY_AFTER_S = 10
# Of one print: a table of the largest size on the smallest machine, twice.
_PRINT_S = 60.0
# Forms wait for a locked database (``database.BUSY_MS``) without using the processor.
_FORM_THREADS = 8
# Less of a busy processor for what is less urgent. Each step is about a quarter.
_NICENESS = {Work.PAGE: 0, Work.FORM: 5, Work.PRINT: 15}
# How often the loops look whether they are to end.
_TICK_S = 1.0
# How long the operating system may hold back a silent connection; it rounds this to its own steps.
_DEFER_S = 30


@cache
def queues() -> dict[Work, WorkQueue]:
    """Return the queues; the first call makes them, in the process that the workers come from."""
    return {kind: WorkQueue(most) for kind, most in _MOST_WAITING.items()}


class Worker(GunicornWorker):  # type: ignore[misc]  # gunicorn has no types
    """Answers one kind of work.

    ``kind`` is set before the fork; None is a worker that is alone and does everything.
    """

    kind: Work | None = None

    def run(self) -> None:
        """Work until gunicorn ends the process."""
        self._answers = Answers(self.wsgi, self.cfg, self.log)
        self._sender = ResponseSender()
        with suppress(OSError):
            os.nice(_NICENESS[self.kind or Work.PAGE])
        if self.kind == Work.FORM:
            self._answer_forms()
        elif self.kind == Work.PRINT:
            self._print()
        else:
            self._answer_pages()
        self._sender.finish(self.cfg.graceful_timeout)

    def _goes_on(self) -> bool:
        self.notify()
        return bool(self.alive) and self.ppid == os.getppid()

    # -- pages

    def _answer_pages(self) -> None:
        _allow_open_files()
        self._table = WorkTable(self.wsgi) if self.kind else None
        connections = Connections(self.sockets, self._serve, self._refuse, LARGEST_REQUEST)
        swept_at = time.monotonic()
        while self._goes_on():
            connections.run(_TICK_S)
            if time.monotonic() - swept_at > _TICK_S:
                connections.close_overdue()
                swept_at = time.monotonic()
        connections.close()

    def _serve(self, each: Connection, raw: bytes) -> bool:
        """Answer a page, or hand the request over; return whether the connection stays open."""
        kind = self._table.of(*request_line(raw)) if self._table else Work.PAGE
        if kind != Work.PAGE:
            self._hand_over(each, raw, kind)
            return False
        stays, lingers = False, each.incoming.is_oversized

        def send(response: bytes, is_last: bool) -> None:
            nonlocal stays
            rest = _send_at_once(each.client, response)
            stays = not rest and not is_last
            if not stays:
                self._sender.send(each.client, rest, lingers=lingers)

        self._answers.answer(raw, each.address, each.server, send, closes=lingers)
        return stays

    def _hand_over(self, each: Connection, raw: bytes, kind: Work) -> None:
        oversized = each.incoming.is_oversized
        if queues()[kind].put(each.client, each.address, each.server, raw, oversized):
            # The other process has the connection; this one's end of it goes.
            each.client.close()
        else:
            words = "busy" if kind == Work.PRINT else ""
            refusal = self._answers.refusal(503, _RETRY_AFTER_S, words)
            self._sender.send(each.client, refusal, lingers=oversized)

    def _refuse(self, each: Connection, status: int) -> None:
        self._sender.send(each.client, self._answers.refusal(status), lingers=True)

    # -- forms

    def _answer_forms(self) -> None:
        began: dict[int, float] = {}
        for number in range(_FORM_THREADS):
            threading.Thread(target=self._take_forms, args=(number, began), daemon=True).start()
        while self.alive and self.ppid == os.getppid():
            # All of them busy with one request for longer than gunicorn allows: begin anew.
            oldest = min(began.values(), default=0) if len(began) == _FORM_THREADS else 0
            if not oldest or time.monotonic() - oldest < self.cfg.timeout:
                self.notify()
            time.sleep(_TICK_S)
        self._wait_for_forms(began)

    def _take_forms(self, number: int, began: dict[int, float]) -> None:
        while self.alive:
            if job := queues()[Work.FORM].take(_TICK_S):
                began[number] = time.monotonic()
                self._do(job)
                del began[number]

    def _wait_for_forms(self, began: dict[int, float]) -> None:
        end = time.monotonic() + self.cfg.graceful_timeout
        while began and time.monotonic() < end:
            time.sleep(0.05)

    # -- prints

    def _print(self) -> None:
        deadline = 0.0

        def tick(_signal: int, _frame: Any) -> None:
            self.notify()
            if time.monotonic() > deadline:
                raise Overrun

        signal.signal(signal.SIGALRM, tick)
        while self._goes_on():
            if job := queues()[Work.PRINT].take(_TICK_S):
                deadline = time.monotonic() + _PRINT_S
                signal.setitimer(signal.ITIMER_REAL, _TICK_S, _TICK_S)
                try:
                    self._do(job)
                except Overrun:
                    # It came while the answer to it was made.
                    job.client.close()
                finally:
                    signal.setitimer(signal.ITIMER_REAL, 0)

    def _do(self, job: Job) -> None:
        """Answer a request from a queue, unless its client has left."""
        if job.has_left():
            job.client.close()
            return

        def send(response: bytes, _is_last: bool) -> None:
            self._sender.send(job.client, response, lingers=job.is_oversized)

        self._answers.answer(job.raw, job.address, job.server, send, closes=True)


def kind_of_next(others: list[Work], number: int) -> Work | None:
    """Return the kind of the next of ``number`` workers; None if they are too few for kinds.

    ``others`` are the kinds of those that run. Of each five, two answer pages, one answers forms
    and two print.
    """
    if number < len(Work):
        return None
    shares = {Work.PAGE: 2, Work.FORM: 1, Work.PRINT: 2}
    return min(shares, key=lambda kind: others.count(kind) / shares[kind])


def defer(listener: socket.socket) -> None:
    """Ask the operating system (Linux) to hand over a connection only with its first byte."""
    if listener.family != socket.AF_UNIX and hasattr(socket, "TCP_DEFER_ACCEPT"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, _DEFER_S)


def _send_at_once(client: socket.socket, response: bytes) -> bytes:
    """Send what the system takes, and return the rest; a page goes whole if the client reads."""
    try:
        return response[client.send(response) :]
    except BlockingIOError:
        return response
    except OSError:
        return b""


def _allow_open_files() -> None:
    """Each connection is an open file, and the usual limit leaves no room beside them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4096 if hard == resource.RLIM_INFINITY else min(4096, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
