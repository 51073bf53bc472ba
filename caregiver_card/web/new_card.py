"""A new card from questions, one subject a page.

Every page is a GET and every answer a POST that redirects, so that a browser's Back always works.
What is typed is a draft (``web.drafts``) until it is saved. No page needs a script.
"""

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from caregiver_card.questionnaire import answers, hospital_answers, progress, relative_dates, steps
from caregiver_card.questionnaire.answers import Answers
from caregiver_card.questionnaire.draft import Draft
from caregiver_card.questionnaire.step_types import Step
from caregiver_card.questionnaire.steps import LAST, STEPS
from caregiver_card.web import drafts, limiting, new_card_pages, request_language, templating
from caregiver_card.web.forms import posted
from caregiver_card.web.new_card_pages import CHECK
from caregiver_card.web.services import get_services

bp = Blueprint("new_card", __name__)
templating.with_script(bp)


@bp.get("/new", strict_slashes=False)
def start() -> str:
    """What one needs for a new card, and the draft that was begun here, if any."""
    begun = held()
    return render_template("new_card/start.html", next=next_page(begun) if begun else "")


@bp.post("/new", strict_slashes=False)
def begin() -> Response:
    """Begin a card, or go on with what a device kept of one."""
    action, step = request.form.get("go", ""), steps.BY_KEY.get(request.form.get("step", ""))
    begun = (held() if action == posted.RESUME else None) or _from_page()
    if action == posted.RESUME and step:
        begun = begun.typing(posted.changed(begun.typed, step.fields, _typed(step)))
    drafts.write(drafts.NEW, begun)
    if action in steps.BY_KEY:
        return _to(action)
    if action == CHECK or (action == posted.RESUME and not step):
        return _to(CHECK)
    return _to(step.key if step else STEPS[0].key)


@bp.post("/new/clear")
def clear() -> Response:
    """Erase everything that was typed in this browser and is not saved."""
    drafts.erase()
    return redirect("/new", 303)


@bp.get("/new/<key>", strict_slashes=False)
def question(key: str) -> Response | str:
    """One page of questions, with what is wrong if it was sent before; or the last page."""
    begun, step = held(), _step(key)
    if begun is None and step is not STEPS[0]:
        return redirect("/new", 303)
    begun = begun or Draft()
    return new_card_pages.question(step, begun) if step else new_card_pages.check(begun)


@bp.post("/new/<key>", strict_slashes=False)
def answer(key: str) -> Response:
    """Keep the answers of one page, and lead to the page that the pressed button leads to."""
    step = _step(key) or LAST
    # A draft that ended meanwhile is begun again from what the page holds.
    begun = held() or _from_page()
    begun = begun.typing(posted.changed(begun.typed, step.fields, _typed(step)), step.fields)
    action = request.form.get("go", "")
    if step is LAST:
        return _save(begun) if action in ("", "save") else _change(begun, action)
    returning = bool(request.form.get("returning"))
    if action == "back":
        return _leave(begun, None if returning else progress.previous(step, begun))
    if posted.is_redrawn(request.form):
        return _leave(begun, step, posted.growing_list(request.form), returning)
    return _go_on(step, begun.sending(step.key), returning)


def _go_on(step: Step, begun: Draft, returning: bool) -> Response:
    """Lead to the next page; to the same one where something is wrong, asked or worked out."""
    resolved = relative_dates.resolve(step.fields, begun.typed, get_services().content)
    if resolved:
        return _leave(begun.saying(resolved), step, returning=returning)
    validated = new_card_pages.validate(step, begun)
    begun = begun.typing(validated.typed)
    if validated.faults:
        return _leave(begun, step, returning=returning)
    next_step = progress.opened if returning else progress.following
    return _leave(begun, next_step(step, begun), returning=returning)


def _save(begun: Draft) -> Response:
    if unseen := progress.unseen(begun):
        # Nobody has said that what the hospital's file says there is right.
        return _leave(begun, unseen)
    validated = new_card_pages.validate(None, begun)
    if validated.card is None:
        return _leave(begun.typing(validated.typed).sending(LAST.key), None)
    services = get_services()
    limiting.charge_address(limiting.NEW_CARDS)
    added = services.cards().add(validated.card, services.clock())
    drafts.erase(drafts.NEW)
    return redirect(f"/o/{added.owner}/key?new=answers", 303)


def _change(begun: Draft, action: str) -> Response:
    """Lead from the last page to the step of a button; to the step before for "back"."""
    if action == "back":
        return _leave(begun, progress.asked(begun)[-1])
    return _leave(begun, _step(action), returning=True)


def _leave(begun: Draft, to: Step | None, growing: str = "", returning: bool = False) -> Response:
    """Keep the draft, and lead to a step; to the last page if there is none."""
    drafts.write(drafts.NEW, begun)
    return _to(to.key if to else CHECK, growing=growing, returning=returning and to is not None)


def _to(key: str, *, growing: str = "", returning: bool = False) -> Response:
    said = {"add": growing, "from": CHECK if returning else ""}
    query = "&".join(f"{name}={value}" for name, value in said.items() if value)
    return redirect(f"/new/{key}{'?' if query else ''}{query}", 303)


def held() -> Draft | None:
    """The draft of a new card; its pages are in the language of the card."""
    begun = drafts.read(drafts.NEW)
    if begun:
        request_language.use(begun.typed.get("language"))
    return begun


def next_page(begun: Draft) -> str:
    """Where a draft goes on: the first page that was not sent yet."""
    step = progress.waiting(begun)
    return step.key if step else CHECK


def _from_page() -> Draft:
    """A draft of what the page holds; the language is the one that the page was read in."""
    typed, tag = answers.loads(request.form.get("answers", "")), request_language.asked()
    theirs = hospital_answers.loads(request.form.get("hospital", ""))
    begun = Draft(typed | {"language": tag} if tag else typed, hospital=theirs)
    request_language.use(begun.typed.get("language"))
    return begun


def _step(key: str) -> Step | None:
    """The step with a page of its own; None for the last page. 404 for anything else."""
    step = steps.BY_KEY.get(key)
    if key != CHECK and (step is None or step is LAST):
        abort(404)
    return step


def _typed(step: Step) -> Answers:
    services = get_services()
    return posted.posted(step.fields, request.form, services.content, services.today)
