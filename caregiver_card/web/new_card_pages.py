"""The pages of a new card's questions, drawn from its draft."""

from dataclasses import replace
from datetime import date

from flask import render_template, request

from caregiver_card.card import patient_clock, values
from caregiver_card.card.rules import ERROR, Fault
from caregiver_card.questionnaire import (
    answers,
    confirmations,
    hospital_answers,
    progress,
    relative_dates,
    steps,
)
from caregiver_card.questionnaire.answers import Answers
from caregiver_card.questionnaire.draft import Draft
from caregiver_card.questionnaire.step_types import Rows, Step
from caregiver_card.questionnaire.steps import LAST, STEPS
from caregiver_card.web.forms import check_answers, form_fields
from caregiver_card.web.forms.check_answers import AnswerSection
from caregiver_card.web.owner import saving
from caregiver_card.web.owner.saving import Validated
from caregiver_card.web.services import get_services

# The last page, which lists all answers; in an address, and as the value of a button.
CHECK = "check"


def validate(step: Step | None, begun: Draft) -> Validated:
    """Validate the answers of one step, or of all; with the ticks in the request, if any."""
    typed, today = begun.typed, _today(begun.typed)
    if step is None:
        validated = saving.validate(typed, today, lambda fault: True)
    else:
        validated = saving.validate(typed, today, lambda fault: _is_in(step, fault))
    known = {fault.path for fault in validated.faults}
    open_lists = [each for each in hospital_answers.unanswered(begun) if each.path not in known]
    faults = [*validated.faults, *open_lists]
    if step:
        faults = [each for each in faults if _is_in(step, each)]
    return replace(validated, faults=faults, card=None if open_lists else validated.card)


def question(step: Step, draft: Draft) -> str:
    """The page of one step; once it was sent, with what is wrong or asked."""
    content, sent = get_services().content, step.key in draft.sent
    spans = relative_dates.resolve(step.fields, draft.typed, content) if sent else None
    faults = spans.faults if spans else validate(step, draft).faults if sent else []
    growing = request.args.get("add", "")
    lists = {field.path for field in step.fields if isinstance(field, Rows)}
    fields = form_fields.form_fields(
        step.fields,
        draft.typed,
        content,
        faults,
        growing if growing in lists else "",
        said=draft.said,
        theirs=hospital_answers.still_theirs(draft.typed, draft.hospital),
    )
    return render_template(
        "new_card/question.html",
        step=step,
        answers=answers.dumps(draft.typed),
        hospital=hospital_answers.dumps(draft.hospital),
        begun=bool(draft.typed or draft.sent),
        returning=request.args.get("from") == CHECK or step not in progress.asked(draft),
        progress=_progress(step, draft),
        lead=content.text.get(f"step.{step.key}.lead", ""),
        boxes=fields,
        faulty=form_fields.errors(fields),
        asking=form_fields.questions(fields),
    )


def check(draft: Draft) -> str:
    """The last page: every answer, the questions that are still open, and who compared it."""
    # Once it was sent, an emptied day is missing, and not filled in again.
    typed = draft.typed if LAST.key in draft.sent else _with_day(draft.typed)
    content = get_services().content
    faults = validate(None, replace(draft, typed=typed)).faults
    shown = {step.key for step in STEPS} if LAST.key in draft.sent else draft.sent
    errors = [each for each in faults if each.level == ERROR and _step_key(each) in shown]
    mine = [each for each in errors if _step_key(each) == LAST.key]
    asked = confirmations.open_questions(tuple(faults))
    here = [each for each in asked if _step_key(each) == LAST.key]
    fields = form_fields.form_fields(LAST.fields, typed, content, mine + here)
    sections = _sections(replace(draft, typed=typed))
    return render_template(
        "new_card/check.html",
        answers=answers.dumps(typed),
        hospital=hospital_answers.dumps(draft.hospital),
        sections=[section for section in sections if section.first or section.lines],
        more=[section for section in sections if not section.first and not section.lines],
        doses=check_answers.doses(typed, content),
        boxes=fields,
        faulty=form_fields.errors(fields),
        wrong=[
            (_step_key(each), form_fields.detailed_sentence(each, typed, content))
            for each in errors
            if each not in mine
        ],
        asked=[
            (
                _step_key(each),
                form_fields.sentence(each, content),
                confirmations.tick_value(each, typed),
            )
            for each in asked
            if each not in here
        ],
        was_sent=LAST.key in draft.sent,
        progress=_progress(LAST, draft),
    )


def _sections(draft: Draft) -> list[AnswerSection]:
    theirs = hospital_answers.still_theirs(draft.typed, draft.hospital)
    found = check_answers.sections(draft.typed, get_services().content, theirs)
    return [each for each in found if each.key != LAST.key]


def _progress(step: Step, begun: Draft) -> tuple[int, int] | None:
    """Which question of how many this is; None for one that is not on the way."""
    way = [*progress.asked(begun), LAST]
    return (way.index(step) + 1, len(way)) if step in way else None


def _with_day(typed: Answers) -> Answers:
    """Fill in today as the day of verification.

    The country has no default: a browser in American English does not tell which number calls an
    ambulance.
    """
    if any(answers.date_boxes(typed, "verified.on")):
        return typed
    return typed | answers.from_date("verified.on", _today(typed))


def _today(typed: Answers) -> date:
    """The day in the patient's time zone; in UTC for an invalid one, which is its own fault."""
    try:
        zone = values.time_zone(typed.get("time_zone"))
    except values.InvalidValue:
        zone = ""
    return patient_clock.local_day(zone, get_services().clock())


def _is_in(step: Step, fault: Fault) -> bool:
    return fault.path == "file" or steps.step_of(fault.path) is step


def _step_key(fault: Fault) -> str:
    step = steps.step_of(fault.path)
    return step.key if step else STEPS[0].key
