"""The owner's address itself: shown to be kept, printed, made anew; and what if it is lost."""

from flask import Blueprint, Response, abort, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from caregiver_card.briefing.briefing import brief
from caregiver_card.exports import device_list
from caregiver_card.printing import printer
from caregiver_card.printing.layouts import key_sheet
from caregiver_card.storage.crypto import read_token
from caregiver_card.web import templating
from caregiver_card.web.owner import conflicts, saving
from caregiver_card.web.owner.home import owner_path
from caregiver_card.web.services import services

key = Blueprint("key", __name__)
templating.with_script(key)


@key.get("/o/<token>/key")
def show(token: str) -> str:
    """The owner's address, with every way of keeping it."""
    here = services()
    owned = here.keeper().vault.owned(token)
    address = here.address("o", read_token(token))
    start, groups = key_sheet.parts(address)
    said = next((each for each in ("new", "renewed") if each in request.args), "")
    return render_template(
        "owner/address.html",
        name=owned.card.patient.full_name,
        address=address,
        start=start,
        groups=groups,
        said=said,
        home=owner_path(token),
        copies=owned.reader_links,
        record=device_list.device_entry(
            brief(owned.card, here.content), read_token(token), owned.reader
        ),
        # A card from the questions is saved now; one from a file leaves what is typed there.
        erase=saving.NEW if request.args.get("new") == "answers" else "",
    )


@key.get("/o/<token>/key.pdf")
def printed(token: str) -> Response:
    """The key sheet."""
    here = services()
    paper = request.args.get("paper", "a4")
    if paper not in printer.PAPERS:
        abort(400)
    name = here.keeper().vault.owned(token).card.patient.full_name
    address = here.address("o", read_token(token))
    response = Response(
        key_sheet.sheet(name, address, paper, here.content), content_type="application/pdf"
    )
    response.headers["Content-Disposition"] = 'inline; filename="key-sheet.pdf"'
    return response


@key.route("/o/<token>/renew", methods=["GET", "POST"])
def renew(token: str) -> str | AnyResponse:
    """A new owner's address, which kills the old one; asked once more in words."""
    here = services()
    vault = here.keeper().vault
    vault.owned(token)
    if request.method == "GET":
        return render_template(
            "owner/renew.html", home=owner_path(token), drafts=saving.draft(token)
        )
    renewed = conflicts.retry_on_conflict(lambda: vault.renew_owner(token, here.today))
    # A page of its own: the address then stands in the browser's history as well, where it can
    # be found again if the connection breaks before the page is seen.
    return redirect(f"/o/{renewed}/key?renewed=1", 303)


@key.get("/help/lost-address")
def lost() -> str:
    """What to do when the owner's address is lost."""
    return render_template("owner/lost.html")
