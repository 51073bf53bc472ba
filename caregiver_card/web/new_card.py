"""A new card, one subject a page. Nothing is kept here before the last step: the answers travel
in a hidden field from page to page, and a page needs no script."""

from datetime import date
from functools import partial

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from caregiver_card.briefing import briefing
from caregiver_card.card import patient_clock, values
from caregiver_card.card.rules import ERROR, Fault
from caregiver_card.questionnaire import answers, confirmations, relative_dates, steps
from caregiver_card.questionnaire.answers import Answers
from caregiver_card.questionnaire.step_types import Step
from caregiver_card.questionnaire.steps import STEPS
from caregiver_card.web import templating
from caregiver_card.web.forms import check_answers, form_fields, posted
from caregiver_card.web.owner import saving
from caregiver_card.web.services import services

# Where a step leads when it was opened from the last page.
CHECK = "check"


newcard = Blueprint("newcard", __name__)
templating.with_script(newcard)


@newcard.get("/")
def home() -> str:
    """What this is; with script, the cards that this device keeps."""
    here = services()
    review = briefing.review(here.content)
    return render_template("home.html", review=review, offline=here.config.offline)


@newcard.get("/new", strict_slashes=False)
def start() -> str:
    """What is needed, and a draft of this device if there is one."""
    return render_template("new_card/start.html")


@newcard.post("/new", strict_slashes=False)
def answered() -> Response | tuple[str, int]:
    """One page of questions was answered; what comes next depends on the button."""
    typed, step = answers.loads(request.form.get("answers", "")), _step()
    if step is None:
        return _elsewhere(typed)
    drafted = posted.changed(typed, step.fields, posted.posted(step.fields, request.form))
    if request.form.get("go") == "back":
        return _page(_before(step, drafted) or step, drafted)
    if posted.is_redrawn(request.form):
        return _page(step, drafted)
    if worked := relative_dates.resolve(step.fields, drafted, services().content):
        return _page(step, worked.typed, worked.faults, worked.sentences)
    found = saving.validate(drafted, _today(drafted), partial(_is_on, step))
    shown = [each for each in found.faults if _is_on(step, each)]
    if shown:
        return _page(step, found.typed, shown)
    following = _after(step, found.typed)
    return _page(following, found.typed) if following else check(found.typed)


def _elsewhere(typed: Answers) -> Response | tuple[str, int]:
    """The last page's buttons, and the first page's."""
    go = request.form.get("go", "")
    if go == "save":
        return _save(typed)
    if go in (CHECK, posted.RESUME):
        return check(typed)
    return _page(steps.BY_KEY.get(go) or STEPS[0], typed)


def _save(typed: Answers) -> Response | tuple[str, int]:
    found = saving.validate(typed, _today(typed), lambda each: True)
    if found.card is None:
        return check(found.typed, found.faults)
    here = services()
    kept = here.keeper().add(found.card, here.clock())
    return redirect(f"/o/{kept.owner}/key?new=answers", 303)


def _today(typed: Answers) -> date:
    """The day there; a time zone that is none is a fault of its own."""
    try:
        zone = values.time_zone(typed.get("time_zone"))
    except values.InvalidValue:
        zone = ""
    return patient_clock.local_day(zone, services().clock())


def _page(
    step: Step,
    typed: Answers,
    faults: list[Fault] | None = None,
    said: dict[str, str] | None = None,
) -> tuple[str, int]:
    content = services().content
    shown = _offered(step, typed)
    drawn = form_fields.form_fields(
        step.fields, shown, content, faults, posted.more(request.form), said=said
    )
    page = render_template(
        "new_card/question.html",
        step=step,
        answers=answers.dumps(typed),
        returning=_returning(),
        first=_before(step, typed) is None,
        lead=content.text.get(f"step.{step.key}.lead", ""),
        boxes=drawn,
        faulty=form_fields.faulty(drawn),
        asking=form_fields.asking(drawn),
    )
    return page, saving.status_code(faults)


def _offered(step: Step, typed: Answers) -> Answers:
    """What is filled in before anybody has typed: today. Never a country: a browser that speaks
    American English says nothing of which number brings an ambulance."""
    if step.key == "verified" and not any(answers.date_boxes(typed, "verified.on")):
        return typed | answers.from_date("verified.on", _today(typed))
    return typed


def check(typed: Answers, faults: list[Fault] | None = None) -> tuple[str, int]:
    """The last page: everything that was answered, and what is still asked about it."""
    content, reading = services().content, answers.read(typed, _today(typed))
    asked = confirmations.open_questions(reading.faults)
    wrong = [each for each in faults or [] if each.level == ERROR]
    drawn = check_answers.sections(typed, content)
    page = render_template(
        "new_card/check.html",
        answers=answers.dumps(typed),
        sections=[each for each in drawn if each.first or each.lines],
        more=[each for each in drawn if not each.first and not each.lines],
        doses=check_answers.doses(typed, content),
        wrong=[(_key(each), form_fields.precise(each, typed, content)) for each in wrong],
        asked=[
            (_key(each), form_fields.sentence(each, content), confirmations.tick_value(each, typed))
            for each in asked
        ],
    )
    return page, saving.status_code(faults)


def _step() -> Step | None:
    return steps.BY_KEY.get(request.form.get("step", ""))


def _returning() -> bool:
    """Whether a page was opened from the last one, and leads back there."""
    return bool(request.form.get("returning")) or not request.form.get("step", "new")


def _is_on(step: Step, fault: Fault) -> bool:
    return fault.path == "file" or steps.step_of(fault.path) is step


def _key(fault: Fault) -> str:
    step = steps.step_of(fault.path)
    return step.key if step else STEPS[0].key


def _before(step: Step, typed: Answers) -> Step | None:
    earlier = STEPS[: STEPS.index(step)]
    return next((each for each in reversed(earlier) if _is_asked(each, typed)), None)


def _after(step: Step, typed: Answers) -> Step | None:
    """The next page, or nothing when the last one is next."""
    later = STEPS[STEPS.index(step) + 1 :]
    if _returning():
        # What has just become a question, such as the schedule of a pump that now has one.
        opened = [each for each in later if each.when and each.when[0] in _paths(step)]
        return next((each for each in opened if _is_new(each, typed)), None)
    return next((each for each in later if _is_asked(each, typed)), None)


def _is_asked(step: Step, typed: Answers) -> bool:
    return step.first and check_answers.applies(step, typed)


def _is_new(step: Step, typed: Answers) -> bool:
    return check_answers.applies(step, typed) and not check_answers.answered(step, typed)


def _paths(step: Step) -> list[str]:
    return [each.path for each in step.fields]
