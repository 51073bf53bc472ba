"""A push subscription, which a browser gives for notifications, as a recipient's address.

The server sends to the URL in the subscription, so it accepts only the push services of the four
makers of browsers; any other host would let a visitor choose what this server calls.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from caregiver_card.storage import crypto

# Google, Mozilla, Microsoft, Apple. A leading dot stands for every host that ends in it.
HOSTS = (
    "fcm.googleapis.com",
    ".push.services.mozilla.com",
    ".notify.windows.com",
    ".push.apple.com",
)
# The longest known, Microsoft's, have about 700 characters.
_LONGEST_ENDPOINT = 1024
_ENDPOINT = re.compile(r"https://[a-z0-9.:-]+/[!-~]+")
_AUTH_BYTES = 16


class InvalidSubscription(ValueError):
    """Not a push subscription, or one of an unknown push service."""


class Subscription(NamedTuple):
    """The URL that takes messages for a browser, and the keys to encrypt them for it."""

    endpoint: str
    p256dh: str
    auth: str


def validate(subscription: Subscription, hosts: Iterable[str] = HOSTS) -> str:
    """Return a subscription as a recipient's address. Raises InvalidSubscription."""
    endpoint = subscription.endpoint
    if len(endpoint) > _LONGEST_ENDPOINT or not _ENDPOINT.fullmatch(endpoint) or "#" in endpoint:
        raise InvalidSubscription
    if not _is_known(urlsplit(endpoint).netloc, hosts):
        raise InvalidSubscription
    if not crypto.is_public_point(_decode(subscription.p256dh)):
        raise InvalidSubscription
    if len(_decode(subscription.auth)) != _AUTH_BYTES:
        raise InvalidSubscription
    return json.dumps(subscription._asdict())


def read(address: str, hosts: Iterable[str] = HOSTS) -> Subscription:
    """Return the subscription that ``validate`` wrote.

    Raises InvalidSubscription if its host is no longer permitted.
    """
    subscription = Subscription(**json.loads(address))
    validate(subscription, hosts)
    return subscription


def application_server_key(secret: str) -> str:
    """Return the installation's public key in base64url, as a browser needs it to subscribe."""
    return _encode(crypto.public_point(crypto.push_key(secret)))


def _is_known(host: str, hosts: Iterable[str]) -> bool:
    return any(
        host.endswith(known) and host != known if known.startswith(".") else host == known
        for known in hosts
    )


def _decode(text: str) -> bytes:
    """Decode base64url, with or without padding. Raises InvalidSubscription."""
    text = text.rstrip("=")
    if len(text) > 128 or not re.fullmatch(r"[\w-]*", text, re.ASCII):
        raise InvalidSubscription
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        raise InvalidSubscription from None


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
