"""A card as a file for a hospital's record system, for whoever has a reader's link."""

from flask import Blueprint, Response, abort, request

from caregiver_card.briefing.briefing import brief
from caregiver_card.exports.ips import bundle
from caregiver_card.printing import usual_print
from caregiver_card.storage.crypto import read_token
from caregiver_card.web import limiting, responses
from caregiver_card.web.server.work import print_work
from caregiver_card.web.services import get_services

bp = Blueprint("hospital_record", __name__)


@bp.get("/c/<token>/summary.json")
@print_work
def summary(token: str) -> Response:
    """The card of today as a summary; ``?pdf=1`` puts the emergency sheet in, which is kept."""
    with_sheet = request.args.get("pdf", "0")
    if with_sheet not in ("0", "1"):
        abort(400)
    services = get_services()
    vault = services.cards().vault
    opened = vault.lasting_card(token) if with_sheet == "1" else vault.card(token)
    card, version, pdf = opened.card, opened.version, None
    briefing = brief(card, services.content, version)
    if with_sheet == "1":
        limiting.charge_card_at_address(limiting.PRINTS, opened.card_id)
        address = services.address("c", read_token(token))
        pdf = usual_print.make("sheet", card, briefing, version, address)
    seed = bundle.seed_of(opened.card_id, version)
    made = bundle.bundle(card, briefing, seed, services.clock(), pdf)
    return responses.attachment(bundle.encode(made), bundle.MEDIA_TYPE, bundle.FILE_NAME)
