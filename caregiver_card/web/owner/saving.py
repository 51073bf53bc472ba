"""Where an owner's changes are judged and kept, whichever page they come from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, redirect, render_template, request
from werkzeug.wrappers import Response

from caregiver_card.card.model import Card
from caregiver_card.card.patient_clock import patient_day
from caregiver_card.card.rules import Fault
from caregiver_card.questionnaire import answers, confirmations, merge
from caregiver_card.questionnaire.answers import Answers
from caregiver_card.storage.crypto import read_token
from caregiver_card.storage.records import OwnedCard
from caregiver_card.storage.store import EditedElsewhere
from caregiver_card.web import redaction
from caregiver_card.web.forms import check_answers, form_fields
from caregiver_card.web.services import services

# The names of forms that are no section of a card.
NEW, REFILL = "new", "refill"


@dataclass(frozen=True, slots=True)
class Validated:
    """Answers with what was ticked, what is to be said of them, and the card if that is nothing."""

    typed: Answers
    faults: list[Fault]
    card: Card | None


def owned(token: str) -> OwnedCard:
    """The card behind an owner's token; raises ``vault.UnknownCard``."""
    return services().keeper().vault.owned(token)


def draft(token: str, form: str = "") -> str:
    """What a device calls the draft of a form; of all forms of a card, how their names begin."""
    return f"{redaction.short(read_token(token))} {form}"


def draft_context(token: str, form: str, now: OwnedCard) -> dict[str, Any]:
    """What the page of a form says of the version it was made from, and of its draft."""
    made_from = version() if request.form else now.version
    return {
        "version": made_from,
        "newer": made_from != now.version,
        "draft": draft(token, form),
        "typed": bool(request.form),
    }


def today(card: Card) -> date:
    """The patient's day."""
    return patient_day(card, services().clock())


def loaded_version(token: str, now: OwnedCard) -> Card:
    """The version that a form was filled in from, which may be past by now."""
    stated = version()
    return now.card if stated == now.version else services().keeper().vault.version(token, stated)


def keep(token: str, card: Card, base: Card, note: str, of: str) -> Response | tuple[str, int]:
    """Save a new version, or show it beside the one that was quicker; ``of``: the form's name."""
    here = services()
    try:
        made = here.keeper().save(token, card, version(), note, here.clock())
    except EditedElsewhere:
        return choose_page(token, answers.from_card(card), base, note, of, {}, []), 409
    return redirect(f"/o/{token}/saved?from={made - 1}&of={of}", 303)


def choose_page(
    token: str,
    mine: Answers,
    base: Card,
    note: str,
    of: str,
    picks: dict[str, str],
    faults: list[Fault],
) -> str:
    """Two versions side by side, field by field."""
    now, content = owned(token), services().content
    theirs = answers.from_card(now.card)
    drawn = []
    for each in merge.differences(answers.from_card(base), mine, theirs):
        options = [
            (merge.MINE, check_answers.whole(each.path, mine, content)),
            (merge.THEIRS, check_answers.whole(each.path, theirs, content)),
        ]
        name = form_fields.named(each.path, content)
        drawn.append((each.path, name, options, picks.get(each.path) or each.proposed))
    return render_template(
        "owner/choose_version.html",
        token=token,
        version=now.version,
        base=version("base") if "base" in request.form else version(),
        mine=answers.dumps(mine),
        note=note,
        of=of,
        differences=drawn,
        unpicked=[each for each in drawn if each[0] in picks and not picks[each[0]]],
        faults=[form_fields.sentence(each, content) for each in faults],
    )


def validate(typed: Answers, today: date, here: Callable[[Fault], bool]) -> Validated:
    """What comes of answers; ``here`` picks the questions that this page asks."""
    ticked = set(request.form.getlist("confirm"))
    typed = confirmations.with_ticked(typed, answers.read(typed, today).faults, ticked)
    reading = answers.read(typed, today)
    asked = [each for each in confirmations.open_questions(reading.faults) if here(each)]
    shown = [*reading.errors, *asked]
    return Validated(typed, shown, None if shown else reading.card)


def version(name: str = "version") -> int:
    """The number of a version in a form; anything else is no form of ours."""
    stated = request.form.get(name, "")
    if not (stated.isascii() and stated.isdecimal() and len(stated) < 8):
        abort(400)
    return int(stated)


def status_code(faults: list[Fault] | None) -> int:
    """How a form's page answers: 422 where what was sent was not taken, for whatever reason."""
    return 422 if faults else 200
