"""The owner's address: show, print and renew it, and what to do when it is lost."""

from contextlib import suppress

from flask import Blueprint, Response, abort, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from caregiver_card.alerting.service import UnreadableRecord
from caregiver_card.briefing.briefing import brief
from caregiver_card.exports import device_list
from caregiver_card.printing import printer
from caregiver_card.printing.layouts import key_sheet
from caregiver_card.storage.crypto import read_token
from caregiver_card.storage.database import StoreFailure
from caregiver_card.storage.records import OwnedCard
from caregiver_card.web import limiting, templating
from caregiver_card.web.owner import conflicts, saving
from caregiver_card.web.owner.home import LONGEST_LABEL, owner_path, remember_device
from caregiver_card.web.server.work import print_work
from caregiver_card.web.services import get_services

bp = Blueprint("address", __name__)
templating.with_script(bp)


@bp.get("/o/<token>/key")
def show(token: str) -> str:
    """The owner's address, with every way to store it."""
    services = get_services()
    owned = services.cards().vault.owned(token)
    address = services.address("o", read_token(token))
    _, groups = key_sheet.parts(address)
    usual = printer.usual_paper(owned.card.region)
    code = next((name for name in ("new", "renewed") if name in request.args), "")
    briefing = brief(owned.card, services.content)
    return render_template(
        "owner/address.html",
        name=owned.card.patient.full_name,
        address=address,
        groups=groups,
        code=key_sheet.code(address),
        papers=sorted(printer.PAPERS, key=lambda paper: paper != usual),
        said=code,
        home=owner_path(token),
        copies=owned.reader_links,
        record=device_list.device_entry(briefing, read_token(token), owned.reader),
        # The draft of the questions is saved now; a card from a file leaves that draft alone.
        erase=saving.NEW if request.args.get("new") == "answers" else "",
    )


@bp.get("/o/<token>/key.pdf")
@print_work
def key_sheet_pdf(token: str) -> Response:
    """The key sheet, as a PDF."""
    services = get_services()
    paper = request.args.get("paper", "a4")
    if paper not in printer.PAPERS:
        abort(400)
    owned = services.cards().vault.owned(token)
    limiting.charge_card_at_address(limiting.PRINTS, owned.card_id)
    name, address = owned.card.patient.full_name, services.address("o", read_token(token))
    response = Response(
        key_sheet.sheet(name, address, paper, services.content), content_type="application/pdf"
    )
    response.headers["Content-Disposition"] = 'inline; filename="key-sheet.pdf"'
    return response


@bp.route("/o/<token>/renew", methods=["GET", "POST"])
def renew(token: str) -> str | AnyResponse:
    """Make a new owner's address, and end in the same step what else is chosen.

    The old address opens nothing any more, and a device that had it is a stranger's.
    """
    services = get_services()
    cards = services.cards()
    owned = cards.vault.owned(token)
    if request.method == "GET":
        return _renew_page(token, owned)
    limiting.charge_card(limiting.SAVES, read_token(token))
    ended, phones = request.form.getlist("end"), request.form.getlist("phone")
    removing = cards.alerts.removing(phones, services.clock()) if cards.alerts else None
    renewed = conflicts.retry_on_conflict(
        lambda: cards.vault.renew_owner(token, services.today, ended, removing)
    )
    # Nobody else has the new address: it is shown, whatever fails from here on.
    with suppress(StoreFailure):
        remember_device(owned.card_id)
    # A redirect puts the new address into the browser's history, where it can be found if the
    # connection breaks before the page is seen.
    return redirect(f"/o/{renewed}/key?renewed=1", 303)


def _renew_page(token: str, owned: OwnedCard) -> str:
    """What else opens or tells something of this card: whoever had the old address saw it all."""
    cards = get_services().cards()
    record = cards.alerts.readable_record(owned.card_id) if cards.alerts else None
    people = record.people if record else ()
    return render_template(
        "owner/renew.html",
        home=owner_path(token),
        drafts=saving.draft(token),
        # The first word of a calendar's label names its wording.
        calendars=[(each.id, each.label.partition(" ")[2]) for each in cards.calendars.list(token)],
        # One that ends by itself is on no paper, which would have to be printed again first.
        codes=[
            (each.id, each.label, each.ends_at is not None)
            for each in cards.health_links.list(token)
        ],
        phones=[(each.id, each.name) for each in people if each.is_owner_phone],
        others=[each.name for each in people if not each.is_owner_phone],
        unreadable=cards.alerts is not None and record is None and _has_list(owned.card_id),
        copies=[(copy, _next_label(copy.label, owned)) for copy in owned.reader_links],
    )


def _next_label(label: str, owned: OwnedCard) -> str:
    """The label of a copy that takes this one's place: "school 2", or the next number that is free.

    Each copy has a label of its own, and both are there until the old one ends.
    """
    taken, number = {copy.label for copy in owned.reader_links}, 2
    while (following := f"{label[: LONGEST_LABEL - 3]} {number}") in taken:
        number += 1
    return following


def _has_list(card_id: bytes) -> bool:
    alerts = get_services().cards().alerts
    try:
        return alerts is not None and alerts.record(card_id) is not None
    except UnreadableRecord:
        return True


@bp.get("/help/lost-address")
def lost() -> str:
    """What to do when an owner's address is lost."""
    return render_template("owner/lost.html")
