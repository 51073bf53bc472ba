"""What a message says about the next one: when it repeats, when it ends, who is notified next.

The rules are those of ``policy.escalation``, so that no message promises what the sender does not
do.
"""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from caregiver_card.alerting.policy import escalation, timing
from caregiver_card.alerting.policy.alert_record import AlertRecord
from caregiver_card.alerting.policy.plan import PlannedAlert
from caregiver_card.alerting.policy.recipients import Recipient
from caregiver_card.briefing.content import Content
from caregiver_card.card.alert_schedule import Severity


class NextReminder(NamedTuple):
    """What follows an alert while nobody acknowledges it; times are in the recipient's zone."""

    severity: Severity
    # Whether it repeats before it ends.
    is_repeated: bool
    # Its last day; None: it never ends.
    ends_on: date | None
    # The day on which it starts anew, also for those who acknowledged it.
    restarts_on: date | None
    # When it escalates to the next tier.
    escalates_at: datetime | None

    def sentences(self, content: Content) -> str:
        """Return this in sentences."""
        say, sentences = content.say, []
        if self.is_repeated:
            sentences.append(say(f"tell.again.{self.severity.name}"))
        elif not self.restarts_on:
            sentences.append(say("tell.again.once"))
        if self.escalates_at:
            day, time = self.escalates_at.date(), f"{self.escalates_at:%H:%M}"
            sentences.append(say("tell.again.next", day=day, time=time))
        if self.restarts_on:
            sentences.append(say("tell.again.afresh", day=self.restarts_on))
        elif self.ends_on:
            sentences.append(say("tell.again.ends", day=self.ends_on))
        return " ".join(sentences)


def next_reminder(
    record: AlertRecord, recipient: Recipient, alert: PlannedAlert, now: datetime
) -> NextReminder:
    """Return what follows after this recipient was notified of this alert."""
    begun = record.begun.get(alert.key, now)
    delay = escalation.tier_delay(record, recipient, alert, now) or timedelta()
    interval = escalation.RHYTHMS[alert.severity].repeat_after
    repeats_at = timing.next_repetition(begun + delay, interval, recipient.zone, now)
    restarts = [
        other.first_on
        for other in record.plan.occasions
        if (other.kind, other.due_on) == (alert.kind, alert.due_on)
        and other.first_on > alert.first_on
    ]
    escalations = [at.astimezone(recipient.zone) for at in _escalations(record, alert, begun, now)]
    return NextReminder(
        alert.severity,
        _is_current(record, alert, repeats_at),
        alert.last_on,
        min(restarts, default=None),
        min(escalations, default=None),
    )


def _escalations(
    record: AlertRecord, alert: PlannedAlert, begun: datetime, now: datetime
) -> list[datetime]:
    """Return when the alert escalates to each further recipient, without those in quiet hours."""
    times = []
    for recipient in record.people:
        delay = escalation.tier_delay(record, recipient, alert, now)
        if delay is None or not escalation.would_receive(record, recipient, alert, now):
            continue
        at = begun + delay
        if (
            at > now
            and _is_current(record, alert, at)
            and recipient.may_be_disturbed(alert.severity, at)
        ):
            times.append(at)
    return times


def _is_current(record: AlertRecord, alert: PlannedAlert, at: datetime) -> bool:
    return alert.is_current(at.astimezone(record.zone).date())
