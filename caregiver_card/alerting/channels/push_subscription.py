"""A phone as an address: what its browser gave for notifications (a push subscription).

The server sends to the address that a browser names, so only the push services of the four makers
of browsers are taken; anything else would let a visitor choose what this server calls.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from caregiver_card.storage import crypto

# Google, Mozilla, Microsoft, Apple. One that begins with a dot stands for what ends in it.
HOSTS = (
    "fcm.googleapis.com",
    ".push.services.mozilla.com",
    ".notify.windows.com",
    ".push.apple.com",
)
# The longest known, Microsoft's, have about 700 characters.
_LONGEST = 1024
_ENDPOINT = re.compile(r"https://[a-z0-9.:-]+/[!-~]+")
_AUTH_BYTES = 16


class InvalidSubscription(ValueError):
    """Not what a browser gives for notifications, or not a push service that is known."""


class Subscription(NamedTuple):
    """Where a browser fetches its messages, and the keys that only it opens them with."""

    endpoint: str
    p256dh: str
    auth: str


def validate(given: Subscription, hosts: Iterable[str] = HOSTS) -> str:
    """A subscription as the address of a person; raises WrongPhone."""
    endpoint = given.endpoint
    if len(endpoint) > _LONGEST or not _ENDPOINT.fullmatch(endpoint) or "#" in endpoint:
        raise InvalidSubscription
    if not _is_known(urlsplit(endpoint).netloc, hosts):
        raise InvalidSubscription
    if not crypto.is_public_point(_raw(given.p256dh)) or len(_raw(given.auth)) != _AUTH_BYTES:
        raise InvalidSubscription
    return json.dumps(given._asdict())


def read(address: str, hosts: Iterable[str] = HOSTS) -> Subscription:
    """The subscription that ``check`` wrote; raises WrongPhone where it is allowed no more."""
    found = Subscription(**json.loads(address))
    validate(found, hosts)
    return found


def application_server_key(secret: str) -> str:
    """The installation's public key, as a browser wants it for a subscription."""
    return _words(crypto.public_point(crypto.push_key(secret)))


def _is_known(host: str, hosts: Iterable[str]) -> bool:
    return any(
        host.endswith(each) and host != each if each.startswith(".") else host == each
        for each in hosts
    )


def _raw(words: str) -> bytes:
    """Base64 for addresses, with or without the signs that fill it up."""
    words = words.rstrip("=")
    if len(words) > 128 or not re.fullmatch(r"[\w-]*", words, re.ASCII):
        raise InvalidSubscription
    try:
        return base64.urlsafe_b64decode(words + "=" * (-len(words) % 4))
    except binascii.Error:
        raise InvalidSubscription from None


def _words(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
