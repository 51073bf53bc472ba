"""Notifications on a phone over Web Push (RFC 8030, 8291, 8292).

One POST of encrypted words to the service of the browser's maker. No redirect is followed, and
nothing of an answer is read but its number and Retry-After: the rest is a stranger's.
"""

import base64
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from py_vapid import Vapid02
from pywebpush import WebPushException, webpush

from caregiver_card.alerting.channels import push_subscription
from caregiver_card.alerting.channels.channel import End, HandingOver, Message, Outcome
from caregiver_card.card.alert_schedule import Severity

# To connect, and to each part of the answer; a claim (outbox.LEASE) outlasts both.
TIMEOUT_S = 20
# No service may refuse a body of 4096 bytes, of which the encryption takes 103 (RFC 8291, 4).
LARGEST = 3993
# How long a service keeps it for a phone that is off. What is repeated often need not wait long;
# no service keeps anything for more than four weeks.
_KEPT = {
    Severity.EMERGENCY: timedelta(days=1),
    Severity.URGENT: timedelta(days=3),
    Severity.DUE: timedelta(days=7),
    Severity.INFO: timedelta(days=28),
}
_TAKEN = range(200, 300)
_GONE = {404, 410}
# Our own key or contact address, of which the phone knows nothing: its address is kept.
_OURS = {400, 401, 403}
_LONGEST_WAIT = timedelta(days=1)


class Push:
    """The channel to phones. ``hosts`` are the services that are called, and no others."""

    def __init__(
        self,
        private_key: bytes,
        subject: str,
        hosts: Iterable[str] = push_subscription.HOSTS,
        timeout_s: float = TIMEOUT_S,
        authorities: str | None = None,
    ) -> None:
        # Services may ask the contact address ``subject`` what is going on (RFC 8292, 2.1).
        self._key = Vapid02.from_raw(base64.urlsafe_b64encode(private_key).rstrip(b"="))
        self._subject, self._hosts, self._timeout_s = subject, tuple(hosts), timeout_s
        self._authorities = authorities

    def send(self, address: str, message: Message, handing_over: HandingOver) -> Outcome:
        """One message to one phone."""
        try:
            to = push_subscription.read(address, self._hosts)
        except push_subscription.InvalidSubscription:
            return Outcome(End.WRONG, "push-host")
        try:
            with _Once(handing_over, self._authorities) as session:
                self._post(to, message, session)
        except WebPushException as fault:
            return _refused(fault.status_code or 0, fault.retry_after, message.at)
        except requests.RequestException:
            return Outcome(End.LATER, "push-away")
        return Outcome(End.SENT)

    def _post(
        self, to: push_subscription.Subscription, message: Message, session: requests.Session
    ) -> None:
        urgent = message.severity >= Severity.URGENT
        webpush(
            {"endpoint": to.endpoint, "keys": {"p256dh": to.p256dh, "auth": to.auth}},
            data=written(message),
            vapid_private_key=self._key,
            # A dictionary of its own for each call, which writes into it.
            vapid_claims={"sub": self._subject},
            # Without these it would be dropped where the phone is off, and wait for ever here.
            ttl=int(_KEPT[message.severity].total_seconds()),
            timeout=self._timeout_s,
            # For a phone that is off, a repetition takes the place of what waits there.
            headers={"Urgency": "high" if urgent else "normal", "Topic": message.topic},
            requests_session=session,
        )


class _Once(requests.Session):
    """One POST, in ``handing_over``: no redirect, no proxy or password of the environment."""

    def __init__(self, handing_over: HandingOver, authorities: str | None) -> None:
        super().__init__()
        self.trust_env = False
        self.verify = authorities or True
        self._handing_over = handing_over

    def post(self, url: Any, data: Any = None, json: Any = None, **more: Any) -> requests.Response:
        """The number and the headers of the answer; its body stays unread."""
        with self._handing_over():
            answer = super().post(url, data, json, stream=True, allow_redirects=False, **more)
            answer.close()
            bare = requests.Response()
            bare.status_code, bare.headers = answer.status_code, answer.headers
            if bare.status_code not in _TAKEN:
                raise WebPushException("refused", bare)
        bare.status_code = 201
        return bare


def written(message: Message) -> str:
    """What the phone shows and opens; too long a text ends early rather than not arriving."""
    body = "\n".join(message.shown)
    while True:
        words = {
            "title": message.subject,
            "body": body,
            "tag": message.topic,
            "url": message.known_url or message.stop_url,
        }
        made = json.dumps(words, ensure_ascii=False)
        over = len(made.encode()) - LARGEST
        if over <= 0:
            return made
        # A letter takes one to four bytes, so this never cuts too little for ever.
        body = body[: -max(over // 4, 1) - 1] + "…"


def _refused(number: int, retry_after: str | None, now: datetime) -> Outcome:
    if number in _GONE:
        return Outcome(End.GONE, "push-gone", str(number))
    if number in _OURS:
        return Outcome(End.WRONG, "push-refused", str(number))
    return Outcome(End.LATER, "push-busy", str(number), _wait(retry_after or "", now))


def _wait(retry_after: str, now: datetime) -> timedelta | None:
    """How long to wait: seconds, or a date (RFC 9110, 10.2.3)."""
    if retry_after.isascii() and retry_after.isdecimal():
        # More digits than this are more than the longest wait.
        wait = timedelta(seconds=int(retry_after[:9]))
    else:
        try:
            until = parsedate_to_datetime(retry_after)
        except ValueError:
            return None
        wait = (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
    return min(max(wait, timedelta()), _LONGEST_WAIT)
