"""Begin a new card with a hospital's file: it is read once, and what it says is a draft.

The file itself is kept nowhere. What was taken from it, and what not, is shown before the
questions, which then show each value again.
"""

from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from caregiver_card.questionnaire import hospital_answers, hospital_file, hospital_texts
from caregiver_card.questionnaire.draft import Draft
from caregiver_card.questionnaire.hospital_file import HospitalFile, WrongFile
from caregiver_card.web import drafts, limiting, new_card, request_language, templating
from caregiver_card.web.request_size import HOSPITAL_FILE
from caregiver_card.web.server.work import print_work
from caregiver_card.web.services import get_services

bp = Blueprint("hospital_upload", __name__)
templating.with_script(bp)


@bp.get(HOSPITAL_FILE)
def choose() -> str:
    """Choose a file."""
    new_card.held()
    return _page()


@bp.post(HOSPITAL_FILE)
@print_work
def upload() -> Response | tuple[str, int]:
    """Read a file, and keep what it says beside what was typed before."""
    limiting.charge_address(limiting.HOSPITAL_FILES)
    tag = request_language.asked()
    begun = new_card.held() or Draft({"language": tag} if tag else {})
    try:
        filled = hospital_answers.fill(begun, read_chosen())
    except WrongFile as wrong:
        return _page(wrong), 422
    drafts.write(drafts.NEW, filled)
    return redirect(f"{HOSPITAL_FILE}/read", 303)


@bp.get(f"{HOSPITAL_FILE}/read")
def show() -> Response | str:
    """What was taken from the file, what not and why, and what is asked."""
    begun = new_card.held()
    if begun is None or begun.hospital == HospitalFile():
        return redirect(HOSPITAL_FILE, 303)
    content = get_services().content
    return render_template(
        "new_card/hospital_read.html",
        taken=hospital_texts.taken(begun.hospital, content),
        left=hospital_texts.left(begun.hospital, content),
        next=new_card.next_page(begun),
    )


@bp.errorhandler(RequestEntityTooLarge)
def refuse_large(_error: RequestEntityTooLarge) -> tuple[str, int]:
    """Say how large a file may be; nothing of it was read."""
    return _page(hospital_file.too_large()), 413


def _page(wrong: WrongFile | None = None) -> str:
    return render_template("new_card/hospital.html", **context(wrong))


def read_chosen() -> HospitalFile:
    """Read the file that was chosen in a form. Raises ``WrongFile``."""
    chosen = request.files.get("file")
    # One byte more than the limit, so that the reader sees that the file is too large.
    return hospital_file.read(chosen.stream.read(hospital_file.MAX_BYTES + 1) if chosen else b"")


def context(wrong: WrongFile | None) -> dict[str, Any]:
    """The template variables of a form that sends a file (_hospital_file.html)."""
    refusal = hospital_texts.refusal(wrong, get_services().content) if wrong else ""
    return {"refusal": refusal, "most": hospital_file.MAX_MEGABYTES}
