"""Writes the text of a queued message for one recipient, at the moment when it is sent.

The text follows the record of that moment: alerts that were acknowledged, or that a save ended, are
left out, and if nothing is left there is no message.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from caregiver_card.alerting.alert_blocks import AlertBlocks
from caregiver_card.alerting.channels.channel import BlockKind, Message, MessageBlock
from caregiver_card.alerting.next_reminder import next_reminder
from caregiver_card.alerting.policy import escalation
from caregiver_card.alerting.policy.alert_record import AlertRecord, QueuedMessage
from caregiver_card.alerting.policy.channel_checks import TEST_ALERT
from caregiver_card.alerting.policy.plan import PlannedAlert, most_severe_of_each_event
from caregiver_card.alerting.policy.reach import AUDIENCE_LOST
from caregiver_card.alerting.policy.recipients import OPENED, Audience, Recipient
from caregiver_card.briefing.briefing import review
from caregiver_card.briefing.content import Content
from caregiver_card.briefing.languages import content_of
from caregiver_card.card.alert_schedule import Severity
from caregiver_card.storage.crypto import derived_key, lookup_id

# The kind of message, as it is stored.
INVITATION = "confirm"
# Subject and first sentence of an invitation, by whether it names who asks, and for whom.
_INVITATIONS = {
    (False, False): ("tell.confirm.subject", "tell.confirm.text"),
    (True, False): ("tell.confirm.subject-by", "tell.confirm.text-by"),
    (False, True): ("tell.confirm.subject-about", "tell.confirm.text-about"),
    (True, True): ("tell.confirm.subject-by-about", "tell.confirm.text-by-about"),
}
# Text keys for those who still receive the alerts.
_AUDIENCE_KEYS = {Audience.NOBODY: "nobody", Audience.OWNER: "ours"}


@dataclass(frozen=True, slots=True)
class MessageWriter:
    """Writes one message; ``token`` is the message's own, ``now`` the moment of sending."""

    record: AlertRecord
    recipient: Recipient
    token: str
    public_url: str
    now: datetime

    def write(self, queued: QueuedMessage) -> Message | None:
        """Return the finished message, or None if there is nothing to say any more."""
        return _WRITERS[queued.what](self, queued.details)

    @property
    def content(self) -> Content:
        """The texts in the recipient's language, which is the card's unless they chose another."""
        return content_of(self.recipient.language or self.record.plan.language)

    def alerts(self, details: Mapping[str, Any]) -> Message | None:
        """Write of those queued alerts that are still current and unacknowledged."""
        alerts = [
            alert.in_language(self.content)
            for alert in escalation.unacknowledged(self.record, self.now)
            if alert.key in details["keys"]
        ]
        if not alerts:
            return None
        say, (most_severe, *others) = self.content.say, most_severe_of_each_event(alerts)
        blocks = AlertBlocks(self.record, self.content, self.now, self.public_url)
        also = [say("tell.also", what="; ".join(map(blocks.dated_title, others)))] if others else []
        reminder = next_reminder(self.record, self.recipient, most_severe, self.now)
        return self._message(
            most_severe.severity,
            self._subject(most_severe),
            [
                *self._about(),
                blocks.fact(most_severe),
                blocks.number(),
                *blocks.signs(alerts),
                self._acknowledge_link("tell.know"),
                reminder.sentences(self.content),
                *also,
                say("tell.limits"),
                review(self.content),
            ],
            can_acknowledge=True,
            severity_word=say(f"severity.{most_severe.severity.name}"),
            summary="; ".join(alert.title for alert in (most_severe, *others)),
            # Of exactly these alerts, so that a message about fewer or milder ones replaces none.
            topic=" ".join(sorted(alert.key for alert in alerts)),
        )

    def acknowledged(self, details: Mapping[str, Any]) -> Message:
        """Write that somebody else acknowledged alerts."""
        say, keys = self.content.say, details["keys"]
        alerts = [self.record.alert(key) for key in keys]
        times = [self.record.known[key].at for key in keys if key in self.record.known]
        time = (times[0] if times else self.now).astimezone(self.recipient.zone)
        fact = say("tell.known.text", by=details["by"], time=f"{time:%H:%M}")
        titles = (alert.in_language(self.content).title for alert in alerts if alert)
        lines = [*self._about(), fact, *titles, say("tell.known.stops")]
        return self._message(Severity.INFO, say("tell.known.subject", by=details["by"]), lines)

    def invitation(self, _details: Mapping[str, Any]) -> Message | None:
        """Ask whether the recipient wants the alerts, without saying what they are about."""
        if self.recipient.confirmed_at and not self.recipient.stopped_at:
            return None
        say, by, called = self.content.say, self.recipient.asked_by, self.record.called
        host = urlsplit(self.public_url).netloc
        subject, text = _INVITATIONS[bool(by), bool(called)]
        return self._message(
            Severity.INFO,
            say(subject, by=by, called=called),
            [
                say("tell.confirm.hello", name=self.recipient.name),
                say(text, by=by, called=called),
                say("tell.confirm.what"),
                MessageBlock(say("tell.confirm.link"), BlockKind.ACTION, self._stop_url),
                say("tell.confirm.safe", host=host),
                say("tell.confirm.ignore-by" if by else "tell.confirm.ignore", by=by),
            ],
            says_why=False,
            sender=say("tell.from-by", by=by) if by else "",
        )

    def test_alert(self, _details: Mapping[str, Any]) -> Message:
        """Write a test alert, which asks for an answer."""
        say = self.content.say
        subject, link = say("tell.proof.subject"), self._acknowledge_link("tell.arrived")
        paragraphs: list[str | MessageBlock] = [say("tell.proof.text"), say("tell.proof.why"), link]
        return self._message(
            Severity.INFO, subject, paragraphs, can_acknowledge=True, topic=TEST_ALERT
        )

    def page_opened(self, details: Mapping[str, Any]) -> Message:
        """Write that somebody opened the emergency page."""
        say = self.content.say
        at = datetime.fromisoformat(details["at"]).astimezone(self.recipient.zone)
        label = details["copy"]
        link = say("tell.opened.copy", label=label) if label else say("tell.opened.a_copy")
        day, time = self.content.day(at.date()), f"{at:%H:%M}"
        fact = say("tell.opened.text", copy=link, day=day, time=time)
        sure = say("tell.opened.sure" if details["sure"] else "tell.opened.unsure")
        lines = [*self._about(), fact, sure, say("tell.opened.what"), say("tell.opened.nowhere")]
        return self._message(Severity.URGENT, say("tell.opened.subject"), lines, summary=fact)

    def channel_failing(self, details: Mapping[str, Any]) -> Message:
        """Write that messages to another recipient may not arrive."""
        say = self.content.say
        fault = say(f"tell.fault.{details['code']}")
        channel = say(f"tell.channel.{details['channel']}")
        fact = say("tell.trouble.text", name=details["name"], channel=channel, fault=fault)
        lines = [*self._about(), fact, say("tell.trouble.what")]
        subject = say("tell.trouble.subject", name=details["name"])
        return self._message(Severity.DUE, subject, lines)

    def audience_lost(self, details: Mapping[str, Any]) -> Message | None:
        """Write that nobody, or nobody but the owner's phones, receives the alerts any more.

        The message names no patient: nobody asked for it, and it shows on a phone.
        """
        if self.record.heard >= details["before"]:
            return None
        say, place = self.content.say, f"tell.unheard.{_AUDIENCE_KEYS[self.record.heard]}"
        paragraphs = [say(f"{place}.text"), say(f"{place}.what")]
        subject = say(f"{place}.subject")
        return self._message(Severity.URGENT, subject, paragraphs, topic=AUDIENCE_LOST)

    def _message(
        self,
        severity: Severity,
        subject: str,
        paragraphs: Sequence[str | MessageBlock],
        *,
        severity_word: str = "",
        can_acknowledge: bool = False,
        says_why: bool = True,
        summary: str = "",
        topic: str = "",
        sender: str = "",
    ) -> Message:
        why = [MessageBlock(self.content.say("tell.why"), BlockKind.LINK, self._stop_url)]
        blocks = [
            each if isinstance(each, MessageBlock) else MessageBlock(each) for each in paragraphs
        ]
        key = _opaque_id(lookup_id(self.token))
        return Message(
            key=key,
            topic=_opaque_id(derived_key(self.recipient.token, b"", topic)) if topic else key,
            at=self.now,
            severity=severity,
            sender=sender or self.content.say("tell.from"),
            subject=subject,
            language=self.content.language,
            blocks=(*blocks, *(why if says_why else ())),
            severity_word=severity_word,
            lock_screen=self._lock_screen(blocks),
            summary=summary or subject,
            acknowledge_url=self._acknowledge_url if can_acknowledge else "",
            stop_url=self._stop_url,
        )

    def _lock_screen(self, blocks: Sequence[MessageBlock]) -> tuple[str, ...]:
        """Leave out the web addresses: a tap on the notification opens the message's own."""
        if not self.recipient.open_subject:
            return (self.content.say("tell.closed"),)
        texts = (block.text for block in blocks)
        return tuple(text for text in texts if self.public_url not in text)

    def _subject(self, most_severe: PlannedAlert) -> str:
        say = self.content.say
        severity = say(f"severity.{most_severe.severity.name}")
        if not self.recipient.open_subject:
            return say("tell.alerts.subject", severity=severity)
        return say("tell.alerts.open_subject", severity=severity, title=most_severe.title)

    def _about(self) -> list[str]:
        name = self.record.called
        return [self.content.say("tell.about", called=name)] if name else []

    def _acknowledge_link(self, place: str) -> MessageBlock:
        return MessageBlock(self.content.say(place), BlockKind.ACTION, self._acknowledge_url)

    @property
    def _acknowledge_url(self) -> str:
        return f"{self.public_url}/a/{self.token}"

    @property
    def _stop_url(self) -> str:
        return f"{self.public_url}/u/{self.recipient.token}"


def _opaque_id(secret: bytes) -> str:
    """Return 32 hex digits, which show only whether two secrets are the same."""
    return secret.hex()[:32]


_WRITERS: dict[str, Callable[[MessageWriter, Mapping[str, Any]], Message | None]] = {
    escalation.ALERTS: MessageWriter.alerts,
    escalation.ACKNOWLEDGED: MessageWriter.acknowledged,
    TEST_ALERT: MessageWriter.test_alert,
    escalation.CHANNEL_FAILING: MessageWriter.channel_failing,
    INVITATION: MessageWriter.invitation,
    AUDIENCE_LOST: MessageWriter.audience_lost,
    OPENED: MessageWriter.page_opened,
}
