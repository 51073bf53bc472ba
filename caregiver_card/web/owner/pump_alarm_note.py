"""A note in the card's history that the pump made a sound, sealed like every note."""

from functools import partial

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from caregiver_card import owner_overview
from caregiver_card.briefing.briefing import brief
from caregiver_card.briefing.fault_messages import sentence
from caregiver_card.card import values
from caregiver_card.card.patient_clock import local_time
from caregiver_card.card.rules import ERROR, Fault
from caregiver_card.pages import pump_alarm
from caregiver_card.questionnaire.draft import Draft
from caregiver_card.storage.crypto import read_token
from caregiver_card.storage.records import OwnedCard, marked_note
from caregiver_card.web import limiting, templating
from caregiver_card.web.owner import conflicts, form_drafts
from caregiver_card.web.owner.home import owner_path, redirect_home
from caregiver_card.web.services import get_services

# The name of the draft of a note.
_FORM = "heard"
_own = values.text(300)

bp = Blueprint("pump_alarm_note", __name__)
templating.with_script(bp)


@bp.get("/o/<token>/heard")
def page(token: str) -> str:
    """Whom to call first, then the form for what was heard."""
    owned = get_services().cards().vault.owned(token)
    return _page(token, owned, form_drafts.read(owned, _FORM))


@bp.post("/o/<token>/heard")
def add(token: str) -> Response | tuple[str, int]:
    """Save a version that differs by its note alone: a sound changes nothing on the card."""
    services = get_services()
    owned = services.cards().vault.owned(token)
    if request.form.get("go") == form_drafts.CLEAR:
        return form_drafts.clear(owned, _FORM)
    faults, own = _validate()
    if faults:
        return form_drafts.refuse(owned, _FORM, faults, partial(_page, token, owned))
    limiting.charge_card(limiting.SAVES, read_token(token))
    words = " ".join(filter(None, [_note(owned), own]))
    _save(token, marked_note(words, owner_overview.sound_mark(request.form["signs"])))
    form_drafts.erase(owned, _FORM)
    return redirect_home(token, "heard")


@bp.post("/o/<token>/heard/answered")
def answer(token: str) -> Response:
    """Note that somebody answered the sound, so that it heads the owner's page no more."""
    services = get_services()
    if owner_overview.noted_sound(services.cards().vault.owned(token)) is None:
        return redirect_home(token, "unchanged")
    limiting.charge_card(limiting.SAVES, read_token(token))
    _save(token, services.content.say("heard.note_answered"))
    return redirect_home(token, "answered")


def _save(token: str, note: str) -> None:
    services = get_services()

    def save() -> int:
        present = services.cards().vault.owned(token)
        return services.cards().save(token, present.card, present.version, note, services.clock())

    conflicts.retry_on_conflict(save)


def _note(owned: OwnedCard) -> str:
    services = get_services()
    now = local_time(owned.card.time_zone or "", services.clock())
    sound, signs = request.form["sound"], request.form["signs"]
    return services.content.say(
        "heard.note",
        day=now.date(),
        time=f"{now:%H:%M %Z}",
        sound=services.content.say(f"beeping.sound-{sound}"),
        signs=services.content.say(f"heard.signs-{signs}"),
    )


def _validate() -> tuple[dict[str, str], str]:
    """The messages for what is wrong, by field, and the person's own words."""
    content, faults, own = get_services().content, {}, ""
    for name, choices in (("sound", pump_alarm.SOUNDS), ("signs", owner_overview.SIGNS)):
        if request.form.get(name) not in choices:
            faults[name] = content.say(f"heard.missing-{name}")
    typed = request.form.get("own", "").strip()
    try:
        own = _own(typed, None) if typed else ""
    except values.InvalidValue as error:
        message = sentence(Fault(ERROR, "own", error.code, error.details), content)
        faults["own"] = content.say("heard.own_fault", fault=message)
    return faults, own


def _page(token: str, owned: OwnedCard, held: Draft | None) -> str:
    content = get_services().content
    return render_template(
        "owner/pump_alarm_note.html",
        home=owner_path(token),
        b=brief(owned.card, content),
        copy=owned.reader_links[0] if owned.reader_links else None,
        sounds=[(key, content.say(f"beeping.sound-{key}")) for key in pump_alarm.SOUNDS],
        signs=[(key, content.say(f"heard.signs-{key}")) for key in owner_overview.SIGNS],
        rules=[content.clinical(f"alarms.{key}") for key in ("with_signs", "without_signs")],
        faults=held.said if held else {},
        typed=held.typed if held else {},
        **form_drafts.context(owned, _FORM, held),
    )
