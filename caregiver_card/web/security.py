"""Headers on every answer, one page for every failure, and addresses in any case."""

import base64
import hashlib
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from flask import Flask, Request, Response, current_app, make_response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from werkzeug.exceptions import HTTPException

from caregiver_card.document_templates import template
from caregiver_card.pages import guide
from caregiver_card.printing.errors import UNPRINTABLE, reason
from caregiver_card.storage.database import StoreFailure
from caregiver_card.storage.vault import UnknownCard
from caregiver_card.style_sheets import screen_style
from caregiver_card.web import responses
from caregiver_card.web.services import services

# The largest thing that is ever sent here is a card file.
LARGEST_REQUEST = 512 * 1024
# On every answer of ours; "unknown" where an address opens no card (static/js/copies.js).
OURS = "Caregiver-Card"


@cache
def policy(*styles: str, script: bool = False) -> str:
    """No style but our own and the one that a page brings with it, and no script.

    ``styles`` are the sheets that the page's one style is made of; the emergency page's if none.
    With ``script`` the page runs scripts of our own; the emergency pages never do.
    """
    sheet = screen_style(*(styles or ("emergency.css",)))
    digest = hashlib.sha256(sheet.encode()).digest()
    parts = (
        "default-src 'none'",
        f"style-src 'self' 'sha256-{base64.b64encode(digest).decode()}'",
        *(("script-src 'self'", "connect-src 'self'") if script else ()),
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
    return "; ".join(parts)


def headers(public_url: str) -> tuple[tuple[str, str], ...]:
    """What every answer carries, unless its view says otherwise."""
    common = (
        ("Content-Security-Policy", policy()),
        ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Robots-Tag", "noindex, nofollow, noarchive"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "geolocation=(self), camera=(), microphone=()"),
        # By this a phone that keeps a card tells our answers from those of a network in between.
        (OURS, "yes"),
        # Nothing stays on a shared or a stranger's device.
        ("Cache-Control", "no-store"),
    )
    if not public_url.startswith("https:"):
        return common
    return (*common, ("Strict-Transport-Security", "max-age=63072000; includeSubDomains"))


def protect(app: Flask) -> None:
    """Give the app its answer to every failure."""
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    app.register_error_handler(UnknownCard, _unknown)
    for kind in UNPRINTABLE:
        app.register_error_handler(kind, _unprintable)
    app.register_error_handler(StoreFailure, _unreachable)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _any_other)


def _unknown(_fault: Exception) -> Response:
    response = _own_policy(responses.page(guide.unknown(services().content), 404))
    response.headers[OURS] = "unknown"
    return response


def _unprintable(fault: Exception) -> Response:
    return failure(422, reason=reason(fault, services().content))


def _unreachable(fault: Exception) -> Response:
    current_app.logger.error("database: %s", type(fault).__name__)
    if request.method != "POST":
        return failure(503)
    # What somebody typed stays in the page; a file cannot.
    return failure(503, sent=[] if request.files else list(request.form.items(multi=True)))


def _http(fault: HTTPException) -> Response:
    response = failure(fault.code or 500)
    for name, value in fault.get_headers():
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    return response


def _any_other(fault: Exception) -> Response:
    # Where it happened, and never what was in it: a message may quote a card.
    current_app.logger.error("failure: %s at %s", type(fault).__name__, _place(fault))
    return failure(500)


def _own_policy(response: Response, *styles: str) -> Response:
    """These pages bring their style with them, whatever the policy of the place they stand in."""
    response.headers["Content-Security-Policy"] = policy(*styles)
    return response


def failure(status: int, *, sent: list[tuple[str, str]] | None = None, **details: str) -> Response:
    """The one page for every failure; with what was ``sent`` in vain, to be sent again."""
    content, code = services().content, status
    if f"error.title-{code}" not in content.text:
        code = 500 if code >= 500 else 400
    styles = ("emergency.css", *(["asking.css"] if sent else []))
    page = template("failure.html").render(
        t=content.say,
        language=content.language,
        css=screen_style(*styles),
        code=code,
        text=content.say(f"error.text-{code}", **details),
        sent=sent,
    )
    return _own_policy(make_response(page, status), *styles)


def _place(fault: Exception) -> str:
    trace = fault.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "nowhere"


class Sessions(SecureCookieSessionInterface):
    """Sessions where there are forms; what a reader's token opens neither reads nor sets one.

    Making a signer for every request would cost the emergency page more than its look-up.
    """

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """No session under /c/."""
        return None if request.path.startswith("/c/") else super().open_session(app, request)


class FixedHeaders:
    """WSGI: what holds for every request and every answer, before and after the app.

    The first path segment works in any case, so that a QR can hold capitals only. The fixed
    headers are put on here, where nothing can be answered without them and they cost next to
    nothing.
    """

    def __init__(self, app: Callable[..., Iterable[bytes]], public_url: str) -> None:
        self._app = app
        self._fixed = headers(public_url)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        end = path.find("/", 1)
        first = path if end < 0 else path[:end]
        if not first.islower():
            environ["PATH_INFO"] = first.lower() + path[len(first) :]

        def start(status: str, given: list[tuple[str, str]], fault: Any = None) -> Any:
            names = {name.lower() for name, _ in given}
            given += (each for each in self._fixed if each[0].lower() not in names)
            return start_response(status, given, fault)

        return self._app(environ, start)
