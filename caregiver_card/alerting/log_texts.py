"""The log of what was sent, in sentences, as the owner's page shows it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from caregiver_card.alerting.messages import INVITATION
from caregiver_card.alerting.moments import format_moment
from caregiver_card.alerting.outbox import OutboxEntry
from caregiver_card.alerting.policy.alert_record import AlertRecord
from caregiver_card.briefing.content import Content
from caregiver_card.storage.rows import OutboxState


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of the log."""

    what: str
    to: str
    outcome: str
    seen: str


def waiting_to_be_asked(log: list[OutboxEntry]) -> frozenset[str]:
    """Return the ids of the recipients whose invitation is not sent yet, nor was one before."""
    asked = [entry for entry in log if entry.queued.what == INVITATION]
    queued, sent = (
        {entry.queued.person for entry in asked if entry.row.state == state}
        for state in (OutboxState.QUEUED, OutboxState.SENT)
    )
    return frozenset(queued - sent)


class LogTexts:
    """The texts about one card's messages, with times in the patient's time zone."""

    def __init__(self, record: AlertRecord, content: Content) -> None:
        self._record, self._content = record, content

    def log_lines(self, log: list[OutboxEntry]) -> list[LogLine]:
        """Return a line for each entry of the log."""
        return [self._log_line(entry) for entry in log]

    def _log_line(self, entry: OutboxEntry) -> LogLine:
        row, result = entry.row, entry.result
        recipient = self._record.recipient(entry.queued.person)
        name = recipient.name if recipient else result.get("name", "–")
        channel = recipient.channel if recipient else result.get("channel", "mail")
        to = self._say("people.log.to", name=name, channel=self._channel(channel))
        kind, summary = self._say(f"people.log.{entry.queued.what}"), result.get("said", "")
        what = f"{kind}: {summary}" if summary else kind
        seen_at = self._time(row.seen_at) if row.seen_at else ""
        seen = self._say("people.log.seen", time=seen_at) if seen_at else ""
        return LogLine(what, to, self._outcome(entry), seen)

    def _outcome(self, entry: OutboxEntry) -> str:
        row, result = entry.row, entry.result
        if row.state == OutboxState.SENT and row.done_at:
            return self._say("people.log.sent", time=self._time(row.done_at))
        if row.state == OutboxState.WITHDRAWN:
            return self._say("people.log.withdrawn")
        if not result.get("code"):
            return self._say("people.log.waiting")
        fault = self._fault(result)
        if row.state == OutboxState.REFUSED:
            return self._say("people.log.refused", fault=fault)
        return self._say("people.log.again", tries=row.tries, fault=fault)

    def _fault(self, result: dict[str, Any]) -> str:
        fault = self._say(f"tell.fault.{result['code']}")
        return f"{fault} ({result['detail']})" if result.get("detail") else fault

    def _channel(self, channel: str) -> str:
        return self._say(f"tell.channel.{channel}")

    def _time(self, moment: datetime) -> str:
        return format_moment(moment, self._record.zone, self._content)

    def _say(self, place: str, **details: Any) -> str:
        return self._content.say(place, **details)
