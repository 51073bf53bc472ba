"""After a save: choose between two versions, or see what changed and whether to print again."""

from collections.abc import Mapping

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from caregiver_card import owner_overview
from caregiver_card.briefing import changes, paper_check
from caregiver_card.card.model import Card
from caregiver_card.exports import device_list
from caregiver_card.questionnaire import answers, confirmations, steps
from caregiver_card.storage.crypto import read_token
from caregiver_card.web import templating
from caregiver_card.web.forms import check_answers, form_fields
from caregiver_card.web.owner import choosing, form_drafts, saving
from caregiver_card.web.owner.home import drawings, owner_path
from caregiver_card.web.services import get_services

bp = Blueprint("after_save", __name__, url_prefix="/o/<token>")
templating.with_script(bp)


@bp.get("/choose")
def conflict(token: str) -> Response | str:
    """Two versions of the card side by side, with what was picked so far."""
    now = saving.owned(token)
    held = form_drafts.read(now, choosing.FORM)
    if held is None:
        return redirect(owner_path(token))
    base = get_services().cards().vault.version(token, held.version)
    return choosing.page(token, now, base, held, saving.today(now.card))


@bp.post("/choose")
def choose(token: str) -> Response | tuple[str, int]:
    """Save the fields that the owner picked from two versions."""
    now = saving.owned(token)
    today = saving.today(now.card)
    number = saving.version("base")
    base = get_services().cards().vault.version(token, number)
    mine, note = answers.loads(request.form.get("mine", "")), request.form.get("note", "")[:200]
    of = _form(request.form)
    begun = choosing.begun(mine, of, number, note)
    begun = choosing.picking(now, base, begun, request.form)
    reading = choosing.picked(now, base, begun, today)
    if reading is None or reading.card is None or now.version != saving.version():
        return choosing.lead(token, now, base, begun, today)
    return saving.save(token, now, reading.card, base, note, of)


@bp.get("/saved")
def saved(token: str) -> str:
    """Show what has changed, and whether the printed card is still right."""
    services = get_services()
    cards = services.cards()
    view = cards.overview(token, services.clock())
    content = services.content
    owned = view.owned
    stated = request.args.get("from", "")
    if not (stated.isascii() and stated.isdecimal() and len(stated) < 8):
        abort(400)
    before = cards.vault.version(token, int(stated))
    saved_cards = cards.saved_cards(token, owned)
    wallet = owner_overview.wallet_copy(owned.reader_links)
    papers = owner_overview.copies(owned, saved_cards, content)
    return render_template(
        "owner/saved.html",
        token=token,
        owned=owned,
        name=view.briefing.person.name,
        watch=next((each for each in view.due if each.alert.kind == "watch_after_change"), None),
        undo=int(stated) if int(stated) < owned.version else 0,
        **drawings(view, saved_cards),
        restored="restored" in request.args,
        changed=[
            each
            for each in changes.changes(before, owned.card, content)
            if each.path != "confirmed"
        ],
        doses=_doses(before, owned.card),
        questions=_open(owned.card),
        wallet=wallet,
        others=[each for each in papers if each.link != wallet],
        paper=paper_check.after_saving(before, owned.card, content),
        record=device_list.device_entry(view.briefing, read_token(token), owned.reader),
        erase=saving.draft(token, of) if (of := _form(request.args)) else "",
        of=of,
    )


def _doses(before: Card, after: Card) -> list[str]:
    """Dose and concentration in figures and words, if one of them has changed."""
    said = check_answers.doses(answers.from_card(after), get_services().content)
    return (
        said
        if said != check_answers.doses(answers.from_card(before), get_services().content)
        else []
    )


def _form(said: Mapping[str, str]) -> str:
    """The name of the form that was saved; empty for an unknown one."""
    of = said.get("of", "")
    return of if of == saving.REFILL or of in steps.BY_KEY else ""


def _open(card: Card) -> list[tuple[str, str, str]]:
    """The questions that are still open in other sections, such as the day of a dose change."""
    content = get_services().content
    asked = confirmations.open_questions(
        answers.read(answers.from_card(card), saving.today(card)).faults
    )
    found = [(steps.step_of(each.path), form_fields.sentence(each, content)) for each in asked]
    return [
        (step.key, content.say(f"step.{step.key}.name"), words) for step, words in found if step
    ]
