"""The history of a card: list its versions with their changes, show one, restore one."""

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from caregiver_card import owner_overview as owners
from caregiver_card.briefing.changes import changes
from caregiver_card.card.model import Card
from caregiver_card.storage.crypto import read_token
from caregiver_card.storage.store import EditedElsewhere
from caregiver_card.storage.vault import UnknownCard
from caregiver_card.web import limiting, templating
from caregiver_card.web.owner import conflicts
from caregiver_card.web.owner.home import owner_path, redirect_home
from caregiver_card.web.services import get_services

# Versions on one page: some two years of refills.
_PAGE_SIZE = 20

bp = Blueprint("history", __name__, url_prefix="/o/<token>/history")
templating.with_script(bp)


@bp.get("")
def versions(token: str) -> str:
    """The versions, newest first."""
    services = get_services()
    owned = services.cards().vault.owned(token)
    before = min(request.args.get("before", owned.version + 1, type=int), owned.version + 1)
    past = services.cards().past_versions(token, owned, before, _PAGE_SIZE)
    older = past[-1].entry.version if past and past[-1].entry.version > 1 else 0
    return render_template(
        "owner/history.html",
        past=past,
        older=older,
        present=owned.version,
        home=owner_path(token),
        say=services.content,
    )


@bp.get("/<version:number>")
def version(token: str, number: int) -> str:
    """One version, and how it differs from the present card."""
    services = get_services()
    owned, card = services.cards().vault.owned(token), _past_card(token, number)
    entry = next(entry for entry in owned.history if entry.version == number)
    return render_template(
        "owner/version.html",
        entry=entry,
        present=owned.version,
        sections=owners.sections(card, services.content),
        differences=changes(owned.card, card, services.content),
        home=owner_path(token),
        say=services.content,
    )


@bp.get("/<version:number>/restore/conflict")
def restore_conflict(token: str, number: int) -> Response | str:
    """What was saved since the version that the owner saw, beside the one to restore."""
    services = get_services()
    view, wanted = services.cards().overview(token, services.clock()), _past_card(token, number)
    if view.owned.version == conflicts.seen_version():
        return redirect(f"{owner_path(token)}/history/{number}")
    return conflicts.restoring(token, view, wanted, number)


@bp.post("/<version:number>/restore")
def restore(token: str, number: int) -> Response:
    """Save a past version as a new one, then show what has changed."""
    services = get_services()
    current, wanted = services.cards().overview(token, services.clock()), _past_card(token, number)
    loaded = conflicts.loaded_version()
    if current.owned.version != loaded:
        return conflicts.lead(token, f"history/{number}/restore", loaded)
    if wanted == current.owned.card:
        return redirect_home(token, "unchanged")
    limiting.charge_card(limiting.SAVES, read_token(token))
    note = services.content.say("owner.note_restored", version=number)
    try:
        version = services.cards().save(token, wanted, loaded, note, services.clock())
    except EditedElsewhere:
        return conflicts.lead(token, f"history/{number}/restore", loaded)
    return redirect(f"{owner_path(token)}/saved?from={version - 1}&restored=1", 303)


def _past_card(token: str, number: int) -> Card:
    """One version of the card; 404 for an unknown number, which is no unknown card."""
    vault = get_services().cards().vault
    vault.owned(token)
    try:
        return vault.version(token, number)
    except UnknownCard:
        abort(404)
