"""The drafts of a browser: its session cookie holds their key, and the database their seals."""

from flask import abort, session

from caregiver_card.questionnaire import draft
from caregiver_card.questionnaire.draft import Draft
from caregiver_card.storage import crypto
from caregiver_card.storage.drafts import Drafts
from caregiver_card.web import limiting
from caregiver_card.web.services import get_services

# The name of the draft of a new card.
NEW = "new"
_KEY = "draft"
# In bytes: more than any card, so that nobody fills the disk.
_LARGEST = 256 * 1024


def is_begun() -> bool:
    """Whether this browser may have a draft of a new card, without a look into the database."""
    return bool(session.get("begun")) and _token() is not None


def read(name: str) -> Draft | None:
    """Return a draft of this browser; None if there is none, or none any more."""
    token = _token()
    content = _drafts().read(token, name) if token else None
    return draft.loads(content) if content else None


def write(name: str, begun: Draft) -> None:
    """Keep a draft for this browser. Raises LimitReached for too many new ones at one address."""
    token, content = _token(), begun.dumps()
    if len(content) > _LARGEST:
        abort(413)
    if token is None:
        limiting.charge_address(limiting.DRAFTS)
        token = crypto.new_token()
        session[_KEY] = token
    if name == NEW:
        session["begun"] = True
    _drafts().write(token, name, content)


def erase(name: str | None = None) -> None:
    """Delete a draft of this browser, or all of them and their key."""
    if token := _token():
        _drafts().erase(token, name)
    if name in (None, NEW):
        session.pop("begun", None)
    if name is None:
        session.pop(_KEY, None)


def mark() -> str:
    """Return what tells this browser's drafts from later ones, and opens none; "" without any.

    A tab stores it (static/js/tab.js).
    """
    token = _token()
    return crypto.derived_key(token, b"", "draft mark")[:8].hex() if token else ""


def _token() -> str | None:
    try:
        return crypto.read_token(session.get(_KEY, ""))
    except crypto.UnreadableToken:
        return None


def _drafts() -> Drafts:
    services = get_services()
    return Drafts(services.cards().store.engine, services.clock)
