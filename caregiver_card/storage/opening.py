"""Every reason for not opening is the same: another answer would tell a stranger something."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import NamedTuple, ParamSpec, TypeVar

from caregiver_card.storage import crypto, key_wrapping
from caregiver_card.storage.rows import FoundCard, FoundPage
from caregiver_card.storage.store import Store

_P = ParamSpec("_P")
_T = TypeVar("_T")
_Found = TypeVar("_Found", FoundPage, FoundCard)


class UnknownCard(LookupError):
    """There is nothing to open. The error does not say why, on purpose."""


def hide_reason(method: Callable[_P, _T]) -> Callable[_P, _T]:
    """Turn every reason for not opening into the same ``UnknownCard``, without its cause."""

    @wraps(method)
    def opened(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        try:
            return method(*args, **kwargs)
        except (crypto.UnreadableToken, crypto.BrokenSeal):
            raise UnknownCard from None

    return opened


def of_kind(kind: str, row: _Found | None) -> _Found:
    """Return the row that a token leads to. Raises ``UnknownCard`` for another kind, or none."""
    if row is None or row.kind != kind:
        raise UnknownCard
    return row


def has_ended(ends: int | None, clock: Callable[[], datetime]) -> bool:
    """Whether a link that ends by itself has ended; ``ends`` is in seconds since 1970."""
    return ends is not None and ends <= clock().timestamp()


def of_reader(row: _Found | None, clock: Callable[[], datetime]) -> _Found:
    """Return the row that a reader's token leads to, unless its link has ended."""
    found = of_kind("reader", row)
    if has_ended(found.ends, clock):
        raise UnknownCard
    return found


def lasts(row: FoundPage | FoundCard) -> bool:
    """Whether a link holds until its owner stops it, so that what is kept may lead to it."""
    return row.ends is None


class Owner(NamedTuple):
    """An opened owner's token: its link, the owner key, and the card."""

    link: bytes
    key: bytes
    card_id: bytes
    version: int


def open_owner(token: str, row: FoundPage | FoundCard) -> Owner:
    """Open what a canonical owner's token leads to."""
    key = key_wrapping.open_owner_key(token, row)
    return Owner(crypto.lookup_id(token), key, row.card_id, row.version)


def owner_and_card(store: Store, token: str) -> tuple[Owner, FoundCard]:
    """Return the owner and the present card behind an owner's token, in any spelling."""
    token = crypto.read_token(token)
    row = of_kind("owner", store.find_card(crypto.lookup_id(token)))
    return open_owner(token, row), row


def link_bytes(link_id: str) -> bytes:
    """Return the lookup id of a link's ``id``; empty for what is none."""
    try:
        return bytes.fromhex(link_id)
    except ValueError:
        return b""
