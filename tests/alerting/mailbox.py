"""A real mail server on loopback, and what arrived there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from caregiver_card.alerting.channels.mail import MailServer
from tests.servers import free_port


@dataclass
class Mailbox:
    """Everything that the server took, in order.

    ``answers`` are what it says instead of OK; to a receiver, to Mum alone.
    ``logins`` are the passwords that it was given.
    """

    port: int = 0
    host: str = "127.0.0.1"
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    logins: list[bytes] = field(default_factory=list)

    async def handle_MAIL(
        self, _server: Any, _session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        """The sender's address."""
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        """The receiver's address."""
        if "RCPT" in self.answers and address.startswith("mum"):
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any, /) -> str:
        """The whole message."""
        if "DATA" in self.answers:
            return self.answers["DATA"]
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.taken.append((envelope.rcpt_tos[0], mail))
        return "250 OK"

    @property
    def server(self) -> MailServer:
        """Where it is."""
        return MailServer(self.host, self.port, encrypted=False)

    def to(self, address: str) -> list[EmailMessage]:
        """What arrived for one address."""
        return [mail for receiver, mail in self.taken if receiver == address]


def login(server: Any, _session: Any, _envelope: Any, mechanism: str, given: Any) -> AuthResult:
    """Only one password is right."""
    assert isinstance(given, LoginPassword)
    server.event_handler.logins.append(given.password)
    return AuthResult(success=given.password == b"right", handled=False)


@contextmanager
def mailbox(port: int = 0, host: str = "127.0.0.1", **options: Any) -> Iterator[Mailbox]:
    """A mail server, until the block ends."""
    box = Mailbox(port or free_port(), host)
    controller = Controller(box, hostname=host, port=box.port, **options)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def text_of(mail: EmailMessage) -> str:
    """The plain text of a mail; its HTML says the same."""
    body = mail.get_body(("plain",))
    assert body
    return str(body.get_content())
