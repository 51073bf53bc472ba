"""A process that has loaded the program and runs each command in a process forked from it.

A command starts in a tenth of the time that an interpreter takes, and is a process of its own
all the same: with its own environment, its own standard streams and its own exit status.
Run as ``python -m tests.web.loaded``; requests and answers are lines of JSON.
"""

import contextlib
import io
import json
import os
import sys
import tempfile
import traceback
from typing import Any

import flask.cli

import caregiver_card.web
from caregiver_card.briefing.briefing import brief
from caregiver_card.printing import printer
from caregiver_card.storage.store import open_store
from tests.cast import WORDS, card_of, sam


def serve() -> None:
    """Answer requests until there are no more."""
    assert caregiver_card.web
    _load()
    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if not child:
            os._exit(_run(**request))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _load() -> None:
    """What a first database and a first print load, for none of the commands to load it anew."""
    with tempfile.TemporaryDirectory() as folder:
        open_store(f"sqlite:///{folder}/cards.sqlite").dispose()
    printer.make_pdf("wallet", brief(card_of(sam()), WORDS, 1), "HTTPS://CARD.EXAMPLE/GUIDE")


def _run(words: list[str], environment: dict[str, str], streams: list[str]) -> int:
    for number, path in enumerate(streams):
        descriptor = os.open(path, os.O_RDONLY if number == 0 else os.O_WRONLY)
        os.dup2(descriptor, number)
        os.close(descriptor)
    sys.stdin, sys.stdout, sys.stderr = (_stream(number) for number in range(3))
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["flask", *words]
    try:
        flask.cli.main()
        status: Any = 0
    except SystemExit as end:
        status = end.code
    except BaseException:
        traceback.print_exc()
        status = 1
    with contextlib.suppress(ValueError, OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    return status if isinstance(status, int) else int(bool(status))


def _stream(number: int) -> io.TextIOWrapper:
    raw = io.FileIO(number, "r" if number == 0 else "w", closefd=False)
    buffered = io.BufferedReader(raw) if number == 0 else io.BufferedWriter(raw)
    return io.TextIOWrapper(buffered, encoding="utf-8")


if __name__ == "__main__":
    serve()
