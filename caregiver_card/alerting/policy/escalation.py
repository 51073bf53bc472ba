"""Which alerts are due for which recipient at a moment.

An alert becomes current in the patient's morning. The first tier is notified then, each further
tier after a delay, and everybody again and again until somebody acknowledges. Repetitions are
numbered, and a recipient is due the latest one alone. So a sender that stood still for a week sends
one message, and evaluating twice sends nothing twice.

The hours are the project's own choice (``docs/clinical-sources.md``): no source gives any.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from caregiver_card.alerting.policy.alert_record import (
    CLOCK_TOLERANCE,
    Acknowledgement,
    AlertRecord,
    QueuedMessage,
)
from caregiver_card.alerting.policy.channel_checks import (
    SILENT,
    TEST_ALERT,
    due_test_alert,
    is_silent,
)
from caregiver_card.alerting.policy.plan import PlannedAlert
from caregiver_card.alerting.policy.recipients import Recipient
from caregiver_card.alerting.policy.timing import (
    MORNING,
    latest_repetition,
    start_of_quarter,
)
from caregiver_card.card.alert_schedule import Severity

# Kinds of messages, as they are stored.
ALERTS, ACKNOWLEDGED, CHANNEL_FAILING = "alerts", "known", "trouble"


class Rhythm(NamedTuple):
    """The time between repetitions, and the time between tiers (None: only the first tier)."""

    repeat_after: timedelta
    escalate_after: timedelta | None


RHYTHMS = {
    Severity.EMERGENCY: Rhythm(timedelta(hours=4), timedelta(minutes=30)),
    Severity.URGENT: Rhythm(timedelta(days=1), timedelta(hours=4)),
    Severity.DUE: Rhythm(timedelta(days=7), timedelta(days=2)),
    Severity.INFO: Rhythm(timedelta(days=30), None),
}


def evaluate(
    record: AlertRecord, now: datetime, pending: frozenset[str] = frozenset()
) -> tuple[AlertRecord, list[QueuedMessage]]:
    """Return the messages to queue now, and the record that remembers them.

    ``pending`` holds the ids of recipients with alerts still in the outbox; they get no others.
    """
    record = _begin_and_prune(record, now)
    messages = []
    for recipient in record.people:
        due = {} if recipient.id in pending else _due(record, recipient, now)
        if due:
            messages.append(QueuedMessage(ALERTS, recipient.id, {"keys": list(due)}))
        for key, number in due.items():
            record = record.with_notification(recipient.id, key, number, now)
        day = due_test_alert(record, recipient, now)
        if day:
            messages.append(QueuedMessage(TEST_ALERT, recipient.id))
            record = record.with_notification(recipient.id, TEST_ALERT, day.toordinal(), now)
    for recipient in record.people:
        if is_silent(record, recipient, now):
            record, warnings = mark_failing(record, recipient.id, SILENT, now)
            messages += warnings
    return record, messages


def current(record: AlertRecord, now: datetime) -> list[PlannedAlert]:
    """Return the alerts that are current, acknowledged or not, most severe first."""
    local = now.astimezone(record.zone)
    today, is_morning = local.date(), local.time() >= MORNING
    alerts = [
        alert
        for alert in record.plan.occasions
        if alert.is_current(today)
        and (is_morning or alert.first_on < today or alert.key in record.begun)
    ]
    return sorted(alerts, key=lambda alert: (-alert.severity, alert.due_on, alert.kind))


def unacknowledged(record: AlertRecord, now: datetime) -> list[PlannedAlert]:
    """Return the current alerts that nobody acknowledged, most severe first."""
    return [alert for alert in current(record, now) if alert.key not in record.known]


def may_notify(
    record: AlertRecord, recipient: Recipient, severity: Severity, now: datetime
) -> bool:
    """Whether an alert of this severity may go to the recipient now.

    A snooze holds back all but an EMERGENCY, and an URGENT that nobody else would receive.
    """
    if not recipient.reachable or not recipient.may_be_disturbed(severity, now):
        return False
    if not recipient.is_snoozed(now) or severity == Severity.EMERGENCY:
        return True
    others = [other for other in record.people if other.reachable and not other.is_snoozed(now)]
    return severity == Severity.URGENT and not others


def acknowledge(
    record: AlertRecord, keys: list[str], by: str, now: datetime, recipient_id: str = ""
) -> tuple[AlertRecord, list[QueuedMessage]]:
    """Acknowledge alerts: their reminders end, and a message goes to the others notified of them.

    ``by`` is the name of whoever acknowledges, ``recipient_id`` their id if they are a recipient.
    """
    new = [key for key in keys if record.alert(key) and key not in record.known]
    if not new:
        return record, []
    known = {**record.known, **dict.fromkeys(new, Acknowledgement(by, now))}
    others = [
        other.id
        for other in record.people
        if other.id != recipient_id and any(f"{other.id}|{key}" in record.told for key in new)
    ]
    details = {"keys": new, "by": by}
    return replace(record, known=known), [
        QueuedMessage(ACKNOWLEDGED, other_id, details) for other_id in others
    ]


def mark_failing(
    record: AlertRecord, recipient_id: str, code: str, now: datetime
) -> tuple[AlertRecord, list[QueuedMessage]]:
    """Note on a recipient that the channel fails, and tell the other recipients once."""
    recipient = record.recipient(recipient_id)
    if recipient is None or recipient.trouble == code:
        return record, []
    since = recipient.troubled_at or now
    record = record.with_recipient(replace(recipient, trouble=code, troubled_at=since))
    if recipient.trouble:
        return record, []
    details = {"name": recipient.name, "channel": recipient.channel, "code": code}
    return record, [
        QueuedMessage(CHANNEL_FAILING, other.id, details)
        for other in record.people
        if other.id != recipient_id and other.reachable and not other.trouble
    ]


def _begin_and_prune(record: AlertRecord, now: datetime) -> AlertRecord:
    """Note the start of each current alert, and drop what belongs to a past version."""
    keys = {alert.key for alert in record.plan.occasions}
    begun = {
        key: at for key, at in record.begun.items() if key in keys and at <= now + CLOCK_TOLERANCE
    }
    for alert in current(record, now):
        begun.setdefault(alert.key, start_of_quarter(now))
    ids = {recipient.id for recipient in record.people}
    told = {
        key: notification
        for key, notification in record.told.items()
        if (parts := key.split("|"))[0] in ids and (parts[1] in keys or "/" not in parts[1])
    }
    known = {key: acknowledgement for key, acknowledgement in record.known.items() if key in keys}
    return replace(record, begun=begun, told=told, known=known)


def record_late_delivery(
    record: AlertRecord, recipient: Recipient, keys: Iterable[str], now: datetime
) -> AlertRecord:
    """Count a message that arrived late as the latest repetition of the alerts it named."""
    for alert in unacknowledged(record, now):
        number = _latest_number(record, recipient, alert, now) if alert.key in keys else None
        if number is not None and not record.was_notified(recipient.id, alert.key, number, now):
            record = record.with_notification(recipient.id, alert.key, number, now)
    return record


def _due(record: AlertRecord, recipient: Recipient, now: datetime) -> dict[str, int]:
    """Return the repetition due for this recipient of each alert, by the alert's key."""
    due = {}
    for alert in unacknowledged(record, now):
        number = _latest_number(record, recipient, alert, now)
        if number is None or not may_notify(record, recipient, alert.severity, now):
            continue
        if not record.was_notified(recipient.id, alert.key, number, now):
            due[alert.key] = number
    return due


def _latest_number(
    record: AlertRecord, recipient: Recipient, alert: PlannedAlert, now: datetime
) -> int | None:
    """Return the latest repetition of an alert for this recipient; None before their tier."""
    delay = tier_delay(record, recipient, alert, now)
    if delay is None or alert.key not in record.begun:
        return None
    start, interval = record.begun[alert.key] + delay, RHYTHMS[alert.severity].repeat_after
    return latest_repetition(start, interval, recipient.zone, now)


def tier_delay(
    record: AlertRecord, recipient: Recipient, alert: PlannedAlert, now: datetime
) -> timedelta | None:
    """Return how long after its start an alert escalates to this recipient; None for never.

    Each earlier tier adds one step, but only if it has a recipient who would receive the alert:
    a failing channel or a snooze escalates at once.
    """
    if alert.subject not in recipient.subjects:
        return None
    tiers = {other.turn for other in record.people if would_receive(record, other, alert, now)}
    earlier = len([tier for tier in tiers if tier < recipient.turn])
    step = RHYTHMS[alert.severity].escalate_after
    if step is None:
        return None if earlier else timedelta()
    return earlier * step


def would_receive(
    record: AlertRecord, recipient: Recipient, alert: PlannedAlert, now: datetime
) -> bool:
    """Whether this recipient would receive the alert, apart from tiers and quiet hours."""
    if not recipient.reachable or recipient.trouble or alert.subject not in recipient.subjects:
        return False
    return may_notify(record, replace(recipient, quiet=()), alert.severity, now)
