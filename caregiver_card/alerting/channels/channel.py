"""What a message is, what a channel does with it, and how that can end.

A channel is one way to a person: e-mail, a phone's notifications. A new one is a class with
``send``, a name in ``web.sending.channels``, its words under ``tell.channel`` and ``tell.fault``,
and a page that puts a ``Person`` with that channel and its address on the list; an address that has
proved itself comes with ``confirmed_at``. Everything else is the same for all.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol

from caregiver_card.card.alert_schedule import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Finished words for one person.

    ``key`` is this message's own, 32 hex digits, and the same at every try: the receiving end
    drops a second copy by it. ``topic``, 32 hex digits as well, is that of every message which says
    the same to the same person: a phone keeps the last one. ``subject`` may be read by anybody who
    sees the locked phone.
    """

    key: str
    topic: str
    at: datetime
    severity: Severity
    subject: str
    paragraphs: tuple[str, ...] = field(repr=False)
    # Below the subject on a locked phone: the words themselves only if that was chosen.
    shown: tuple[str, ...] = field(repr=False)
    # What it is about, for the owner's log.
    said: str = field(repr=False)
    # "I know", or nothing where there is nothing to know.
    known_url: str = field(default="", repr=False)
    stop_url: str = field(repr=False)
    # Who it is from, in words that a mail program shows in the place of an address.
    sender: str = ""

    @property
    def text(self) -> str:
        """The whole of it, as plain text."""
        return "\n\n".join(self.paragraphs) + "\n"


class End(Enum):
    """How a try ends."""

    SENT = "sent"
    # The other side is away or busy; it is tried again.
    LATER = "later"
    # The address is no more; it is never tried again.
    GONE = "gone"
    # Something is set wrong on our side; the address is kept, the fault shown, and tried again.
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of a try; ``code`` names the fault (``tell.fault-CODE``), ``detail`` is a number.

    ``after`` is how long the other side asked to be left alone.
    """

    end: End
    code: str = ""
    detail: str = ""
    after: timedelta | None = None


# Entered right before the last word to the other side, left right after it.
HandingOver = Callable[[], AbstractContextManager[None]]


class Channel(Protocol):
    """One way to a person."""

    def send(self, address: str, message: Message, handing_over: HandingOver) -> Outcome:
        """Sends it, in ``with handing_over():`` what the other side takes the message by, and no
        more. Lets pass what entering raises; raises nothing else."""
        ...
