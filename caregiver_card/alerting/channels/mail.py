"""E-mail over SMTP.

The dialogue is that of ``smtplib``, but the last line, the lone dot by which the server accepts the
message, goes out within ``final_send``. Of the server's reply only the number is stored: its text
may quote the address.
"""

import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

import idna

from caregiver_card.alerting.channels.channel import FinalSend, Message, Outcome, SendStatus
from caregiver_card.alerting.channels.mail_message import write_message

# For each reply of the server. RFC 5321 would wait minutes; a claim (``outbox.LEASE``) must outlast
# the eight replies of one message, and a later try costs nothing.
TIMEOUT_S = 30
_PORTS = {"smtp": 587, "smtps": 465}
# Traffic within this machine needs no encryption, and few mail servers have a certificate for it.
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
# Only these characters, so that an address can inject neither a header nor a command.
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[\w-]{1,63}\.)*[\w-]{1,63}", re.ASCII)
_LONGEST_ADDRESS = 254
_MAILBOX_GONE = {550, 551, 553}


class InvalidAddress(ValueError):
    """Not an e-mail address, or not the address of a mail server."""


class ForeignLetters(InvalidAddress):
    """An address with letters before the @ that few servers accept (SMTPUTF8, RFC 6531)."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server: ``smtp://`` with STARTTLS where the server offers it, or ``smtps://``.

    A password never goes out unencrypted. Certificates are checked against those that OpenSSL
    trusts; OpenSSL's variable ``SSL_CERT_FILE`` sets others.
    """

    host: str
    port: int
    encrypted: bool
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


def parse_server(url: str) -> MailServer:
    """Return the server at ``smtp://user:password@host:port``. Raises InvalidAddress."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise InvalidAddress from None
    if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/") or parts.query:
        raise InvalidAddress
    return MailServer(
        _host(parts.hostname),
        port or _PORTS[parts.scheme],
        parts.scheme == "smtps",
        unquote(parts.username or ""),
        unquote(parts.password or ""),
    )


def parse_address(typed: str) -> str:
    """Return an address as mail is sent to it, its host in lower case.

    Raises ForeignLetters and InvalidAddress.
    """
    local, at, host = typed.strip().rpartition("@")
    address = f"{local}{at}{_host(host)}"
    if not local.isascii() and local.isprintable():
        raise ForeignLetters
    if len(address) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(address):
        raise InvalidAddress
    return address


def may_have_been_changed(address: str) -> bool:
    """Whether an older program may have stored another host than was typed.

    It wrote hosts after IDNA 2003, which maps a German ß to ss and a Greek ς to σ.
    """
    labels = map(_to_unicode, address.rpartition("@")[2].split("."))
    return any("ss" in label or label.endswith("σ") for label in labels)


def _to_unicode(label: str) -> str:
    try:
        return idna.ulabel(label)
    except idna.IDNAError:
        return label


def _host(typed: str) -> str:
    """Return a host in ASCII after IDNA 2008: straße.de is another host than strasse.de."""
    try:
        return typed.lower() if typed.isascii() else idna.encode(typed, uts46=True).decode("ascii")
    except idna.IDNAError:
        raise InvalidAddress from None


class Mail:
    """The e-mail channel; ``sender`` is the address that the messages come from."""

    def __init__(self, server: MailServer, sender: str, timeout_s: float = TIMEOUT_S) -> None:
        self._server, self._sender, self._timeout_s = server, sender, timeout_s

    def send(self, address: str, message: Message, final_send: FinalSend) -> Outcome:
        """Send one message over a connection of its own."""
        raw = write_message(message, self._sender, address)
        try:
            smtp = self._connect()
        except Exception as error:
            return _no_connection(error)
        try:
            return self._transmit(smtp, address, raw, final_send)
        except (smtplib.SMTPException, OSError):
            return Outcome(SendStatus.RETRY, "mail-away")
        finally:
            _quit(smtp)

    def _connect(self) -> smtplib.SMTP:
        host, port, timeout = self._server.host, self._server.port, self._timeout_s
        context = ssl.create_default_context()
        if self._server.encrypted:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=timeout, context=context)
        else:
            smtp = smtplib.SMTP(host, port, timeout=timeout)
        try:
            smtp.ehlo_or_helo_if_needed()
            if not self._server.encrypted and (self._server.user or host not in _LOOPBACK):
                self._start_tls(smtp, context)
            if self._server.user:
                smtp.login(self._server.user, self._server.password)
        except Exception:
            smtp.close()
            raise
        return smtp

    def _start_tls(self, smtp: smtplib.SMTP, context: ssl.SSLContext) -> None:
        if smtp.has_extn("starttls"):
            smtp.starttls(context=context)
            smtp.ehlo()
        elif self._server.user:
            raise _Unencrypted

    def _transmit(
        self, smtp: smtplib.SMTP, address: str, raw: bytes, final_send: FinalSend
    ) -> Outcome:
        steps: tuple[tuple[str, Callable[[], tuple[int, bytes]]], ...] = (
            ("mail-sender", lambda: smtp.mail(self._sender)),
            ("mail-address", lambda: smtp.rcpt(address)),
            ("mail-refused", lambda: smtp.docmd("DATA")),
        )
        for code, step in steps:
            number, reply = step()
            if number not in (250, 251, 354):
                return _refused(code, number, reply)
        smtp.send(raw)
        with final_send():
            smtp.send(b".\r\n")
        number, reply = smtp.getreply()
        sent = Outcome(SendStatus.SENT)
        return sent if number == 250 else _refused("mail-refused", number, reply)


class _Unencrypted(Exception):
    """The password would go over the network unencrypted."""


def _no_connection(error: Exception) -> Outcome:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        if 400 <= error.smtp_code < 500:
            return Outcome(SendStatus.RETRY, "mail-away", str(error.smtp_code))
        return Outcome(SendStatus.MISCONFIGURED, "mail-login", str(error.smtp_code))
    if isinstance(error, _Unencrypted):
        return Outcome(SendStatus.MISCONFIGURED, "mail-unencrypted")
    if isinstance(error, ssl.SSLCertVerificationError):
        return Outcome(SendStatus.MISCONFIGURED, "mail-certificate")
    return Outcome(SendStatus.RETRY, "mail-away")


def _refused(code: str, number: int, reply: bytes) -> Outcome:
    """Return what a refusal means: try again (4xx), no such mailbox, or misconfigured."""
    if 400 <= number < 500 or number < 0:
        return Outcome(SendStatus.RETRY, "mail-busy", str(number))
    # 5.7 is a server's policy (RFC 3463), which says nothing about the mailbox.
    if code == "mail-address" and number in _MAILBOX_GONE and not reply.startswith(b"5.7"):
        return Outcome(SendStatus.ADDRESS_GONE, code, str(number))
    fault = "mail-refused" if code == "mail-address" else code
    return Outcome(SendStatus.MISCONFIGURED, fault, str(number))


def _quit(smtp: smtplib.SMTP) -> None:
    """Quit without waiting for the reply, so that the outbox notes the delivery at once."""
    try:
        smtp.putcmd("QUIT")
    except (smtplib.SMTPException, OSError):
        pass
    finally:
        smtp.close()
