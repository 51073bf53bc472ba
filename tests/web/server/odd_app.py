"""The program with views that say who answers, take their time, and misbehave."""

import os
import time

from flask import Response, request

from caregiver_card.web.server import worker
from caregiver_card.web.server.work import page_work, print_work
from wsgi import app

worker._PRINT_S = 2


@app.route("/who/page", methods=["GET", "POST"])
@page_work
def page() -> str:
    """The worker's niceness: each kind has its own."""
    return f"page {os.nice(0)} {len(request.get_data())}"


@app.route("/who/form", methods=["GET", "POST"])
def form() -> str:
    """As ``page``."""
    return f"form {os.nice(0)} {len(request.get_data())}"


@app.route("/who/print", methods=["GET", "POST"])
@print_work
def print_() -> str:
    """As ``page``."""
    return f"print {os.nice(0)} {len(request.get_data())}"


@app.get("/slow/form")
def slow_form() -> str:
    """Half a second of waiting."""
    time.sleep(0.5)
    return "done"


@app.get("/slow/print")
@print_work
def slow_print() -> str:
    """As ``slow_form``."""
    time.sleep(0.5)
    return "done"


@app.get("/fault/<name>/page")
@page_work
def fault_of_page(name: str) -> Response:
    """A view that fails as nobody expects."""
    return _fail(name)


@app.get("/fault/<name>/form")
def fault_of_form(name: str) -> Response:
    """As ``fault_of_page``."""
    return _fail(name)


@app.get("/fault/<name>/print")
@print_work
def fault_of_print(name: str) -> Response:
    """As ``fault_of_page``."""
    return _fail(name)


@app.get("/large")
@page_work
def large() -> bytes:
    """More than the system takes at once."""
    return b"x" * 8_000_000


# The requests of tests have no token.
app.extensions["csrf"].exempt(page)
app.extensions["csrf"].exempt(form)
app.extensions["csrf"].exempt(print_)


def _fail(name: str) -> Response:
    if name == "exit":
        raise SystemExit(3)
    if name == "memory":
        raise MemoryError
    response = Response("ok")
    if name == "header":
        response.headers.add_header("X-Odd", "ok")
        response.headers._list[-1] = ("X-Odd", "a\r\nb")
    elif name == "close":
        response.call_on_close(_raise)
    elif name == "stubborn":
        while True:
            try:
                time.sleep(0.05)
            except BaseException:
                continue
    return response


def _raise() -> None:
    raise RuntimeError
