"""The owner's pages about one recipient: invite, edit, remove."""

from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from caregiver_card.alerting.moments import format_moment
from caregiver_card.alerting.policy import preferences
from caregiver_card.alerting.policy.alert_record import AlertRecord
from caregiver_card.alerting.policy.recipients import Recipient
from caregiver_card.alerting.service import ListFull
from caregiver_card.briefing import time_zones
from caregiver_card.briefing.languages import content_for
from caregiver_card.card.rules import ERROR, Fault
from caregiver_card.card.values import InvalidValue
from caregiver_card.questionnaire.draft import Draft
from caregiver_card.storage import crypto
from caregiver_card.storage.records import OwnedCard
from caregiver_card.web import templating
from caregiver_card.web.alerts.overview import (
    alert_service,
    asked,
    back,
    fault_message,
    invite,
    owned_by,
    wait_to_invite,
)
from caregiver_card.web.owner import form_drafts
from caregiver_card.web.owner.home import owner_path
from caregiver_card.web.services import get_services

bp = Blueprint("recipients", __name__, url_prefix="/o/<token>/alerts")
templating.with_script(bp)


@bp.route("/new", methods=["GET", "POST"])
def new(token: str) -> str | Response | tuple[str, int] | tuple[str, int, dict[str, str]]:
    """Invite a recipient, who must confirm before any alert is sent to them."""
    services, owned = get_services(), owned_by(token)
    record = alert_service().readable_record(owned.card_id)
    if not alert_service().may_invite(owned.card_id, services.clock()):
        return back(token, "full")
    if request.form.get("go") == form_drafts.CLEAR:
        return form_drafts.clear(owned, _name(None))
    if request.method == "GET" and (held := form_drafts.read(owned, _name(None))):
        return _form(token, held, None, owned)
    if request.method == "GET":
        zone = _likely_zone(owned, record)
        asked_by = record.people[-1].asked_by if record and record.people else ""
        defaults = {"turn": "1", "proof": "monthly", "open_subject": "no"}
        defaults |= {"time_zone": zone, "asked_by": asked_by}
        defaults["language"] = content_for(owned.card).language
        defaults["subjects"] = " ".join(preferences.SUBJECT_CHOICES)
        return _form(token, Draft(defaults), None, owned)
    posted = preferences.read(request.form, request.form.getlist("subjects"), with_address=True)
    if posted.faults:
        return _refuse(token, posted.faults, None, owned)
    code, wait = wait_to_invite(posted.values["address"])
    if code:
        fault = _busy_fault(code, wait, posted.values["time_zone"])
        begun = form_drafts.sent(_name(None), {fault.path: fault_message(fault)})
        return _form(token, begun, None, owned), 429, {"Retry-After": str(wait)}
    recipient = Recipient(
        id=crypto.new_record_id().hex()[:12],
        token=crypto.new_token(),
        channel="mail",
        exact=True,
        **posted.values,
    )
    try:
        invite(token, owned, recipient)
    except ListFull:
        return back(token, "full")
    form_drafts.erase(owned, _name(None))
    return asked(token, recipient.id)


@bp.route("/<recipient_id>", methods=["GET", "POST"])
def edit(token: str, recipient_id: str) -> str | Response | tuple[str, int]:
    """Edit what one recipient receives, how and when."""
    owned = owned_by(token)
    recipient = _recipient(owned, recipient_id)
    if recipient is None:
        return back(token)
    if request.form.get("go") == form_drafts.CLEAR:
        return form_drafts.clear(owned, _name(recipient))
    if request.method == "GET":
        held = form_drafts.read(owned, _name(recipient))
        return _form(token, held or Draft(_as_typed(recipient, owned)), recipient, owned)
    posted = preferences.read(request.form, request.form.getlist("subjects"), with_address=False)
    if posted.faults:
        return _refuse(token, posted.faults, recipient, owned)
    alert_service().change_recipient(
        owned.card_id, recipient.id, get_services().clock(), **posted.values
    )
    form_drafts.erase(owned, _name(recipient))
    return back(token, "saved")


@bp.route("/<recipient_id>/remove", methods=["GET", "POST"])
def remove(token: str, recipient_id: str) -> str | Response:
    """Remove a recipient, after a confirmation."""
    owned = owned_by(token)
    recipient = _recipient(owned, recipient_id)
    if recipient is None:
        return back(token)
    if request.method == "GET":
        return render_template("alerts/remove.html", recipient=recipient, home=owner_path(token))
    alert_service().remove_recipient(owned.card_id, recipient.id, get_services().clock())
    return back(token, "removed")


def _busy_fault(code: str, wait: int, zone: str) -> Fault:
    """The fault of too many invitations, of which one may be sent again in ``wait`` seconds."""
    services = get_services()
    again = services.clock() + timedelta(seconds=wait)
    within_an_hour = f"{again.astimezone(ZoneInfo(zone)):%H:%M}"
    moment = format_moment(again, ZoneInfo(zone), services.content)
    time = within_an_hour if wait <= 60 * 60 else moment
    refusal = {
        "asked-often": InvalidValue("asked-often", time=time),
        "busy-here": InvalidValue("busy-here", time=time),
        "busy": InvalidValue("busy", time=time),
    }[code]
    return Fault(ERROR, "address", refusal.code, refusal.details)


def _name(recipient: Recipient | None) -> str:
    """The name of the form's draft."""
    return f"people {recipient.id if recipient else 'new'}"


def _refuse(
    token: str, faults: list[Fault], recipient: Recipient | None, owned: OwnedCard
) -> Response | tuple[str, int]:
    """Keep the form as it was posted, with its faults, and lead to it."""
    said = {fault.path: fault_message(fault) for fault in faults}
    page = partial(_form, token, recipient=recipient, owned=owned)
    return form_drafts.refuse(owned, _name(recipient), said, page)


def _form(token: str, shown: Draft, recipient: Recipient | None, owned: OwnedCard) -> str:
    typed, name = shown.typed, _name(recipient)
    return render_template(
        "alerts/recipient.html",
        typed=typed,
        ticked=typed.get("subjects", "").split(),
        errors=shown.said,
        **form_drafts.context(owned, name, shown if shown.sent else None),
        recipient=recipient,
        choices=preferences.SUBJECT_CHOICES,
        turns=preferences.TIERS,
        zones=time_zones.choices(
            get_services().content, owned.card.region, typed.get("time_zone", "")
        ),
        home=owner_path(token),
    )


def _likely_zone(owned: OwnedCard, record: AlertRecord | None) -> str:
    """The time zone of the card, of its first recipient, or of a country with only one."""
    others = record.people[0].time_zone if record and record.people else ""
    return owned.card.time_zone or others or time_zones.only_one(owned.card.region)


def _as_typed(recipient: Recipient, owned: OwnedCard) -> dict[str, str]:
    start, end = recipient.quiet or ("", "")
    return {
        "name": recipient.name,
        "turn": str(recipient.turn),
        "time_zone": recipient.time_zone,
        "quiet_from": start,
        "quiet_until": end,
        "proof": recipient.proof,
        "open_subject": "yes" if recipient.open_subject else "no",
        "language": recipient.language or content_for(owned.card).language,
        "subjects": " ".join(recipient.subjects),
    }


def _recipient(owned: OwnedCard, recipient_id: str) -> Recipient | None:
    record = alert_service().readable_record(owned.card_id)
    return record.recipient(recipient_id) if record else None
