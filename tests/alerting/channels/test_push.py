"""From an alert to a phone: what its browser opens, whom this server calls, how it can end."""

import json
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given as tried
from hypothesis import settings
from hypothesis import strategies as st
from pywebpush import WebPusher

from caregiver_card.alerting.channels import push, push_subscription
from caregiver_card.alerting.channels.channel import Message, Outcome, SendStatus
from caregiver_card.alerting.channels.push import Push
from caregiver_card.alerting.channels.push_subscription import InvalidSubscription, Subscription
from caregiver_card.alerting.log_texts import LogTexts
from caregiver_card.alerting.reach_texts import ReachTexts
from caregiver_card.card.alert_schedule import Severity
from caregiver_card.storage import crypto
from tests.alerting.certificates import certificate
from tests.alerting.house import SECRET, URL
from tests.alerting.pushing import Phone, Service, claims, service, unspelled
from tests.cast import WORDS
from tests.house import House
from tests.servers import free_port

CONTACT = "mailto:operator@card.example"
NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)


@pytest.fixture
def google(tmp_path: Path) -> Iterator[Service]:
    """A push service with one phone."""
    with service(certificate(tmp_path)) as made:
        yield made


def channel(google: Service, tmp_path: Path, *more: str, timeout_s: float = 5) -> Push:
    """The channel, which takes this service for a known one."""
    hosts = (*push_subscription.HOSTS, google.host, *more)
    pem = str(certificate(tmp_path))
    return Push(crypto.push_key(SECRET), CONTACT, hosts, timeout_s, pem)


def message(**changes: Any) -> Message:
    """An urgent one."""
    given: dict[str, Any] = {
        "key": "0123456789abcdef" * 2,
        "topic": "fedcba9876543210" * 2,
        "at": NOW,
        "severity": Severity.URGENT,
        "subject": "Urgent: an alert of an emergency card",
        "paragraphs": ("Refill appointment passed.",),
        "lock_screen": ("Press to read what it is about.",),
        "summary": "Refill appointment passed",
        "acknowledge_url": f"{URL}/a/TOKEN",
        "stop_url": f"{URL}/u/TOKEN",
    }
    return Message(**{**given, **changes})


def sent(by: Push, to: str, **changes: Any) -> Outcome:
    """How sending ends."""
    return by.send(to, message(**changes), nullcontext)


def test_a_phone_opens_the_example_of_the_standard() -> None:
    """RFC 8291, appendix A: so what the phone of these tests opens, a browser opens."""
    private = int.from_bytes(unspelled("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"), "big")
    made = Phone(
        ec.derive_private_key(private, ec.SECP256R1()), unspelled("BTBZMqHH6r4Tts7J_aSIgg")
    )
    body = (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS"
        "6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qu"
        "lcy4a-fN"
    )
    assert made.opened(unspelled(body)) == b"When I grow up, I want to be a watermelon"


def test_it_works(google: Service, tmp_path: Path) -> None:
    """The phone shows the words and opens the message's own page; the service learns neither."""
    assert sent(channel(google, tmp_path), google.address()) == Outcome(SendStatus.SENT)
    assert google.shown == [
        {
            "title": "Urgent: an alert of an emergency card",
            "body": "Press to read what it is about.",
            "tag": "fedcba9876543210" * 2,
            "url": f"{URL}/a/TOKEN",
        }
    ]
    headers, body = google.taken[0]
    assert b"TOKEN" not in body and "TOKEN" not in str(headers)
    assert headers["ttl"] == str(3 * 24 * 3600) and headers["urgency"] == "high"
    assert headers["topic"] == "fedcba9876543210" * 2 and len(headers["topic"]) <= 32
    assert headers["content-encoding"] == "aes128gcm"


def test_the_server_says_who_it_is(google: Service, tmp_path: Path) -> None:
    """RFC 8292: signed for this service alone, for less than a day, with the key of the page."""
    by = channel(google, tmp_path)
    for _ in range(2):
        sent(by, google.address())
    for headers, _ in google.taken:
        said = claims(headers["authorization"])
        assert said["aud"] == f"https://{google.host}" and said["sub"] == CONTACT
        now = datetime.now(UTC).timestamp()
        assert now < said["exp"] <= now + 24 * 3600
        assert said["key"] == push_subscription.application_server_key(SECRET)


def test_the_key_is_the_secrets_own() -> None:
    """It stays for years and after a restore, or every phone would have to subscribe again."""
    assert crypto.push_key(SECRET) == crypto.push_key(SECRET) != crypto.push_key(SECRET + "x")
    assert unspelled(push_subscription.application_server_key(SECRET)) == crypto.public_point(
        crypto.push_key(SECRET)
    )


@pytest.mark.parametrize(
    ("severity", "days", "urgency"),
    [("EMERGENCY", 1, "high"), ("DUE", 7, "normal"), ("INFO", 28, "normal")],
)
def test_a_service_keeps_it_while_it_is_of_use(
    google: Service, tmp_path: Path, severity: str, days: int, urgency: str
) -> None:
    """Never 0, which drops it where the phone is off, nor more than four weeks."""
    sent(channel(google, tmp_path), google.address(), severity=Severity[severity])
    headers, _ = google.taken[0]
    assert (headers["ttl"], headers["urgency"]) == (str(days * 24 * 3600), urgency)


@pytest.mark.parametrize("letter", ["x", "é", "語", "🙂", '"'])
def test_a_long_text_ends_early(google: Service, tmp_path: Path, letter: str) -> None:
    """4096 bytes at most are taken by every service."""
    outcome = sent(channel(google, tmp_path), google.address(), lock_screen=(letter * 5000,))
    assert outcome.status == SendStatus.SENT
    (_, body), (shown,) = google.taken[0], google.shown
    assert 4000 < len(body) <= 4096
    assert shown["body"].endswith(letter + "…") and shown["url"] == f"{URL}/a/TOKEN"


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome(SendStatus.SENT)),
        (204, Outcome(SendStatus.SENT)),
        (404, Outcome(SendStatus.ADDRESS_GONE, "push-gone", "404")),
        (410, Outcome(SendStatus.ADDRESS_GONE, "push-gone", "410")),
        (400, Outcome(SendStatus.MISCONFIGURED, "push-refused", "400")),
        (401, Outcome(SendStatus.MISCONFIGURED, "push-refused", "401")),
        (403, Outcome(SendStatus.MISCONFIGURED, "push-refused", "403")),
        (413, Outcome(SendStatus.RETRY, "push-busy", "413")),
        (429, Outcome(SendStatus.RETRY, "push-busy", "429")),
        (500, Outcome(SendStatus.RETRY, "push-busy", "500")),
        (503, Outcome(SendStatus.RETRY, "push-busy", "503")),
    ],
)
def test_how_a_service_can_answer(
    google: Service, tmp_path: Path, status: int, outcome: Outcome
) -> None:
    """Only a phone that is gone is forgotten."""
    google.status = status
    assert sent(channel(google, tmp_path), google.address()) == outcome


@pytest.mark.parametrize(
    ("said", "after"),
    [
        ("120", timedelta(minutes=2)),
        (format_datetime(NOW + timedelta(hours=1), usegmt=True), timedelta(hours=1)),
        (format_datetime(NOW - timedelta(hours=1), usegmt=True), timedelta()),
        ("9" * 4000, timedelta(days=1)),
        ("soon", None),
        ("-5", None),
    ],
)
def test_it_waits_as_long_as_it_is_asked_to(
    google: Service, tmp_path: Path, said: str, after: timedelta | None
) -> None:
    """In seconds or as a date; what is no time is no wait."""
    google.status, google.headers = 429, {"Retry-After": said}
    assert sent(channel(google, tmp_path), google.address()).retry_after == after


def test_no_redirect_is_followed(google: Service, tmp_path: Path) -> None:
    """Not even to a host that is known: a service that redirects could make us call anyone."""
    with service(certificate(tmp_path)) as inner:
        google.status, google.headers = 307, {"Location": f"https://{inner.host}/admin"}
        outcome = sent(channel(google, tmp_path, inner.host), google.address())
        assert outcome == Outcome(SendStatus.RETRY, "push-busy", "307") and not inner.taken


def test_a_host_that_hangs_ends_at_the_time_limit(google: Service, tmp_path: Path) -> None:
    """It holds up nobody else's messages."""
    google.wait_s = 1
    outcome = sent(channel(google, tmp_path, timeout_s=0.2), google.address())
    assert outcome == Outcome(SendStatus.RETRY, "push-away") and len(google.taken) == 1


def test_a_host_that_refuses_is_tried_later(google: Service, tmp_path: Path) -> None:
    """And so is one whose certificate nobody vouches for."""
    closed = f"127.0.0.1:{free_port()}"
    to = google.address().replace(google.host, closed)
    assert sent(channel(google, tmp_path, closed), to) == Outcome(SendStatus.RETRY, "push-away")
    stranger = Push(crypto.push_key(SECRET), CONTACT, [google.host])
    assert sent(stranger, google.address()) == Outcome(SendStatus.RETRY, "push-away")
    assert not google.taken


@pytest.mark.parametrize("status", [201, 500])
def test_a_large_answer_is_not_read(google: Service, tmp_path: Path, status: int) -> None:
    """Ten megabytes would be sent; what the buffers of the two ends hold is."""
    google.status, google.size = status, 10_000_000
    sent(channel(google, tmp_path), google.address())
    assert google.sent < google.size


KEYS = Phone().keys


def given(endpoint: str, **changes: str) -> Subscription:
    """What a browser says."""
    return Subscription(**{"endpoint": endpoint, **KEYS, **changes})


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc:DEF",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAA",
        "https://wns2-am3p.notify.windows.com/w/?token=BQYAAAD%2f",
        "https://web.push.apple.com/QGx",
    ],
)
def test_the_services_of_the_four_makers_are_taken(endpoint: str) -> None:
    """And read back as they were given."""
    assert push_subscription.read(push_subscription.validate(given(endpoint))) == given(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com@127.0.0.1/x",
        "https://x@web.push.apple.com/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://localhost/x",
        "https://169.254.169.254/latest/meta-data",
        "https://push.apple.com.evil.example/x",
        "https://evilpush.apple.com/x",
        "https://.push.apple.com/x",
        "https://evil.example/.push.apple.com/x",
        "https://evil.example#.push.apple.com/x",
        "https://evil.example\\.push.apple.com/x",
        "https://evil.example?.push.apple.com/x",
        "https://web..push.apple.com/x",
        "https://-web.push.apple.com/x",
        "https://web-.push.apple.com/x",
        f"https://{'w' * 64}.push.apple.com/x",
        f"https://{'w.' * 130}push.apple.com/x",
        "https://web:1.push.apple.com/x",
        "https://fcm.googleapis.com:443/x",
        "https://web.push.apple.com/x y",
        'https://web.push.apple.com/x"y',
        "https://web.push.apple.com/x\\y",
        "https://web.push.apple.com/é",
        "https://web.push.apple.com/\r\nHost: x",
        "https://web.push.apple.com/x#y",
        "https://web.push.apple.com/" + "x" * 1024,
        "file:///etc/passwd",
    ],
)
def test_nobody_else_is_called(google: Service, tmp_path: Path, endpoint: str) -> None:
    """Otherwise a visitor would choose what this server calls."""
    with pytest.raises(InvalidSubscription):
        push_subscription.validate(given(endpoint))
    stored = json.dumps(given(endpoint)._asdict())
    assert sent(channel(google, tmp_path), stored) == Outcome(SendStatus.MISCONFIGURED, "push-host")


@pytest.mark.parametrize(
    "keys",
    [
        {"p256dh": ""},
        {"p256dh": "A" * 87},
        {"p256dh": KEYS["p256dh"][:-2]},
        {"p256dh": KEYS["p256dh"] + "AAAA"},
        {"p256dh": "B" * 5000},
        {"p256dh": "é" * 87},
        {"p256dh": "A"},
        {"auth": ""},
        {"auth": "AAAA"},
        {"auth": "A" * 86},
        {"auth": "+/+/+/+/+/+/+/+/+/+/+/"},
    ],
)
def test_keys_that_nobody_could_open_are_refused(keys: dict[str, str]) -> None:
    """At once, not when the first alert is due."""
    with pytest.raises(InvalidSubscription):
        push_subscription.validate(given("https://web.push.apple.com/x", **keys))


_HOSTS = st.sampled_from(
    ["fcm.googleapis.com", "web.push.apple.com", "x.notify.windows.com", "a..push.apple.com"]
)
_PARTS = st.text(st.sampled_from("abz09.-_~:/?@!$&'()*+,;=%[]\\\"<>^`{|}# \té\x00"), max_size=20)


@settings(max_examples=300)
@tried(_HOSTS, _PARTS, _PARTS)
def test_what_is_taken_can_be_sent_to(host: str, before: str, path: str) -> None:
    """What the sender does with it: encrypt, sign for its host, and hand it to the network."""
    for endpoint in (f"https://{before}{host}/{path}", f"https://{before}.{host}/{path}"):
        try:
            address = push_subscription.validate(given(endpoint))
        except InvalidSubscription:
            continue
        read = push_subscription.read(address)
        keys = {"p256dh": read.p256dh, "auth": read.auth}
        WebPusher({"endpoint": read.endpoint, "keys": keys}).encode(b"words")
        prepared = requests.Request("POST", read.endpoint).prepare()
        called = urlsplit(prepared.url or "")
        assert called.hostname == urlsplit(endpoint).hostname and called.port is None
        assert (called.hostname or "").encode("idna")
        assert (called.hostname or "").endswith(host.lstrip("ax."))


@pytest.mark.parametrize(
    "stored", ["", "{}", "[]", "null", "5", '{"endpoint": 5}', "{", '"x"', '{"p256dh": null}']
)
def test_a_stored_address_that_is_none_is_a_fault_that_is_shown(
    google: Service, tmp_path: Path, stored: str
) -> None:
    """And no failure of the channel."""
    assert sent(channel(google, tmp_path), stored) == Outcome(SendStatus.MISCONFIGURED, "push-host")


def test_keys_are_stored_as_browsers_write_them() -> None:
    """Whatever padding they came with, so that one phone is one address."""
    padded = given("https://web.push.apple.com/x", auth=KEYS["auth"] + "=" * 3000)
    assert push_subscription.validate(padded) == push_subscription.validate(
        given("https://web.push.apple.com/x")
    )


@pytest.fixture
def family(house: House, google: Service, tmp_path: Path) -> House:
    """Sam's house, with Mum's phone on the list."""
    house.channels["push"] = channel(google, tmp_path)
    house.person(channel="push", address=google.address())
    return house


def test_a_locked_phone_shows_nothing_of_the_card(family: House, google: Service) -> None:
    """Unless that was chosen: then the fact, what to do and whom to call, with no address."""
    family.send()
    assert google.shown[-1]["title"] == "Urgent: an alert of an emergency card"
    assert google.shown[-1]["body"] == "Press to read what it is about."
    assert google.shown[-1]["url"].startswith(f"{URL}/a/")
    family.bureau.change_recipient(family.card_id, "mum", family.now, open_subject=True)
    family.send(timedelta(days=1))
    shown = google.shown[-1]
    assert shown["title"] == "Urgent: Refill appointment passed: 20 Nov 2026"
    assert "Call the pump team now" in shown["body"] and "Signs now? Call 999." in shown["body"]
    assert "://" not in shown["body"]


def test_a_phone_that_is_gone_is_not_called_again(family: House, google: Service) -> None:
    """And the list says so."""
    google.status = 410
    family.send()
    family.send(timedelta(days=3))
    assert len(google.taken) == 1
    assert family.book.people[0].gone_at and family.log[-1].result["code"] == "push-gone"


def test_a_wrong_setting_is_shown_and_mends_itself(family: House, google: Service) -> None:
    """The phone stays on the list: it is this server that was refused."""
    google.status = 403
    family.send()
    mum = family.book.people[0]
    assert (mum.trouble, mum.gone_at) == ("push-refused", None)
    google.status = 201
    family.send(timedelta(hours=1))
    assert not family.book.people[0].trouble
    assert {each["tag"] for each in google.shown} == {google.shown[0]["tag"]}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("trouble", "says"),
    [
        ({"wait_s": 1.0}, "the phone's notification service does not answer"),
        ({"status": 500, "size": 10_000_000}, "asks to try again later (500)"),
        (
            {"status": 307, "headers": {"Location": "https://10.0.0.1/admin"}},
            "asks to try again later (307)",
        ),
    ],
    ids=["hangs", "answers 10 MB", "redirects to a private address"],
)
def test_the_owner_reads_what_went_wrong_and_nothing_is_lost(
    family: House, google: Service, tmp_path: Path, trouble: dict[str, Any], says: str
) -> None:
    """In the log at once, beside the person after some tries; then it arrives, and once."""
    family.channels["push"] = channel(google, tmp_path, timeout_s=0.3)
    for name, value in trouble.items():
        setattr(google, name, value)
    for minutes in (0, 1, 2, 5):
        family.send(timedelta(minutes=minutes))
    assert says in LogTexts(family.book, WORDS).log_lines(family.log)[-1].outcome
    reached = ReachTexts(family.book, family.now, WORDS).recipient_lines()
    assert says.partition(" (")[0] in reached[0].trouble
    google.status, google.size, google.wait_s, google.headers = 201, 0, 0, {}
    google.taken.clear()
    assert [family.send(timedelta(minutes=30)).sent for _ in range(3)] == [1, 0, 0]
    assert len(google.taken) == 1 and not family.book.people[0].trouble


def test_busy_services_are_left_alone(family: House, google: Service) -> None:
    """As long as they ask."""
    google.status, google.headers = 429, {"Retry-After": "7200"}
    family.send()
    google.status = 201
    family.send(timedelta(minutes=119))
    assert len(google.taken) == 1
    family.send(timedelta(minutes=2))
    assert len(google.taken) == 2


def test_no_service_is_asked_to_wait_for_ever() -> None:
    """The limits themselves."""
    assert push.TIMEOUT_S * 2 < 5 * 60 and push.LARGEST_PAYLOAD + 103 == 4096
