"""The Jinja templates of the owner's pages, and the CSRF protection of their forms."""

from typing import Any

from flask import Blueprint, Flask, Response, render_template, request
from flask_wtf.csrf import CSRFError, CSRFProtect
from jinja2 import StrictUndefined

from caregiver_card.briefing import languages
from caregiver_card.style_sheets import colour
from caregiver_card.web import drafts, request_language

# The emergency page's policy, and our own scripts, manifest and service worker.
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


def init_templates(app: Flask, public_url: str) -> None:
    """Give the templates their texts, and protect the forms against CSRF."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.context_processor
    def texts() -> dict[str, Any]:
        content = request_language.current()
        return {
            "t": content.say,
            "language": content.language,
            "carry": request_language.carried(),
            "offered": languages.named(),
            "proposed": request_language.proposed(),
            "direction": content.manner.direction,
            "colour": colour,
            "draft_mark": drafts.mark,
        }

    _protect_forms(app, secure=public_url.startswith("https:"))
    app.register_error_handler(CSRFError, _show_stale_form)


def with_script(blueprint: Blueprint) -> None:
    """Let a blueprint's pages run our own scripts."""

    @blueprint.after_request
    def policy(response: Response) -> Response:
        # An error page has an inline style and has set its own policy already.
        if response.mimetype == "text/html":
            response.headers.setdefault("Content-Security-Policy", POLICY)
        return response


def _protect_forms(app: Flask, *, secure: bool) -> None:
    app.config.update(
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
        # Browsers accept a ``__Host-`` cookie only from this host and over https.
        SESSION_COOKIE_NAME="__Host-form" if secure else "form",
        # A form may stay open for a day at a bedside, so its token lives as long as the session.
        WTF_CSRF_TIME_LIMIT=None,
        # A referrer would hold a token, so our Referrer-Policy suppresses it.
        WTF_CSRF_SSL_STRICT=False,
    )
    csrf = CSRFProtect(app)
    # The address is the secret; a mail program's "unsubscribe" sends nothing else (RFC 8058).
    csrf.exempt(app.blueprints["recipient_pages"])


def _show_stale_form(_fault: CSRFError) -> tuple[str, int]:
    """Show what was typed into a form whose CSRF token is gone, to be sent once more."""
    typed = [pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token"]
    return render_template("stale.html", typed=typed if _is_same_site() else []), 400


def _is_same_site() -> bool:
    """Whether one of our own pages sent this form; another site's input is not shown.

    Some browsers hide the origin of a form under ``no-referrer`` and send "null".
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    origin = request.headers.get("Origin", "null")
    # Compared as text: an origin is a scheme and a host, and anybody can send one that is neither.
    return origin == "null" or origin.partition("://")[2] == request.host
