"""Notifications on a phone: its browser's address is put on the list, and kept up to date.

Both answer a script: the page's, after somebody pressed the button there, and the worker's.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, request

from caregiver_card.alerting.channels import push_subscription
from caregiver_card.alerting.policy import preferences
from caregiver_card.alerting.policy.alert_record import AlertRecord
from caregiver_card.alerting.policy.recipients import Recipient
from caregiver_card.alerting.service import MAX_RECIPIENTS
from caregiver_card.briefing.fault_messages import sentence
from caregiver_card.card import values
from caregiver_card.card.rules import ERROR, Fault
from caregiver_card.storage import crypto
from caregiver_card.web.alerts.overview import bureau, invite, phone_key
from caregiver_card.web.alerts.recipient_pages import answering
from caregiver_card.web.services import services

# A phone says on every start that its address is the same; it is written down this often.
_CHECKED_AGAIN_AFTER = timedelta(hours=1)

# What was wrong with an old address, or before somebody pressed again, does not count any more.
_WELL: dict[str, Any] = {"gone_at": None, "trouble": "", "troubled_at": None}

notifying = Blueprint("notifying", __name__, url_prefix="/o/<token>/alerts")


@notifying.post("/phone")
def add(token: str) -> Response:
    """Put this phone on the list; the answer is its own page's path."""
    here = services()
    owned = here.keeper().vault.owned(token)
    book = bureau().readable_record(owned.card_id)
    try:
        card = owned.card
        zone = card.time_zone or here.content.only_time_zone(card.region) or "UTC"
        person = _person(book, zone)
    except values.InvalidValue as fault:
        found = sentence(Fault(ERROR, "name", fault.code, fault.details), here.content)
        return _words(here.content.say("people.fault.name", fault=found), 422)
    except push_subscription.InvalidSubscription:
        return _words(here.content.say("push.wrong"), 422)
    if book and book.recipient(person.id):
        bureau().records.change(
            owned.card_id, here.clock(), lambda book: (book.with_recipient(person), [])
        )
        return _words(f"/u/{person.token}", 201)
    if not phone_key() or (book and len(book.people) >= MAX_RECIPIENTS):
        return _words(here.content.say("people.said.full" if phone_key() else "push.off"), 409)
    invite(owned, person)
    return _words(f"/u/{person.token}", 201)


@answering.post("/u/<token>/phone")
def confirm(token: str) -> Response:
    """A phone says that it is there, perhaps at a new address; the answer is the key to use."""
    here, told = services(), bureau().recipients.open(token)
    if told is None or told.recipient.channel != "push":
        return _words("", 404)
    if not phone_key():
        # A phone forgets what it is told is unknown, and this may be for an hour.
        return _words("", 503)
    try:
        address = _address()
    except push_subscription.InvalidSubscription:
        return _words("", 422)
    now, person = here.clock(), told.recipient
    known = person.checked_at and now - _CHECKED_AGAIN_AFTER < person.checked_at <= now
    if address != person.address:
        bureau().change_recipient(
            told.card_id, person.id, now, address=address, checked_at=now, **_WELL
        )
    elif not known:
        bureau().change_recipient(told.card_id, person.id, now, checked_at=now)
    return _words(phone_key(), 200)


def _person(book: AlertRecord | None, zone: str) -> Recipient:
    """This phone, told everything until somebody changes it; once, however often it is pressed."""
    now, address = services().clock(), _address()
    name = preferences.parse_name(request.form.get("name", ""))
    same = [each for each in book.people if each.address == address] if book else []
    if same:
        return replace(
            same[0], name=name, confirmed_at=now, stopped_at=None, checked_at=now, **_WELL
        )
    return Recipient(
        id=crypto.new_record_id().hex()[:12],
        token=crypto.new_token(),
        name=name,
        channel="push",
        address=address,
        turn=1,
        subjects=preferences.SUBJECT_CHOICES,
        quiet=(),
        time_zone=_zone(request.form.get("time_zone", ""), zone),
        proof="monthly",
        open_subject=False,
        confirmed_at=now,
        checked_at=now,
    )


def _zone(stated: str, of_card: str) -> str:
    """The phone's, if it says one that is known."""
    try:
        return values.time_zone(stated)
    except values.InvalidValue:
        return of_card


def _address() -> str:
    given = (request.form.get(name, "") for name in push_subscription.Subscription._fields)
    return push_subscription.validate(push_subscription.Subscription(*given))


def _words(words: str, status: int) -> Response:
    return Response(words, status, content_type="text/plain; charset=utf-8")
