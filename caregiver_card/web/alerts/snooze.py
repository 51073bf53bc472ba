"""A pause: how long somebody is left alone, chosen by themselves or on the owner's page."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from caregiver_card.alerting.log_texts import format_moment
from caregiver_card.web import templating
from caregiver_card.web.alerts.overview import back, bureau, owned_by
from caregiver_card.web.owner.home import owner_path
from caregiver_card.web.services import services

# Who wants longer presses "stop", which the family sees.
_DAYS = ("1", "3", "7", "14", "30")
USUAL = "7"

pausing = Blueprint("pausing", __name__, url_prefix="/o/<token>/alerts/<person_id>/pause")
templating.with_script(pausing)


@pausing.route("", methods=["GET", "POST"], strict_slashes=False)
def page(token: str, person_id: str) -> str | Response | tuple[str, int]:
    """How long one person is left alone."""
    now = services().clock()
    owned = owned_by(token)
    book = bureau().readable_record(owned.card_id)
    person = book.recipient(person_id) if book else None
    if book is None or person is None:
        return back(token)
    until = chosen(now)
    if until:
        bureau().recipients.snooze(owned.card_id, person_id, until, now)
        return back(token, "snoozed")
    shown = render_template(
        "alerts/snooze.html",
        person=person,
        home=owner_path(token),
        lengths=lengths(now, book.zone),
        usual=USUAL,
        error=missing(),
    )
    return (shown, 422) if missing() else shown


def lengths(now: datetime, zone: ZoneInfo) -> list[tuple[str, str]]:
    """What can be chosen: days, and in words with the moment when they are over."""
    content = services().content
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


def chosen(now: datetime) -> datetime | None:
    """When the pause that was asked for is over; None where none of the lengths was chosen."""
    days = request.form.get("days", "")
    return now + timedelta(days=int(days)) if days in _DAYS else None


def missing() -> str:
    """What is wrong, in words, where a form came without one of the lengths."""
    return services().content.say("pause.missing") if request.method == "POST" else ""
