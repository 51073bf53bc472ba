"""The owner's pages about alerts: who is told, what was sent, who knows."""

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from caregiver_card.alerting import messages, phone, rounds, wishes
from caregiver_card.alerting.book import Book
from caregiver_card.alerting.bureau import MOST_PEOPLE, Bureau, Unreadable
from caregiver_card.alerting.listing import Listing
from caregiver_card.alerting.people import Person
from caregiver_card.keeping import crypto
from caregiver_card.keeping.opened import Owned
from caregiver_card.report import sentence
from caregiver_card.rules import ERROR, Fault
from caregiver_card.values import InvalidValue
from caregiver_card.web import layout
from caregiver_card.web.owner import home
from caregiver_card.web.services import services

# Some weeks of a family's alerts.
_LOG = 60
_SNOOZE = timedelta(days=7)
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
    "phone",
)

telling = Blueprint("telling", __name__, url_prefix="/o/<token>/alerts")
layout.with_script(telling)


@telling.get("", strict_slashes=False)
def page(token: str) -> str:
    """Everything about a card's alerts on one page."""
    return _page(token, "", "")


@telling.route("/new", methods=["GET", "POST"])
def new(token: str) -> str | Response | tuple[str, int]:
    """Somebody more to be told; they are asked first."""
    here, owned = services(), _owned(token)
    book = _book(owned)
    if not bureau().may_invite(owned.card_id, here.clock()):
        return _back(token, "full")
    if request.method == "GET":
        zone = owned.card.time_zone or (book.people[0].time_zone if book and book.people else "")
        offered = {"turn": "1", "time_zone": zone, "proof": "monthly", "open_subject": "no"}
        return _form(token, offered, list(wishes.CHOICES), [], None, owned)
    found = wishes.read(request.form, request.form.getlist("subjects"), with_address=True)
    if found.faults:
        typed = request.form.to_dict()
        return _form(token, typed, request.form.getlist("subjects"), found.faults, None, owned), 422
    asked = Person(
        id=crypto.new_record_id().hex()[:12],
        token=crypto.new_token(),
        channel="mail",
        **found.values,
    )
    bureau().invite(owned.card_id, owned.card, owned.version, asked, here.clock())
    labels = {copy.id: copy.label for copy in owned.copies}
    bureau().label(owned.card_id, labels, here.clock())
    return _back(token, "asked")


@telling.route("/<person_id>", methods=["GET", "POST"])
def edit(token: str, person_id: str) -> str | Response | tuple[str, int]:
    """What one person is told, how and when."""
    owned = _owned(token)
    person = _person(owned, person_id)
    if person is None:
        return _back(token)
    if request.method == "GET":
        return _form(token, _as_typed(person), list(person.subjects), [], person, owned)
    found = wishes.read(request.form, request.form.getlist("subjects"), with_address=False)
    if found.faults:
        typed = request.form.to_dict()
        return _form(
            token, typed, request.form.getlist("subjects"), found.faults, person, owned
        ), 422
    bureau().change(owned.card_id, person.id, services().clock(), **found.values)
    return _back(token, "saved")


@telling.route("/<person_id>/remove", methods=["GET", "POST"])
def remove(token: str, person_id: str) -> str | Response:
    """Take somebody off the list; asked once more."""
    owned = _owned(token)
    person = _person(owned, person_id)
    if person is None:
        return _back(token)
    if request.method == "GET":
        return render_template("editor/untell.html", person=person, home=home(token))
    bureau().remove(owned.card_id, person.id, services().clock())
    return _back(token, "removed")


@telling.post("/<person_id>/do")
def do(token: str, person_id: str) -> Response:
    """A test, another invitation, a pause or its end."""
    here, owned = services(), _owned(token)
    now, action = here.clock(), request.form.get("go", "")
    if action in ("test", "ask"):
        what = rounds.PROOF if action == "test" else messages.CONFIRM
        if not bureau().ask_again(owned.card_id, person_id, what, now):
            return _back(token, "often")
        return _back(token, "tested" if action == "test" else "asked")
    until = now + _SNOOZE if action == "snooze" else None
    bureau().snooze(owned.card_id, person_id, until, now)
    return _back(token, "snoozed" if until else "saved")


@telling.post("/called")
def called(token: str) -> Response | tuple[str, int]:
    """What the messages call the patient."""
    owned, typed = _owned(token), request.form.get("called", "")
    try:
        words = wishes.called(typed)
    except InvalidValue as fault:
        found = Fault(ERROR, "called", fault.code, fault.details)
        return _page(token, typed, _sentence(found)), 422
    bureau().call(owned.card_id, words, services().clock())
    return _back(token, "saved")


@telling.post("/know")
def know(token: str) -> Response:
    """ "I know", on the owner's page."""
    here, owned = services(), _owned(token)
    by = here.content.say("people.now.owner")
    bureau().know(owned.card_id, request.form.getlist("key"), by, here.clock())
    return _back(token, "known")


@telling.post("/again")
def again(token: str) -> Response:
    """Drop a list that cannot be read any more."""
    bureau().start_again(_owned(token).card_id)
    return _back(token, "again")


def bureau() -> Bureau:
    """The people told of every card."""
    found = services().keeper().bureau
    assert found is not None
    return found


def phone_key() -> str:
    """The key for notifications on phones; empty where they are off."""
    config = services().config
    return phone.key(config.secret_key) if config.pushes else ""


def _page(token: str, typed: str, error: str) -> str:
    here, owned = services(), _owned(token)
    now, said = here.clock(), request.args.get("said", "")
    ready = {"home": home(token), "said": said if said in _SAID else "", "say": here.content}
    try:
        book = bureau().book(owned.card_id)
        log = bureau().log(owned.card_id, _LOG)
    except Unreadable:
        return render_template("editor/alerts.html", unreadable=True, book=None, **ready)
    listing = Listing(book, now, here.content) if book else None
    since = bureau().books.neglected(owned.card_id, now)
    return render_template(
        "editor/alerts.html",
        unreadable=False,
        book=book,
        most=MOST_PEOPLE,
        people=listing.people() if listing else [],
        current=listing.current() if listing else [],
        log=listing.sent(log) if listing else [],
        mail=bool(here.config.mail_url),
        phone_key=phone_key(),
        neglected=listing.time(since) if listing and since else "",
        called=typed or (book.called if book else ""),
        error=error,
        now=now,
        **ready,
    )


def _form(
    token: str,
    typed: dict[str, str],
    ticked: list[str],
    faults: list[Fault],
    person: Person | None,
    owned: Owned,
) -> str:
    return render_template(
        "editor/told.html",
        typed=typed,
        ticked=ticked,
        errors={each.path: _sentence(each) for each in faults},
        person=person,
        choices=wishes.CHOICES,
        turns=wishes.TURNS,
        zones=services().content.time_zones(owned.card.region),
        home=home(token),
    )


def _sentence(fault: Fault) -> str:
    content = services().content
    return content.say(f"people.fault.{fault.path}", fault=sentence(fault, content))


def _as_typed(person: Person) -> dict[str, str]:
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


def _owned(token: str) -> Owned:
    return services().keeper().vault.owned(token)


def _book(owned: Owned) -> Book | None:
    return bureau().readable(owned.card_id)


def _person(owned: Owned, person_id: str) -> Person | None:
    book = _book(owned)
    return book.person(person_id) if book else None


def _back(token: str, said: str = "") -> Response:
    return redirect(f"{home(token)}/alerts" + (f"?said={said}" if said else ""), 303)
