"""The owner's pages about alerts: who is told, what was sent, who knows."""

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from caregiver_card.alerting import messages
from caregiver_card.alerting.channels import push_subscription
from caregiver_card.alerting.invite_limit import InviteLimit
from caregiver_card.alerting.log_texts import LogTexts
from caregiver_card.alerting.policy import channel_checks, preferences
from caregiver_card.alerting.policy.recipients import Recipient
from caregiver_card.alerting.service import MAX_RECIPIENTS, AlertService, UnreadableRecord
from caregiver_card.briefing.fault_messages import sentence
from caregiver_card.card.rules import ERROR, Fault
from caregiver_card.card.values import InvalidValue
from caregiver_card.storage.records import OwnedCard
from caregiver_card.web import templating
from caregiver_card.web.alerts import reach_summary
from caregiver_card.web.owner.home import owner_path
from caregiver_card.web.services import services

# Some weeks of a family's alerts.
_LOG = 60
_SAID = (
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
    "phone",
)

telling = Blueprint("telling", __name__, url_prefix="/o/<token>/alerts")
templating.with_script(telling)


@telling.get("", strict_slashes=False)
def page(token: str) -> str:
    """Everything about a card's alerts on one page."""
    return _page(token, "", "")


@telling.post("/<person_id>/do")
def do(token: str, person_id: str) -> Response:
    """A test, another invitation, the end of a pause, or "the address is right"."""
    here, owned = services(), owned_by(token)
    now, action = here.clock(), request.form.get("go", "")
    if action == "ask" and not take_invite_slot():
        return back(token, "busy")
    if action in ("test", "ask"):
        what = channel_checks.TEST_ALERT if action == "test" else messages.INVITATION
        if not bureau().resend(owned.card_id, person_id, what, now):
            return back(token, "often")
        return back(token, "tested" if action == "test" else "asked")
    if action == "right":
        bureau().change_recipient(owned.card_id, person_id, now, exact=True)
    else:
        bureau().recipients.snooze(owned.card_id, person_id, None, now)
    return back(token, "saved")


@telling.post("/called")
def called(token: str) -> Response | tuple[str, int]:
    """What the messages call the patient."""
    owned, typed = owned_by(token), request.form.get("called", "")
    try:
        words = preferences.parse_patient_name(typed)
    except InvalidValue as fault:
        found = Fault(ERROR, "called", fault.code, fault.details)
        return _page(token, typed, sentence_of(found)), 422
    bureau().set_patient_name(owned.card_id, words, services().clock())
    return back(token, "saved")


@telling.post("/know")
def know(token: str) -> Response:
    """ "I know", on the owner's page."""
    here, owned = services(), owned_by(token)
    by = here.content.say("people.now.owner")
    bureau().acknowledge(owned.card_id, request.form.getlist("key"), by, here.clock())
    return back(token, "known")


@telling.post("/again")
def again(token: str) -> Response:
    """Drop a list that cannot be read any more."""
    bureau().discard(owned_by(token).card_id)
    return back(token, "again")


def bureau() -> AlertService:
    """The people told of every card."""
    found = services().keeper().alerts
    assert found is not None
    return found


def phone_key() -> str:
    """The key for notifications on phones; empty where they are off."""
    config = services().config
    return push_subscription.application_server_key(config.secret_key) if config.pushes else ""


def take_invite_slot() -> bool:
    """Whether this server may send one more invitation in this hour; it then counts."""
    return InviteLimit(bureau().records.engine).take(services().clock())


def invite(owned: OwnedCard, person: Recipient) -> None:
    """Put somebody on the list, which then knows the names of the card's copies."""
    now = services().clock()
    bureau().invite(owned.card_id, owned.card, owned.version, person, now)
    bureau().set_link_labels(
        owned.card_id, {copy.id: copy.label for copy in owned.reader_links}, now
    )


def _page(token: str, typed: str, error: str) -> str:
    here, owned = services(), owned_by(token)
    now, said = here.clock(), request.args.get("said", "")
    ready = {"home": owner_path(token), "said": said if said in _SAID else "", "say": here.content}
    try:
        book = bureau().record(owned.card_id)
        log = bureau().log(owned.card_id, _LOG)
    except UnreadableRecord:
        return render_template("alerts/overview.html", unreadable=True, book=None, **ready)
    listing = LogTexts(book, now, here.content, here.config.ways) if book else None
    return render_template(
        "alerts/overview.html",
        unreadable=False,
        book=book,
        most=MAX_RECIPIENTS,
        people=listing.recipient_lines() if listing else [],
        current=listing.current_alerts() if listing else [],
        log=listing.log_lines(log) if listing else [],
        mail=bool(here.config.mail_url),
        phone_key=phone_key(),
        heard=reach_summary.heard(owned.card_id),
        called=typed or (book.called if book else ""),
        error=error,
        now=now,
        **ready,
    )


def sentence_of(fault: Fault) -> str:
    """What is wrong, with the name of the box."""
    content = services().content
    return content.say(f"people.fault.{fault.path}", fault=sentence(fault, content))


def owned_by(token: str) -> OwnedCard:
    """The card of an owner's token."""
    return services().keeper().vault.owned(token)


def back(token: str, said: str = "") -> Response:
    """To the list, with a word about what was done."""
    return redirect(f"{owner_path(token)}/alerts" + (f"?said={said}" if said else ""), 303)
