"""Addresses and the headers that programs read: as they are, whatever their letters and length."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parseaddr
from typing import Any

import pytest

from caregiver_card.alerting.channels import mail
from caregiver_card.alerting.channels.channel import Message, MessageBlock
from caregiver_card.alerting.channels.mail_message import write_message
from caregiver_card.card.alert_schedule import Severity

LONG = ".".join(["x" * 63, "y" * 63, "z" * 63, "card", "example"])
HOSTS = ["card.example", "a" * 60 + ".example", LONG]
NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)


def written(host: str, **changes: Any) -> bytes:
    """A message of the server at this host."""
    given: dict[str, Any] = {
        "key": "0123456789abcdef" * 2,
        "topic": "fedcba9876543210" * 2,
        "at": NOW,
        "severity": Severity.URGENT,
        "subject": "Urgent",
        "blocks": (MessageBlock("Refill appointment passed."),),
        "lock_screen": (),
        "summary": "",
        "stop_url": f"https://{host}/u/{'0' * 26}",
        "sender": "Caregiver Card",
    }
    to = f"{'mum' * 20}@{host}" if len(host) < 190 else "mum@family.example"
    return write_message(Message(**{**given, **changes}), f"alerts@{host}", to)


@pytest.mark.parametrize("host", HOSTS, ids=len)
def test_what_a_program_reads_stands_on_one_line(host: str) -> None:
    """Byte for byte: never folded within an address, never encoded (RFC 2047)."""
    lines = written(host).split(b"\r\n")
    for line in (
        f"List-Unsubscribe: <https://{host}/u/{'0' * 26}>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        f"Message-ID: <{'0123456789abcdef' * 2}@{host}>",
    ):
        assert line.encode() in lines
    assert max(map(len, lines)) < 998


@pytest.mark.parametrize("host", HOSTS, ids=len)
@pytest.mark.parametrize("rules", [policy.default, policy.compat32], ids=["new", "old"])
def test_the_standard_library_reads_it_back(host: str, rules: Any) -> None:
    """With either of its parsers."""
    read = message_from_bytes(written(host), policy=rules)
    assert read["List-Unsubscribe"] == f"<https://{host}/u/{'0' * 26}>"
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert read["Message-ID"] == f"<{'0123456789abcdef' * 2}@{host}>"
    assert " ".join(read["From"].split()) == f"Caregiver Card <alerts@{host}>"
    assert "=?" not in read["To"]


@pytest.mark.parametrize("name", ["Rosa", "José Ibáñez, <x@y>", "Ánh-Tuyết " * 4, '"A" \\ B', ""])
def test_a_sender_s_name_is_a_name(name: str) -> None:
    """It cannot become an address, whatever is in it."""
    raw = written("card.example", sender=name.strip())
    (sender,) = message_from_bytes(raw, policy=policy.default)["From"].addresses
    assert sender.addr_spec == "alerts@card.example"
    shown, address = parseaddr(message_from_bytes(raw)["From"])
    assert (str(make_header(decode_header(shown))), address) == (name.strip(), sender.addr_spec)


@pytest.mark.parametrize(
    "typed, sent",
    [
        ("eva@straße.de", "eva@xn--strae-oqa.de"),
        ("eva@strasse.de", "eva@strasse.de"),
        ("Eva@FAẞ.Example", "Eva@xn--fa-hia.example"),
        ("eva@βόλος.com", "eva@xn--nxasmm1c.com"),
        ("eva@MÜNCHEN.de", "eva@xn--mnchen-3ya.de"),
        ("eva@xn--strae-oqa.de", "eva@xn--strae-oqa.de"),
        ("eva@日本。jp", "eva@xn--wgv71a.jp"),
        ("eva@sub_domain.example", "eva@sub_domain.example"),
        (" eva+card@localhost ", "eva+card@localhost"),
    ],
)
def test_a_host_is_written_after_idna_2008(typed: str, sent: str) -> None:
    """With ß and ς it is another host than with ss and σ. What was sent to is left as it is."""
    assert mail.parse_address(typed) == sent == mail.parse_address(sent)


@pytest.mark.parametrize("host", ["straße..de", "☃.net", "ß\u202e.de", "\ud800.de"])
def test_what_is_no_host_is_refused(host: str) -> None:
    """Whatever idna says of it."""
    with pytest.raises(mail.InvalidAddress):
        mail.parse_address(f"eva@{host}")


def test_letters_before_the_at_are_a_fault_of_their_own() -> None:
    """Few servers take them (SMTPUTF8)."""
    for typed in ("jörg@example.org", "用户@straße.de"):
        with pytest.raises(mail.ForeignLetters):
            mail.parse_address(typed)


def test_a_mail_server_s_host_is_written_alike() -> None:
    """Or the system's own look-up would make ss of it."""
    assert mail.parse_server("smtp://mail.straße.de:25").host == "mail.xn--strae-oqa.de"
    assert mail.parse_server("smtps://user:pass@MAIL.example").host == "mail.example"
    assert mail.parse_server("smtp://[::1]:2525").host == "::1"
    with pytest.raises(mail.InvalidAddress):
        mail.parse_server("smtp://ß..de")


@pytest.mark.parametrize(
    "host, asked",
    [
        ("strasse.example", True),
        ("mail.strasse.example", True),
        ("münchenstrasse.de", True),
        ("βόλοσ.com", True),
        ("müller.de", False),
        ("example.org", False),
        ("xn--.example", False),
    ],
)
def test_what_may_have_been_changed_is_known_by_its_host(host: str, asked: bool) -> None:
    """An older program, which went by IDNA 2003, wrote ss for ß and σ for ς behind the @."""
    stored = host if host.isascii() else host.encode("idna").decode()
    assert mail.may_have_been_changed(f"ss@{stored}") == asked
