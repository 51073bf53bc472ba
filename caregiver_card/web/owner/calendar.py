"""The dates of a card for calendars: a file, a calendar to subscribe to, and who has one."""

from flask import Blueprint, Response, abort, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from caregiver_card.briefing.fault_messages import sentence
from caregiver_card.card import fields, values
from caregiver_card.card.rules import ERROR, Fault
from caregiver_card.exports import calendar_events
from caregiver_card.storage.vault import UnknownCard
from caregiver_card.web import responses
from caregiver_card.web.owner import conflicts
from caregiver_card.web.owner.home import owner_path
from caregiver_card.web.services import services

# Each save works out every calendar anew, and a card has few people to remind.
MOST = 10
_SAID = ("added", "revoked", "gone")
_ICS = "text/calendar; charset=utf-8"

calendars = Blueprint("calendars", __name__)


@calendars.get("/f/<token>")
def subscribed(token: str) -> Response:
    """What a calendar app fetches again and again."""
    return responses.download(services().keeper().calendars.open(token), _ICS, "refills.ics")


@calendars.get("/c/<token>/refills.ics")
def as_file(token: str) -> Response:
    """The dates as they are now."""
    words = request.args.get("words", "neutral")
    if words not in calendar_events.WORDINGS:
        abort(400)
    return responses.download(services().keeper().calendar_file(token, words), _ICS, "refills.ics")


@calendars.get("/o/<token>/calendar")
def page(token: str) -> str:
    """The card's calendars, and how to make one."""
    return _page(token, "", "", {})


@calendars.post("/o/<token>/calendar")
def add(token: str) -> AnyResponse | tuple[str, int]:
    """One more calendar, with an address of its own."""
    here = services()
    kept = here.keeper().calendars
    typed, words = request.form.get("label", ""), request.form.get("words", "")
    label, faults = _checked(typed, words, len(kept.list(token)))
    if faults:
        return _page(token, typed, words, faults), 422
    conflicts.retry_on_conflict(lambda: kept.add(token, f"{words} {label}", here.today))
    return _told(token, "added")


@calendars.post("/o/<token>/calendar/<calendar_id>/revoke")
def revoke(token: str, calendar_id: str) -> AnyResponse:
    """Make one calendar open nothing any more; a new one is made in a minute."""
    kept = services().keeper().calendars
    kept.list(token)
    try:
        kept.revoke(token, calendar_id)
    except UnknownCard:
        return _told(token, "gone")
    return _told(token, "revoked")


def _page(token: str, typed: str, words: str, faults: dict[str, str]) -> str:
    here = services()
    owned = here.keeper().vault.owned(token)
    rows = [(each, *each.label.split(" ", 1)) for each in here.keeper().calendars.list(token)]
    said = request.args.get("said", "")
    return render_template(
        "owner/calendar.html",
        home=owner_path(token),
        say=here.content,
        rows=rows,
        address=lambda each: here.address("f", each.token),
        scheme=here.config.public_url.partition(":")[0],
        copy=owned.reader_links[0] if owned.reader_links else None,
        choices=[
            (each, here.content.say(f"calendars.choose-{each}"))
            for each in calendar_events.WORDINGS
        ],
        typed=typed,
        words=words,
        faults=faults,
        said=said if said in _SAID else "",
    )


def _checked(typed: str, words: str, held: int) -> tuple[str, dict[str, str]]:
    """The label, or what is wrong, field by field, in words."""
    content, faults, label = services().content, {}, ""
    try:
        label = fields.SHORT_TEXT(typed, None)
    except values.InvalidValue as fault:
        said = sentence(Fault(ERROR, "label", fault.code, fault.details), content)
        faults["label"] = content.say("calendars.label_fault", fault=said)
    if words not in calendar_events.WORDINGS:
        faults["words"] = content.say("calendars.words_fault")
    if held >= MOST:
        faults["label"] = content.say("calendars.full", most=MOST)
    return label, faults


def _told(token: str, said: str) -> AnyResponse:
    return redirect(f"{owner_path(token)}/calendar?said={said}", 303)
