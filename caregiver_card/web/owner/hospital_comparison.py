"""Hold a hospital's file against the card: what is new in it goes into a form, and nowhere else.

The file is read once, and nothing of it is kept. What is new in a section is put beside what the
card says, into the section's own form; nothing is saved before that form is.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from caregiver_card.briefing.changes import Change
from caregiver_card.briefing.content import Content
from caregiver_card.questionnaire import (
    answers,
    hospital_answers,
    hospital_comparison,
    hospital_file,
    hospital_texts,
    section_fields,
    steps,
)
from caregiver_card.questionnaire.answers import Answers
from caregiver_card.questionnaire.hospital_comparison import NEW, OTHER, Compared
from caregiver_card.questionnaire.hospital_file import HospitalFile, WrongFile
from caregiver_card.questionnaire.step_types import Step
from caregiver_card.storage.crypto import UnreadableToken
from caregiver_card.storage.database import StoreFailure
from caregiver_card.storage.vault import UnknownCard
from caregiver_card.web import hospital_upload, limiting, templating
from caregiver_card.web.forms import posted
from caregiver_card.web.owner import form_drafts, saving
from caregiver_card.web.owner.home import owner_path
from caregiver_card.web.request_size import OWNERS_HOSPITAL_FILE
from caregiver_card.web.server.work import print_work
from caregiver_card.web.services import get_services

bp = Blueprint("hospital_comparison", __name__, url_prefix="/o/<token>")
templating.with_script(bp)


@dataclass(frozen=True, slots=True)
class ComparedSection:
    """One section of the card beside the file: what is new there, and what is something else.

    ``typed`` is what the section's form gets: what the card says, and what is new. ``hospital``
    tells the form which of it is the file's.
    """

    key: str
    new: list[Change]
    other: list[Change]
    typed: Answers
    hospital: str


@bp.get(OWNERS_HOSPITAL_FILE, strict_slashes=False)
def choose(token: str) -> str:
    """Choose a file."""
    saving.owned(token)
    return _choice(token)


@bp.post(OWNERS_HOSPITAL_FILE)
@print_work
def compare(token: str) -> str | tuple[str, int]:
    """Read a file, and show what it says beside what the card says."""
    now, content = saving.owned(token), get_services().content
    limiting.charge_address(limiting.HOSPITAL_FILES)
    card = answers.from_card(now.card)
    try:
        found = hospital_upload.read_chosen()
        compared = hospital_comparison.compare(answers.join_dates(card), found)
    except WrongFile as wrong:
        return _choice(token, wrong), 422
    sections = (_section(step, card, compared, content) for step in steps.STEPS)
    shown, home = [each for each in sections if each.new or each.other], owner_path(token)
    begun = {
        each.key: form_drafts.waiting(now, each.key, f"{home}/edit/{each.key}") for each in shown
    }
    return render_template(
        "owner/hospital_compared.html",
        home=home,
        version=now.version,
        resume=posted.RESUME,
        sections=shown,
        begun=begun,
        drafts=saving.draft(token),
        same=hospital_texts.same(compared, content),
        left=hospital_texts.left(found, content),
    )


@bp.errorhandler(RequestEntityTooLarge)
def refuse_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Say how large a file may be; nothing of it was read."""
    token = (request.view_args or {})["token"]
    try:
        saving.owned(token)
    except (UnknownCard, UnreadableToken, StoreFailure) as error:
        # An exception within a handler would have none.
        return current_app.handle_user_exception(error)
    return _choice(token, hospital_file.too_large()), 413


def _section(
    step: Step, card: Answers, compared: Iterable[Compared], content: Content
) -> ComparedSection:
    here = [each for each in compared if steps.step_of(each.part) is step]
    new, other = ([each for each in here if each.state == state] for state in (NEW, OTHER))
    typed = hospital_answers.with_new(card, new)
    theirs = {path: value for each in new for path, value in each.theirs.items()}
    return ComparedSection(
        step.key,
        [hospital_texts.difference(each, content) for each in new],
        [hospital_texts.difference(each, content) for each in other],
        {
            path: value
            for field in section_fields.fields(step, card, typed)
            for path, value in answers.under(typed, field.path).items()
        },
        hospital_answers.dumps(HospitalFile(theirs)),
    )


def _choice(token: str, wrong: WrongFile | None = None) -> str:
    home = owner_path(token)
    return render_template("owner/hospital.html", home=home, **hospital_upload.context(wrong))
