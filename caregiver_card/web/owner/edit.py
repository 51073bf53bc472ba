"""The owner's forms: edit one section of the card, or update it after a refill."""

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from caregiver_card.card.rules import Fault
from caregiver_card.questionnaire import answers, confirmations, refill, relative_dates, steps
from caregiver_card.questionnaire.answers import Answers
from caregiver_card.questionnaire.step_types import Field, Rows, Step
from caregiver_card.storage.records import OwnedCard
from caregiver_card.web import templating
from caregiver_card.web.forms import check_answers, form_fields, posted
from caregiver_card.web.forms.drawn import FormField
from caregiver_card.web.owner import saving
from caregiver_card.web.services import get_services

bp = Blueprint("edit", __name__, url_prefix="/o/<token>")
templating.with_script(bp)


@bp.get("/edit", strict_slashes=False)
def all_sections(token: str) -> str:
    """Every section of the card with its answers, each with a link to its form."""
    typed = answers.from_card(saving.owned(token).card)
    sections = check_answers.sections(typed, get_services().content)
    return render_template("owner/edit_sections.html", token=token, sections=sections)


@bp.route("/edit/<key>", methods=["GET", "POST"], strict_slashes=False)
def section(token: str, key: str) -> Response | tuple[str, int]:
    """The form of one section of the card."""
    now, step = saving.owned(token), steps.BY_KEY.get(key)
    if step is None:
        abort(404)
    if request.method == "GET":
        return _edit_page(token, step, now, answers.from_card(now.card))
    base = saving.loaded_version(token, now)
    typed = _typed(step.fields, now)
    typed = posted.changed(answers.from_card(base), step.fields, typed)
    if posted.is_redrawn(request.form):
        return _edit_page(token, step, now, typed)
    if resolved := relative_dates.resolve(step.fields, typed, get_services().content):
        return _edit_page(token, step, now, resolved.typed, resolved.faults, resolved.sentences)
    validated = saving.validate(
        typed, saving.today(now.card), lambda fault: _is_asked_in(step, fault)
    )
    if validated.card is None:
        return _edit_page(token, step, now, validated.typed, validated.faults)
    content = get_services().content
    note = content.say("edit.note", section=content.say(f"step.{key}.name"))
    return saving.save(token, validated.card, base, note, key)


@bp.route("/refill", methods=["GET", "POST"], strict_slashes=False)
def after_refill(token: str) -> Response | tuple[str, int]:
    """The short form after a refill."""
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
    typed = _typed(refill.fields(card), now)
    if posted.is_redrawn(request.form):
        return _refill_page(token, now, card, typed)
    if resolved := relative_dates.resolve(refill.fields(card), typed, get_services().content):
        return _refill_page(
            token, now, card, resolved.typed, resolved.faults, said=resolved.sentences
        )
    after, faults = refill.apply_refill(card, typed, today)
    validated = saving.validate(
        confirmations.still_valid(card, after), today, _is_asked_after_refill
    )
    if validated.card is None or faults:
        return _refill_page(token, now, card, typed, faults + validated.faults, validated.typed)
    note = get_services().content.say("refill.note", day=validated.card.refill.last_refill_on)
    return saving.save(token, validated.card, base, note, saving.REFILL)


def _typed(fields: tuple[Field | Rows, ...], now: OwnedCard) -> Answers:
    content = get_services().content
    return posted.posted(fields, request.form, content, saving.today(now.card))


def _edit_page(
    token: str,
    step: Step,
    now: OwnedCard,
    typed: Answers,
    faults: list[Fault] | None = None,
    said: dict[str, str] | None = None,
) -> tuple[str, int]:
    content = get_services().content
    fields = form_fields.form_fields(
        step.fields, typed, content, faults, posted.growing_list(request.form), said=said
    )
    page = render_template(
        "owner/edit.html",
        token=token,
        step=step,
        **saving.draft_context(token, step.key, now),
        lead=content.text.get(f"step.{step.key}.lead", ""),
        boxes=fields,
        faulty=form_fields.errors(fields),
        asking=form_fields.questions(fields),
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
    content, growing = get_services().content, posted.growing_list(request.form)
    fields = form_fields.form_fields(
        refill.fields(card), typed, content, faults, growing, after, said, refill.box_of
    )
    _say_what_is_on_the_card(fields, card)
    page = render_template(
        "owner/refill.html",
        token=token,
        name=now.card.patient.full_name,
        **saving.draft_context(token, saving.REFILL, now),
        strength=check_answers.field_text("regimen.concentration_mcg_per_ml", card, content),
        days=refill.days_to_alarm(typed),
        last_days=refill.days_to_alarm(card),
        tiles={
            tile: [each for each in fields if each.name in names]
            for tile, names in refill.TILES.items()
        },
        faulty=form_fields.errors(fields),
        asking=form_fields.questions(fields),
    )
    return page, saving.status_code(faults)


def _say_what_is_on_the_card(fields: list[FormField], card: Answers) -> None:
    """The old value beside each box that is to be filled in anew."""
    content = get_services().content
    for field in fields:
        path = refill.VOLUME if field.name == refill.PUT_IN else field.name
        if field.kind in ("number", "date") and answers.under(card, path):
            since = "last_time" if field.name == refill.PUT_IN else "on_card"
            text = check_answers.field_text(path, card, content)
            field.on_card = content.say(f"form.{since}"), text


def _is_asked_in(step: Step, fault: Fault) -> bool:
    return steps.step_of(fault.path) is step


def _is_asked_after_refill(fault: Fault) -> bool:
    """Whether a question is about something that a refill changes.

    A question about the concentration can wait: the owner's page asks it.
    """
    step = steps.step_of(fault.path)
    if step is None or fault.path == "regimen.concentration_mcg_per_ml":
        return False
    return step.key in ("refill", "regimen", "schedule", "flow", "change")
