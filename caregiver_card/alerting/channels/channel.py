"""The message, the channel that sends it, and the outcome.

A channel is one way to a recipient: e-mail, a phone's notifications. A new channel needs a class
with ``send``, an entry in ``web.cli.alerts.channels``, its texts under ``tell.channel`` and
``tell.fault``, and a page that adds a ``Recipient`` with that channel and an address; an address
that needs no invitation comes with ``confirmed_at``. These tell channels apart as well, and have
to know a new one: ``policy.recipients`` and ``policy.preferences`` (which addresses it has),
``log_texts`` (how an address is shown), and the two pages that name it (``alerts/overview.html``,
``alerts/recipient_page.html``).
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol

from caregiver_card.briefing.content import ENGLISH
from caregiver_card.card.alert_schedule import Severity


class BlockKind(Enum):
    """What a block of a message is, for a channel that can show it so."""

    TEXT = "text"
    # The alert: a title, and what to do in a second line.
    ALERT = "alert"
    # A telephone number: ``link`` dials it.
    CALL = "call"
    # A page on the web, and the one page that the message is for.
    LINK = "link"
    ACTION = "action"


@dataclass(frozen=True, slots=True)
class MessageBlock:
    """A paragraph of a message; the repr shows none of it."""

    words: str = field(repr=False)
    kind: BlockKind = BlockKind.TEXT
    link: str = field(default="", repr=False)

    @property
    def text(self) -> str:
        """The block as plain text: a web address stands in a line of its own."""
        has_page = self.kind in (BlockKind.LINK, BlockKind.ACTION)
        return f"{self.words}\n{self.link}" if has_page else self.words


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Finished text for one recipient.

    ``key``, 32 hex digits, is the message's own and the same at every try: the receiving end drops
    a duplicate by it. ``topic``, 32 hex digits as well, is common to all messages that say the
    same to the same recipient: a phone shows only the last one. Anybody who sees the locked phone
    may read ``subject``.
    """

    key: str
    topic: str
    at: datetime
    severity: Severity
    subject: str
    blocks: tuple[MessageBlock, ...] = field(repr=False)
    # The word for how severe the alert is; empty where the message is of none.
    severity_word: str = ""
    # The lines below the subject on a locked phone; they name the alert only if that was chosen.
    lock_screen: tuple[str, ...] = field(repr=False)
    # The content for the owner's log.
    summary: str = field(repr=False)
    # The page that acknowledges the alerts; empty where there is nothing to acknowledge.
    acknowledge_url: str = field(default="", repr=False)
    stop_url: str = field(repr=False)
    # The language of the texts (BCP 47).
    language: str = ENGLISH
    # The sender's name, which a mail program shows in place of the address.
    sender: str = ""

    @property
    def text(self) -> str:
        """The blocks as plain text."""
        return "\n\n".join(block.text for block in self.blocks) + "\n"


class SendStatus(Enum):
    """The result of one try to send."""

    SENT = "sent"
    # The other side is unavailable or busy: the sender tries again.
    RETRY = "later"
    # The address no longer exists: the sender never tries again.
    ADDRESS_GONE = "gone"
    # This server is misconfigured: the fault is shown, the address stays, the sender tries again.
    MISCONFIGURED = "wrong"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one try: ``code`` names the fault (text ``tell.fault.CODE``).

    ``detail`` is the other side's status number. ``retry_after`` is the wait it asked for.
    """

    status: SendStatus
    code: str = ""
    detail: str = ""
    retry_after: timedelta | None = None


# Surrounds the send by which the other side accepts the message (``Outbox.final_send``).
FinalSend = Callable[[], AbstractContextManager[None]]


class Channel(Protocol):
    """One way to a recipient."""

    def send(self, address: str, message: Message, final_send: FinalSend) -> Outcome:
        """Send a message to an address.

        Within ``with final_send():`` the channel sends what makes the other side accept the
        message, and nothing else. It propagates what entering raises, and raises nothing else.
        """
        ...
