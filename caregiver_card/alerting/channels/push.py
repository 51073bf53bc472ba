"""Notifications on a phone over Web Push (RFC 8030, 8291, 8292).

A message is one POST of encrypted text to the push service of the browser's maker. The channel
follows no redirect and reads only the status and Retry-After of the response.
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from py_vapid import Vapid02
from pywebpush import WebPushException, webpush

from caregiver_card.alerting.channels import push_subscription
from caregiver_card.alerting.channels.channel import FinalSend, Message, Outcome, SendStatus
from caregiver_card.card.alert_schedule import Severity
from caregiver_card.storage import crypto

# To connect, and for each part of the response; a claim (``outbox.LEASE``) outlasts both.
TIMEOUT_S = 20
# Every service accepts a body of 4096 bytes, of which the encryption takes 103 (RFC 8291, 4).
LARGEST_PAYLOAD = 3993
# How long a service stores a message for a phone that is off. An alert that repeats soon need not
# wait long; no service stores anything for more than four weeks.
_TIME_TO_LIVE = {
    Severity.EMERGENCY: timedelta(days=1),
    Severity.URGENT: timedelta(days=3),
    Severity.DUE: timedelta(days=7),
    Severity.INFO: timedelta(days=28),
}
_ACCEPTED = range(200, 300)
_ADDRESS_GONE = {404, 410}
# The fault lies in this server's key or contact address: the phone's address stays.
_MISCONFIGURED = {400, 401, 403}
_LONGEST_WAIT = timedelta(days=1)


class Push:
    """The channel to phones.

    ``subject`` is the contact address for the push services (RFC 8292, 2.1), ``hosts`` the only
    services that the channel calls, ``authorities`` a file of certificates to trust instead of the
    usual ones. ``former_keys`` are the private keys of former secrets: a phone that subscribed
    under one takes messages under that one alone.
    """

    def __init__(
        self,
        private_key: bytes,
        subject: str,
        hosts: Iterable[str] = push_subscription.HOSTS,
        timeout_s: float = TIMEOUT_S,
        authorities: str | None = None,
        former_keys: Iterable[bytes] = (),
    ) -> None:
        self._keys = {push_subscription.public_key(key): _vapid(key) for key in former_keys}
        self._keys[""] = _vapid(private_key)
        self._subject, self._hosts, self._timeout_s = subject, tuple(hosts), timeout_s
        self._authorities = authorities

    def send(self, address: str, message: Message, final_send: FinalSend) -> Outcome:
        """Send one message to one phone."""
        try:
            subscription = push_subscription.read(address, self._hosts)
        except push_subscription.InvalidSubscription:
            return Outcome(SendStatus.MISCONFIGURED, "push-host")
        if subscription.key not in self._keys:
            return Outcome(SendStatus.MISCONFIGURED, "push-refused")
        try:
            with _SinglePost(final_send, self._authorities) as session:
                self._post(subscription, message, session)
        except WebPushException as error:
            return _refused(error.status_code or 0, error.retry_after, message.at)
        except requests.RequestException:
            return Outcome(SendStatus.RETRY, "push-away")
        return Outcome(SendStatus.SENT)

    def _post(
        self,
        subscription: push_subscription.Subscription,
        message: Message,
        session: requests.Session,
    ) -> None:
        is_urgent = message.severity >= Severity.URGENT
        webpush(
            {
                "endpoint": subscription.endpoint,
                "keys": {"p256dh": subscription.p256dh, "auth": subscription.auth},
            },
            data=payload(message),
            vapid_private_key=self._keys[subscription.key],
            # A new dictionary for each call, because the library writes into it.
            vapid_claims={"sub": self._subject},
            # The library's defaults: dropped if the phone is off, and no timeout.
            ttl=int(_TIME_TO_LIVE[message.severity].total_seconds()),
            timeout=self._timeout_s,
            # On the service, a repetition replaces the message that waits for the phone.
            headers={"Urgency": "high" if is_urgent else "normal", "Topic": message.topic},
            requests_session=session,
        )


def _vapid(private_key: bytes) -> Vapid02:
    return Vapid02.from_raw(crypto.write_base64url(private_key).encode())


class _SinglePost(requests.Session):
    """A session for one POST within ``final_send``.

    It follows no redirect and takes neither a proxy nor a password from the environment.
    """

    def __init__(self, final_send: FinalSend, authorities: str | None) -> None:
        super().__init__()
        self.trust_env = False
        self.verify = authorities or True
        self._final_send = final_send

    def post(self, url: Any, data: Any = None, json: Any = None, **more: Any) -> requests.Response:
        """Return the status and the headers of the response, without reading its body."""
        with self._final_send():
            response = super().post(url, data, json, stream=True, allow_redirects=False, **more)
            response.close()
            head = requests.Response()
            head.status_code, head.headers = response.status_code, response.headers
            if head.status_code not in _ACCEPTED:
                raise WebPushException("refused", head)
        # pywebpush takes a status above 202 for a failure.
        head.status_code = 201
        return head


def payload(message: Message) -> str:
    """Return the JSON that the phone shows; a text that is too long is cut to fit."""
    body = "\n".join(message.lock_screen)
    while True:
        notification = {
            "title": message.subject,
            "body": body,
            "tag": message.topic,
            "url": message.acknowledge_url or message.stop_url,
        }
        text = json.dumps(notification, ensure_ascii=False)
        excess = len(text.encode()) - LARGEST_PAYLOAD
        if excess <= 0:
            return text
        # A letter takes up to four bytes; at least one goes each time, so the loop ends.
        body = body[: -max(excess // 4, 1) - 1] + "…"


def _refused(status: int, retry_after: str | None, now: datetime) -> Outcome:
    if status in _ADDRESS_GONE:
        return Outcome(SendStatus.ADDRESS_GONE, "push-gone", str(status))
    if status in _MISCONFIGURED:
        return Outcome(SendStatus.MISCONFIGURED, "push-refused", str(status))
    return Outcome(SendStatus.RETRY, "push-busy", str(status), _wait(retry_after or "", now))


def _wait(retry_after: str, now: datetime) -> timedelta | None:
    """Return the wait that Retry-After asks for, in seconds or as a date (RFC 9110, 10.2.3)."""
    if retry_after.isascii() and retry_after.isdecimal():
        # Nine digits exceed the longest wait already.
        wait = timedelta(seconds=int(retry_after[:9]))
    else:
        try:
            until = parsedate_to_datetime(retry_after)
        except ValueError:
            return None
        wait = (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
    return min(max(wait, timedelta()), _LONGEST_WAIT)
