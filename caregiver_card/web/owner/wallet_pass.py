"""A pass for a phone's wallet: the owner makes a copy for it, and the phone gets the pass.

Where the operator set no certificate, these addresses are not there.
"""

from functools import partial

from flask import Blueprint, Response, render_template, request
from flask import redirect as redirect_to
from werkzeug.wrappers import Response as AnyResponse

from caregiver_card.exports import wallet_pass
from caregiver_card.exports.pass_signature import OutOfDate, PassSigner
from caregiver_card.questionnaire.draft import Draft
from caregiver_card.storage.crypto import lookup_id, read_token
from caregiver_card.storage.records import OwnedCard
from caregiver_card.web import responses, security, templating
from caregiver_card.web.owner import form_drafts, home
from caregiver_card.web.services import get_services

# The name of the draft of a new pass.
_FORM = "pass"

bp = Blueprint("wallet_pass", __name__)
templating.with_script(bp)


@bp.get("/c/<token>/card.pkpass")
def card_pass(token: str) -> Response:
    """The card of today as a pass whose code is this reader link.

    503 while the certificate does not hold.
    """
    services, token = get_services(), read_token(token)
    briefing = services.cards().briefing(token, lasting=True)
    address = services.address("c", token)
    serial, operator = lookup_id(token).hex(), services.config.operator_contact
    made = wallet_pass.wallet_pass(briefing, address, serial, _signer(), services.clock(), operator)
    return responses.attachment(made, wallet_pass.MEDIA_TYPE, wallet_pass.FILE_NAME)


@bp.get("/o/<token>/pass")
def page(token: str) -> str:
    """What a pass shows and what not, and the form for one."""
    owned = get_services().cards().vault.owned(token)
    _signer().check(get_services().clock())
    return _page(token, owned, form_drafts.read(owned, _FORM))


@bp.post("/o/<token>/pass")
def add(token: str) -> AnyResponse | tuple[str, int]:
    """Add a copy for a pass, unless the certificate does not hold, and lead to the pass."""
    owned = get_services().cards().vault.owned(token)
    _signer().check(get_services().clock())
    if request.form.get("go") == form_drafts.CLEAR:
        return form_drafts.clear(owned, _FORM)
    link, error = home.add_copy(token, owned, request.form.get("label", ""))
    if link is None:
        return form_drafts.refuse(owned, _FORM, {"label": error}, partial(_page, token, owned))
    form_drafts.erase(owned, _FORM)
    return redirect_to(f"{home.owner_path(token)}/pass/{link.id}", 303)


@bp.get("/o/<token>/pass/<link_id>")
def ready(token: str, link_id: str) -> str | AnyResponse:
    """Where the phone gets the pass of one copy."""
    link = home.reader_link(get_services().cards().vault.owned(token), link_id)
    if link is None:
        return home.redirect_home(token, "gone")
    return render_template("owner/pass_ready.html", copy=link, home=home.owner_path(token))


@bp.errorhandler(OutOfDate)
def refuse(error: OutOfDate) -> Response:
    """Say until when or from when the certificate holds; nothing was made."""
    content = get_services().content
    say = partial(content.say, day=error.at.date())
    reason = say("pass.ended") if error.is_over else say("pass.early")
    return security.error_page(503, words="pass", reason=reason)


def _page(token: str, owned: OwnedCard, held: Draft | None) -> str:
    return render_template(
        "owner/pass.html",
        home=home.owner_path(token),
        typed=held.typed.get("label", "") if held else "",
        error=held.said.get("label", "") if held else "",
        **form_drafts.context(owned, _FORM, held),
    )


def _signer() -> PassSigner:
    signer = get_services().pass_signer
    assert signer, "the addresses are there with a signer alone"
    return signer
