"""Validate and save the changes of the owner's forms."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, redirect, request
from werkzeug.wrappers import Response

from caregiver_card.card.model import Card
from caregiver_card.card.patient_clock import patient_day
from caregiver_card.card.rules import Fault
from caregiver_card.questionnaire import answers, confirmations, known_pump
from caregiver_card.questionnaire.answers import Answers
from caregiver_card.questionnaire.draft import Draft
from caregiver_card.storage.crypto import read_token
from caregiver_card.storage.records import OwnedCard
from caregiver_card.storage.store import EditedElsewhere
from caregiver_card.web import limiting, redaction
from caregiver_card.web.owner import choosing, form_drafts
from caregiver_card.web.services import get_services

# The names of the forms that are not a section of a card.
NEW, REFILL = "new", form_drafts.REFILL


@dataclass(frozen=True, slots=True)
class Validated:
    """Answers with the ticked confirmations, their faults, and the card if there are no faults."""

    typed: Answers
    faults: list[Fault]
    card: Card | None


def owned(token: str) -> OwnedCard:
    """Return the card of an owner's token; raises ``vault.UnknownCard``."""
    return get_services().cards().vault.owned(token)


def draft(token: str, form: str = "") -> str:
    """The name of a form's draft on a device.

    Without ``form``, the beginning of the names of all drafts of the card.
    """
    return f"{redaction.short_hash(read_token(token))} {form}"


def draft_context(token: str, form: str, now: OwnedCard, held: Draft | None) -> dict[str, Any]:
    """The template variables of a form: its loaded version, and its draft."""
    loaded = held.version if held else now.version
    return {
        "version": loaded,
        "newer": loaded != now.version,
        "draft": draft(token, form),
        "typed": held is not None,
        "gone": form_drafts.is_gone(held),
        "begun": form_drafts.offered(now, form, held),
    }


def today(card: Card) -> date:
    """The present day in the patient's time zone.

    Under a slow clock it is the day on which the card was confirmed: no day is taken back.
    """
    return max(patient_day(card, get_services().clock()), card.verified.on)


def loaded_version(token: str, now: OwnedCard, loaded: int) -> Card:
    """The version that the form was filled in from; it may be a past one by now."""
    if loaded == now.version:
        return now.card
    return get_services().cards().vault.version(token, loaded)


def save(
    token: str, now: OwnedCard, card: Card, base: Card, note: str, form: str
) -> Response | tuple[str, int]:
    """Save a new version; on a conflict, lead to it beside the version that was saved first."""
    services = get_services()
    limiting.charge_card(limiting.SAVES, read_token(token))
    try:
        saved = services.cards().save(token, card, version(), note, services.clock())
    except EditedElsewhere:
        begun = choosing.begun(answers.from_card(card), form, version(), note)
        return choosing.lead(token, owned(token), base, begun, today(card))
    form_drafts.erase(now, form, choosing.FORM)
    return redirect(f"/o/{read_token(token)}/saved?from={saved - 1}&of={form}", 303)


def validate(typed: Answers, today: date, is_asked: Callable[[Fault], bool]) -> Validated:
    """Validate answers; ``is_asked`` picks the open questions that this page asks."""
    typed = known_pump.with_maker(typed)
    ticked = set(request.form.getlist("confirm"))
    typed = confirmations.with_ticked(typed, answers.read(typed, today).faults, ticked)
    reading = answers.read(typed, today)
    asked = [fault for fault in confirmations.open_questions(reading.faults) if is_asked(fault)]
    faults = [*reading.errors, *asked]
    return Validated(typed, faults, None if faults else reading.card)


def version(name: str = "version") -> int:
    """The number of a version in the form; 400 for anything else."""
    number = request.form.get(name, "")
    if not (number.isascii() and number.isdecimal() and len(number) < 8):
        abort(400)
    return int(number)
