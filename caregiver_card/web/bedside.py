"""Pages that ask a person at the bedside: the pump is beeping; what do you see?"""

from dataclasses import replace

from flask import Blueprint, Response, request

from caregiver_card.briefing.briefing import Briefing
from caregiver_card.card.patient_clock import local_time
from caregiver_card.pages import pump_alarm, sign_checker
from caregiver_card.pages.offline_copy import CompanionPage
from caregiver_card.pages.precompressed import PrecompressedPage
from caregiver_card.pages.sign_checker import SignQuestion, Subject
from caregiver_card.storage.crypto import read_token
from caregiver_card.web import responses, security
from caregiver_card.web.services import services

asking = Blueprint("asking", __name__)


@asking.get("/beeping")
def sound() -> Response:
    """The pump is making a sound: what it means, what to do, and no patient."""
    return _page(pump_alarm.page(services().content))


@asking.get("/c/<token>/beeping")
def sound_of(token: str) -> Response:
    """The same with the numbers of a card."""
    briefing = services().keeper().briefing(token)
    return _page(pump_alarm.page_of(briefing, f"/c/{read_token(token)}"))


@asking.route("/signs", methods=["GET", "POST"])
def seen() -> Response:
    """What do you see? With no patient."""
    content = services().content
    if request.method == "GET":
        return _page(sign_checker.page(content), script=True)
    return _page(sign_checker.page_of(content, None, _asked("")), script=True)


@asking.route("/c/<token>/see", methods=["GET", "POST"])
def seen_of(token: str) -> Response:
    """The same with the numbers of a card, what is due on it, and its address in the message."""
    here = services()
    briefing = here.keeper().briefing(token)
    asked = _asked(briefing.time_zone) if request.method == "POST" else None
    return _page(sign_checker.page_of(here.content, _subject(token, briefing), asked), script=True)


def companion_pages(token: str, briefing: Briefing) -> dict[str, CompanionPage]:
    """Both pages of a card as a phone keeps them; it puts in what is due on the day of reading."""
    subject = replace(_subject(token, briefing), today=None)
    return {
        "beeping": CompanionPage(pump_alarm.offline_page(briefing, subject.here), _policy()),
        "see": CompanionPage(sign_checker.offline_page(subject), _policy(script=True)),
    }


def _subject(token: str, briefing: Briefing) -> Subject:
    here, canonical = services(), read_token(token)
    today = local_time(briefing.time_zone, here.clock()).date()
    return Subject(briefing, f"/c/{canonical}", here.address("c", canonical), today)


def _asked(time_zone: str) -> SignQuestion:
    """What was ticked; a form that is sent changes nothing, so nothing guards it."""
    form, now = request.form, services().clock()
    own = form.get("own", "")[: sign_checker.LONGEST].replace("\r\n", "\n")
    return SignQuestion(frozenset(form.getlist("tick")), own, local_time(time_zone, now))


def _page(page: PrecompressedPage, *, script: bool = False) -> Response:
    response = responses.page(page)
    response.headers["Content-Security-Policy"] = _policy(script=script)
    return response


def _policy(*, script: bool = False) -> str:
    return security.policy(*pump_alarm.STYLES, script=script)
