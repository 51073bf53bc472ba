"""Somebody else saved the card first: nothing is lost, both are shown, a person chooses."""

from collections.abc import Callable
from typing import TypeVar

from flask import render_template, request

from caregiver_card.briefing.changes import changes
from caregiver_card.card.model import Card
from caregiver_card.owner_overview import Overview
from caregiver_card.storage.crypto import read_token
from caregiver_card.storage.store import EditedElsewhere
from caregiver_card.web.services import services

_T = TypeVar("_T")
# Two caregivers press within the same milliseconds once in a lifetime, and never this often.
_TRIES = 5


def retry_on_conflict(change: Callable[[], _T]) -> _T:
    """The result of a change that depends on nothing in the card: it is tried again."""
    for _ in range(_TRIES - 1):
        try:
            return change()
        except EditedElsewhere:
            continue
    return change()


def version_seen() -> int:
    """The version that the form was made from; 0, which no card has, for anything absurd."""
    typed = request.form.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 0


def still_right(token: str, now: Overview, seen: int) -> tuple[str, int]:
    """The card that was to be confirmed is another one by now."""
    return _page(token, now, _seen_card(token, now, seen), "still_right", "still-right")


def restoring(token: str, now: Overview, wanted: Card, number: int) -> tuple[str, int]:
    """The card that was to be replaced by version ``number`` is another one by now."""
    return _page(token, now, wanted, "restore", f"history/{number}/restore")


def _seen_card(token: str, now: Overview, seen: int) -> Card:
    """What the person saw; the present card where that can no longer be told."""
    known = {each.version for each in now.owned.history}
    return services().keeper().vault.version(token, seen) if seen in known else now.owned.card


def _page(token: str, now: Overview, mine: Card, kind: str, action: str) -> tuple[str, int]:
    home = f"/o/{read_token(token)}"
    page = render_template(
        "owner/conflict.html",
        differences=changes(mine, now.owned.card, services().content),
        version=now.owned.version,
        saved=services().content.day(now.owned.saved_at.date()),
        kind=kind,
        action=f"{home}/{action}",
        home=home,
    )
    return page, 409
