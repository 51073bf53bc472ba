"""The drafts of the owner's forms on the server, so that a browser's Back opens them again."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from flask import redirect, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from caregiver_card.questionnaire.draft import Draft
from caregiver_card.storage.database import StoreFailure
from caregiver_card.storage.records import OwnedCard
from caregiver_card.web import drafts, limiting

# The value of the button that erases the draft.
CLEAR = "clear"
# The name of the form after a refill.
REFILL = "refill"
# In the address of a form that has a draft: without one it says that the draft is gone.
_KEPT = "typed"


def read(now: OwnedCard, form: str) -> Draft | None:
    """Return this browser's draft of a form of a card, where the address asks for it.

    Under the form's own address what was typed earlier would pass for what the card says.
    """
    return drafts.read(_name(now, form)) if _KEPT in request.args else None


def offered(now: OwnedCard, form: str, held: Draft | None) -> str:
    """Return the address of a draft that this page does not show; "" if there is none."""
    return "" if held or _KEPT in request.args else waiting(now, form, request.path)


def waiting(now: OwnedCard, form: str, at: str) -> str:
    """Return the address of a form's draft, whose form is at ``at``; "" if there is none."""
    return f"{at}?{_KEPT}=1" if drafts.read(_name(now, form)) else ""


def is_gone(held: Draft | None) -> bool:
    """Whether the address is that of a draft which was saved, erased or has ended."""
    return held is None and _KEPT in request.args


def keep(
    now: OwnedCard,
    form: str,
    begun: Draft,
    page: Callable[[], str],
    growing: str = "",
    at: str = "",
) -> Response | tuple[str, int]:
    """Keep a draft and lead to its page; where it cannot be kept, answer with the page itself.

    Its page is ``at``, or where the form was sent to.
    """
    try:
        drafts.write(_name(now, form), begun)
    except (StoreFailure, limiting.LimitReached, RequestEntityTooLarge):
        return page(), 422 if begun.sent else 200
    return redirect(f"{at or request.path}?{_KEPT}=1{f'&add={growing}' if growing else ''}", 303)


def sent(form: str, faults: Mapping[str, str]) -> Draft:
    """Return a small form as it was sent, with what is wrong in words, by field.

    What was ticked of one name is joined by spaces.
    """
    names = request.form.keys() - {"csrf_token", "go"}
    typed = {name: " ".join(request.form.getlist(name)) for name in sorted(names)}
    return Draft(typed, frozenset({form}), dict(faults))


def refuse(
    now: OwnedCard,
    form: str,
    faults: Mapping[str, str],
    page: Callable[[Draft], str],
    at: str = "",
) -> Response | tuple[str, int]:
    """Keep a small form as it was sent, with what is wrong in it, and lead to its page."""
    begun = sent(form, faults)
    return keep(now, form, begun, lambda: page(begun), at=at)


def context(now: OwnedCard, form: str, held: Draft | None) -> dict[str, Any]:
    """The template variables of a small form (owner/_draft_told.html, _draft_clear.html)."""
    return {
        "kept": held is not None,
        "gone": is_gone(held),
        "begun": offered(now, form, held),
    }


def clear(now: OwnedCard, form: str) -> Response:
    """Erase a draft, and lead to the form as the card has it."""
    drafts.erase(_name(now, form))
    return redirect(request.path, 303)


def erase(now: OwnedCard, *forms: str) -> None:
    """Erase drafts that were saved; what cannot be erased now ends within a day."""
    with suppress(StoreFailure):
        for form in forms:
            drafts.erase(_name(now, form))


def _name(now: OwnedCard, form: str) -> str:
    return f"{now.card_id.hex()} {form}"
