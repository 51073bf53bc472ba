"""Every reason for not opening is the same: another answer would tell a stranger something."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from caregiver_card.storage import crypto

_P = ParamSpec("_P")
_T = TypeVar("_T")


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
