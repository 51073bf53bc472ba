"""The owner's page about alerts: recipients, current alerts, and the log of messages."""

import math
from functools import partial

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from caregiver_card.alerting import link_labels, messages
from caregiver_card.alerting.channels import push_subscription
from caregiver_card.alerting.invite_limit import InviteLimit, next_hour
from caregiver_card.alerting.log_texts import LogTexts, waiting_to_be_asked
from caregiver_card.alerting.policy import channel_checks, preferences
from caregiver_card.alerting.policy.recipients import Recipient
from caregiver_card.alerting.reach_texts import ReachTexts
from caregiver_card.alerting.service import (
    MAX_RECIPIENTS,
    AlertService,
    UnreadableRecord,
    was_just_queued,
)
from caregiver_card.briefing.fault_messages import sentence
from caregiver_card.card.rules import ERROR, Fault
from caregiver_card.card.values import InvalidValue
from caregiver_card.questionnaire.draft import Draft
from caregiver_card.storage.records import OwnedCard
from caregiver_card.web import limiting, templating
from caregiver_card.web.alerts import reach_summary
from caregiver_card.web.owner import form_drafts
from caregiver_card.web.owner.home import owner_path
from caregiver_card.web.services import get_services

# Entries of the log on the page: some weeks of a family's alerts.
_LOG_SIZE = 60
# The name of the draft of what the messages call the patient.
_CALLED = "called"
_FLASH_CODES = (
    "asked",
    "tested",
    "often",
    "saved",
    "removed",
    "snoozed",
    "known",
    "again",
    "full",
    "busy",
    "busy-here",
    "asked-often",
    "phone",
)

bp = Blueprint("alerts", __name__, url_prefix="/o/<token>/alerts")
templating.with_script(bp)


@bp.get("", strict_slashes=False)
def page(token: str) -> str:
    """The page about a card's alerts."""
    return _page(token, form_drafts.read(owned_by(token), _CALLED))


@bp.post("/<recipient_id>/do")
def do(token: str, recipient_id: str) -> Response:
    """Send a test or another invitation, end a snooze, or confirm that the address is right."""
    services, owned = get_services(), owned_by(token)
    now, action = services.clock(), request.form.get("go", "")
    if action == "ask" and (code := _why_not_ask(owned, recipient_id)):
        return back(token, code)
    if action in ("test", "ask"):
        kind = channel_checks.TEST_ALERT if action == "test" else messages.INVITATION
        if not alert_service().resend(owned.card_id, recipient_id, kind, now):
            return back(token, "often")
        return back(token, "tested") if action == "test" else asked(token, recipient_id)
    if action == "right":
        alert_service().change_recipient(owned.card_id, recipient_id, now, exact=True)
    elif action == "wake":
        alert_service().recipients.snooze(owned.card_id, recipient_id, None, now)
    else:
        abort(400)
    return back(token, "saved")


@bp.post("/called")
def patient_name(token: str) -> Response | tuple[str, int]:
    """Set the patient's name in messages."""
    owned, typed = owned_by(token), request.form.get("called", "")
    try:
        name = preferences.parse_patient_name(typed)
    except InvalidValue as error:
        fault = Fault(ERROR, "called", error.code, error.details)
        page, at = partial(_page, token), f"{owner_path(token)}/alerts"
        return form_drafts.refuse(owned, _CALLED, {"called": fault_message(fault)}, page, at)
    alert_service().set_patient_name(owned.card_id, name, get_services().clock())
    form_drafts.erase(owned, _CALLED)
    return back(token, "saved")


@bp.post("/know")
def acknowledge(token: str) -> Response:
    """Acknowledge alerts: "I know", on the owner's page."""
    services, owned = get_services(), owned_by(token)
    by = services.content.say("people.now.owner")
    alert_service().acknowledge(owned.card_id, request.form.getlist("key"), by, services.clock())
    return back(token, "known")


@bp.post("/again")
def start_again(token: str) -> Response:
    """Drop an alert record that cannot be read any more."""
    alert_service().discard(owned_by(token).card_id)
    return back(token, "again")


def alert_service() -> AlertService:
    """The service for the alerts of every card."""
    alerts = get_services().cards().alerts
    assert alerts is not None
    return alerts


def push_key() -> str:
    """The application server key for push notifications; empty if they are off."""
    config = get_services().config
    return push_subscription.application_server_key(config.secret_key) if config.has_push else ""


def wait_to_invite(address: str) -> tuple[str, int]:
    """Count an invitation to a mail address that is to be sent now.

    Returns nothing and 0, or the message's code for why not, and the seconds until it may be.
    """
    services = get_services()
    now, most = services.clock(), services.config.invitations_per_hour
    code, wait = limiting.wait_to_invite(address)
    if code or InviteLimit(alert_service().records.engine, most).take(now):
        return code, wait
    return "busy", math.ceil((next_hour(now) - now).total_seconds())


def invite(token: str, owned: OwnedCard, recipient: Recipient) -> None:
    """Add a recipient, and store the labels of whatever opens the card in the alert record.

    Raises ``ListFull``.
    """
    now, codes = get_services().clock(), get_services().cards().health_links.list(token)
    labels = {each.id: each.label for each in owned.reader_links}
    labels |= {each.id: each.label for each in codes}
    alert_service().invite(owned.card_id, owned.card, owned.version, recipient, now)
    link_labels.add_labels(alert_service().records, owned.card_id, labels, now)


def _why_not_ask(owned: OwnedCard, recipient_id: str) -> str:
    """The message's code for why a recipient cannot be asked again now; empty if they can."""
    alerts, now = alert_service(), get_services().clock()
    record = alerts.readable_record(owned.card_id)
    recipient = record.recipient(recipient_id) if record else None
    if record is None or recipient is None:
        return ""
    if was_just_queued(record, recipient_id, messages.INVITATION, now):
        # What is not sent is not counted.
        return "often"
    return wait_to_invite(recipient.address)[0]


def _page(token: str, held: Draft | None) -> str:
    services, owned = get_services(), owned_by(token)
    now, code = services.clock(), request.args.get("said", "")
    common = {
        "home": owner_path(token),
        "said": code if code in _FLASH_CODES else "",
        "say": services.content,
    }
    try:
        record = alert_service().record(owned.card_id)
        log = alert_service().log(owned.card_id, _LOG_SIZE)
    except UnreadableRecord:
        return render_template("alerts/overview.html", unreadable=True, record=None, **common)
    channels = services.config.channels
    texts = ReachTexts(record, now, services.content, channels) if record else None
    return render_template(
        "alerts/overview.html",
        unreadable=False,
        record=record,
        most=MAX_RECIPIENTS,
        people=texts.recipient_lines() if texts else [],
        current=texts.current_alerts() if texts else [],
        log=LogTexts(record, services.content).log_lines(log) if record else [],
        mail=bool(services.config.mail_url),
        phone_key=push_key(),
        heard=reach_summary.reach(owned.card_id),
        asked=record.recipient(request.args.get("who", "")) if record else None,
        waiting=waiting_to_be_asked(log),
        called=held.typed.get("called", "") if held else record.called if record else "",
        error=held.said.get("called", "") if held else "",
        now=now,
        **common,
    )


def fault_message(fault: Fault) -> str:
    """The message of a fault, with the name of its field."""
    content = get_services().content
    return content.say(f"people.fault.{fault.path}", fault=sentence(fault, content))


def owned_by(token: str) -> OwnedCard:
    """Return the card of an owner's token; raises ``vault.UnknownCard``."""
    return get_services().cards().vault.owned(token)


def asked(token: str, recipient_id: str) -> Response:
    """Redirect to the page about alerts, which names who was asked, or is about to be."""
    return redirect(f"{owner_path(token)}/alerts?said=asked&who={recipient_id}", 303)


def back(token: str, code: str = "") -> Response:
    """Redirect to the page about alerts, which shows the message of ``code``."""
    return redirect(f"{owner_path(token)}/alerts" + (f"?said={code}" if code else ""), 303)
