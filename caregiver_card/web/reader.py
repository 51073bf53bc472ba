"""What anyone can open, and what a reader's token opens."""

from flask import Blueprint, Response, abort, current_app, request

from caregiver_card.briefing.briefing import brief
from caregiver_card.card import codec
from caregiver_card.card.patient_clock import local_day
from caregiver_card.exports import vcard
from caregiver_card.pages import emergency, guide
from caregiver_card.printing import printer
from caregiver_card.printing.layouts import lockscreen
from caregiver_card.storage.crypto import lookup_id, read_token
from caregiver_card.style_sheets import screen_style
from caregiver_card.web import page_views, responses
from caregiver_card.web.page_views import Visitor
from caregiver_card.web.services import services

# The smallest GIF there is: one transparent dot.
_DOT = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)


public = Blueprint("public", __name__)


@public.get("/guide")
def show_guide() -> Response:
    """Every statement with its sources, and no patient."""
    return responses.page(guide.page(services().content))


@public.get("/healthz")
def health() -> Response:
    """For the operator: 200 with the database reachable, 503 without."""
    alive = services().keeper().store.ping()
    words = "ok\n" if alive else "no database\n"
    return Response(words, 200 if alive else 503, mimetype="text/plain")


@public.get("/robots.txt")
def robots() -> Response:
    """Prefixes only: the address of a card stands nowhere."""
    lines = ["User-agent: *", *(f"Disallow: /{each}/" for each in "cofau")]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@public.get("/static/css/site.css")
def site_style() -> Response:
    """The style sheet of the caregiver's pages, at the address that kept copies know."""
    response = responses.packed(screen_style("site.css").encode(), "text/css; charset=utf-8")
    response.add_etag(weak=True)
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response


@public.get("/c/<token>", strict_slashes=False)
def page(token: str) -> Response:
    """The emergency page."""
    here = services()
    compressed = responses.takes_gzip()
    return responses.html(
        here.keeper().page(token, here.clock(), compressed=compressed), compressed
    )


@public.get("/c/<token>/page.html")
def page_file(token: str) -> Response:
    """The emergency page as one file that opens from anywhere; it says of which day it is."""
    briefing = services().keeper().briefing(token)
    today = local_day(briefing.time_zone, services().clock())
    file = emergency.page(briefing, today).encode()
    response = responses.download(file, "text/html; charset=utf-8", "")
    # Not to be shown: it would pass for the page that the server keeps up to date.
    name = f"baclofen-pump-page-{today}.html"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@public.get("/c/<token>/card.pdf")
def card_pdf(token: str) -> Response:
    """A print of this very copy; whoever asks for what there is not gets no other layout."""
    asked = request.args
    layout, paper = asked.get("layout", "wallet"), asked.get("paper", "a4")
    black = asked.get("black", "0")
    if layout not in printer.LAYOUTS or paper not in printer.PAPERS or black not in ("0", "1"):
        abort(400)
    here = services()
    opened = here.keeper().vault.card(token)
    pdf = printer.write(
        layout,
        brief(opened.card, here.content, opened.version),
        here.address("c", read_token(token)),
        paper=paper,
        black=black == "1",
        card_file=codec.encode_shared(opened.card),
    )
    name = "card" if layout == "wallet" else layout
    return responses.download(pdf, "application/pdf", f"baclofen-pump-{name}.pdf")


@public.get("/c/<token>/contact.vcf")
def contact(token: str) -> Response:
    """The pump team as a contact."""
    words = vcard.contact(services().keeper().briefing(token))
    return responses.download(words.encode(), "text/vcard; charset=utf-8", "pump-team.vcf")


@public.get("/c/<token>/lockscreen.png")
def lock_screen(token: str) -> Response:
    """The picture for a phone's lock screen, whose code opens this very copy."""
    size = request.args.get("size", lockscreen.USUAL)
    if size not in lockscreen.SIZES:
        abort(400)
    briefing = services().keeper().briefing(token)
    picture = lockscreen.picture(briefing, services().address("c", read_token(token)), size)
    return responses.download(picture, "image/png", f"baclofen-pump-lockscreen-{size}.png")


@public.get("/c/<token>/seen")
def seen(token: str) -> Response:
    """The one place where an opening is recorded, and from where the family hears of it."""
    here, who = services(), page_views.visitor(request)
    answer = Response(_DOT, mimetype="image/gif")
    if who is not Visitor.NOBODY:
        keeper, now = here.keeper(), here.clock()
        card_id = keeper.record_opened(token, now)
        bureau, logger = keeper.alerts, current_app.logger
        if bureau and not page_views.is_family_device(request, *bureau.device_cookie(card_id)):
            copy, sure = lookup_id(read_token(token)).hex(), who is Visitor.SURE

            # After the answer has gone out: nobody who reads the page waits for this.
            @answer.call_on_close
            def tell() -> None:
                try:
                    bureau.record_opening(card_id, copy, sure=sure, now=now)
                except Exception as fault:
                    logger.error("telling of an opening: %s", type(fault).__name__)

    return answer
