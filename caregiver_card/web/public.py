"""What anyone can open, and what a reader's token opens."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, abort, request

from caregiver_card import guide, vcard, wallet
from caregiver_card.crypto import read_token
from caregiver_card.keeper import Keeper

LAYOUTS = ("wallet",)
PAPERS = ("a4", "letter")
_HTML = "text/html; charset=utf-8"
# The smallest GIF there is: one transparent dot.
_DOT = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)


def blueprint(
    keeper: Callable[[], Keeper], clock: Callable[[], datetime], public_url: str
) -> Blueprint:
    """The public addresses; ``keeper`` opens the store when it is first needed."""
    public = Blueprint("public", __name__)

    @public.get("/guide")
    def show_guide() -> str:
        return guide.page(keeper().content)

    @public.get("/healthz")
    def health() -> Response:
        alive = keeper().store.ping()
        return Response(
            "ok\n" if alive else "no database\n", 200 if alive else 503, mimetype="text/plain"
        )

    @public.get("/robots.txt")
    def robots() -> Response:
        # Prefixes only: an address of a card stands nowhere.
        lines = ["User-agent: *", *(f"Disallow: /{each}/" for each in "cofau")]
        return Response("\n".join(lines) + "\n", mimetype="text/plain")

    @public.get("/c/<token>", strict_slashes=False)
    def page(token: str) -> Response:
        answer = keeper().page(token, clock(), compressed=_takes_gzip())
        response = Response(answer.body, content_type=_HTML)
        if answer.compressed:
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Vary"] = "Accept-Encoding"
        return response

    @public.get("/c/<token>/card.pdf")
    def card_pdf(token: str) -> Response:
        if request.args.get("layout", "wallet") not in LAYOUTS:
            abort(400)
        if request.args.get("paper", "a4") not in PAPERS:
            abort(400)
        briefing = keeper().briefing(token)
        pdf = wallet.card(briefing, f"{public_url}/c/{read_token(token)}")
        return _download(pdf, "application/pdf", "baclofen-pump-card.pdf")

    @public.get("/c/<token>/contact.vcf")
    def contact(token: str) -> Response:
        words = vcard.contact(keeper().briefing(token))
        return _download(words.encode(), "text/vcard; charset=utf-8", "pump-team.vcf")

    @public.get("/c/<token>/seen")
    def seen(token: str) -> Response:
        # A prefetch is not a person, and neither is a question about the headers.
        if request.method == "GET" and "Sec-Purpose" not in request.headers:
            keeper().seen(token, clock())
        return Response(_DOT, mimetype="image/gif")

    return public


def _takes_gzip() -> bool:
    accepted = request.environ.get("HTTP_ACCEPT_ENCODING", "")
    return "gzip" in accepted and "gzip;q=0" not in accepted.replace(" ", "")


def _download(body: bytes, kind: str, name: str) -> Response:
    response = Response(body, content_type=kind)
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
