"""E-mail over SMTP.

The message is given over as ``smtplib`` would, but its last line, the lone dot by which the server
takes it, is sent within ``handing_over``. Nothing of a server's answer is kept but its
number: its words may quote the address.
"""

import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from typing import Any
from urllib.parse import unquote, urlsplit

import idna

from caregiver_card.alerting.channels.channel import End, HandingOver, Message, Outcome
from caregiver_card.card.alert_schedule import Severity

# For each answer of the server. RFC 5321 would wait minutes; a claim (outbox.LEASE) is to outlast
# the eight answers of one message, and a try later costs nothing.
TIMEOUT_S = 30
_PORTS = {"smtp": 587, "smtps": 465}
# What stays within this machine needs no secrecy, and few mail servers have a certificate for it.
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
# A host's letters are limited so that no header or command can be made of them.
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[\w-]{1,63}\.)*[\w-]{1,63}", re.ASCII)
_LONGEST_ADDRESS = 254
_MAILBOX_GONE = {550, 551, 553}
# What a program reads stands on one line as it is: folded or encoded (RFC 2047), an address in it
# is another one. Each is shorter than a line may be.
_AS_IT_IS = {"list-unsubscribe", "list-unsubscribe-post", "message-id", "to"}


class InvalidAddress(ValueError):
    """Not an e-mail address, or not the address of a mail server."""


class ForeignLetters(InvalidAddress):
    """An address with letters before the @ that only few servers take (SMTPUTF8, RFC 6531)."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server: ``smtp://`` with STARTTLS where it is offered, or ``smtps://``.

    A password never goes out unencrypted. Certificates are held against what OpenSSL trusts, to
    which an operator adds with its own variable ``SSL_CERT_FILE``.
    """

    host: str
    port: int
    encrypted: bool
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


def parse_server(url: str) -> MailServer:
    """The server at ``smtp://user:password@host:port``; raises WrongAddress."""
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


def parse_address(words: str) -> str:
    """An address as it is sent to, its host in small letters; raises WrongAddress."""
    local, at, host = words.strip().rpartition("@")
    found = f"{local}{at}{_host(host)}"
    if not local.isascii() and local.isprintable():
        raise ForeignLetters
    if len(found) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(found):
        raise InvalidAddress
    return found


def may_have_been_changed(address: str) -> bool:
    """Whether an older program may have made another host of what was typed.

    It wrote hosts after IDNA 2003, which has ss for a German ß and σ for a Greek ς.
    """
    labels = address.rpartition("@")[2].split(".")
    return any("ss" in each or each.endswith("σ") for each in map(_shown, labels))


def _shown(label: str) -> str:
    try:
        return idna.ulabel(label)
    except idna.IDNAError:
        return label


def _host(words: str) -> str:
    """A host as it goes over the net (IDNA 2008): straße.de is another host than strasse.de."""
    try:
        return words.lower() if words.isascii() else idna.encode(words, uts46=True).decode("ascii")
    except idna.IDNAError:
        raise InvalidAddress from None


class Mail:
    """The e-mail channel."""

    def __init__(self, at: MailServer, sender: str, timeout_s: float = TIMEOUT_S) -> None:
        self._server, self._sender, self._timeout_s = at, sender, timeout_s

    def send(self, address: str, message: Message, handing_over: HandingOver) -> Outcome:
        """One message over a connection of its own."""
        raw = write_message(message, self._sender, address)
        try:
            smtp = self._connected()
        except Exception as fault:
            return _no_connection(fault)
        try:
            return self._given(smtp, address, raw, handing_over)
        except (smtplib.SMTPException, OSError):
            return Outcome(End.LATER, "mail-away")
        finally:
            _leave(smtp)

    def _connected(self) -> smtplib.SMTP:
        host, port, wait = self._server.host, self._server.port, self._timeout_s
        secure = ssl.create_default_context()
        if self._server.encrypted:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=wait, context=secure)
        else:
            smtp = smtplib.SMTP(host, port, timeout=wait)
        try:
            smtp.ehlo_or_helo_if_needed()
            if not self._server.encrypted and (self._server.user or host not in _LOOPBACK):
                self._encrypt(smtp, secure)
            if self._server.user:
                smtp.login(self._server.user, self._server.password)
        except Exception:
            smtp.close()
            raise
        return smtp

    def _encrypt(self, smtp: smtplib.SMTP, secure: ssl.SSLContext) -> None:
        if smtp.has_extn("starttls"):
            smtp.starttls(context=secure)
            smtp.ehlo()
        elif self._server.user:
            raise _Unencrypted

    def _given(
        self, smtp: smtplib.SMTP, address: str, raw: bytes, handing_over: HandingOver
    ) -> Outcome:
        steps: tuple[tuple[str, Callable[[], tuple[int, bytes]]], ...] = (
            ("mail-sender", lambda: smtp.mail(self._sender)),
            ("mail-address", lambda: smtp.rcpt(address)),
            ("mail-refused", lambda: smtp.docmd("DATA")),
        )
        for code, step in steps:
            number, answer = step()
            if number not in (250, 251, 354):
                return _refused(code, number, answer)
        smtp.send(raw)
        with handing_over():
            smtp.send(b".\r\n")
        number, answer = smtp.getreply()
        return Outcome(End.SENT) if number == 250 else _refused("mail-refused", number, answer)


def write_message(message: Message, sender: str, to: str) -> bytes:
    """The message as a server is given it, without its last line."""
    mail = EmailMessage(policy=_Policy(linesep="\r\n"))
    mail["From"] = Address(message.sender, addr_spec=sender)
    mail["To"], mail["Subject"], mail["Date"] = to, message.subject, message.at
    mail["Message-ID"] = f"<{message.key}@{sender.rpartition('@')[2]}>"
    # No machine answers to this with "I am on holiday" (RFC 3834).
    mail["Auto-Submitted"] = "auto-generated"
    # The button of a mail program, which sends a POST; a scanner that opens links sends none (RFC
    # 8058).
    mail["List-Unsubscribe"] = f"<{message.stop_url}>"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if message.severity >= Severity.URGENT:
        mail["Importance"] = "high"
    mail.set_content(message.text, cte="quoted-printable")
    return re.sub(rb"(?m)^\.", b"..", mail.as_bytes())


class _Policy(EmailPolicy):
    """As SMTP's, but for what stands on one line as it is."""

    def fold(self, name: str, value: Any) -> str:
        """A header for a message that is text."""
        as_it_is = name.lower() in _AS_IT_IS
        return f"{name}: {value}{self.linesep}" if as_it_is else super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        """A header for a message that is bytes."""
        if name.lower() in _AS_IT_IS:
            return self.fold(name, value).encode("ascii")
        return super().fold_binary(name, value)


class _Unencrypted(Exception):
    """A password would go over the net in the clear."""


def _no_connection(fault: Exception) -> Outcome:
    if isinstance(fault, smtplib.SMTPAuthenticationError):
        temporary = 400 <= fault.smtp_code < 500
        end, code = (End.LATER, "mail-away") if temporary else (End.WRONG, "mail-login")
        return Outcome(end, code, str(fault.smtp_code))
    if isinstance(fault, _Unencrypted):
        return Outcome(End.WRONG, "mail-unencrypted")
    if isinstance(fault, ssl.SSLCertVerificationError):
        return Outcome(End.WRONG, "mail-certificate")
    return Outcome(End.LATER, "mail-away")


def _refused(code: str, number: int, answer: bytes) -> Outcome:
    """What a refusal means: 4xx later, a mailbox that is no more, or something set wrong."""
    if 400 <= number < 500 or number < 0:
        return Outcome(End.LATER, "mail-busy", str(number))
    # 5.7 is a server's policy (RFC 3463), which says nothing of the mailbox.
    if code == "mail-address" and number in _MAILBOX_GONE and not answer.startswith(b"5.7"):
        return Outcome(End.GONE, code, str(number))
    return Outcome(End.WRONG, "mail-refused" if code == "mail-address" else code, str(number))


def _leave(smtp: smtplib.SMTP) -> None:
    """Politely, and without waiting for the answer: what was sent is to be noted at once."""
    try:
        smtp.putcmd("QUIT")
    except (smtplib.SMTPException, OSError):
        pass
    finally:
        smtp.close()
