"""The owner's choice of prints for one copy, and the note of what was printed."""

from urllib.parse import urlencode

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from caregiver_card.briefing import languages
from caregiver_card.printing import printer
from caregiver_card.printing.layouts import lockscreen
from caregiver_card.web import request_language, templating
from caregiver_card.web.owner import home
from caregiver_card.web.services import get_services

bp = Blueprint("prints", __name__, url_prefix="/o/<token>")
templating.with_script(bp)


@bp.post("/copies/<link_id>/print")
def print_layout(token: str, link_id: str) -> Response:
    """Note which layout the owner prints, and lead to it. Opening a print notes nothing."""
    services = get_services()
    link = home.reader_link(services.cards().vault.owned(token), link_id)
    if link is None:
        return home.redirect_home(token, "gone")
    layout, paper = (request.form.get(name, "") for name in ("layout", "paper"))
    wanted = {"paper": paper} if paper in printer.PAPERS else {}
    if layout == printer.KEY:
        return redirect(f"{home.owner_path(token)}/key.pdf?{urlencode(wanted)}", 303)
    if layout not in printer.LAYOUTS:
        abort(400)
    services.cards().note_printing(token, link.id, layout, services.clock())
    wanted |= {"black": "1"} if request.form.get("black") == "1" else {}
    other = languages.find(request.form.get(request_language.PARAMETER))
    if other and other != services.content.language:
        wanted[request_language.PARAMETER] = other
    back = languages.find(request.form.get(request_language.BACK))
    if back and back != (other or services.content.language):
        wanted[request_language.BACK] = back
    return redirect(f"/c/{link.token}/card.pdf?{urlencode({'layout': layout, **wanted})}", 303)


@bp.get("/copies/<link_id>")
def prints(token: str, link_id: str) -> str | Response:
    """Every print of one reader link, for both papers, in colour and in black."""
    owned = get_services().cards().vault.owned(token)
    link = home.reader_link(owned, link_id)
    if link is None:
        return home.redirect_home(token, "gone")
    return render_template(
        "owner/prints.html",
        copy=link,
        then=home.then(),
        home=home.owner_path(token),
        is_machine=get_services().content.state == "machine",
        papers=printer.PAPERS,
        usual_paper=printer.usual_paper(owned.card.region),
        sizes=lockscreen.SIZES,
        usual_size=lockscreen.USUAL,
        has_passes=get_services().pass_signer is not None,
    )
