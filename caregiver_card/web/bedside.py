"""The pages for a person at the bedside: "The pump is making a sound" and "Check signs"."""

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
from caregiver_card.web.server.work import page_work
from caregiver_card.web.services import get_services

bp = Blueprint("bedside", __name__)


@bp.get("/beeping")
@page_work
def pump_alarm_page() -> Response:
    """The page about a sound of the pump, without a patient."""
    return _page(pump_alarm.page(get_services().content))


@bp.get("/c/<token>/beeping")
@page_work
def card_pump_alarm_page(token: str) -> Response:
    """The page about a sound of the pump, with a card's numbers and urgent alerts."""
    briefing = get_services().cards().briefing(token)
    return _page(pump_alarm.page_of(_subject(token, briefing)))


@bp.route("/signs", methods=["GET", "POST"])
@page_work
def sign_checker_page() -> Response:
    """The sign checker, without a patient."""
    content = get_services().content
    if request.method == "GET":
        return _page(sign_checker.page(content), script=True)
    return _page(sign_checker.page_of(content, None, _posted_signs("")), script=True)


@bp.route("/c/<token>/see", methods=["GET", "POST"])
@page_work
def card_sign_checker_page(token: str) -> Response:
    """The sign checker with a card's numbers and urgent alerts, and its address in the message."""
    services = get_services()
    briefing = services.cards().briefing(token)
    posted = _posted_signs(briefing.time_zone) if request.method == "POST" else None
    page = sign_checker.page_of(services.content, _subject(token, briefing), posted)
    return _page(page, script=True)


def companion_pages(token: str, briefing: Briefing) -> dict[str, CompanionPage]:
    """Both pages of a card for an offline copy; the phone fills in what is due on the day."""
    subject = replace(_subject(token, briefing), today=None)
    return {
        "beeping": CompanionPage(pump_alarm.offline_page(subject), _policy()),
        "see": CompanionPage(sign_checker.offline_page(subject), _policy(script=True)),
    }


def _subject(token: str, briefing: Briefing) -> Subject:
    services, canonical = get_services(), read_token(token)
    today = local_time(briefing.time_zone, services.clock()).date()
    return Subject(briefing, f"/c/{canonical}", services.address("c", canonical), today)


def _posted_signs(time_zone: str) -> SignQuestion:
    """Read the form. It changes nothing, so it needs no CSRF token."""
    form, now = request.form, get_services().clock()
    own = form.get("own", "")[: sign_checker.LONGEST].replace("\r\n", "\n")
    return SignQuestion(frozenset(form.getlist("tick")), own, local_time(time_zone, now))


def _page(page: PrecompressedPage, *, script: bool = False) -> Response:
    response = responses.page(page)
    response.headers["Content-Security-Policy"] = _policy(script=script)
    return response


def _policy(*, script: bool = False) -> str:
    return security.policy(*pump_alarm.STYLES, script=script)
