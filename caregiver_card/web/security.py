"""Fixed headers, the error page, sessions, and addresses in any case."""

import base64
import hashlib
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from flask import Flask, Request, Response, current_app, make_response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from caregiver_card.document_templates import template
from caregiver_card.pages import guide
from caregiver_card.printing.errors import UNPRINTABLE, reason
from caregiver_card.storage import crypto
from caregiver_card.storage.crypto import UnreadableToken
from caregiver_card.storage.database import StoreFailure
from caregiver_card.storage.disk_space import DiskBelowFloor
from caregiver_card.storage.fault_causes import cause_of
from caregiver_card.storage.migrations import NewerSchema
from caregiver_card.storage.vault import UnknownCard
from caregiver_card.style_sheets import screen_style
from caregiver_card.web import limiting, request_size, responses
from caregiver_card.web.config import Config
from caregiver_card.web.services import get_services

# In the WSGI environment: the status of a request that the server refuses before any view, and the
# seconds after which to try again, and the name of other words than those of the status.
REFUSED = "caregiver_card.refused"
# A header on every response; "unknown" where an address opens no card (static/js/copies.js).
MARKER_HEADER = "Caregiver-Card"


@cache
def policy(*styles: str, script: bool = False) -> str:
    """The Content-Security-Policy of a page with one inline style sheet.

    The page's inline style consists of the sheets ``styles``, by default the emergency page's.
    With ``script`` the page may run our own scripts; the emergency pages run none.
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


def headers(config: Config) -> tuple[tuple[str, str], ...]:
    """The headers of every response whose view does not set them itself."""
    common = (
        ("Content-Security-Policy", policy()),
        ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Robots-Tag", "noindex, nofollow, noarchive"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "geolocation=(self), camera=(), microphone=()"),
        # A phone with an offline copy tells our responses from a captive portal's by this header.
        (MARKER_HEADER, "yes"),
        # A card must not stay in the cache of a shared device.
        ("Cache-Control", "no-store"),
    )
    if not config.is_secure:
        return common
    # 0 takes back what browsers were told before.
    seconds = config.hsts_days * 24 * 60 * 60
    return (*common, ("Strict-Transport-Security", f"max-age={seconds}; includeSubDomains"))


def protect(app: Flask) -> None:
    """Limit the size of requests, and register the error handlers."""
    request_size.limit(app)
    app.before_request(_refuse)
    for unknown in (UnknownCard, UnreadableToken):
        app.register_error_handler(unknown, _handle_unknown_card)
    app.register_error_handler(limiting.LimitReached, _handle_limit)
    for unprintable in UNPRINTABLE:
        app.register_error_handler(unprintable, _handle_unprintable)
    for failure in (StoreFailure, NewerSchema):
        app.register_error_handler(failure, _handle_store_failure)
    app.register_error_handler(DiskBelowFloor, _handle_low_disk)
    app.register_error_handler(HTTPException, _handle_http_exception)
    app.register_error_handler(Exception, _handle_exception)


def _refuse() -> Response | None:
    """Answer a request that the server refuses by itself, such as one beyond a full queue."""
    if REFUSED not in request.environ:
        return None
    status, retry_after, words = request.environ[REFUSED]
    response = error_page(status, words=words, seconds=str(retry_after))
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _handle_unknown_card(_error: Exception) -> Response:
    limiting.slow_guess()
    page = responses.page(guide.unknown(get_services().content), 404)
    response = _with_inline_style(page, *guide.STYLES)
    response.headers[MARKER_HEADER] = "unknown"
    return response


def _handle_unprintable(error: Exception) -> Response:
    return error_page(422, reason=reason(error, get_services().content))


def _handle_store_failure(error: Exception) -> Response:
    current_app.logger.error("database: %s", cause_of(error))
    return error_page(503, sent=_typed())


def _handle_low_disk(_error: Exception) -> Response:
    current_app.logger.error("disk: below CARD_DISK_FLOOR; a new card was refused")
    return error_page(503, words="disk", sent=_typed())


def _handle_limit(reached: limiting.LimitReached) -> Response:
    minutes = str(limiting.minutes(reached.seconds))
    response = error_page(429, sent=_typed(), minutes=minutes)
    response.headers["Retry-After"] = str(reached.seconds)
    return response


def _typed() -> list[tuple[str, str]] | None:
    """What was typed, to be sent again from the page, which cannot hold a file; or None."""
    if request.method != "POST":
        return None
    try:
        # A box for a file that was left empty is sent as well.
        has_file = any(each.filename for each in request.files.values())
    except RequestEntityTooLarge:
        # Only a file is so large, and nothing of it was read.
        has_file = True
    return [] if has_file else list(request.form.items(multi=True))


def _handle_http_exception(error: HTTPException) -> Response:
    if error.code == 404 and "//" in request.path:
        # An address that was mistyped, as any other that opens no card.
        return _handle_unknown_card(error)
    response = error_page(error.code or 500)
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    return response


def _handle_exception(error: Exception) -> Response:
    # Type and place alone: the message of an exception may quote a card.
    current_app.logger.error("failure: %s at %s", type(error).__name__, _location(error))
    return error_page(500)


def _with_inline_style(response: Response, *styles: str) -> Response:
    """Set the policy for a page with an inline style, whatever its blueprint's policy is."""
    response.headers["Content-Security-Policy"] = policy(*styles)
    return response


def error_page(
    status: int, *, words: str = "", sent: list[tuple[str, str]] | None = None, **details: str
) -> Response:
    """Render the page for an error; it offers the form fields ``sent`` to be sent again.

    ``words`` names other words than those of the status.
    """
    content, name = get_services().content, words or str(status)
    if f"error.title-{name}" not in content.text:
        name = "500" if status >= 500 else "400"
    page = template("failure.html").render(
        t=content.say,
        language=content.language,
        css=screen_style("base.css"),
        title=content.say(f"error.title-{name}"),
        text=content.say(f"error.text-{name}", **details),
        sent=sent,
    )
    return _with_inline_style(make_response(page, status), "base.css")


def _location(error: Exception) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "nowhere"


def sign_sessions(app: Flask, secret: str) -> None:
    """Sign forms with a key of their own, which opens nothing that is sealed under ``secret``."""
    app.secret_key = crypto.derived_key(secret, b"", "sessions").hex()
    app.session_interface = Sessions()


class Sessions(SecureCookieSessionInterface):
    """Sessions for pages with forms.

    A reader's pages and a record system's files neither read nor set a session: no cookie, and no
    signer to be made for each request of an emergency page.
    """

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Open no session under ``/c/`` and ``/s/``."""
        is_without = request.path.startswith(("/c/", "/s/"))
        return None if is_without else super().open_session(app, request)


class FixedHeaders:
    """WSGI middleware that lowers the first path segment and adds the fixed headers.

    The first path segment works in any case, so that a QR code can hold capitals only. No
    response, not even of an error inside Flask, leaves without the headers.
    """

    def __init__(self, app: Callable[..., Iterable[bytes]], config: Config) -> None:
        self._app = app
        self._headers = headers(config)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        end = path.find("/", 1)
        first = path if end < 0 else path[:end]
        if not first.islower():
            environ["PATH_INFO"] = first.lower() + path[len(first) :]

        def start(status: str, present: list[tuple[str, str]], exc_info: Any = None) -> Any:
            names = {name.lower() for name, _ in present}
            present += (header for header in self._headers if header[0].lower() not in names)
            return start_response(status, present, exc_info)

        return self._app(environ, start)
