"""Conflicts: somebody else saved the card first. Both versions are shown, and a person chooses."""

from collections.abc import Callable
from typing import TypeVar

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from caregiver_card.briefing.changes import changes
from caregiver_card.card.model import Card
from caregiver_card.owner_overview import Overview
from caregiver_card.storage.crypto import read_token
from caregiver_card.storage.store import EditedElsewhere
from caregiver_card.web.services import get_services

_T = TypeVar("_T")
# More than two saves at the same moment are very unlikely, so five attempts are plenty.
_TRIES = 5


def retry_on_conflict(change: Callable[[], _T]) -> _T:
    """Return the result of ``change``, and repeat it on a conflict.

    For changes that depend on nothing in the card. Raises ``EditedElsewhere`` after five attempts.
    """
    for _ in range(_TRIES - 1):
        try:
            return change()
        except EditedElsewhere:
            continue
    return change()


def loaded_version() -> int:
    """The number of the version that the form shows; 0, which no card has, for anything absurd."""
    typed = request.form.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 0


def seen_version() -> int:
    """The number in the address of a conflict; 0 for anything absurd."""
    return min(max(request.args.get("seen", 0, type=int), 0), 10**6)


def lead(token: str, action: str, seen: int) -> Response:
    """Lead to the page of a conflict, so that Back and Reload never send the form again."""
    return redirect(f"/o/{read_token(token)}/{action}/conflict?seen={seen}", 303)


def confirming(token: str, now: Overview, loaded: int) -> str:
    """The page for a conflict while confirming: the form showed version ``loaded``."""
    return _page(token, now, _loaded_card(token, now, loaded), "still_right", "still-right")


def restoring(token: str, now: Overview, wanted: Card, number: int) -> str:
    """The page for a conflict while restoring ``wanted``, which is version ``number``."""
    return _page(token, now, wanted, "restore", f"history/{number}/restore")


def _loaded_card(token: str, now: Overview, loaded: int) -> Card:
    """The card that the form showed; the present one if that version is not stored."""
    stored = {entry.version for entry in now.owned.history}
    if loaded not in stored:
        return now.owned.card
    return get_services().cards().vault.version(token, loaded)


def _page(token: str, now: Overview, mine: Card, kind: str, action: str) -> str:
    home = f"/o/{read_token(token)}"
    return render_template(
        "owner/conflict.html",
        differences=changes(mine, now.owned.card, get_services().content),
        version=now.owned.version,
        saved=get_services().content.day(now.owned.saved_at.date()),
        kind=kind,
        action=f"{home}/{action}",
        home=home,
    )
