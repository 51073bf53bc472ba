"""What is refused while CARD_SECRET_KEY is wrong or weak: what is read or sealed under it.

The emergency page and all that a reader opens need no key. A family is never asked to start its
list again for an operator's slip.
"""

from flask import Flask, Response, current_app, request

from caregiver_card.alerting.service import UnreadableRecord
from caregiver_card.storage.crypto import BrokenSeal
from caregiver_card.storage.key_check import WrongKey
from caregiver_card.web import security
from caregiver_card.web.config import Config
from caregiver_card.web.services import get_services

# The first segments of the addresses that change something or show what is sealed under the key.
_OWNERS, _RECIPIENTS = ("o",), ("a", "u")
_CLOSED_WITH_WEAK_KEY = (*_OWNERS, *_RECIPIENTS, "new")


def refuse_without_key(app: Flask, config: Config) -> None:
    """Answer in words, with 503, what needs a key that the server does not have."""
    for name in ("alerts", "recipients", "snooze", "push", "recipient_pages"):
        app.before_request_funcs.setdefault(name, []).append(_refuse_wrong_key)
    if config.has_weak_key:
        app.logger.error("CARD_SECRET_KEY: shorter than 32 characters; only readers are served")
        app.before_request(_refuse_all_but_readers)
    # A rotation may come between the look at the key and its use.
    app.register_error_handler(WrongKey, lambda _: _refusal("key"))
    for unreadable in (BrokenSeal, UnreadableRecord):
        app.register_error_handler(unreadable, _refuse_unreadable)


def _refuse_all_but_readers() -> Response | None:
    return _refusal("weak") if _segment() in _CLOSED_WITH_WEAK_KEY else None


def _refuse_wrong_key() -> Response | None:
    """Refuse what concerns alerts; an address that opens nothing is answered as ever."""
    alerts = get_services().cards().alerts
    assert alerts is not None
    if alerts.key_state.is_usable:
        return None
    token = str((request.view_args or {}).get("token", ""))
    if _segment() in _OWNERS:
        get_services().cards().vault.owned(token)
    elif not alerts.recipients.is_known(token):
        return None
    current_app.logger.error("CARD_SECRET_KEY: not the key of this database; alerts are stopped")
    return _refusal("key")


def _refuse_unreadable(_error: Exception) -> Response:
    alerts = get_services().cards().alerts
    is_right = alerts is not None and alerts.key_state.is_usable
    return _refusal("unreadable" if is_right else "key")


def _refusal(named: str) -> Response:
    sent = list(request.form.items(multi=True)) if request.method == "POST" else None
    return security.error_page(503, words=named, sent=sent)


def _segment() -> str:
    return request.path.split("/", 2)[1]
