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
# Labels as the system's resolver takes them: others fail there, long after the browser is gone.
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# No user, no fragment; a path of the characters that go over the wire as they are. No push service
# has a port, so that one is refused with its host.
_ENDPOINT = re.compile(
    rf"https://({_LABEL}(?:\.{_LABEL})+(?::[0-9]+)?)/[!$%&'()*+,./0-9:;=?@A-Z_a-z~-]+"
)
_LONGEST_HOST = 253
_AUTH_BYTES = 16


class InvalidSubscription(ValueError):
    """Not a push subscription, or one of an unknown push service."""


class Subscription(NamedTuple):
    """The URL that takes messages for a browser, and the keys to encrypt them for it.

    ``key`` is the public push key that the browser subscribed under: that of a former
    CARD_SECRET_KEY, or empty for the present one.
    """

    endpoint: str
    p256dh: str
    auth: str
    key: str = ""


def validate(subscription: Subscription, hosts: Iterable[str] = HOSTS) -> str:
    """Return a subscription as a recipient's address. Raises InvalidSubscription."""
    endpoint = subscription.endpoint
    found = _ENDPOINT.fullmatch(endpoint) if len(endpoint) <= _LONGEST_ENDPOINT else None
    if not found or len(found[1]) > _LONGEST_HOST or not _is_known(found[1], hosts):
        raise InvalidSubscription
    point, auth = _decode(subscription.p256dh), _decode(subscription.auth)
    if not crypto.is_public_point(point) or len(auth) != _AUTH_BYTES:
        raise InvalidSubscription
    # As browsers write them, whatever was sent.
    written = crypto.write_base64url(point), crypto.write_base64url(auth)
    return _dump(Subscription(endpoint, *written, subscription.key))


def read(address: str, hosts: Iterable[str] = HOSTS) -> Subscription:
    """Return the subscription that ``validate`` wrote.

    Raises InvalidSubscription if its host is no longer permitted, or if it is none at all.
    """
    subscription = _load(address)
    validate(subscription, hosts)
    return subscription


def application_server_key(secret: str) -> str:
    """Return the installation's public key in base64url, as a browser needs it to subscribe."""
    return public_key(crypto.push_key(secret))


def public_key(private: bytes) -> str:
    """Return the public half of a private push key, in base64url."""
    return crypto.write_base64url(crypto.public_point(private))


def key_of(address: str) -> str:
    """Return the public push key of an address; empty for the present secret's, and for none."""
    try:
        return _load(address).key
    except InvalidSubscription:
        return ""


def bound_to(address: str, public: str) -> str:
    """Return an address that names ``public`` as its key, unless it names an older one, or none."""
    try:
        subscription = _load(address)
    except InvalidSubscription:
        # No sender can use it, and its owner's page says so; a rotation changes neither.
        return address
    return _dump(subscription._replace(key=subscription.key or public))


def is_same_phone(one: str, other: str) -> bool:
    """Whether two addresses are one subscription, whichever key they name."""
    try:
        first, second = _load(one), _load(other)
        # An older program stored the keys as they were sent, in whatever spelling.
        keys = [(_decode(each.p256dh), _decode(each.auth)) for each in (first, second)]
    except InvalidSubscription:
        return one == other
    return first.endpoint == second.endpoint and keys[0] == keys[1]


def _load(address: str) -> Subscription:
    try:
        fields = json.loads(address)
        endpoint, p256dh, auth = (str(fields[name]) for name in ("endpoint", "p256dh", "auth"))
        return Subscription(endpoint, p256dh, auth, str(fields.get("key", "")))
    except (ValueError, TypeError, KeyError, AttributeError):
        raise InvalidSubscription from None


def _dump(subscription: Subscription) -> str:
    # Without an empty key: an address is the same text as an older program wrote.
    return json.dumps({name: text for name, text in subscription._asdict().items() if text})


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
