"""A note -> the message: its words for one person, at the moment when they are sent.

An alert is composed from the book as it is then: what meanwhile is known or recorded is left out,
and where nothing is left there is no message.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from caregiver_card import notices
from caregiver_card.alerting import rounds
from caregiver_card.alerting.book import Book, Note
from caregiver_card.alerting.channels import Message
from caregiver_card.alerting.people import OPENED, Person
from caregiver_card.alerting.plan import Occasion
from caregiver_card.content import Content, load
from caregiver_card.keeping.crypto import lookup_id
from caregiver_card.schedule import Severity

CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes one message; ``token`` is the message's own, ``now`` the moment of sending."""

    book: Book
    person: Person
    token: str
    public_url: str
    now: datetime

    def write(self, note: Note) -> Message | None:
        """The words of a note, or nothing if there is nothing to say any more."""
        return _WRITERS[note.what](self, note.details)

    @property
    def content(self) -> Content:
        """The words of the card's language."""
        return load(self.book.plan.language)

    def alerts(self, details: Mapping[str, Any]) -> Message | None:
        """What holds and nobody knows, of what was to be told."""
        still = [
            each for each in rounds.open_ones(self.book, self.now) if each.key in details["keys"]
        ]
        if not still:
            return None
        say, gravest = self.content.say, still[0]
        return self._message(
            gravest.severity,
            self._subject(still),
            [
                *self._about(),
                *(self._fact(each) for each in still),
                say("tell.number", team=self.book.plan.team),
                *self._signs(still),
                self._link("tell.know"),
                say(f"tell.repeats-{gravest.severity.name}"),
                say("tell.limits"),
                self.book.plan.review,
            ],
            known=True,
            said="; ".join(each.title for each in still),
        )

    def known(self, details: Mapping[str, Any]) -> Message:
        """Somebody else said that they know."""
        say, at = self.content.say, self.now.astimezone(self.person.zone)
        found = [self.book.occasion(key) for key in details["keys"]]
        known = [self.book.known[key].at for key in details["keys"] if key in self.book.known]
        time = (known[0] if known else at).astimezone(self.person.zone)
        return self._message(
            Severity.INFO,
            say("tell.known.subject", by=details["by"]),
            [
                *self._about(),
                say("tell.known.text", by=details["by"], time=f"{time:%H:%M}"),
                *(each.title for each in found if each),
                say("tell.known.stops"),
            ],
        )

    def confirm(self, _details: Mapping[str, Any]) -> Message | None:
        """Asks whether the person wants this at all; says nothing of what it is about."""
        if self.person.confirmed_at and not self.person.stopped_at:
            return None
        say = self.content.say
        return self._message(
            Severity.INFO,
            say("tell.confirm.subject"),
            [
                say("tell.confirm.text"),
                f"{say('tell.confirm.link')}\n{self._stop_url}",
                say("tell.confirm.ignore"),
            ],
            why=False,
        )

    def proof(self, _details: Mapping[str, Any]) -> Message:
        """A test that asks for an answer."""
        say = self.content.say
        words = [say("tell.proof.text"), say("tell.proof.why"), self._link("tell.arrived")]
        return self._message(Severity.INFO, say("tell.proof.subject"), words, known=True)

    def opened(self, details: Mapping[str, Any]) -> Message:
        """Somebody opened a copy of the card."""
        say = self.content.say
        at = datetime.fromisoformat(details["at"]).astimezone(self.person.zone)
        copy = say("tell.opened.copy", label=details["copy"]) if details["copy"] else ""
        day, time = self.content.day(at.date()), f"{at:%H:%M}"
        words = say("tell.opened.text", copy=copy or say("tell.opened.a_copy"), day=day, time=time)
        sure = say("tell.opened.sure" if details["sure"] else "tell.opened.unsure")
        lines = [*self._about(), words, sure, say("tell.opened.what"), say("tell.opened.nowhere")]
        return self._message(Severity.URGENT, say("tell.opened.subject"), lines, said=words)

    def trouble(self, details: Mapping[str, Any]) -> Message:
        """Another person may not be reached."""
        say = self.content.say
        fault = say(f"tell.fault.{details['code']}")
        channel = say(f"tell.channel.{details['channel']}")
        words = say("tell.trouble.text", name=details["name"], channel=channel, fault=fault)
        return self._message(
            Severity.DUE,
            say("tell.trouble.subject", name=details["name"]),
            [*self._about(), words, say("tell.trouble.what")],
        )

    def _message(
        self,
        severity: Severity,
        subject: str,
        paragraphs: Sequence[str],
        *,
        known: bool = False,
        why: bool = True,
        said: str = "",
    ) -> Message:
        ending = [f"{self.content.say('tell.why')}\n{self._stop_url}"] if why else []
        return Message(
            key=lookup_id(self.token).hex()[:32],
            at=self.now,
            severity=severity,
            subject=subject,
            paragraphs=(*paragraphs, *ending),
            shown=self._shown(paragraphs),
            said=said or subject,
            known_url=self._known_url if known else "",
            stop_url=self._stop_url,
        )

    def _shown(self, paragraphs: Sequence[str]) -> tuple[str, ...]:
        """What stands on a lock screen has no address in it: a press opens the message's own."""
        if not self.person.open_subject:
            return (self.content.say("tell.closed"),)
        return tuple(each for each in paragraphs if self.public_url not in each)

    def _subject(self, told: Sequence[Occasion]) -> str:
        say, first = self.content.say, told[0]
        severity = say(f"severity.{first.severity.name}")
        if not self.person.open_subject:
            return say("tell.alerts.subject", severity=severity)
        words = say("tell.alerts.open_subject", severity=severity, title=first.title)
        if len(told) == 1:
            return words
        return say("tell.alerts.more", subject=words, count=len(told) - 1)

    def _about(self) -> list[str]:
        called = self.book.called
        return [self.content.say("tell.about", called=called)] if called else []

    def _fact(self, occasion: Occasion) -> str:
        today = self.now.astimezone(self.book.zone).date()
        away = notices.away(occasion.due_on, today, self.content.language)
        severity = self.content.say(f"severity.{occasion.severity.name}")
        title = f"{occasion.title} ({away})" if occasion.dated else occasion.title
        return f"{severity}: {title}.\n{occasion.action}"

    def _signs(self, told: Sequence[Occasion]) -> list[str]:
        if not any(each.signs_now for each in told):
            return []
        return [self.content.say("tell.signs", emergency=self.book.plan.emergency)]

    def _link(self, place: str) -> str:
        return f"{self.content.say(place)}\n{self._known_url}"

    @property
    def _known_url(self) -> str:
        return f"{self.public_url}/a/{self.token}"

    @property
    def _stop_url(self) -> str:
        return f"{self.public_url}/u/{self.person.token}"


_WRITERS: dict[str, Callable[[Writer, Mapping[str, Any]], Message | None]] = {
    rounds.ALERTS: Writer.alerts,
    rounds.KNOWN: Writer.known,
    rounds.PROOF: Writer.proof,
    rounds.TROUBLE: Writer.trouble,
    CONFIRM: Writer.confirm,
    OPENED: Writer.opened,
}
