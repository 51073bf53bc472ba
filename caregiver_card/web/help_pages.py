"""Help, the privacy notice and the accessibility statement."""

from flask import Blueprint, render_template

from caregiver_card.web import templating
from caregiver_card.web.server.work import page_work
from caregiver_card.web.services import get_services

_HELP = ("card", "refill", "link", "printed", "phone", "alerts", "emergency", "contact")
_PRIVACY = ("stored", "sees", "mail", "device", "logs", "delete", "contact")
_ACCESSIBILITY = ("does", "limits", "contact")

bp = Blueprint("help_pages", __name__)
templating.with_script(bp)


@bp.get("/help")
@page_work
def help_page() -> str:
    """Answers to what caregivers ask."""
    return _page("help", _HELP)


@bp.get("/help/privacy")
@page_work
def privacy() -> str:
    """What is stored, who sees it, and how it goes."""
    return _page("privacy", _PRIVACY)


@bp.get("/help/accessibility")
@page_work
def accessibility() -> str:
    """What works for whom, and what was not tried."""
    return _page("accessibility", _ACCESSIBILITY)


def _page(page: str, parts: tuple[str, ...]) -> str:
    contact = get_services().config.operator_contact
    return render_template("help/page.html", page=page, parts=parts, contact=contact)
