"""What an owner changes: one section of a card, or what a refill changes."""

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from caregiver_card.card.rules import Fault
from caregiver_card.questionnaire import answers, confirmations, refill, relative_dates, steps
from caregiver_card.questionnaire.answers import Answers
from caregiver_card.questionnaire.step_types import Step
from caregiver_card.storage.records import OwnedCard
from caregiver_card.web import templating
from caregiver_card.web.forms import check_answers, form_fields, posted
from caregiver_card.web.owner import saving
from caregiver_card.web.services import services

editor = Blueprint("editor", __name__, url_prefix="/o/<token>")
templating.with_script(editor)


@editor.get("/edit", strict_slashes=False)
def sections(token: str) -> str:
    """Every section with what it says, each to be changed by itself."""
    typed = answers.from_card(saving.owned(token).card)
    drawn = check_answers.sections(typed, services().content)
    return render_template("owner/edit_sections.html", token=token, sections=drawn)


@editor.route("/edit/<key>", methods=["GET", "POST"], strict_slashes=False)
def edit(token: str, key: str) -> Response | tuple[str, int]:
    """One section of the card."""
    now, step = saving.owned(token), steps.BY_KEY.get(key)
    if step is None:
        abort(404)
    if request.method == "GET":
        return _edit_page(token, step, now, answers.from_card(now.card))
    base = saving.loaded_version(token, now)
    typed = posted.posted(step.fields, request.form)
    typed = posted.changed(answers.from_card(base), step.fields, typed)
    if posted.is_redrawn(request.form):
        return _edit_page(token, step, now, typed)
    if worked := relative_dates.resolve(step.fields, typed, services().content):
        return _edit_page(token, step, now, worked.typed, worked.faults, worked.sentences)
    found = saving.validate(typed, saving.today(now.card), lambda each: _belongs(each, step))
    if found.card is None:
        return _edit_page(token, step, now, found.typed, found.faults)
    content = services().content
    note = content.say("edit.note", section=content.say(f"step.{key}.name"))
    return saving.keep(token, found.card, base, note, key)


@editor.route("/refill", methods=["GET", "POST"], strict_slashes=False)
def after_refill(token: str) -> Response | tuple[str, int]:
    """The short update after a refill."""
    now = saving.owned(token)
    today = saving.today(now.card)
    if request.method == "GET":
        return _refill_page(
            token,
            now,
            answers.from_card(now.card),
            refill.initial_answers(answers.from_card(now.card), today),
        )
    base = saving.loaded_version(token, now)
    card = answers.from_card(base)
    typed = posted.posted(refill.fields(card), request.form)
    if posted.is_redrawn(request.form):
        return _refill_page(token, now, card, typed)
    if worked := relative_dates.resolve(refill.fields(card), typed, services().content):
        return _refill_page(token, now, card, worked.typed, worked.faults, said=worked.sentences)
    after, faults = refill.apply_refill(card, typed, today)
    found = saving.validate(confirmations.still_valid(card, after), today, _after_a_refill)
    if found.card is None or faults:
        return _refill_page(token, now, card, typed, faults + found.faults, found.typed)
    note = services().content.say("refill.note", day=found.card.refill.last_refill_on)
    return saving.keep(token, found.card, base, note, saving.REFILL)


def _edit_page(
    token: str,
    step: Step,
    now: OwnedCard,
    typed: Answers,
    faults: list[Fault] | None = None,
    said: dict[str, str] | None = None,
) -> tuple[str, int]:
    content = services().content
    drawn = form_fields.form_fields(
        step.fields, typed, content, faults, posted.more(request.form), said=said
    )
    page = render_template(
        "owner/edit.html",
        token=token,
        step=step,
        **saving.draft_context(token, step.key, now),
        lead=content.text.get(f"step.{step.key}.lead", ""),
        boxes=drawn,
        faulty=form_fields.faulty(drawn),
        asking=form_fields.asking(drawn),
    )
    return page, saving.status_code(faults)


def _refill_page(
    token: str,
    now: OwnedCard,
    card: Answers,
    typed: Answers,
    faults: list[Fault] | None = None,
    after: Answers | None = None,
    said: dict[str, str] | None = None,
) -> tuple[str, int]:
    content, more = services().content, posted.more(request.form)
    drawn = form_fields.form_fields(
        refill.fields(card), typed, content, faults, more, after, said, refill.box_of
    )
    page = render_template(
        "owner/refill.html",
        token=token,
        **saving.draft_context(token, saving.REFILL, now),
        strength=check_answers.words("regimen.concentration_mcg_per_ml", card, content),
        boxes=drawn,
        faulty=form_fields.faulty(drawn),
        asking=form_fields.asking(drawn),
    )
    return page, saving.status_code(faults)


def _belongs(fault: Fault, step: Step) -> bool:
    return steps.step_of(fault.path) is step


def _after_a_refill(fault: Fault) -> bool:
    """Whether a question is about what a refill changes; one of the concentration can wait, it
    stands on the owner's page."""
    found = steps.step_of(fault.path)
    asked = found is not None and found.key in ("refill", "regimen", "schedule", "flow", "change")
    return asked and fault.path != "regimen.concentration_mcg_per_ml"
