"""The owner's pages about one person told: who they are, what they are told, no more."""

from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from caregiver_card.alerting.invite_limit import next_hour
from caregiver_card.alerting.policy import preferences
from caregiver_card.alerting.policy.alert_record import AlertRecord
from caregiver_card.alerting.policy.recipients import Recipient
from caregiver_card.card.rules import ERROR, Fault
from caregiver_card.card.values import InvalidValue
from caregiver_card.storage import crypto
from caregiver_card.storage.records import OwnedCard
from caregiver_card.web import templating
from caregiver_card.web.alerts.overview import (
    back,
    bureau,
    invite,
    owned_by,
    sentence_of,
    take_invite_slot,
)
from caregiver_card.web.owner.home import owner_path
from caregiver_card.web.services import services

members = Blueprint("members", __name__, url_prefix="/o/<token>/alerts")
templating.with_script(members)


@members.route("/new", methods=["GET", "POST"])
def new(token: str) -> str | Response | tuple[str, int]:
    """Somebody more to be told; they are asked first."""
    here, owned = services(), owned_by(token)
    book = bureau().readable_record(owned.card_id)
    if not bureau().may_invite(owned.card_id, here.clock()):
        return back(token, "full")
    if request.method == "GET":
        zone = _likely_zone(owned, book)
        by = book.people[-1].asked_by if book and book.people else ""
        offered = {"turn": "1", "proof": "monthly", "open_subject": "no"}
        offered |= {"time_zone": zone, "asked_by": by}
        return _form(token, offered, list(preferences.SUBJECT_CHOICES), [], None, owned)
    found = preferences.read(request.form, request.form.getlist("subjects"), with_address=True)
    if found.faults:
        return _refused(token, found.faults, None, owned), 422
    if not take_invite_slot():
        return _refused(token, [_busy(found.values["time_zone"])], None, owned), 429
    asked = Recipient(
        id=crypto.new_record_id().hex()[:12],
        token=crypto.new_token(),
        channel="mail",
        exact=True,
        **found.values,
    )
    invite(owned, asked)
    return back(token, "asked")


@members.route("/<person_id>", methods=["GET", "POST"])
def edit(token: str, person_id: str) -> str | Response | tuple[str, int]:
    """What one person is told, how and when."""
    owned = owned_by(token)
    person = _person(owned, person_id)
    if person is None:
        return back(token)
    if request.method == "GET":
        return _form(token, _as_typed(person), list(person.subjects), [], person, owned)
    found = preferences.read(request.form, request.form.getlist("subjects"), with_address=False)
    if found.faults:
        return _refused(token, found.faults, person, owned), 422
    bureau().change_recipient(owned.card_id, person.id, services().clock(), **found.values)
    return back(token, "saved")


@members.route("/<person_id>/remove", methods=["GET", "POST"])
def remove(token: str, person_id: str) -> str | Response:
    """Take somebody off the list; asked once more."""
    owned = owned_by(token)
    person = _person(owned, person_id)
    if person is None:
        return back(token)
    if request.method == "GET":
        return render_template("alerts/remove.html", person=person, home=owner_path(token))
    bureau().remove_recipient(owned.card_id, person.id, services().clock())
    return back(token, "removed")


def _busy(zone: str) -> Fault:
    """Too many were asked from here in this hour."""
    again = next_hour(services().clock()).astimezone(ZoneInfo(zone))
    refusal = InvalidValue("busy", time=f"{again:%H:%M}")
    return Fault(ERROR, "address", refusal.code, refusal.details)


def _refused(token: str, faults: list[Fault], person: Recipient | None, owned: OwnedCard) -> str:
    """The form with what was typed, and what is wrong."""
    typed, ticked = request.form.to_dict(), request.form.getlist("subjects")
    return _form(token, typed, ticked, faults, person, owned)


def _form(
    token: str,
    typed: dict[str, str],
    ticked: list[str],
    faults: list[Fault],
    person: Recipient | None,
    owned: OwnedCard,
) -> str:
    return render_template(
        "alerts/recipient.html",
        typed=typed,
        ticked=ticked,
        errors={each.path: sentence_of(each) for each in faults},
        person=person,
        choices=preferences.SUBJECT_CHOICES,
        turns=preferences.TIERS,
        zones=services().content.time_zones(owned.card.region, typed.get("time_zone", "")),
        home=owner_path(token),
    )


def _likely_zone(owned: OwnedCard, book: AlertRecord | None) -> str:
    """The card's time zone, that of its people, or its country's only one."""
    others = book.people[0].time_zone if book and book.people else ""
    return owned.card.time_zone or others or services().content.only_time_zone(owned.card.region)


def _as_typed(person: Recipient) -> dict[str, str]:
    start, end = person.quiet or ("", "")
    return {
        "name": person.name,
        "turn": str(person.turn),
        "time_zone": person.time_zone,
        "quiet_from": start,
        "quiet_until": end,
        "proof": person.proof,
        "open_subject": "yes" if person.open_subject else "no",
    }


def _person(owned: OwnedCard, person_id: str) -> Recipient | None:
    book = bureau().readable_record(owned.card_id)
    return book.recipient(person_id) if book else None
