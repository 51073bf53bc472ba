"""Every reason for not opening is the same: another answer would tell a stranger something."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from caregiver_card.storage import crypto
from caregiver_card.storage.rows import FoundCard, FoundPage

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


def link_bytes(link_id: str) -> bytes:
    """Return the lookup id of a link's ``id``; empty for what is none."""
    try:
        return bytes.fromhex(link_id)
    except ValueError:
        return b""
