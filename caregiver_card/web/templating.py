"""The caregiver's pages: how their templates are filled and what guards their forms."""

from typing import Any
from urllib.parse import urlsplit

from babel import Locale
from flask import Blueprint, Flask, Response, render_template, request
from flask_wtf.csrf import CSRFError, CSRFProtect
from jinja2 import StrictUndefined

from caregiver_card.briefing.content import Content
from caregiver_card.style_sheets import colour

# As the emergency page's, and a script of our own: what it keeps is a draft, a list or a card.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


def init_templates(app: Flask, content: Content, public_url: str) -> None:
    """Give the app's templates their words, and its forms their guard."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    direction = "rtl" if Locale(content.language).text_direction == "rtl" else "ltr"

    @app.context_processor
    def words() -> dict[str, Any]:
        return {
            "t": content.say,
            "language": content.language,
            "direction": direction,
            "colour": colour,
        }

    _guard(app, secure=public_url.startswith("https:"))
    app.register_error_handler(CSRFError, _stale)


def with_script(blueprint: Blueprint) -> None:
    """Let a blueprint's pages run scripts of our own; the emergency pages never do."""

    @blueprint.after_request
    def policy(response: Response) -> Response:
        # A failure's page, which has a style of its own, has said so already.
        if response.mimetype == "text/html":
            response.headers.setdefault("Content-Security-Policy", POLICY)
        return response


def _guard(app: Flask, *, secure: bool) -> None:
    app.config.update(
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
        # Only this host, over https, may have set a cookie with such a name.
        SESSION_COOKIE_NAME="__Host-form" if secure else "form",
        # A form may lie open for a day beside a bed; its token lives as long as the browser.
        WTF_CSRF_TIME_LIMIT=None,
        # Our own Referrer-Policy keeps the referrer, which holds a token, from being sent.
        WTF_CSRF_SSL_STRICT=False,
    )
    guard = CSRFProtect(app)
    # Their address is a secret of its own, and a mail program's "unsubscribe" brings nothing else.
    guard.exempt(app.blueprints["answering"])


def _stale(_fault: CSRFError) -> tuple[str, int]:
    """A form whose token is gone: shown again to be sent once more, with all that was typed."""
    typed = [pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token"]
    return render_template("stale.html", typed=typed if _from_here() else []), 400


def _from_here() -> bool:
    """Whether our own page sent this; what another site has typed is not handed on.

    A browser that hides the origin of a form (no-referrer makes some do so) says "null".
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    origin = request.headers.get("Origin", "null")
    return origin == "null" or urlsplit(origin).netloc == request.host
