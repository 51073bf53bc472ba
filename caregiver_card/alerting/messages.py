"""A note -> the message: its words for one person, at the moment when they are sent.

An alert is composed from the book as it is then: what meanwhile is known or recorded is left out,
and where nothing is left there is no message.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from caregiver_card.alerting.channels.channel import Message
from caregiver_card.alerting.next_reminder import outlook
from caregiver_card.alerting.policy import escalation
from caregiver_card.alerting.policy.alert_record import AlertRecord, QueuedMessage
from caregiver_card.alerting.policy.plan import PlannedAlert, spoken
from caregiver_card.alerting.policy.reach import UNHEARD
from caregiver_card.alerting.policy.recipients import OPENED, Recipient
from caregiver_card.briefing import alert_texts
from caregiver_card.briefing.content import Content, load
from caregiver_card.card.alert_schedule import Severity
from caregiver_card.storage.crypto import derived_key, lookup_id

CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class MessageWriter:
    """Writes one message; ``token`` is the message's own, ``now`` the moment of sending."""

    book: AlertRecord
    person: Recipient
    token: str
    public_url: str
    now: datetime

    def write(self, note: QueuedMessage) -> Message | None:
        """The words of a note, or nothing if there is nothing to say any more."""
        return _WRITERS[note.what](self, note.details)

    @property
    def content(self) -> Content:
        """The words of the card's language."""
        return load(self.book.plan.language)

    def alerts(self, details: Mapping[str, Any]) -> Message | None:
        """What holds and nobody knows, of what was to be told."""
        still = [
            each
            for each in escalation.unacknowledged(self.book, self.now)
            if each.key in details["keys"]
        ]
        if not still:
            return None
        say, (gravest, *others) = self.content.say, spoken(still)
        also = [say("tell.also", what="; ".join(map(self._dated, others)))] if others else []
        return self._message(
            gravest.severity,
            self._subject(gravest),
            [
                *self._about(),
                self._fact(gravest),
                say("tell.number", team=self.book.plan.team),
                *self._signs(still),
                self._link("tell.know"),
                outlook(self.book, self.person, gravest, self.now).said(self.content),
                *also,
                say("tell.limits"),
                self.book.plan.review,
            ],
            known=True,
            said="; ".join(each.title for each in (gravest, *others)),
            # Of exactly these alerts: what says less, or something milder, takes nothing's place.
            topic=" ".join(sorted(each.key for each in still)),
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
        say, by = self.content.say, self.person.asked_by
        host = urlsplit(self.public_url).netloc
        return self._message(
            Severity.INFO,
            say("tell.confirm.subject-by" if by else "tell.confirm.subject", by=by),
            [
                say("tell.confirm.hello", name=self.person.name),
                say("tell.confirm.text-by" if by else "tell.confirm.text", by=by),
                *self._about(),
                say("tell.confirm.what"),
                f"{say('tell.confirm.link')}\n{self._stop_url}",
                say("tell.confirm.safe", host=host),
                say("tell.confirm.ignore-by" if by else "tell.confirm.ignore", by=by),
            ],
            why=False,
            sender=say("tell.from-by", by=by) if by else "",
        )

    def proof(self, _details: Mapping[str, Any]) -> Message:
        """A test that asks for an answer."""
        say = self.content.say
        words = [say("tell.proof.text"), say("tell.proof.why"), self._link("tell.arrived")]
        subject = say("tell.proof.subject")
        return self._message(Severity.INFO, subject, words, known=True, topic=escalation.PROOF)

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

    def unheard(self, details: Mapping[str, Any]) -> Message | None:
        """Nobody hears of the alerts any more, or nobody but the phones of whoever keeps the card.

        It names nobody: it was asked for by no one, and stands on a phone.
        """
        if self.book.heard >= details["before"]:
            return None
        say, place = self.content.say, f"tell.unheard.{self.book.heard.name.lower()}"
        words = [*(say(f"{place}.{each}") for each in ("text", "what"))]
        return self._message(Severity.URGENT, say(f"{place}.subject"), words, topic=UNHEARD)

    def _message(
        self,
        severity: Severity,
        subject: str,
        paragraphs: Sequence[str],
        *,
        known: bool = False,
        why: bool = True,
        said: str = "",
        topic: str = "",
        sender: str = "",
    ) -> Message:
        ending = [f"{self.content.say('tell.why')}\n{self._stop_url}"] if why else []
        key = _spelled(lookup_id(self.token))
        return Message(
            key=key,
            topic=_spelled(derived_key(self.person.token, b"", topic)) if topic else key,
            at=self.now,
            severity=severity,
            sender=sender or self.content.say("tell.from"),
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

    def _subject(self, gravest: PlannedAlert) -> str:
        say = self.content.say
        severity = say(f"severity.{gravest.severity.name}")
        if not self.person.open_subject:
            return say("tell.alerts.subject", severity=severity)
        return say("tell.alerts.open_subject", severity=severity, title=gravest.title)

    def _about(self) -> list[str]:
        called = self.book.called
        return [self.content.say("tell.about", called=called)] if called else []

    def _fact(self, occasion: PlannedAlert) -> str:
        severity = self.content.say(f"severity.{occasion.severity.name}")
        return f"{severity}: {self._dated(occasion)}.\n{occasion.action}"

    def _dated(self, occasion: PlannedAlert) -> str:
        if not occasion.dated:
            return occasion.title
        today = self.now.astimezone(self.book.zone).date()
        away = alert_texts.relative_day(occasion.due_on, today, self.content.language)
        return f"{occasion.title} ({away})"

    def _signs(self, told: Sequence[PlannedAlert]) -> list[str]:
        say = self.content.say
        lines = []
        if any(each.signs_now for each in told):
            lines.append(say("tell.signs", emergency=self.book.plan.emergency))
        if any(each.needs_signs for each in told):
            lines.append(f"{say('tell.which_signs')}\n{self.public_url}/signs")
        return lines

    def _link(self, place: str) -> str:
        return f"{self.content.say(place)}\n{self._known_url}"

    @property
    def _known_url(self) -> str:
        return f"{self.public_url}/a/{self.token}"

    @property
    def _stop_url(self) -> str:
        return f"{self.public_url}/u/{self.person.token}"


def _spelled(secret: bytes) -> str:
    """What nothing can be told from but that it is the same."""
    return secret.hex()[:32]


_WRITERS: dict[str, Callable[[MessageWriter, Mapping[str, Any]], Message | None]] = {
    escalation.ALERTS: MessageWriter.alerts,
    escalation.KNOWN: MessageWriter.known,
    escalation.PROOF: MessageWriter.proof,
    escalation.TROUBLE: MessageWriter.trouble,
    CONFIRM: MessageWriter.confirm,
    UNHEARD: MessageWriter.unheard,
    OPENED: MessageWriter.opened,
}
