"""Export, import and delete a card."""

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from caregiver_card import export_zip
from caregiver_card.briefing.briefing import brief
from caregiver_card.briefing.fault_messages import sentence
from caregiver_card.briefing.field_labels import label
from caregiver_card.card import codec
from caregiver_card.card.patient_clock import patient_day
from caregiver_card.card.rules import Fault
from caregiver_card.exports.ips import bundle
from caregiver_card.questionnaire import answers, confirmations
from caregiver_card.questionnaire.draft import Draft
from caregiver_card.web import drafts, limiting, responses, templating
from caregiver_card.web.owner import saving
from caregiver_card.web.owner.home import owner_path
from caregiver_card.web.server.work import print_work
from caregiver_card.web.services import get_services

bp = Blueprint("export", __name__)
templating.with_script(bp)


@bp.get("/o/<token>/card.json")
def card_file(token: str) -> Response:
    """The card file, as any other program of this format reads it."""
    card = get_services().cards().vault.owned(token).card
    return responses.attachment(codec.encode(card), "application/json", "caregiver-card.json")


@bp.get("/o/<token>/everything.zip")
@print_work
def everything(token: str) -> Response:
    """Card file, emergency page, the prints of every reader link and the contact, as a zip."""
    services = get_services()
    owned = services.cards().vault.owned(token)
    limiting.charge_card_at_address(limiting.ZIPS, owned.card_id)
    briefing = brief(owned.card, services.content, owned.version)
    today = patient_day(owned.card, services.clock())
    seed = bundle.seed_of(owned.card_id, owned.version)
    archive = export_zip.write_zip(
        owned.card,
        briefing,
        services.cards().saved_cards(token, owned),
        owned.reader_links,
        lambda reader: services.address("c", reader),
        today,
        bundle.encode(bundle.bundle(owned.card, briefing, seed, services.clock())),
    )
    return responses.attachment(archive, "application/zip", f"caregiver-card-{today}.zip")


@bp.route("/o/<token>/delete", methods=["GET", "POST"])
def delete(token: str) -> str:
    """Delete the card with everything that belongs to it, after a confirmation."""
    services = get_services()
    owned = services.cards().vault.owned(token)
    name = owned.card.patient.full_name
    if request.method == "GET":
        return render_template("owner/delete.html", name=name, owned=owned, home=owner_path(token))
    services.cards().vault.delete(token)
    return render_template("owner/deleted.html", drafts=saving.draft(token))


@bp.route("/new/file", methods=["GET", "POST"])
def from_file() -> str | AnyResponse | tuple[str, int]:
    """Store a new card from an uploaded card file."""
    if request.method == "GET":
        return render_template("new_card/file.html", faults=())
    services = get_services()
    upload = request.files.get("file")
    # One byte more than the limit, so that the codec sees that the file is too large.
    raw = upload.stream.read(codec.MAX_FILE_BYTES + 1) if upload and upload.filename else b""
    if not raw:
        missing = ((services.content.say("file.name"), services.content.say("file.missing")),)
        return render_template("new_card/file.html", faults=missing), 422
    reading = codec.read(raw, services.today, doubts_as_warnings=True)
    if reading.card is None:
        faults = tuple(
            (_field_name(fault), sentence(fault, services.content)) for fault in reading.errors
        )
        return render_template("new_card/file.html", faults=faults), 422
    if confirmations.open_questions(reading.faults):
        # Possible slips are asked about, as for typed answers.
        drafts.write(drafts.NEW, Draft(answers.from_file(raw)))
        return redirect("/new/check", 303)
    limiting.charge_address(limiting.NEW_CARDS)
    added = services.cards().add(reading.card, services.clock())
    return redirect(f"/o/{added.owner}/key?new=file", 303)


def _field_name(fault: Fault) -> str:
    """The field of a fault: its label, and its path in the file."""
    content = get_services().content
    if fault.path == "file":
        return content.say("file.name")
    name = label(fault.path, content)
    return f"{name} ({fault.path})" if name else fault.path
