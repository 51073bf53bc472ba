"""Snooze a recipient's alerts, on the owner's page or the recipient's own."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from caregiver_card.alerting.moments import format_moment
from caregiver_card.web import templating
from caregiver_card.web.alerts.overview import alert_service, back, owned_by
from caregiver_card.web.owner.home import owner_path
from caregiver_card.web.services import get_services

# For longer there is "stop", which the owner's page shows.
_DAYS = ("1", "3", "7", "14", "30")
USUAL = "7"

bp = Blueprint("snooze", __name__, url_prefix="/o/<token>/alerts/<recipient_id>/pause")
templating.with_script(bp)


@bp.route("", methods=["GET", "POST"], strict_slashes=False)
def page(token: str, recipient_id: str) -> str | Response | tuple[str, int]:
    """Choose for how long to snooze a recipient."""
    now = get_services().clock()
    owned = owned_by(token)
    record = alert_service().readable_record(owned.card_id)
    recipient = record.recipient(recipient_id) if record else None
    if record is None or recipient is None:
        return back(token)
    if until := chosen_end(now):
        alert_service().recipients.snooze(owned.card_id, recipient_id, until, now)
        return back(token, "snoozed")
    error = missing_length()
    page = render_template(
        "alerts/snooze.html",
        recipient=recipient,
        home=owner_path(token),
        lengths=lengths(now, record.zone),
        usual=USUAL,
        error=error,
    )
    return (page, 422) if error else page


def lengths(now: datetime, zone: ZoneInfo) -> list[tuple[str, str]]:
    """The lengths to choose from: days, and a label with the moment at which the snooze ends."""
    content = get_services().content
    return [
        (
            days,
            content.say(
                f"pause.days-{days}",
                time=format_moment(now + timedelta(days=int(days)), zone, content),
            ),
        )
        for days in _DAYS
    ]


def chosen_end(now: datetime) -> datetime | None:
    """The end of the snooze that the form asks for; ``None`` without one of the lengths."""
    days = request.form.get("days", "")
    return now + timedelta(days=int(days)) if days in _DAYS else None


def missing_length() -> str:
    """The message for a form that was sent without a length."""
    return get_services().content.say("pause.missing") if request.method == "POST" else ""
