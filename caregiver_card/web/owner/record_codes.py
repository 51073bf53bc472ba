"""The owner's codes for record systems: make, show, print and stop them."""

from contextlib import suppress
from datetime import timedelta

from flask import Blueprint, Response, abort, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from caregiver_card.briefing.briefing import brief
from caregiver_card.briefing.isolates import plain
from caregiver_card.card.patient_clock import local_time, patient_day
from caregiver_card.exports.shlink import shlink
from caregiver_card.owner_overview import CopyState, copies
from caregiver_card.printing import usual_print
from caregiver_card.printing.codes import qr
from caregiver_card.storage.crypto import read_token
from caregiver_card.storage.health_links import HealthLink
from caregiver_card.storage.records import OwnedCard
from caregiver_card.storage.rows import LinksFull
from caregiver_card.storage.vault import UnknownCard
from caregiver_card.web import limiting, responses, templating
from caregiver_card.web.owner import conflicts
from caregiver_card.web.owner.home import forget_gone_links, name_link, owner_path
from caregiver_card.web.server.work import print_work
from caregiver_card.web.services import get_services

# From the way to hospital until some days after an ordinary stay.
VISIT = timedelta(days=7)
_SHEET = "sheet"

bp = Blueprint("record_codes", __name__, url_prefix="/o/<token>/record")
templating.with_script(bp)


@bp.get("")
def page(token: str) -> str:
    """The codes that work, and the buttons that make another."""
    links = get_services().cards().health_links.list(token)
    return _page(token, links)


@bp.post("")
def add(token: str) -> AnyResponse | tuple[str, int]:
    """Make a code for one visit, or one that works until its owner stops it."""
    services = get_services()
    kind = request.form.get("for", "")
    if kind not in ("visit", "lasting"):
        abort(400)
    owned, links = services.cards().vault.owned(token), services.cards().health_links
    limiting.charge_card(limiting.SAVES, read_token(token))
    # Shown to the minute, and so it ends.
    now = services.clock().replace(second=0, microsecond=0)
    day = services.content.day(patient_day(owned.card, now))
    label = plain(services.content.say(f"record.label-{kind}", day=day))
    ends_at = now + VISIT if kind == "visit" else None
    try:
        made = conflicts.retry_on_conflict(lambda: links.add(token, label, services.today, ends_at))
    except LinksFull as full:
        fault = services.content.say("record.full", most=full.most)
        return _page(token, links.list(token), fault), 422
    name_link(owned.card_id, made.id, label)
    return redirect(f"{owner_path(token)}/record/{made.id}", 303)


@bp.get("/<link_id>")
def show(token: str, link_id: str) -> str | AnyResponse:
    """One code, as large as the screen allows, and how it is stopped."""
    owned, link = _owned(token), _find(token, link_id)
    if link is None:
        return redirect(f"{owner_path(token)}/record", 303)
    address = _address(link)
    return render_template(
        "owner/record_code.html",
        home=owner_path(token),
        link=link,
        say=get_services().content,
        paper=_papers(token, owned).get(link.id),
        until=_until(owned, link),
        address=address,
        code=qr.symbol(address).data_url,
    )


@bp.post("/<link_id>/print")
def print_sheet(token: str, link_id: str) -> AnyResponse:
    """Note that the owner prints the sheet with a code, and lead to it, as for a copy."""
    _lasting(token, link_id)
    services = get_services()
    services.cards().note_printing(token, link_id, _SHEET, services.clock())
    return redirect(f"{owner_path(token)}/record/{link_id}/sheet.pdf", 303)


@bp.get("/<link_id>/sheet.pdf")
@print_work
def sheet(token: str, link_id: str) -> Response:
    """The emergency sheet with this code."""
    owned, link = _owned(token), _lasting(token, link_id)
    limiting.charge_card_at_address(limiting.PRINTS, owned.card_id)
    briefing = brief(owned.card, get_services().content, owned.version)
    pdf = usual_print.make(_SHEET, owned.card, briefing, owned.version, _address(link))
    return responses.download(pdf, "application/pdf", "baclofen-pump-sheet.pdf")


@bp.post("/<link_id>/stop")
def stop(token: str, link_id: str) -> AnyResponse:
    """Stop a code; one that has ended meanwhile is stopped as well."""
    owned, links = _owned(token), get_services().cards().health_links
    with suppress(UnknownCard):
        links.stop(token, link_id)
    forget_gone_links(owned.card_id)
    return redirect(f"{owner_path(token)}/record?said=stopped", 303)


def _page(token: str, links: tuple[HealthLink, ...], fault: str = "") -> str:
    owned = _owned(token)
    papers = _papers(token, owned)
    return render_template(
        "owner/record_codes.html",
        home=owner_path(token),
        say=get_services().content,
        codes=[(link, _until(owned, link), papers.get(link.id)) for link in links],
        fault=fault,
        is_stopped=request.args.get("said") == "stopped",
    )


def _owned(token: str) -> OwnedCard:
    return get_services().cards().vault.owned(token)


def _find(token: str, link_id: str) -> HealthLink | None:
    links = get_services().cards().health_links.list(token)
    return next((link for link in links if link.id == link_id), None)


def _lasting(token: str, link_id: str) -> HealthLink:
    """A code that may be on paper: not one that ends, which paper would outlast."""
    link = _find(token, link_id)
    if link is None or link.ends_at is not None:
        abort(404)
    return link


def _papers(token: str, owned: OwnedCard) -> dict[str, CopyState]:
    """What was printed, by the ids of links; without a print no earlier version is opened."""
    if not any(link.last_print for link in owned.code_links):
        return {}
    services = get_services()
    saved = services.cards().saved_cards(token, owned)
    return {each.link.id: each for each in copies(owned, saved, services.content)}


def _address(link: HealthLink) -> str:
    """What the code says: the page for any camera, and behind it the link for a record system."""
    services = get_services()
    file = shlink(services.address("s", link.address), link.key, link.ends_at)
    return f"{services.address('c', link.reader)}#{file}"


def _until(owned: OwnedCard, link: HealthLink) -> str:
    content = get_services().content
    if link.ends_at is None:
        return content.say("record.ends-not")
    ends = local_time(owned.card.time_zone or "", link.ends_at)
    return content.say("record.ends", day=content.day(ends.date()), time=f"{ends:%H:%M}")
