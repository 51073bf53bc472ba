"""Push notifications: add a phone as a recipient, and keep its subscription up to date.

Both views answer a script: that of the page with the button, and the service worker.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, request

from caregiver_card.alerting.channels import push_subscription
from caregiver_card.alerting.policy import preferences
from caregiver_card.alerting.policy.alert_record import AlertRecord
from caregiver_card.alerting.policy.recipients import Recipient
from caregiver_card.alerting.service import ListFull
from caregiver_card.briefing import time_zones
from caregiver_card.briefing.fault_messages import sentence
from caregiver_card.card import values
from caregiver_card.card.rules import ERROR, Fault
from caregiver_card.storage import crypto
from caregiver_card.web import limiting
from caregiver_card.web.alerts import recipient_pages
from caregiver_card.web.alerts.overview import alert_service, invite, push_key
from caregiver_card.web.services import get_services

# A phone confirms its subscription on every start; this is how often the confirmation is stored.
_CHECK_INTERVAL = timedelta(hours=1)

# A new subscription or a new press of the button clears the errors of the old one.
_NO_TROUBLE: dict[str, Any] = {"gone_at": None, "trouble": "", "troubled_at": None}

bp = Blueprint("push", __name__, url_prefix="/o/<token>/alerts")


@bp.post("/phone")
def add(token: str) -> Response:
    """Add this phone as a recipient; the response is the path of the recipient's page."""
    services = get_services()
    owned = services.cards().vault.owned(token)
    record = alert_service().readable_record(owned.card_id)
    try:
        card = owned.card
        zone = card.time_zone or time_zones.only_one(card.region) or "UTC"
        phone = _phone(record, zone)
    except values.InvalidValue as error:
        fault = sentence(Fault(ERROR, "name", error.code, error.details), services.content)
        return _text(services.content.say("people.fault.name", fault=fault), 422)
    except (push_subscription.InvalidSubscription, _ForeignKey):
        return _text(services.content.say("push.wrong"), 422)
    try:
        limiting.charge_card(limiting.PHONES, owned.card_id)
    except limiting.LimitReached as reached:
        return _too_often(reached)
    if record and record.recipient(phone.id):
        alert_service().records.change(
            owned.card_id, services.clock(), lambda record: (record.with_recipient(phone), [])
        )
        return _text(f"/u/{phone.token}", 201)
    if not push_key():
        return _text(services.content.say("push.off"), 409)
    try:
        invite(token, owned, phone)
    except ListFull:
        return _text(services.content.say("people.said.full"), 409)
    return _text(f"/u/{phone.token}", 201)


@recipient_pages.bp.post("/u/<token>/phone")
def confirm(token: str) -> Response:
    """Confirm a phone's subscription, perhaps a new one; the response is the server's key."""
    services, target = get_services(), alert_service().recipients.open(token)
    if target is None or target.recipient.channel != "push":
        return _text("", 404)
    if not push_key():
        # Not 404, at which the phone would forget itself: push may be off for an hour only.
        return _text("", 503)
    try:
        address = _address()
    except push_subscription.InvalidSubscription:
        return _text("", 422)
    except _ForeignKey:
        # The phone subscribes under the present key at its next start.
        return _text(push_key(), 200)
    now, phone = services.clock(), target.recipient
    if address != phone.address:
        try:
            limiting.charge_card(limiting.PHONES, phone.token)
        except limiting.LimitReached as reached:
            return _too_often(reached)
    is_recent = phone.checked_at and now - _CHECK_INTERVAL < phone.checked_at <= now
    if not push_subscription.is_same_phone(address, phone.address):
        alert_service().change_recipient(
            target.card_id, phone.id, now, address=address, checked_at=now, **_NO_TROUBLE
        )
    elif not is_recent:
        alert_service().change_recipient(target.card_id, phone.id, now, checked_at=now)
    return _text(push_key(), 200)


def _phone(record: AlertRecord | None, zone: str) -> Recipient:
    """This phone as a recipient of every subject; the existing one if the address is known."""
    now, address = get_services().clock(), _address()
    name = preferences.parse_name(request.form.get("name", ""))
    phones = [each for each in record.people if each.is_owner_phone] if record else []
    same = [phone for phone in phones if push_subscription.is_same_phone(phone.address, address)]
    if same:
        return replace(
            same[0], name=name, confirmed_at=now, stopped_at=None, checked_at=now, **_NO_TROUBLE
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


def _zone(stated: str, default: str) -> str:
    """The time zone that the phone states, if it is known."""
    try:
        return values.time_zone(stated)
    except values.InvalidValue:
        return default


class _ForeignKey(ValueError):
    """A subscription under a push key that this server does not have."""


def _address() -> str:
    """The posted subscription; one under the present key, which most are, names none."""
    names = ("endpoint", "p256dh", "auth", "server_key")
    fields = (request.form.get(name, "") for name in names)
    subscription = push_subscription.Subscription(*fields)
    if subscription.key and subscription.key == push_key():
        subscription = subscription._replace(key="")
    former = map(push_subscription.public_key, alert_service().former_push_keys())
    if subscription.key and subscription.key not in set(former):
        raise _ForeignKey
    return push_subscription.validate(subscription)


def _too_often(reached: limiting.LimitReached) -> Response:
    """The answer to a script beyond a limit, with the same words as the page."""
    wait = reached.seconds
    say = get_services().content.say
    response = _text(say("error.text-429", minutes=limiting.minutes(wait)), 429)
    response.headers["Retry-After"] = str(wait)
    return response


def _text(text: str, status: int) -> Response:
    return Response(text, status, content_type="text/plain; charset=utf-8")
