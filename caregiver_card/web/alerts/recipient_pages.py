"""What the people told open from a message: "I know" (``/a/``) and their own page (``/u/``).

A look changes nothing: programs that check mail open every link. An answer is a POST; its token is
all that it needs to prove, since a mail program's own "unsubscribe" brings no more (RFC 8058).
"""

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from caregiver_card.alerting.log_texts import format_moment
from caregiver_card.alerting.outbox import OutboxEntry
from caregiver_card.alerting.policy import channel_checks, escalation
from caregiver_card.alerting.policy.alert_record import AlertRecord
from caregiver_card.alerting.policy.plan import gravest_of_each_event
from caregiver_card.alerting.recipient_service import OpenedRecipient
from caregiver_card.briefing import alert_texts
from caregiver_card.storage.crypto import read_token
from caregiver_card.web import page_views, templating
from caregiver_card.web.alerts import reach_summary, snooze
from caregiver_card.web.alerts.overview import bureau
from caregiver_card.web.services import services

answering = Blueprint("answering", __name__)
templating.with_script(answering)


@answering.route("/a/<token>", methods=["GET", "POST"])
def message(token: str) -> str | Response | tuple[str, int]:
    """What a message was about, and whether somebody knows; posted: "I know", "It has arrived"."""
    found = bureau().recipients.open_message(token)
    if found is None:
        return _nobody()
    if request.method != "POST":
        return _look(f"/a/{read_token(token)}", *found)
    _ours(found[0].row.card_id)
    bureau().recipients.acknowledge(found[0], services().clock())
    return redirect(f"/a/{read_token(token)}", 303)


@answering.route("/u/<token>", methods=["GET", "POST"])
def own(token: str) -> str | Response | tuple[str, int]:
    """A person's own page: yes, pause, stop."""
    told = bureau().recipients.open(token)
    if told is None:
        return _nobody()
    address = f"/u/{read_token(token)}"
    if request.method != "POST":
        return _own(address, told)
    if request.form.get("go") == "snooze" and not snooze.chosen(services().clock()):
        return _own(address, told, snooze.missing()), 422
    action = request.form.get("go", "")
    _change(told, action)
    return redirect(f"{address}?said=yes" if action == "yes" else address, 303)


def _look(address: str, entry: OutboxEntry, book: AlertRecord) -> str:
    here = services()
    now, content = here.clock(), here.content
    keys = entry.queued.details.get("keys", ())
    holding = [each for each in escalation.current(book, now) if each.key in keys]
    known = next((book.known[each.key] for each in holding if each.key in book.known), None)
    today = now.astimezone(book.zone).date()
    return render_template(
        "alerts/message.html",
        address=address,
        proof=entry.queued.what == channel_checks.TEST_ALERT,
        seen=entry.row.seen_at,
        told=gravest_of_each_event(holding),
        away=lambda day: alert_texts.relative_day(day, today, content.language),
        book=book,
        known=known,
        known_at=format_moment(known.at, book.zone, content) if known else "",
    )


def _own(address: str, told: OpenedRecipient, error: str = "") -> str:
    here, person = services(), told.recipient
    now = here.clock()
    paused = person.snoozed_until if person.is_snoozed(now) else None
    return render_template(
        "alerts/recipient_page.html",
        address=address,
        person=person,
        called=told.record.called,
        thanks=request.args.get("said") == "yes",
        # Of the others nobody hears but whoever keeps the card.
        heard=reach_summary.heard(told.card_id) if person.is_owner_phone else None,
        when=_when(told),
        paused=format_moment(paused, person.zone, here.content) if paused else "",
        lengths=snooze.lengths(now, person.zone),
        usual=snooze.USUAL,
        error=error,
    )


def _when(told: OpenedRecipient) -> list[str]:
    """When this person is told, in sentences."""
    say, person = services().content.say, told.recipient
    first = min(each.turn for each in told.record.people if each.reachable or each is person)
    words = [say("own.first" if person.turn <= first else "own.later"), say("own.again")]
    if person.quiet:
        start, end = person.quiet
        words.append(say("own.quiet", from_=start, until=end))
    if person.proof:
        words.append(say(f"own.proof-{person.proof}"))
    return [*words, say("own.nothing")]


def _change(told: OpenedRecipient, action: str) -> None:
    """Yes, pause or go on; anything else, as a mail program's one click, is a stop."""
    now = services().clock()
    _ours(told.card_id)
    if action == "yes":
        bureau().recipients.confirm(told, now)
    elif action in ("snooze", "wake"):
        until = snooze.chosen(now) if action == "snooze" else None
        bureau().recipients.snooze(told.card_id, told.recipient.id, until, now)
    else:
        bureau().recipients.stop(told, now)


def _ours(card_id: bytes) -> None:
    """Who answers a message does so on one of the family's phones."""
    page_views.remember_family_device(
        *bureau().device_cookie(card_id), secure=services().config.is_secure
    )


def _nobody() -> tuple[str, int]:
    return render_template("alerts/nobody.html"), 404
