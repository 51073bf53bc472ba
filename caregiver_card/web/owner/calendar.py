"""The dates of a card for calendar apps: a file, and calendars to subscribe to."""

from functools import partial

from flask import Blueprint, Response, abort, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from caregiver_card.briefing.fault_messages import sentence
from caregiver_card.card import fields, values
from caregiver_card.card.rules import ERROR, Fault
from caregiver_card.exports import calendar_events
from caregiver_card.questionnaire.draft import Draft
from caregiver_card.storage.crypto import read_token
from caregiver_card.storage.rows import LinksFull
from caregiver_card.storage.vault import UnknownCard
from caregiver_card.web import limiting, responses, templating
from caregiver_card.web.owner import conflicts, form_drafts
from caregiver_card.web.owner.home import owner_path
from caregiver_card.web.services import get_services

# The name of the draft of a new calendar.
_FORM = "calendar"
_FLASH_CODES = ("added", "revoked", "gone")
_ICS = "text/calendar; charset=utf-8"

bp = Blueprint("calendar", __name__)
templating.with_script(bp)


@bp.get("/f/<token>")
def subscribed(token: str) -> Response:
    """The calendar that a calendar app fetches regularly."""
    return responses.download(get_services().cards().calendars.open(token), _ICS, "refills.ics")


@bp.get("/c/<token>/refills.ics")
def as_file(token: str) -> Response:
    """The card's present dates as a file."""
    wording = request.args.get("words", "neutral")
    if wording not in calendar_events.WORDINGS:
        abort(400)
    return responses.download(
        get_services().cards().calendar_file(token, wording), _ICS, "refills.ics"
    )


@bp.get("/o/<token>/calendar")
def page(token: str) -> str:
    """The card's calendars, and the form for a new one."""
    return _page(token, form_drafts.read(get_services().cards().vault.owned(token), _FORM))


@bp.post("/o/<token>/calendar")
def add(token: str) -> AnyResponse | tuple[str, int]:
    """Add a calendar with an address of its own."""
    services = get_services()
    owned, calendars = services.cards().vault.owned(token), services.cards().calendars
    if request.form.get("go") == form_drafts.CLEAR:
        return form_drafts.clear(owned, _FORM)
    typed, wording = request.form.get("label", ""), request.form.get("words", "")
    label, faults = _validate(typed, wording)
    if faults:
        return form_drafts.refuse(owned, _FORM, faults, partial(_page, token))
    limiting.charge_card(limiting.SAVES, read_token(token))
    named = f"{wording} {label}"
    try:
        conflicts.retry_on_conflict(lambda: calendars.add(token, named, services.today))
    except LinksFull as full:
        faults = {"label": services.content.say("calendars.full", most=full.most)}
        return form_drafts.refuse(owned, _FORM, faults, partial(_page, token))
    form_drafts.erase(owned, _FORM)
    return _back(token, "added")


@bp.post("/o/<token>/calendar/<calendar_id>/revoke")
def revoke(token: str, calendar_id: str) -> AnyResponse:
    """Revoke a calendar's address. No confirmation: a new one is quickly made."""
    calendars = get_services().cards().calendars
    calendars.list(token)
    try:
        calendars.revoke(token, calendar_id)
    except UnknownCard:
        return _back(token, "gone")
    return _back(token, "revoked")


def _page(token: str, held: Draft | None) -> str:
    services = get_services()
    owned = services.cards().vault.owned(token)
    links = services.cards().calendars.list(token)
    code = request.args.get("said", "")
    return render_template(
        "owner/calendar.html",
        home=owner_path(token),
        say=services.content,
        rows=[(link, *link.label.split(" ", 1)) for link in links],
        address=lambda link: services.address("f", link.token),
        scheme=services.config.public_url.partition(":")[0],
        copy=owned.reader_links[0] if owned.reader_links else None,
        choices=[
            (choice, services.content.say(f"calendars.choose-{choice}"))
            for choice in calendar_events.WORDINGS
        ],
        typed=held.typed.get("label", "") if held else "",
        words=held.typed.get("words", "") if held else "",
        faults=held.said if held else {},
        **form_drafts.context(owned, _FORM, held),
        said=code if code in _FLASH_CODES else "",
    )


def _validate(typed: str, wording: str) -> tuple[str, dict[str, str]]:
    """The label, and the messages for what is wrong, by field."""
    content, faults, label = get_services().content, {}, ""
    try:
        label = fields.SHORT_TEXT(typed, None)
    except values.InvalidValue as error:
        message = sentence(Fault(ERROR, "label", error.code, error.details), content)
        faults["label"] = content.say("calendars.label_fault", fault=message)
    if wording not in calendar_events.WORDINGS:
        faults["words"] = content.say("calendars.words_fault")
    return label, faults


def _back(token: str, code: str) -> AnyResponse:
    return redirect(f"{owner_path(token)}/calendar?said={code}", 303)
