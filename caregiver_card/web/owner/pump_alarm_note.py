"""The pump made a sound: a note of it in the card's history, sealed like every note."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from caregiver_card.briefing.briefing import brief
from caregiver_card.briefing.fault_messages import sentence
from caregiver_card.card import values
from caregiver_card.card.patient_clock import local_time
from caregiver_card.card.rules import ERROR, Fault
from caregiver_card.pages import pump_alarm
from caregiver_card.storage.records import OwnedCard
from caregiver_card.web.owner import conflicts
from caregiver_card.web.owner.home import flash_code, owner_path
from caregiver_card.web.services import services

_SIGNS = ("yes", "no", "unsure")
_own = values.text(300)

heard = Blueprint("heard", __name__)


@heard.get("/o/<token>/heard")
def page(token: str) -> str:
    """Whom to call first; then what was heard, to be kept."""
    return _page(token, services().keeper().vault.owned(token), {})


@heard.post("/o/<token>/heard")
def keep(token: str) -> Response | tuple[str, int]:
    """A new version that differs by its note alone: a sound changes nothing on the card."""
    here = services()
    owned = here.keeper().vault.owned(token)
    faults, own = _checked()
    if faults:
        return _page(token, owned, faults), 422
    note = " ".join(filter(None, [_note(owned), own]))

    def save() -> int:
        present = here.keeper().vault.owned(token)
        return here.keeper().save(token, present.card, present.version, note, here.clock())

    conflicts.retry_on_conflict(save)
    return flash_code(token, "heard")


def _note(owned: OwnedCard) -> str:
    here = services()
    now = local_time(owned.card.time_zone or "", here.clock())
    sound, signs = request.form["sound"], request.form["signs"]
    return here.content.say(
        "heard.note",
        day=now.date(),
        time=f"{now:%H:%M %Z}",
        sound=here.content.say(f"beeping.sound-{sound}"),
        signs=here.content.say(f"heard.signs-{signs}"),
    )


def _checked() -> tuple[dict[str, str], str]:
    """What is wrong, field by field, in words; and the person's own words."""
    content, faults, own = services().content, {}, ""
    for name, known in (("sound", pump_alarm.SOUNDS), ("signs", _SIGNS)):
        if request.form.get(name) not in known:
            faults[name] = content.say(f"heard.missing-{name}")
    typed = request.form.get("own", "").strip()
    try:
        own = _own(typed, None) if typed else ""
    except values.InvalidValue as fault:
        said = sentence(Fault(ERROR, "own", fault.code, fault.details), content)
        faults["own"] = content.say("heard.own_fault", fault=said)
    return faults, own


def _page(token: str, owned: OwnedCard, faults: dict[str, str]) -> str:
    content = services().content
    return render_template(
        "owner/pump_alarm_note.html",
        home=owner_path(token),
        b=brief(owned.card, content),
        copy=owned.reader_links[0] if owned.reader_links else None,
        sounds=[(key, content.say(f"beeping.sound-{key}")) for key in pump_alarm.SOUNDS],
        signs=[(key, content.say(f"heard.signs-{key}")) for key in _SIGNS],
        rules=[content.clinical(f"alarms.{key}") for key in ("with_signs", "without_signs")],
        faults=faults,
        typed=request.form,
    )
