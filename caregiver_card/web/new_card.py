"""A new card from questions, one subject a page.

The server stores nothing before the last step: a hidden field carries the answers from page to
page. No page needs a script.
"""

from datetime import date
from functools import partial

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from caregiver_card.card import patient_clock, values
from caregiver_card.card.rules import ERROR, Fault
from caregiver_card.questionnaire import answers, confirmations, relative_dates, steps
from caregiver_card.questionnaire.answers import Answers
from caregiver_card.questionnaire.step_types import Step
from caregiver_card.questionnaire.steps import STEPS
from caregiver_card.web import limiting, templating
from caregiver_card.web.forms import check_answers, form_fields, posted
from caregiver_card.web.owner import saving
from caregiver_card.web.services import get_services

# The value of the button that leads to the last page, which lists all answers.
CHECK = "check"

bp = Blueprint("new_card", __name__)
templating.with_script(bp)


@bp.get("/new", strict_slashes=False)
def start() -> str:
    """What one needs for a new card, and the draft on this device, if any."""
    return render_template("new_card/start.html")


@bp.post("/new", strict_slashes=False)
def answer() -> Response | tuple[str, int]:
    """Read the answers of one page, and show the page that the pressed button leads to."""
    typed, step = answers.loads(request.form.get("answers", "")), _current_step()
    if step is None:
        return _follow_button(typed)
    typed = posted.changed(typed, step.fields, posted.posted(step.fields, request.form))
    if request.form.get("go") == "back":
        return _page(_previous(step, typed) or step, typed)
    if posted.is_redrawn(request.form):
        return _page(step, typed)
    if resolved := relative_dates.resolve(step.fields, typed, get_services().content):
        return _page(step, resolved.typed, resolved.faults, resolved.sentences)
    validated = saving.validate(typed, _today(typed), partial(_is_in, step))
    faults = [fault for fault in validated.faults if _is_in(step, fault)]
    if faults:
        return _page(step, validated.typed, faults)
    following = _following(step, validated.typed)
    return _page(following, validated.typed) if following else check(validated.typed)


def _follow_button(typed: Answers) -> Response | tuple[str, int]:
    """Follow a button of the first or the last page."""
    action = request.form.get("go", "")
    if action == "save":
        return _save(typed)
    if action in (CHECK, posted.RESUME):
        return check(typed)
    return _page(steps.BY_KEY.get(action) or STEPS[0], typed)


def _save(typed: Answers) -> Response | tuple[str, int]:
    validated = saving.validate(typed, _today(typed), lambda fault: True)
    if validated.card is None:
        return check(validated.typed, validated.faults)
    services = get_services()
    limiting.charge_address(limiting.NEW_CARDS)
    added = services.cards().add(validated.card, services.clock())
    return redirect(f"/o/{added.owner}/key?new=answers", 303)


def _today(typed: Answers) -> date:
    """The day in the patient's time zone; in UTC for an invalid one, which is its own fault."""
    try:
        zone = values.time_zone(typed.get("time_zone"))
    except values.InvalidValue:
        zone = ""
    return patient_clock.local_day(zone, get_services().clock())


def _page(
    step: Step,
    typed: Answers,
    faults: list[Fault] | None = None,
    said: dict[str, str] | None = None,
) -> tuple[str, int]:
    content = get_services().content
    fields = form_fields.form_fields(
        step.fields,
        _with_defaults(step, typed),
        content,
        faults,
        posted.growing_list(request.form),
        said=said,
    )
    page = render_template(
        "new_card/question.html",
        step=step,
        answers=answers.dumps(typed),
        returning=_is_returning(),
        first=_previous(step, typed) is None,
        lead=content.text.get(f"step.{step.key}.lead", ""),
        boxes=fields,
        faulty=form_fields.errors(fields),
        asking=form_fields.questions(fields),
    )
    return page, saving.status_code(faults)


def _with_defaults(step: Step, typed: Answers) -> Answers:
    """Fill in today as the day of verification.

    The country has no default: a browser in American English does not tell which number calls an
    ambulance.
    """
    if step.key == "verified" and not any(answers.date_boxes(typed, "verified.on")):
        return typed | answers.from_date("verified.on", _today(typed))
    return typed


def check(typed: Answers, faults: list[Fault] | None = None) -> tuple[str, int]:
    """The last page: every answer, and the questions about them that are still open."""
    content, reading = get_services().content, answers.read(typed, _today(typed))
    questions = confirmations.open_questions(reading.faults)
    errors = [fault for fault in faults or [] if fault.level == ERROR]
    sections = check_answers.sections(typed, content)
    page = render_template(
        "new_card/check.html",
        answers=answers.dumps(typed),
        sections=[section for section in sections if section.first or section.lines],
        more=[section for section in sections if not section.first and not section.lines],
        doses=check_answers.doses(typed, content),
        wrong=[
            (_step_key(fault), form_fields.detailed_sentence(fault, typed, content))
            for fault in errors
        ],
        asked=[
            (
                _step_key(question),
                form_fields.sentence(question, content),
                confirmations.tick_value(question, typed),
            )
            for question in questions
        ],
    )
    return page, saving.status_code(faults)


def _current_step() -> Step | None:
    return steps.BY_KEY.get(request.form.get("step", ""))


def _is_returning() -> bool:
    """Whether the page was opened from the last page, and leads back there."""
    return bool(request.form.get("returning")) or not request.form.get("step", "new")


def _is_in(step: Step, fault: Fault) -> bool:
    return fault.path == "file" or steps.step_of(fault.path) is step


def _step_key(fault: Fault) -> str:
    step = steps.step_of(fault.path)
    return step.key if step else STEPS[0].key


def _previous(step: Step, typed: Answers) -> Step | None:
    earlier = STEPS[: STEPS.index(step)]
    return next((other for other in reversed(earlier) if _is_asked(other, typed)), None)


def _following(step: Step, typed: Answers) -> Step | None:
    """The next step to ask, or ``None`` if the last page is next."""
    later = STEPS[STEPS.index(step) + 1 :]
    if _is_returning():
        # A step that this answer has opened, such as the schedule of a pump that now has one.
        paths = [field.path for field in step.fields]
        opened = [other for other in later if other.when and other.when[0] in paths]
        return next((other for other in opened if _is_new(other, typed)), None)
    return next((other for other in later if _is_asked(other, typed)), None)


def _is_asked(step: Step, typed: Answers) -> bool:
    return step.first and check_answers.applies(step, typed)


def _is_new(step: Step, typed: Answers) -> bool:
    return check_answers.applies(step, typed) and not check_answers.answered(step, typed)
