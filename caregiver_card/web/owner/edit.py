"""The owner's forms: edit one section of the card, or update it after a refill."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from caregiver_card.card.rules import Fault
from caregiver_card.questionnaire import (
    answers,
    confirmations,
    dose_correction,
    hospital_answers,
    refill,
    relative_dates,
    section_fields,
    steps,
)
from caregiver_card.questionnaire.answers import Answers
from caregiver_card.questionnaire.draft import Draft
from caregiver_card.questionnaire.step_types import Field, Rows, Step
from caregiver_card.storage.records import OwnedCard
from caregiver_card.web import templating
from caregiver_card.web.forms import check_answers, form_fields, posted
from caregiver_card.web.forms.drawn import FormField
from caregiver_card.web.owner import form_drafts, saving
from caregiver_card.web.owner.saving import Validated
from caregiver_card.web.services import get_services

Fields = tuple[Field | Rows, ...]

bp = Blueprint("edit", __name__, url_prefix="/o/<token>")
templating.with_script(bp)


@bp.get("/edit", strict_slashes=False)
def all_sections(token: str) -> str:
    """Every section of the card with its answers, each with a link to its form."""
    typed = answers.from_card(saving.owned(token).card)
    sections = check_answers.sections(typed, get_services().content)
    return render_template("owner/edit_sections.html", token=token, sections=sections)


@bp.route("/edit/<key>", methods=["GET", "POST"], strict_slashes=False)
def section(token: str, key: str) -> Response | str | tuple[str, int]:
    """The form of one section of the card."""
    now, step = saving.owned(token), steps.BY_KEY.get(key)
    if step is None:
        abort(404)
    if request.method == "GET":
        return _edit_page(token, step, now, form_drafts.read(now, key))
    if request.form.get("go") == form_drafts.CLEAR:
        return form_drafts.clear(now, key)
    base = saving.loaded_version(token, now, saving.version())
    card = answers.from_card(base)
    fields = section_fields.fields(step, card, _typed(step.fields, now))
    typed = posted.changed(card, fields, _typed(fields, now))
    theirs = hospital_answers.loads(request.form.get("hospital", ""))
    begun, validated = _judged(
        Draft(typed, version=saving.version(), hospital=theirs),
        key,
        fields,
        lambda d: _section(step, card, now, d),
    )
    if validated is None or validated.card is None:
        page = partial(_edit_page, token, step, now, begun)
        return form_drafts.keep(now, key, begun, page, _growing(step.fields))
    content = get_services().content
    note = content.say("edit.note", section=content.say(f"step.{step.key}.name"))
    return saving.save(token, now, validated.card, base, note, key)


@bp.route("/refill", methods=["GET", "POST"], strict_slashes=False)
def after_refill(token: str) -> Response | str | tuple[str, int]:
    """The short form after a refill."""
    now, form = saving.owned(token), saving.REFILL
    if request.method == "GET":
        return _refill_page(token, now, form_drafts.read(now, form))
    if request.form.get("go") == form_drafts.CLEAR:
        return form_drafts.clear(now, form)
    base = saving.loaded_version(token, now, saving.version())
    card = answers.from_card(base)
    fields = refill.fields(card)
    begun, validated = _judged(
        Draft(refill.with_day(_typed(fields, now)), version=saving.version()),
        form,
        fields,
        lambda d: _refilled(card, now, d),
    )
    if validated is None or validated.card is None:
        page = partial(_refill_page, token, now, begun)
        return form_drafts.keep(now, form, begun, page, _growing(fields))
    note = get_services().content.say("refill.note", day=validated.card.refill.last_refill_on)
    return saving.save(token, now, validated.card, base, note, form)


def _judged(
    begun: Draft, form: str, fields: Fields, validate: Callable[[Draft], Validated]
) -> tuple[Draft, Validated | None]:
    """The draft of what was sent, and what came of it; None for a form to be shown again as is."""
    if posted.is_redrawn(request.form):
        return begun, None
    if resolved := relative_dates.resolve(fields, begun.typed, get_services().content):
        begun = begun.saying(resolved)
        return (begun.sending(form) if resolved.faults else begun), None
    validated = validate(begun)
    # The ticks go along: the page that is shown now does not ask for them.
    ticked = confirmations.combine(begun.typed, validated.typed)
    return begun.typing(ticked).sending(form), validated


def _section(step: Step, card: Answers, now: OwnedCard, begun: Draft) -> Validated:
    after, unanswered = dose_correction.apply(card, begun.typed)
    today = saving.today(now.card)
    validated = saving.validate(after, today, lambda fault: _is_asked_in(step, fault))
    unanswered += hospital_answers.unanswered(begun)
    found = dose_correction.at_question(unanswered + validated.faults, begun.typed)
    return Validated(validated.typed, found, None if found else validated.card)


def _refilled(card: Answers, now: OwnedCard, begun: Draft) -> Validated:
    today = saving.today(now.card)
    after, faults = refill.apply_refill(card, begun.typed, today)
    after = confirmations.combine(confirmations.still_valid(card, after), begun.typed)
    validated = saving.validate(after, today, _is_asked_after_refill)
    found = refill.at_choice(faults + validated.faults, begun.typed)
    return Validated(validated.typed, found, None if faults else validated.card)


def _typed(fields: Fields, now: OwnedCard) -> Answers:
    content = get_services().content
    return posted.posted(fields, request.form, content, saving.today(now.card))


def _growing(fields: Fields) -> str:
    """The list that gets another row: of the button that was pressed, or of the address."""
    wanted = posted.growing_list(request.form) or request.args.get("add", "")
    return wanted if wanted in {each.path for each in fields if isinstance(each, Rows)} else ""


def _edit_page(token: str, step: Step, now: OwnedCard, held: Draft | None) -> str:
    content = get_services().content
    base = saving.loaded_version(token, now, held.version) if held else now.card
    card = answers.from_card(base)
    shown = held or Draft(card, version=now.version)
    asked = section_fields.fields(step, card, shown.typed)
    faults: list[Fault] = []
    if shown.sent:
        spans = relative_dates.resolve(asked, shown.typed, content)
        faults = spans.faults if spans else _section(step, card, now, shown).faults
    theirs = hospital_answers.still_theirs(shown.typed, shown.hospital)
    fields = form_fields.form_fields(
        asked, shown.typed, content, faults, _growing(step.fields), said=shown.said, theirs=theirs
    )
    return render_template(
        "owner/edit.html",
        token=token,
        step=step,
        **saving.draft_context(token, step.key, now, held),
        hospital=hospital_answers.dumps(shown.hospital),
        lead=content.text.get(f"step.{step.key}.lead", ""),
        boxes=fields,
        faulty=form_fields.errors(fields),
        asking=form_fields.questions(fields),
    )


def _refill_page(token: str, now: OwnedCard, held: Draft | None) -> str:
    content, today = get_services().content, saving.today(now.card)
    base = saving.loaded_version(token, now, held.version) if held else now.card
    card = answers.from_card(base)
    shown = held or Draft(refill.initial_answers(card), version=now.version)
    # A draft that an earlier program wrote has a day and no choice.
    shown = replace(shown, typed=refill.with_day(shown.typed))
    faults, after = _found(card, now, shown) if shown.sent else ([], None)
    fields = form_fields.form_fields(
        refill.fields(card),
        refill.as_chosen(shown.typed, today),
        content,
        faults,
        _growing(refill.fields(card)),
        after,
        shown.said,
        partial(refill.box_of, typed=refill.as_chosen(shown.typed, today)),
    )
    _offer_days(fields, today)
    _say_what_is_on_the_card(fields, card)
    return render_template(
        "owner/refill.html",
        token=token,
        name=now.card.patient.full_name,
        **saving.draft_context(token, saving.REFILL, now, held),
        strength=check_answers.field_text("regimen.concentration_mcg_per_ml", card, content),
        days=refill.days_to_alarm(shown.typed),
        last_days=refill.days_to_alarm(card),
        tiles={
            tile: [each for each in fields if each.name in names]
            for tile, names in refill.TILES.items()
        },
        faulty=form_fields.errors(fields),
        asking=form_fields.questions(fields),
    )


def _found(card: Answers, now: OwnedCard, shown: Draft) -> tuple[list[Fault], Answers | None]:
    """The faults of a form that was sent, and the answers with their confirmations."""
    if spans := relative_dates.resolve(refill.fields(card), shown.typed, get_services().content):
        return spans.faults, None
    judged = _refilled(card, now, shown)
    return judged.faults, judged.typed


def _offer_days(fields: list[FormField], today: date) -> None:
    """The choice of the day, in which "today" and "yesterday" say and keep which day that is."""
    say = get_services().content.say
    choice = next(each for each in fields if each.name == refill.DAY)
    days = zip(refill.offered_days(today), ("refill.today", "refill.yesterday"), strict=True)
    offered = [(day.isoformat(), say(words, day=day)) for day, words in days]
    choice.options = [*offered, (refill.OTHER, say("refill.other_day"))]
    for each in choice.revealed:
        each.label, each.hint = say("refill.which_day"), say("refill.which_day_hint")


def _say_what_is_on_the_card(fields: list[FormField], card: Answers) -> None:
    """The old value beside each box that is to be filled in anew."""
    content = get_services().content
    for field in (inner for outer in fields for inner in (outer, *outer.revealed)):
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
