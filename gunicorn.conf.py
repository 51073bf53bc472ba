"""How gunicorn serves the app; its own options and environment variables still win."""

import logging
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger

from caregiver_card.web import redaction
from caregiver_card.web.cli import alerts
from caregiver_card.web.config import WrongSetting
from caregiver_card.web.server import port, supervisor, warmup, worker
from caregiver_card.web.server.work import Work

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
# Twice as many for pages and for prints, a print keeps a core busy, and one for forms.
workers = 2 * int(os.environ.get("WEB_CONCURRENCY", "2")) + 1
# Loaded and warmed once, before the workers fork, and once in each: the first page and the first
# print after a start are as fast as the next.
preload_app = True
worker_class = worker.Worker
# Longer than the store waits for a busy database (database.BUSY_MS).
timeout = 30
# Pages and links of one visit share a connection; what is sent is sent from memory.
sendfile = False
# Nobody steers it from outside, and a socket in the home directory would be one more way in.
control_socket_disable = True
# The program itself believes proxies, and only as many as CARD_TRUSTED_PROXIES says.
forwarded_allow_ips = ""
forwarder_headers = ""
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None


class QuietLogger(Logger):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's logger; what could open a card leaves it as a short hash."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for logger in (self.error_log, self.access_log, logging.getLogger()):
            redaction.redact_handlers(logger)


logger_class = QuietLogger


def on_starting(server: Any) -> None:
    """A port that cannot be had is one line, and not one for each of five attempts."""
    # A socket that is handed over is listened on already.
    if {"GUNICORN_FD", "LISTEN_FDS"} & os.environ.keys():
        return
    for address in server.address:
        if isinstance(address, tuple):
            host = f"[{address[0]}]" if ":" in address[0] else address[0]
            if words := port.refusal(f"http://{host}:{address[1]}"):
                print(words, file=sys.stderr)
                sys.exit(2)


def when_ready(server: Any) -> None:
    """Set the database up and print one card, in the process that the workers come from."""
    app = server.app.wsgi()
    try:
        warmup.warm(app, datetime.now(UTC))
    except WrongSetting as fault:
        print(f"ERROR settings: {fault}", file=sys.stderr)
        sys.exit(2)
    server.sender = alerts.start_sender_process(app.extensions["services"].config)
    for listener in server.LISTENERS:
        supervisor.defer(listener.sock)


def pre_fork(server: Any, each: Any) -> None:
    """Decide what the next worker answers, and make the queues that it inherits."""
    worker.queues()
    others = [other.kind for other in server.WORKERS.values()]
    each.kind = supervisor.kind_of_next(others, server.num_workers)


def post_worker_init(each: Any) -> None:
    """The first print of a worker is as fast as the next."""
    warmup.settle(each.wsgi, datetime.now(UTC), prints=each.kind in (None, Work.PRINT))


def nworkers_changed(server: Any, number: int, _before: int | None) -> None:
    """Keep a worker of each kind; SIGTTOU and a reload may ask for fewer."""
    supervisor.keep_kinds(server, number)


def on_exit(server: Any) -> None:
    """Who still waits is told to come back; the sender ends after the message under way."""
    supervisor.refuse_waiting(server)
    if sender := getattr(server, "sender", None):
        sender.terminate()
