"""The pages that recipients open from a message: "I know" (``/a/``) and their own (``/u/``).

GET changes nothing, since programs that check mail open every link. A POST proves itself by the
token, and says what it wants: the button of the page, or what a mail program's own "unsubscribe"
sends (RFC 8058). Anything else changes nothing.
"""

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from caregiver_card.alerting.memory_copy import MemoryCopy
from caregiver_card.alerting.moments import format_moment
from caregiver_card.alerting.outbox import OutboxEntry
from caregiver_card.alerting.policy import channel_checks, escalation
from caregiver_card.alerting.policy.alert_record import AlertRecord
from caregiver_card.alerting.policy.plan import most_severe_of_each_event
from caregiver_card.alerting.recipient_service import OpenedRecipient
from caregiver_card.briefing import alert_texts
from caregiver_card.briefing.briefing import review
from caregiver_card.storage.crypto import read_token
from caregiver_card.web import limiting, page_views, request_language, templating
from caregiver_card.web.alerts import reach_summary, snooze
from caregiver_card.web.alerts.overview import alert_service
from caregiver_card.web.services import get_services

# The buttons of a recipient's own page, of those in browsers for a long time as well.
_ACTIONS = ("yes", "snooze", "wake", "stop")
# What "List-Unsubscribe-Post" of every mail says (``channels.mail``).
_ONE_CLICK = "List-Unsubscribe=One-Click"

bp = Blueprint("recipient_pages", __name__)
templating.with_script(bp)


@bp.route("/a/<token>", methods=["GET", "POST"])
def message(token: str) -> str | Response | tuple[str, int]:
    """The alerts of a message, and who acknowledged them.

    POST acknowledges them, or confirms that a test arrived.
    """
    message = alert_service().recipients.open_message(token)
    if message is None:
        if MemoryCopy(alert_service().records.engine).exists:
            # It may be of a message that went out while nothing could be written.
            abort(503)
        return _unknown_page()
    entry, record = message
    answering = record.recipient(entry.queued.person)
    request_language.use(answering.language if answering else "", record.plan.language)
    if request.method != "POST":
        return _message_page(f"/a/{read_token(token)}", entry, record)
    _remember_device(entry.row.card_id)
    alert_service().recipients.acknowledge(entry, get_services().clock())
    return redirect(f"/a/{read_token(token)}", 303)


@bp.route("/u/<token>", methods=["GET", "POST"])
def recipient_page(token: str) -> str | Response | tuple[str, int]:
    """A recipient's own page: confirm, snooze, stop."""
    target = alert_service().recipients.open(token)
    if target is None:
        return _unknown_page()
    request_language.use(target.recipient.language, target.record.plan.language)
    address = f"/u/{read_token(token)}"
    if request.method != "POST":
        return _recipient_page(address, target)
    action = request.form.get("go", "")
    if action == "snooze" and not snooze.chosen_end(get_services().clock()):
        return _recipient_page(address, target, snooze.missing_length()), 422
    if action not in _ACTIONS:
        if not _is_one_click():
            abort(400)
        action = "stop"
    _apply(target, action)
    return redirect(f"{address}?said=yes" if action == "yes" else address, 303)


def _message_page(address: str, entry: OutboxEntry, record: AlertRecord) -> str:
    services = get_services()
    now, content = services.clock(), services.content
    keys = entry.queued.details.get("keys", ())
    current = (alert for alert in escalation.current(record, now) if alert.key in keys)
    alerts = [alert.in_language(content) for alert in current]
    acknowledged = (record.known.get(alert.key) for alert in alerts)
    acknowledgement = next(filter(None, acknowledged), None)
    today = now.astimezone(record.zone).date()
    return render_template(
        "alerts/message.html",
        address=address,
        proof=entry.queued.what == channel_checks.TEST_ALERT,
        seen=entry.row.seen_at,
        told=most_severe_of_each_event(alerts),
        away=lambda day: alert_texts.relative_day(day, today, content.language),
        record=record,
        emergency=record.plan.emergency_in(content),
        review=review(content),
        known=acknowledgement,
        known_at=format_moment(acknowledgement.at, record.zone, content) if acknowledgement else "",
    )


def _recipient_page(address: str, target: OpenedRecipient, error: str = "") -> str:
    services, recipient = get_services(), target.recipient
    now = services.clock()
    until = recipient.snoozed_until if recipient.is_snoozed(now) else None
    return render_template(
        "alerts/recipient_page.html",
        address=address,
        recipient=recipient,
        called=target.record.called,
        thanks=request.args.get("said") == "yes",
        # Only the family learns about the other recipients.
        heard=reach_summary.reach(target.card_id) if recipient.is_owner_phone else None,
        when=_delivery_texts(target),
        paused=format_moment(until, recipient.zone, services.content) if until else "",
        lengths=snooze.lengths(now, recipient.zone),
        usual=snooze.USUAL,
        error=error,
    )


def _delivery_texts(target: OpenedRecipient) -> list[str]:
    """The sentences that say when this recipient receives messages."""
    say, recipient = get_services().content.say, target.recipient
    reached = [other for other in target.record.people if other.reachable or other is recipient]
    is_first = recipient.turn <= min(other.turn for other in reached)
    texts = [say("own.first" if is_first else "own.later"), say("own.again")]
    if recipient.quiet:
        start, end = recipient.quiet
        texts.append(say("own.quiet", from_=start, until=end))
    if recipient.proof:
        texts.append(say(f"own.proof-{recipient.proof}"))
    return [*texts, say("own.nothing")]


def _is_one_click() -> bool:
    """Whether a mail program asks to stop, in the words of RFC 8058.

    The body may be of either kind of form; some programs do not say of which.
    """
    name, _, value = _ONE_CLICK.partition("=")
    return request.form.get(name) == value or request.get_data().strip() == _ONE_CLICK.encode()


def _apply(target: OpenedRecipient, action: str) -> None:
    """Confirm, snooze, resume or stop."""
    now = get_services().clock()
    _remember_device(target.card_id)
    if action == "yes":
        alert_service().recipients.confirm(target, now)
    elif action in ("snooze", "wake"):
        until = snooze.chosen_end(now) if action == "snooze" else None
        alert_service().recipients.snooze(target.card_id, target.recipient.id, until, now)
    else:
        alert_service().recipients.stop(target, now)


def _remember_device(card_id: bytes) -> None:
    """Mark the device as the family's: its user answers the family's messages."""
    if cookie := alert_service().device_cookie(card_id):
        page_views.remember_family_device(*cookie, secure=get_services().config.is_secure)


def _unknown_page() -> tuple[str, int]:
    limiting.slow_guess()
    return render_template("alerts/nobody.html"), 404
