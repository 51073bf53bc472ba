"""The owner's page: confirm the card, and add, print and revoke its reader links."""

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from caregiver_card import export_zip, owner_overview
from caregiver_card.alerting import link_labels
from caregiver_card.briefing import alert_texts, version_mark
from caregiver_card.briefing.fault_messages import sentence
from caregiver_card.card import values
from caregiver_card.card.rules import ERROR, Fault
from caregiver_card.charts.dose_steps import SavedCard, dose_steps
from caregiver_card.charts.time_bar import time_bar
from caregiver_card.exports import device_list
from caregiver_card.questionnaire.draft import Draft
from caregiver_card.storage.crypto import read_token
from caregiver_card.storage.records import OwnedCard, ReaderLink
from caregiver_card.storage.rows import LinksFull
from caregiver_card.storage.store import EditedElsewhere
from caregiver_card.web import limiting, page_views, templating
from caregiver_card.web.alerts import reach_summary
from caregiver_card.web.owner import conflicts, form_drafts
from caregiver_card.web.services import get_services

# The number of versions that the owner's page shows.
_RECENT = 3
_FLASH_CODES = (
    *("confirmed", "unchanged", "copied", "revoked", "gone", "saved", "heard", "answered"),
)
LONGEST_LABEL = 40
# The name of the draft of a new copy.
_COPY = "copy"
_label = values.text(LONGEST_LABEL)

bp = Blueprint("home", __name__, url_prefix="/o/<token>")
templating.with_script(bp)


@bp.get("", strict_slashes=False)
def page(token: str) -> str:
    """The owner's page: what needs attention, the card, its reader links and its history."""
    services = get_services()
    cards, now = services.cards(), services.clock()
    view = cards.overview(token, now)
    saved = cards.saved_cards(token, view.owned)
    code = request.args.get("said", "")
    remember_device(view.owned.card_id)
    return render_template(
        "owner/owner.html",
        o=view,
        b=view.briefing,
        **drawings(view, saved),
        copies=owner_overview.copies(view.owned, saved, services.content),
        home=owner_path(token),
        begun=form_drafts.waiting(view.owned, form_drafts.REFILL, f"{owner_path(token)}/refill"),
        past=cards.past_versions(token, view.owned, view.owned.version + 1, _RECENT),
        said=code if code in _FLASH_CODES else "",
        mark=version_mark.mark_of(view.briefing),
        most_whole=export_zip.MAX_FULLY_PRINTED,
        record=device_list.device_entry(view.briefing, read_token(token), view.owned.reader),
        heard=reach_summary.reach(view.owned.card_id),
        has_passes=services.pass_signer is not None,
    )


@bp.get("/still-right/conflict")
def still_right_conflict(token: str) -> Response | str:
    """What was saved since the version that the owner saw and called right."""
    services = get_services()
    view, seen = services.cards().overview(token, services.clock()), conflicts.seen_version()
    if view.owned.version == seen:
        return redirect(owner_path(token))
    return conflicts.confirming(token, view, seen)


@bp.post("/still-right")
def still_right(token: str) -> Response:
    """Confirm the card: save a version that differs by its day of verification alone."""
    services = get_services()
    view = services.cards().overview(token, services.clock())
    owned, loaded = view.owned, conflicts.loaded_version()
    if owned.version != loaded:
        return conflicts.lead(token, "still-right", loaded)
    if view.confirmed_today:
        return redirect_home(token, "unchanged")
    limiting.charge_card(limiting.SAVES, read_token(token))
    card = replace(owned.card, verified=replace(owned.card.verified, on=view.today))
    try:
        note = services.content.say("owner.note_confirmed")
        services.cards().save(token, card, loaded, note, services.clock())
    except EditedElsewhere:
        return conflicts.lead(token, "still-right", loaded)
    return redirect_home(token, "confirmed")


@bp.route("/copies/new", methods=["GET", "POST"])
def new_link(token: str) -> str | Response | tuple[str, int]:
    """Add a reader link with a label of its own."""
    services = get_services()
    owned = services.cards().vault.owned(token)
    if request.method == "GET":
        return _link_form(token, owned, form_drafts.read(owned, _COPY))
    if request.form.get("go") == form_drafts.CLEAR:
        return form_drafts.clear(owned, _COPY)
    link, error = add_copy(token, owned, request.form.get("label", ""))
    if link is None:
        page = partial(_link_form, token, owned)
        return form_drafts.refuse(owned, _COPY, {"label": error}, page)
    form_drafts.erase(owned, _COPY)
    if then() == "renew":
        return redirect(f"{owner_path(token)}/copies/{link.id}?then=renew", 303)
    return redirect_home(token, "copied")


@bp.route("/copies/<link_id>/revoke", methods=["GET", "POST"])
def revoke(token: str, link_id: str) -> str | Response:
    """Revoke a reader link, after a confirmation."""
    services = get_services()
    owned = services.cards().vault.owned(token)
    link = reader_link(owned, link_id)
    if link is None:
        return redirect_home(token, "gone")
    if request.method == "GET":
        return render_template(
            "owner/revoke.html", copy=link, home=owner_path(token), say=services.content
        )
    services.cards().vault.revoke(token, link.id)
    forget_gone_links(owned.card_id)
    return redirect_home(token, "revoked")


def add_copy(token: str, owned: OwnedCard, typed: str) -> tuple[ReaderLink | None, str]:
    """Add a reader link with the label that was typed, or return none and why not, in words.

    Raises ``limiting.LimitReached``.
    """
    label, error = _validate_label(typed, owned)
    if error:
        return None, error
    services = get_services()
    limiting.charge_card(limiting.SAVES, read_token(token))
    vault, day = services.cards().vault, services.today
    try:
        link = conflicts.retry_on_conflict(lambda: vault.add_reader_link(token, label, day))
    except LinksFull as full:
        return None, services.content.say("owner.copies_full", most=full.most)
    name_link(owned.card_id, link.id, link.label)
    return link, ""


def owner_path(token: str) -> str:
    """The path of the owner's page, with the token in its canonical spelling."""
    return f"/o/{read_token(token)}"


def redirect_home(token: str, code: str) -> Response:
    """Redirect to the owner's page, which shows the message of ``code``."""
    return redirect(f"{owner_path(token)}?said={code}", 303)


def name_link(card_id: bytes, link_id: str, label: str) -> None:
    """Have the message about an opening name a new reader link by its label."""
    services = get_services()
    if alerts := services.cards().alerts:
        link_labels.add_labels(alerts.records, card_id, {link_id: label}, services.clock())


def forget_gone_links(card_id: bytes) -> None:
    """Have the alerts know nothing more of reader links that were revoked."""
    services = get_services()
    if alerts := services.cards().alerts:
        link_labels.forget_gone(alerts.records, card_id, services.clock())


def remember_device(card_id: bytes) -> None:
    """Mark the device as the family's: when it opens the card, no alert goes out."""
    services = get_services()
    alerts = services.cards().alerts
    if alerts and (cookie := alerts.device_cookie(card_id)):
        page_views.remember_family_device(*cookie, secure=services.config.is_secure)


def drawings(view: owner_overview.Overview, saved: list[SavedCard]) -> dict[str, Any]:
    """What documents/_charts.html needs: bar and doses, and how days and numbers are written."""
    return {
        "say": get_services().content,
        "number": get_services().content.number,
        "near": partial(_near, today=view.today),
        "today": view.today,
        "bar": time_bar(view.owned.card, view.today),
        "chart": dose_steps(saved, view.today),
    }


def _near(day: date, today: date) -> str:
    return alert_texts.relative_day(day, today, get_services().content.language)


def reader_link(owned: OwnedCard, link_id: str) -> ReaderLink | None:
    """Return the copy with this id, if the card has it."""
    return next((link for link in owned.reader_links if link.id == link_id), None)


def _link_form(token: str, owned: OwnedCard, held: Draft | None) -> str:
    shown = held or Draft({"label": request.args.get("label", "")[:LONGEST_LABEL], "then": then()})
    return render_template(
        "owner/copy.html",
        typed=shown.typed.get("label", ""),
        error=shown.said.get("label", ""),
        home=owner_path(token),
        then=shown.typed.get("then", ""),
        **form_drafts.context(owned, _COPY, held),
    )


def _validate_label(typed: str, owned: OwnedCard) -> tuple[str, str]:
    """Return the label of a new copy and no message, or no label and what is wrong, in words."""
    say = get_services().content.say
    try:
        label = _label(typed, None)
    except values.InvalidValue as error:
        fault = Fault(ERROR, "label", error.code, error.details)
        return "", say("owner.label_fault", fault=sentence(fault, get_services().content))
    if label.casefold() in {link.label.casefold() for link in owned.reader_links}:
        return "", say("owner.label_taken", label=label)
    return label, ""


def then() -> str:
    """Where a new copy leads: back to the renewal that it was made in, or nowhere."""
    return "renew" if request.values.get("then") == "renew" else ""
