"""E-mail through servers that encrypt: a password goes out encrypted or not at all."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from caregiver_card.alerting.channels.channel import Outcome, SendStatus
from caregiver_card.alerting.channels.mail import Mail, parse_server
from tests.alerting.certificates import Authority
from tests.alerting.channels.test_push import message
from tests.alerting.mailbox import Mailbox, login, mailbox
from tests.web.website import MAIL_URL, Website

# Real mail servers.
pytestmark = pytest.mark.slow

KINDS = ["smtp", "smtps"]


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """One of an operator's own, trusted as OpenSSL lets anybody trust one."""
    made = Authority()
    path = tmp_path / "authority.pem"
    path.write_bytes(made.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return made


def context(issued: bytes, folder: Path) -> ssl.SSLContext:
    """What a server proves itself with."""
    path = folder / "server.pem"
    path.write_bytes(issued)
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(path)
    return made


@contextmanager
def encrypting(kind: str, issued: bytes, folder: Path) -> Iterator[Mailbox]:
    """A server that takes a password, by STARTTLS or encrypted from the first letter."""
    tls = {"smtp": "tls_context", "smtps": "ssl_context"}[kind]
    # aiosmtpd counts only STARTTLS as encryption; from the first letter it is encrypted anyway.
    more = {"require_starttls" if kind == "smtp" else "auth_require_tls": kind == "smtp"}
    options: dict[str, Any] = {tls: context(issued, folder), **more}
    with mailbox(authenticator=login, **options) as box:
        yield box


def sent(kind: str, box: Mailbox, user: str = "card:right@") -> Outcome:
    """How sending to Mum ends."""
    at = parse_server(f"{kind}://{user}{box.host}:{box.port}")
    return Mail(at, "alerts@card.example", 5).send("mum@family.example", message(), nullcontext)


@pytest.mark.parametrize("kind", KINDS)
def test_it_works(kind: str, authority: Authority, tmp_path: Path) -> None:
    """The server takes a password over TLS alone, and then the message."""
    with encrypting(kind, authority.issue(), tmp_path) as box:
        assert sent(kind, box) == Outcome(SendStatus.SENT)
        assert [to for to, _ in box.taken] == ["mum@family.example"]
        assert sent(kind, box, "card:wrong@") == Outcome(
            SendStatus.MISCONFIGURED, "mail-login", "535"
        )
        assert box.logins[0] == b"right" and {*box.logins[1:]} == {b"wrong"}


BAD: dict[str, Callable[[Authority], bytes]] = {
    "a stranger's": lambda _: Authority().issue(),
    "another server's": lambda ours: ours.issue("127.0.0.2"),
    "an old one": lambda ours: ours.issue(valid=timedelta(days=-1)),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("issued", BAD.values(), ids=BAD)
def test_a_certificate_that_does_not_hold_is_refused(
    kind: str, issued: Callable[[Authority], bytes], authority: Authority, tmp_path: Path
) -> None:
    """Before the password: whoever is there, it is not the mail server."""
    with encrypting(kind, issued(authority), tmp_path) as box:
        assert sent(kind, box) == Outcome(SendStatus.MISCONFIGURED, "mail-certificate")
        assert not box.logins and not box.taken


def test_a_server_without_starttls_gets_no_password() -> None:
    """Though it asks for one in the clear, as somebody between the two would."""
    eager: dict[str, Any] = {"authenticator": login, "auth_require_tls": False}
    with mailbox(**eager) as box:
        assert sent("smtp", box) == Outcome(SendStatus.MISCONFIGURED, "mail-unencrypted")
        assert not box.logins and not box.taken


def test_within_this_machine_nobody_has_to_vouch(tmp_path: Path) -> None:
    """A system's own mail server has a certificate of its own making; elsewhere that is none."""
    tls = context(Authority().issue("127.0.0.2"), tmp_path)
    with mailbox(tls_context=tls) as here, mailbox(host="127.0.0.2", tls_context=tls) as there:
        assert sent("smtp", here, "") == Outcome(SendStatus.SENT)
        assert sent("smtp", there, "") == Outcome(SendStatus.MISCONFIGURED, "mail-certificate")


@pytest.mark.parametrize(
    ("encrypts", "says"),
    [
        (False, "the mail server offers no encryption, so no password was sent to it"),
        (True, "the mail server cannot prove who it is"),
    ],
)
def test_the_owner_s_page_says_what_is_wrong(tmp_path: Path, encrypts: bool, says: str) -> None:
    """With the time since when; and it comes through once that is mended."""
    tls = context(Authority().issue(), tmp_path) if encrypts else None
    house = Website(tmp_path, mail_url=MAIL_URL)
    with mailbox() as house.post:
        house.told()
    with mailbox(tls_context=tls) as house.post:
        house.send(timedelta(hours=1), user="card", password="right")
        since = "May not be reached since 21 Nov 2026, 07:00"
        assert f"{since}: {says}" in house.words("/alerts")
        assert f"not sent yet (tries: 1); {says}" in house.words("/alerts")
        house.send(timedelta(hours=1))
        assert len(house.post.taken) == 1 and "May not" not in house.words("/alerts")
    house.keeper.store.dispose()
