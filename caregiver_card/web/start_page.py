"""The start page, and the way from it to a card's owner's page."""

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from caregiver_card.briefing import briefing
from caregiver_card.storage.crypto import UnreadableToken, read_token
from caregiver_card.web import drafts, responses, templating
from caregiver_card.web.server.work import page_work
from caregiver_card.web.services import get_services

# Longer than any address of this server, so that what was pasted by mistake does not come back.
_LONGEST_TYPED = 200

bp = Blueprint("start_page", __name__)
templating.with_script(bp)


@bp.get("/")
def home() -> Response:
    """The start page; with script, it lists the cards that this device stores."""
    return responses.send_compressed(_page("", "").encode(), "text/html; charset=utf-8")


@bp.post("/open")
@page_work
def open_link() -> Response | tuple[str, int]:
    """Lead to the owner's page behind a typed private link; it is posted to stay out of logs."""
    typed = request.form.get("link", "")[:_LONGEST_TYPED].strip()
    try:
        token = read_token(typed.rstrip("/").rpartition("/")[2].replace(" ", ""))
    except UnreadableToken:
        return _page(typed, get_services().content.say("home.link_fault")), 422
    return redirect(f"/o/{token}", 303)


def _page(typed: str, error: str) -> str:
    services = get_services()
    return render_template(
        "home.html",
        review=briefing.review(services.content),
        offline=services.config.offline,
        typed=typed,
        error=error,
        begun=drafts.is_begun(),
    )
