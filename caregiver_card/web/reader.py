"""The public pages, and the pages and files that a reader's token opens."""

from flask import Blueprint, Response, abort, current_app, request

from caregiver_card.briefing import languages
from caregiver_card.briefing.briefing import brief
from caregiver_card.card import codec
from caregiver_card.card.patient_clock import local_day
from caregiver_card.exports import vcard
from caregiver_card.pages import emergency, guide
from caregiver_card.printing import print_languages, printer
from caregiver_card.printing.layouts import lockscreen
from caregiver_card.storage.crypto import lookup_id, read_token
from caregiver_card.storage.database import StoreFailure
from caregiver_card.storage.fault_causes import cause_of
from caregiver_card.style_sheets import OWNER, SITE, screen_style
from caregiver_card.web import limiting, page_views, request_language, responses, security
from caregiver_card.web.page_views import Certainty
from caregiver_card.web.server.work import page_work, print_work
from caregiver_card.web.services import get_services

# The smallest GIF there is: one transparent dot.
_DOT = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)


bp = Blueprint("reader", __name__)


@bp.get("/guide")
@page_work
def show_guide() -> Response:
    """The guide: every statement with its sources, without a patient."""
    response = responses.page(guide.page(get_services().content))
    response.headers["Content-Security-Policy"] = security.policy(*guide.STYLES)
    return response


@bp.get("/healthz")
@page_work
def health() -> Response:
    """For the operator: 200 if the database is reachable, 503 if not."""
    is_reachable = get_services().cards().store.ping()
    text = "ok\n" if is_reachable else "no database\n"
    return Response(text, 200 if is_reachable else 503, mimetype="text/plain")


@bp.get("/robots.txt")
@page_work
def robots() -> Response:
    """Keep crawlers out of every address with a token; names the prefixes alone."""
    lines = ["User-agent: *", *(f"Disallow: /{prefix}/" for prefix in "cofaus")]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@bp.get("/static/css/site.css")
@page_work
def site_style() -> Response:
    """The style sheet of the caregiver's pages, at the address that kept copies know."""
    return _style(SITE)


@bp.get("/static/css/owner.css")
@page_work
def owner_style() -> Response:
    """What the owner's pages need beside it."""
    return _style(OWNER)


def _style(names: tuple[str, ...]) -> Response:
    css = screen_style(*names).encode()
    response = responses.send_compressed(css, "text/css; charset=utf-8")
    response.add_etag(weak=True)
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response


@bp.get("/c/<token>", strict_slashes=False)
@page_work
def page(token: str) -> Response:
    """The emergency page, in the card's language or in the one that the address asks for."""
    services, language = get_services(), request_language.chosen()
    if language:
        page = services.cards().page_in(token, language, services.clock())
        response = responses.send_compressed(page.encode(), "text/html; charset=utf-8")
        response.vary.add("Accept-Language")
        return response
    compressed = responses.accepts_gzip()
    body = services.cards().page(token, services.clock(), compressed=compressed)
    return responses.html(body, compressed)


@bp.get("/c/<token>/page.html")
def page_file(token: str) -> Response:
    """The emergency page as a self-contained file, which names its day."""
    briefing = get_services().cards().briefing(token)
    today = local_day(briefing.time_zone, get_services().clock())
    file = emergency.page(briefing, today).encode()
    name = f"baclofen-pump-page-{today}.html"
    # In the browser it would look like the live page.
    return responses.attachment(file, "text/html; charset=utf-8", name)


@bp.get("/c/<token>/card.pdf")
@print_work
def card_pdf(token: str) -> Response:
    """A print whose code is this reader link; 400 for an unknown layout, paper or colour.

    ``back`` is the language of a card's back, if that is another.
    """
    query = request.args
    layout, paper = query.get("layout", "wallet"), query.get("paper", "a4")
    black = query.get("black", "0")
    if layout not in printer.LAYOUTS or paper not in printer.PAPERS or black not in ("0", "1"):
        abort(400)
    services = get_services()
    opened = services.cards().vault.lasting_card(token)
    other = languages.find(query.get(request_language.BACK))
    limiting.charge_card_at_address(limiting.PRINTS, opened.card_id)
    card, version = opened.card, opened.version
    pdf = printer.make_pdf(
        layout,
        brief(card, services.content, version),
        services.address("c", read_token(token)),
        paper=paper,
        black=black == "1",
        card_file=codec.encode_shared(card),
        english=print_languages.in_english(card, services.content, version),
        back=brief(card, languages.content_of(other), version) if other else None,
    )
    name = "card" if layout == "wallet" else layout
    return responses.download(pdf, "application/pdf", f"baclofen-pump-{name}.pdf")


@bp.get("/c/<token>/contact.vcf")
@page_work
def contact(token: str) -> Response:
    """The pump team as a contact (vCard)."""
    contact = vcard.contact(get_services().cards().briefing(token))
    return responses.download(contact.encode(), "text/vcard; charset=utf-8", "pump-team.vcf")


@bp.get("/c/<token>/lockscreen.png")
@print_work
def lock_screen(token: str) -> Response:
    """The picture for a phone's lock screen, whose code is this reader link."""
    size = request.args.get("size", lockscreen.USUAL)
    if size not in lockscreen.SIZES:
        abort(400)
    services = get_services()
    opened = services.cards().vault.lasting_card(token)
    limiting.charge_card_at_address(limiting.PRINTS, opened.card_id)
    briefing = brief(opened.card, services.content, opened.version)
    english = print_languages.in_english(opened.card, services.content, opened.version)
    address = services.address("c", read_token(token))
    picture = lockscreen.picture(briefing, address, size, english=english)
    return responses.download(picture, "image/png", f"baclofen-pump-lockscreen-{size}.png")


@bp.get("/c/<token>/seen")
def record_opening(token: str) -> Response:
    """Record that a person opened the page, and let the family know, unless it was the family.

    Nothing else records an opening.
    """
    services, certainty = get_services(), page_views.certainty(request)
    response = Response(_DOT, mimetype="image/gif")
    if certainty is not Certainty.NOBODY:
        cards, now = services.cards(), services.clock()
        alerts, logger = cards.alerts, current_app.logger
        try:
            card_id = cards.record_opened(token, now)
        except StoreFailure as error:
            # The page ends with this image: it shows even if nothing can be noted.
            logger.error("noting of an opening: database: %s", cause_of(error))
            return response
        cookie = alerts.device_cookie(card_id) if alerts else None
        if alerts and not (cookie and page_views.is_family_device(request, *cookie)):
            link_id, sure = lookup_id(read_token(token)).hex(), certainty is Certainty.SURE

            # After the response, so that the reader of the page does not wait.
            @response.call_on_close
            def notify() -> None:
                try:
                    alerts.record_opening(card_id, link_id, sure=sure, now=now)
                except Exception as error:
                    logger.error("telling of an opening: %s", type(error).__name__)

    return response
