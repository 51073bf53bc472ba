"""Test alerts: when one is due, and when its missing answer suggests that a channel is dead."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from caregiver_card.alerting.policy.alert_record import AlertRecord
from caregiver_card.alerting.policy.recipients import Recipient
from caregiver_card.alerting.policy.timing import at_local_time

# The kind of message, as it is stored.
TEST_ALERT = "proof"
# The code in ``Recipient.trouble`` for a test alert without an answer.
SILENT = "silent"
# On the first Monday of the week or month, when people are awake.
_SENT_AT = time(10)
_SILENT_AFTER = timedelta(days=2)


def due_test_alert(record: AlertRecord, recipient: Recipient, now: datetime) -> date | None:
    """Return the Monday whose test alert is due: this week's, or this month's first."""
    if not recipient.proof or not recipient.reachable:
        return None
    if recipient.is_snoozed(now) or recipient.is_quiet(now):
        return None
    for day in _mondays(now.astimezone(recipient.zone).date(), recipient.proof):
        at = at_local_time(day, _SENT_AT, recipient.zone)
        if at <= now:
            is_past = at < (recipient.confirmed_at or now)
            was_sent = record.was_notified(recipient.id, TEST_ALERT, day.toordinal(), now)
            return None if is_past or was_sent else day
    return None


def is_silent(record: AlertRecord, recipient: Recipient, now: datetime) -> bool:
    """Whether the last test alert stayed unanswered for two days."""
    last = record.told.get(f"{recipient.id}|{TEST_ALERT}")
    if not last or not recipient.reachable or recipient.trouble:
        return False
    was_answered = recipient.seen_at is not None and recipient.seen_at >= last.at
    return not was_answered and last.at + _SILENT_AFTER <= now


def _mondays(today: date, frequency: str) -> Iterator[date]:
    """Yield the Mondays of this week and the last, or the first ones of this month and the last."""
    if frequency == "weekly":
        monday = today - timedelta(days=today.weekday())
        yield from (monday, monday - timedelta(days=7))
    else:
        first = today.replace(day=1)
        for month in (first, (first - timedelta(days=1)).replace(day=1)):
            yield month + timedelta(days=-month.weekday() % 7)
