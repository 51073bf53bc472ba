"""The history of a card: every version with what changed; look at one, restore one."""

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from caregiver_card import owner_overview as owners
from caregiver_card.briefing.changes import changes
from caregiver_card.card.model import Card
from caregiver_card.storage.store import EditedElsewhere
from caregiver_card.storage.vault import UnknownCard
from caregiver_card.web import templating
from caregiver_card.web.owner import conflicts
from caregiver_card.web.owner.home import flash_code, owner_path
from caregiver_card.web.services import services

# Some two years of refills; older ones are a page further.
_A_PAGE = 20

history = Blueprint("history", __name__, url_prefix="/o/<token>/history")
templating.with_script(history)


@history.get("")
def versions(token: str) -> str:
    """The versions, newest first."""
    here = services()
    owned = here.keeper().vault.owned(token)
    before = min(request.args.get("before", owned.version + 1, type=int), owned.version + 1)
    past = here.keeper().past_versions(token, owned, before, _A_PAGE)
    older = past[-1].entry.version if past and past[-1].entry.version > 1 else 0
    return render_template(
        "owner/history.html",
        past=past,
        older=older,
        present=owned.version,
        home=owner_path(token),
        say=here.content,
    )


@history.get("/<int:number>")
def version(token: str, number: int) -> str:
    """What one version says, and how it differs from the card as it is."""
    here = services()
    owned, card = here.keeper().vault.owned(token), _past_card(token, number)
    entry = next(each for each in owned.history if each.version == number)
    return render_template(
        "owner/version.html",
        entry=entry,
        present=owned.version,
        sections=owners.sections(card, here.content),
        differences=changes(owned.card, card, here.content),
        home=owner_path(token),
        say=here.content,
    )


@history.post("/<int:number>/restore")
def restore(token: str, number: int) -> Response | tuple[str, int]:
    """Save a past version once more, as a new one; then as after any save: what has changed."""
    here = services()
    now, wanted = here.keeper().overview(token, here.clock()), _past_card(token, number)
    seen = conflicts.version_seen()
    if now.owned.version != seen:
        return conflicts.restoring(token, now, wanted, number)
    if wanted == now.owned.card:
        return flash_code(token, "unchanged")
    note = here.content.say("owner.note_restored", version=number)
    try:
        made = here.keeper().save(token, wanted, seen, note, here.clock())
    except EditedElsewhere:
        fresh = here.keeper().overview(token, here.clock())
        return conflicts.restoring(token, fresh, wanted, number)
    return redirect(f"{owner_path(token)}/saved?from={made - 1}&restored=1", 303)


def _past_card(token: str, number: int) -> Card:
    """A version of the card; a wrong number is a wrong page, not a wrong token."""
    vault = services().keeper().vault
    vault.owned(token)
    try:
        return vault.version(token, number)
    except (UnknownCard, OverflowError):
        abort(404)
