"""The owner's page and what is done from it: confirm the card, make and revoke copies."""

from dataclasses import replace

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from caregiver_card import export_zip
from caregiver_card.briefing import version_mark
from caregiver_card.briefing.fault_messages import sentence
from caregiver_card.card import values
from caregiver_card.card.rules import ERROR, Fault
from caregiver_card.exports import device_list
from caregiver_card.printing import printer
from caregiver_card.printing.layouts import lockscreen
from caregiver_card.storage.crypto import read_token
from caregiver_card.storage.records import OwnedCard, ReaderLink
from caregiver_card.storage.store import EditedElsewhere
from caregiver_card.web import page_views, templating
from caregiver_card.web.alerts import reach_summary
from caregiver_card.web.owner import conflicts
from caregiver_card.web.services import services

# Each save seals its key for every copy anew; nobody keeps this many apart.
MOST_COPIES = 40
# How many versions stand on the owner's page itself.
_RECENT = 3
_SAID = ("confirmed", "unchanged", "copied", "revoked", "gone", "saved", "heard")
_label = values.text(40)

owner = Blueprint("owner", __name__, url_prefix="/o/<token>")
templating.with_script(owner)


@owner.get("", strict_slashes=False)
def page(token: str) -> str:
    """What needs attention, what the card says, its copies and its history."""
    here = services()
    keeper, now = here.keeper(), here.clock()
    view = keeper.overview(token, now)
    said = request.args.get("said", "")
    _ours(view.owned)
    return render_template(
        "owner/owner.html",
        o=view,
        b=view.briefing,
        say=here.content,
        home=owner_path(token),
        past=keeper.past_versions(token, view.owned, view.owned.version + 1, _RECENT),
        said=said if said in _SAID else "",
        mark=version_mark.mark_of(view.briefing),
        most_whole=export_zip.MAX_FULLY_PRINTED,
        record=device_list.device_entry(view.briefing, read_token(token), view.owned.reader),
        heard=reach_summary.heard(view.owned.card_id),
    )


@owner.post("/still-right")
def still_right(token: str) -> Response | tuple[str, int]:
    """Confirm the card as it is: a new version whose only change is its day."""
    here = services()
    view = here.keeper().overview(token, here.clock())
    owned, seen = view.owned, conflicts.version_seen()
    if owned.version != seen:
        return conflicts.still_right(token, view, seen)
    if view.confirmed_today:
        return flash_code(token, "unchanged")
    card = replace(owned.card, verified=replace(owned.card.verified, on=view.today))
    try:
        note = here.content.say("owner.note_confirmed")
        here.keeper().save(token, card, seen, note, here.clock())
    except EditedElsewhere:
        fresh = here.keeper().overview(token, here.clock())
        return conflicts.still_right(token, fresh, seen)
    return flash_code(token, "confirmed")


@owner.route("/copies/new", methods=["GET", "POST"])
def new_copy(token: str) -> str | Response | tuple[str, int]:
    """One more copy with a label and an address of its own."""
    here = services()
    owned = here.keeper().vault.owned(token)
    if request.method == "GET":
        return _copy_form(token, "", "")
    typed = request.form.get("label", "")
    label, error = _checked(typed, owned)
    if error:
        return _copy_form(token, typed, error), 422
    vault = here.keeper().vault
    copy = conflicts.retry_on_conflict(lambda: vault.add_reader_link(token, label, here.today))
    if bureau := here.keeper().alerts:
        bureau.set_link_labels(owned.card_id, {copy.id: copy.label}, here.clock())
    return flash_code(token, "copied")


@owner.get("/copies/<copy_id>")
def prints(token: str, copy_id: str) -> str | Response:
    """Every print of one copy, on either paper, in colour or in black."""
    copy = _copy(services().keeper().vault.owned(token), copy_id)
    if copy is None:
        return flash_code(token, "gone")
    return render_template(
        "owner/prints.html",
        copy=copy,
        home=owner_path(token),
        layouts=printer.LAYOUTS,
        papers=printer.PAPERS,
        unpapered=printer.CARD_SIZED,
        sizes=lockscreen.SIZES,
        usual_size=lockscreen.USUAL,
    )


@owner.route("/copies/<copy_id>/revoke", methods=["GET", "POST"])
def revoke(token: str, copy_id: str) -> str | Response:
    """Make one copy open nothing any more; asked once more in words."""
    here = services()
    copy = _copy(here.keeper().vault.owned(token), copy_id)
    if copy is None:
        return flash_code(token, "gone")
    if request.method == "GET":
        return render_template(
            "owner/revoke.html", copy=copy, home=owner_path(token), say=here.content
        )
    here.keeper().vault.revoke(token, copy.id)
    return flash_code(token, "revoked")


def owner_path(token: str) -> str:
    """The path of the owner's page, in one spelling."""
    return f"/o/{read_token(token)}"


def flash_code(token: str, said: str) -> Response:
    """Back to the owner's page, which says what was done."""
    return redirect(f"{owner_path(token)}?said={said}", 303)


def _ours(owned: OwnedCard) -> None:
    """What opens an owner's page is one of the family's phones: its look at a card is no news."""
    here = services()
    if bureau := here.keeper().alerts:
        page_views.remember_family_device(
            *bureau.device_cookie(owned.card_id), secure=here.config.is_secure
        )


def _copy(owned: OwnedCard, copy_id: str) -> ReaderLink | None:
    return next((each for each in owned.reader_links if each.id == copy_id), None)


def _copy_form(token: str, typed: str, error: str) -> str:
    return render_template("owner/copy.html", typed=typed, error=error, home=owner_path(token))


def _checked(typed: str, owned: OwnedCard) -> tuple[str, str]:
    """A label that can be used, or why it cannot, in words."""
    say = services().content.say
    if len(owned.reader_links) >= MOST_COPIES:
        return "", say("owner.copies_full", most=MOST_COPIES)
    try:
        label = _label(typed, None)
    except values.InvalidValue as fault:
        found = Fault(ERROR, "label", fault.code, fault.details)
        return "", say("owner.label_fault", fault=sentence(found, services().content))
    if label.casefold() in {each.label.casefold() for each in owned.reader_links}:
        return "", say("owner.label_taken", label=label)
    return label, ""
