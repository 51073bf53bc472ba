"""Which messages of the outbox wait, and which of them a sender may claim."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_

from caregiver_card.storage.rows import OutboxState
from caregiver_card.storage.schema import alert_outbox

WAITING = (OutboxState.QUEUED, OutboxState.HANDED_OVER)
# No message waits longer for its next try (``sender.BACKOFF_MIN``) or for quiet hours to end.
_FARTHEST = timedelta(days=1)


def is_free(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a row is due and that no sender has claimed it."""
    is_due = or_(alert_outbox.c.due_at <= now, alert_outbox.c.due_at > now + _FARTHEST)
    until = alert_outbox.c.claimed_until
    is_unclaimed = or_(until.is_(None), until <= now, until > now + _FARTHEST)
    return and_(alert_outbox.c.state.in_(WAITING), is_due, is_unclaimed)
