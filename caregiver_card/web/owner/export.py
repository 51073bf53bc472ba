"""What an owner takes along or leaves behind: the card file, the zip, import, deletion."""

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from caregiver_card import export_zip
from caregiver_card.briefing.briefing import brief
from caregiver_card.briefing.fault_messages import sentence
from caregiver_card.briefing.field_labels import label
from caregiver_card.card import codec
from caregiver_card.card.patient_clock import patient_day
from caregiver_card.card.rules import Fault
from caregiver_card.questionnaire import answers, confirmations
from caregiver_card.web import new_card, templating
from caregiver_card.web.owner import saving
from caregiver_card.web.owner.home import owner_path
from caregiver_card.web.services import services

belongings = Blueprint("belongings", __name__)
templating.with_script(belongings)


@belongings.get("/o/<token>/card.json")
def card_file(token: str) -> Response:
    """The card file: the same that any other such program reads."""
    card = services().keeper().vault.owned(token).card
    return _attached(codec.encode(card), "application/json", "caregiver-card.json")


@belongings.get("/o/<token>/everything.zip")
def everything(token: str) -> Response:
    """Card file, emergency page, prints of every copy and the contact in one file."""
    here = services()
    owned = here.keeper().vault.owned(token)
    briefing = brief(owned.card, here.content, owned.version)
    today = patient_day(owned.card, here.clock())
    packed = export_zip.write_zip(
        owned.card, briefing, owned.reader_links, lambda reader: here.address("c", reader), today
    )
    return _attached(packed, "application/zip", f"caregiver-card-{today}.zip")


@belongings.route("/o/<token>/delete", methods=["GET", "POST"])
def delete(token: str) -> str:
    """Remove the card with all that belongs to it; asked once more in words."""
    here = services()
    owned = here.keeper().vault.owned(token)
    name = owned.card.patient.full_name
    if request.method == "GET":
        return render_template("owner/delete.html", name=name, owned=owned, home=owner_path(token))
    here.keeper().vault.delete(token)
    return render_template("owner/deleted.html", drafts=saving.draft(token))


@belongings.route("/new/file", methods=["GET", "POST"])
def from_file() -> str | AnyResponse | tuple[str, int]:
    """Make a card from a card file, wherever it was made."""
    if request.method == "GET":
        return render_template("new_card/file.html", faults=())
    here = services()
    given = request.files.get("file")
    # One byte more than the largest card tells that there is more.
    raw = given.stream.read(codec.MAX_FILE_BYTES + 1) if given and given.filename else b""
    if not raw:
        missing = ((here.content.say("file.name"), here.content.say("file.missing")),)
        return render_template("new_card/file.html", faults=missing), 422
    reading = codec.read(raw, here.today, doubts_as_warnings=True)
    if reading.card is None:
        faults = tuple((_place(each), sentence(each, here.content)) for each in reading.errors)
        return render_template("new_card/file.html", faults=faults), 422
    if confirmations.open_questions(reading.faults):
        # What may be a slip is asked as if it had been typed.
        return new_card.check(answers.from_file(raw))
    kept = here.keeper().add(reading.card, here.clock())
    return redirect(f"/o/{kept.owner}/key?new=file", 303)


def _place(fault: Fault) -> str:
    """Where a fault is: in words, and as the file calls it."""
    content = services().content
    if fault.path == "file":
        return content.say("file.name")
    words = label(fault.path, content)
    return f"{words} ({fault.path})" if words else fault.path


def _attached(body: bytes, kind: str, name: str) -> Response:
    response = Response(body, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
