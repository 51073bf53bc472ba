"""Turn the bytes of a request into the bytes of a response, by gunicorn's own parser."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gunicorn.http import get_parser, wsgi
from gunicorn.http.errors import ParseException
from werkzeug.test import create_environ, run_wsgi_app

from caregiver_card.web.limiting import HELD
from caregiver_card.web.security import REFUSED


class Overrun(BaseException):
    """A request took longer than its kind of work may."""


class _Sink:
    """Takes the place of a client's connection, and keeps what is sent."""

    def __init__(self) -> None:
        self.sent = bytearray()

    def sendall(self, data: bytes) -> None:
        self.sent += data

    send = sendall


@dataclass(slots=True)
class Exchange:
    """A request as gunicorn and the application read it, and its response."""

    request: Any
    response: Any
    environ: dict[str, Any]
    sink: _Sink
    began: datetime = field(default_factory=datetime.now)


class Answers:
    """Answers requests by a WSGI application; ``cfg`` and ``log`` are gunicorn's."""

    def __init__(self, app: Any, cfg: Any, log: Any) -> None:
        self._app, self._cfg, self._log = app, cfg, log
        self._refusals: dict[tuple[int, int, str], bytes] = {}

    def read(self, raw: bytes, address: Any, server: Any) -> Exchange | None:
        """Read one whole request; None if its bytes are none."""
        sink = _Sink()
        try:
            request = next(get_parser(self._cfg, iter([raw]), address))
            response, environ = wsgi.create(request, sink, address, server, self._cfg)
            return Exchange(request, response, environ, sink)
        except (ParseException, StopIteration) as error:
            self._log.warning("Invalid request: %s", type(error).__name__)
            return None

    def answer(
        self, exchange: Exchange, send: Callable[[bytes, bool], None], *, closes: bool
    ) -> None:
        """Call ``send`` once, with the response and whether the connection is to be closed.

        What the application left for after the response happens then. Raises ``Overrun`` if even
        the answer to that took too long, and nothing else.
        """
        response, done = exchange.response, _nothing
        if closes:
            response.force_close()
        try:
            body = self._app(exchange.environ, response.start_response)
            done = getattr(body, "close", _nothing)
            if HELD in exchange.environ:
                # Whoever holds it back also closes the connection.
                response.force_close()
            for item in body:
                response.write(item)
            response.close()
        except Overrun:
            self._log.error("request: took too long")
            send(self.refusal(503, 60), True)
        except BaseException as error:
            # A library that exits ends its request, and not the worker with all its connections.
            self._log.error("request: %s", type(error).__name__)
            send(self.refusal(500), True)
        else:
            send(bytes(exchange.sink.sent), response.should_close())
            took = datetime.now() - exchange.began
            self._log.access(response, exchange.request, exchange.environ, took)
        finally:
            self._finish(done)

    def _finish(self, done: Callable[[], None]) -> None:
        try:
            done()
        except BaseException as error:
            self._log.error("after a response: %s", type(error).__name__)

    def refusal(self, status: int, retry_after: int = 0, words: str = "") -> bytes:
        """Return the application's own page for a request that never reaches a view.

        Each is made once: who is refused comes back at once, and again.
        """
        about = (status, retry_after, words)
        if about not in self._refusals:
            self._refusals[about] = self._refuse(about)
        return self._refusals[about]

    def _refuse(self, about: tuple[int, int, str]) -> bytes:
        environ = create_environ("/", environ_base={REFUSED: about})
        body, line, headers = run_wsgi_app(self._app, environ, buffered=True)
        page = b"".join(body)
        headers["Content-Length"], headers["Connection"] = str(len(page)), "close"
        lines = [f"HTTP/1.1 {line}", *(f"{name}: {text}" for name, text in headers)]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + page


def _nothing() -> None:
    pass
