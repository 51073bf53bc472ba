"""A message as an e-mail: as plain text, and as HTML with one band, the number and one action.

Both say the same, word for word.
"""

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from typing import Any

from markupsafe import Markup

from caregiver_card.alerting.channels.channel import Message
from caregiver_card.card.alert_schedule import Severity
from caregiver_card.document_templates import template
from caregiver_card.style_sheets import colour, screen_style

# Headers that programs read stay on one line, unencoded: folding or encoding (RFC 2047) would
# change an address in them. Each is shorter than the longest permitted line.
_UNFOLDED = {"list-unsubscribe", "list-unsubscribe-post", "message-id", "to"}
# By level: the colours of the band and of its words, and its shape.
_BANDS = {
    "red": ("danger", "white", "\u25b2"),
    "due": ("amber-strip", "amber-on-strip", "\u25f7"),
    "ok": ("ok-strip", "ok-ink", "\u2713"),
}


def _page(message: Message) -> str:
    """Return the message as a page."""
    urgent, due = message.severity >= Severity.URGENT, message.severity == Severity.DUE
    level = "red" if urgent else "due" if due else "ok"
    ground, ink, shape = _BANDS[level]
    return template("mail.html").render(
        message=message,
        language=message.language,
        css=Markup(screen_style("mail.css")),
        colour=colour,
        level=level,
        ground=ground,
        ink=ink,
        shape=shape,
    )


def write_message(message: Message, sender: str, to: str) -> bytes:
    """Return the message as it is sent after DATA, without the last line."""
    mail = EmailMessage(policy=_Policy(linesep="\r\n"))
    mail["From"] = Address(message.sender, addr_spec=sender)
    mail["To"], mail["Subject"], mail["Date"] = to, message.subject, message.at
    mail["Content-Language"] = message.language
    mail["Message-ID"] = f"<{message.key}@{sender.rpartition('@')[2]}>"
    # Suppresses out-of-office replies (RFC 3834).
    mail["Auto-Submitted"] = "auto-generated"
    # The unsubscribe button of a mail program sends a POST; a scanner that opens links sends none
    # (RFC 8058).
    mail["List-Unsubscribe"] = f"<{message.stop_url}>"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if message.severity >= Severity.URGENT:
        mail["Importance"] = "high"
    mail.set_content(message.text, cte="quoted-printable")
    mail.add_alternative(_page(message), subtype="html", cte="quoted-printable")
    return re.sub(rb"(?m)^\.", b"..", mail.as_bytes())


class _Policy(EmailPolicy):
    """The policy for SMTP, which leaves the headers of ``_UNFOLDED`` on one line."""

    def fold(self, name: str, value: Any) -> str:
        """Return a header of a message that is serialized as text."""
        is_unfolded = name.lower() in _UNFOLDED
        return f"{name}: {value}{self.linesep}" if is_unfolded else super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Return a header of a message that is serialized as bytes."""
        if name.lower() in _UNFOLDED:
            return self.fold(name, value).encode("ascii")
        return super().fold_binary(name, value)
