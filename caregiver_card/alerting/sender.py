"""One pass of a sender: evaluate the records that are due, then send the messages that wait.

Any number of senders may run, on one machine or several. The next pass takes up what a killed one
left, and catches up after days without a sender.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from caregiver_card.alerting.channels.channel import Channel, Message, Outcome, SendStatus
from caregiver_card.alerting.claim_renewal import renewing
from caregiver_card.alerting.messages import INVITATION, MessageWriter
from caregiver_card.alerting.outbox import ClaimedMessage, ClaimLost
from caregiver_card.alerting.policy import escalation
from caregiver_card.alerting.policy.alert_record import AlertRecord, QueuedMessage
from caregiver_card.alerting.policy.channel_checks import SILENT, TEST_ALERT
from caregiver_card.alerting.policy.reach import NO_CHANNEL
from caregiver_card.alerting.policy.recipients import Recipient, clear_failing
from caregiver_card.alerting.policy.timing import CHECK_INTERVAL
from caregiver_card.alerting.record_store import Change, RecordStore
from caregiver_card.alerting.row_errors import RowErrors
from caregiver_card.storage import crypto
from caregiver_card.storage.rows import OutboxState

# Minutes until the next try; the last one repeats for as long as the alert is current. Well below
# ``waiting._FARTHEST``.
BACKOFF_MIN = (1, 2, 5, 10, 20, 30, 60)
# A short fault passes by itself; after so many tries the other recipients are told.
_TRIES_BEFORE_FAILING = 4
_LONGEST_WAIT = timedelta(hours=12)


@dataclass
class Pass:
    """Counts of what one pass did. ``unreadable``: records sealed under another CARD_SECRET_KEY."""

    sent: int = 0
    withdrawn: int = 0
    postponed: int = 0
    failed: int = 0
    unreadable: int = 0


class Sender:
    """Sends the messages of every card through the channels that there are."""

    def __init__(
        self,
        records: RecordStore,
        channels: Mapping[str, Channel],
        public_url: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._records, self._outbox, self._clock = records, records.outbox, clock
        self._channels, self._public_url = channels, public_url

    def run(self, stopping: Callable[[], bool] = lambda: False) -> Pass:
        """Run one pass, or a part of it: it ends between two messages once ``stopping`` is true.

        An unexpected error in one card or message does not stop the others; an ExceptionGroup is
        raised at the end. Raises StoreFailure at once, unless it is for what one row holds.
        """
        done, errors = Pass(), RowErrors()
        while not stopping() and (due := self._records.due_cards(self._clock())):
            for card_id in due:
                before = len(errors)
                with errors.collected():
                    readable = self._records.evaluate(card_id, self._clock(), self._channels)
                    done.unreadable += not readable
                if len(errors) > before:
                    self._records.postpone(card_id, self._clock())
        while not stopping() and (claimed := self._outbox.claim(self._clock(), errors.append)):
            # A message that fails here is tried again once the claim ends.
            with suppress(ClaimLost), errors.collected():
                self._send(claimed, done, errors)
        self._outbox.delete_expired(self._clock())
        if errors:
            raise ExceptionGroup("not all was looked at or sent", errors)
        return done

    def _send(self, claimed: ClaimedMessage, done: Pass, errors: RowErrors) -> None:
        now, queued = self._clock(), claimed.queued
        try:
            record = self._records.read(claimed.row.card_id)
        except crypto.BrokenSeal:
            record = None
        recipient = record.recipient(queued.person) if record else None
        may_send = recipient and (recipient.reachable or queued.what == INVITATION)
        if record is None or recipient is None or not may_send:
            self._settle(claimed, OutboxState.WITHDRAWN, recipient, done)
            return
        writer = MessageWriter(record, recipient, claimed.token, self._public_url, now)
        message = writer.write(queued)
        if message is None:
            self._settle(claimed, OutboxState.WITHDRAWN, recipient, done)
        elif not _may_send_now(record, recipient, queued, message, now):
            tries = claimed.row.tries - 1
            self._outbox.postpone(claimed, now + CHECK_INTERVAL, {}, tries=tries)
            done.postponed += 1
        else:
            self._try(claimed, recipient, message, done, errors)

    def _try(
        self,
        claimed: ClaimedMessage,
        recipient: Recipient,
        message: Message,
        done: Pass,
        errors: RowErrors,
    ) -> None:
        channel = self._channels.get(recipient.channel)
        if self._outbox.was_delivered(claimed):
            outcome = Outcome(SendStatus.SENT)
        elif channel is None:
            outcome = Outcome(SendStatus.MISCONFIGURED, NO_CHANNEL)
        else:
            with renewing(self._outbox, claimed, self._clock):
                outcome = self._hand_over(channel, claimed, recipient.address, message, errors)
        if outcome.status == SendStatus.SENT:
            self._settle(claimed, OutboxState.SENT, recipient, done, message)
            was_late = self._clock() - claimed.row.made_at >= CHECK_INTERVAL
            failed_before = recipient.trouble not in ("", SILENT)
            if was_late or failed_before:
                self._change(
                    claimed, lambda record: _delivered(record, claimed.queued, self._clock())
                )
        elif outcome.status == SendStatus.ADDRESS_GONE:
            self._settle(claimed, OutboxState.REFUSED, recipient, done, message, outcome)
            self._change(
                claimed, lambda record: _address_gone(record, recipient.id, outcome, self._clock())
            )
        else:
            self._retry_later(claimed, recipient, outcome, done)

    def _hand_over(
        self,
        channel: Channel,
        claimed: ClaimedMessage,
        address: str,
        message: Message,
        errors: RowErrors,
    ) -> Outcome:
        """Send, and take whatever no channel should raise for a lasting fault of this address.

        So the owner's page shows it, and the other recipients are told.
        """
        outcome = Outcome(SendStatus.MISCONFIGURED, "unexpected")
        with errors.collected():
            outcome = channel.send(
                address, message, lambda: self._outbox.final_send(claimed, self._clock())
            )
        return outcome

    def _retry_later(
        self, claimed: ClaimedMessage, recipient: Recipient, outcome: Outcome, done: Pass
    ) -> None:
        """Postpone a message; a lasting fault is shown, and the other recipients are told."""
        now, tries = self._clock(), claimed.row.tries
        self._outbox.postpone(
            claimed, now + _wait(outcome, tries), _result(recipient, None, outcome)
        )
        done.postponed += 1
        if outcome.status == SendStatus.MISCONFIGURED or tries >= _TRIES_BEFORE_FAILING:
            self._change(
                claimed,
                lambda record: escalation.mark_failing(record, recipient.id, outcome.code, now),
            )

    def _settle(
        self,
        claimed: ClaimedMessage,
        state: OutboxState,
        recipient: Recipient | None,
        done: Pass,
        message: Message | None = None,
        outcome: Outcome | None = None,
    ) -> None:
        result = _result(recipient, message, outcome)
        self._outbox.settle(claimed, state, self._clock(), result)
        done.sent += state == OutboxState.SENT
        done.failed += state == OutboxState.REFUSED
        done.withdrawn += state == OutboxState.WITHDRAWN

    def _change(self, claimed: ClaimedMessage, change: Change) -> None:
        self._records.change(claimed.row.card_id, self._clock(), change)


def _may_send_now(
    record: AlertRecord,
    recipient: Recipient,
    queued: QueuedMessage,
    message: Message,
    now: datetime,
) -> bool:
    # Somebody waits for an invitation; a test alert was planned for this day.
    if queued.what in (INVITATION, TEST_ALERT):
        return True
    if queued.what == escalation.ALERTS:
        return escalation.may_notify(record, recipient, message.severity, now)
    return recipient.may_be_disturbed(message.severity, now)


def _wait(outcome: Outcome, tries: int) -> timedelta:
    wait = timedelta(minutes=BACKOFF_MIN[min(max(tries, 1), len(BACKOFF_MIN)) - 1])
    return min(max(wait, outcome.retry_after or wait), _LONGEST_WAIT)


def _result(
    recipient: Recipient | None, message: Message | None, outcome: Outcome | None
) -> dict[str, Any]:
    """Return what the log stores: names and texts as they are now. Its keys are stored."""
    result: dict[str, Any] = {}
    if recipient:
        result |= {"name": recipient.name, "channel": recipient.channel}
    if message:
        result |= {"said": message.summary}
    if outcome:
        result |= {"code": outcome.code, "detail": outcome.detail}
    return result


def _delivered(
    record: AlertRecord, queued: QueuedMessage, now: datetime
) -> tuple[AlertRecord, list[QueuedMessage]]:
    """Clear the channel's fault, and count the message for the repetitions due meanwhile."""
    recipient = record.recipient(queued.person)
    if recipient is None:
        return record, []
    if recipient.trouble != SILENT:
        record = record.with_recipient(clear_failing(recipient))
    keys = queued.details.get("keys", ())
    return escalation.record_late_delivery(record, recipient, keys, now), []


def _address_gone(
    record: AlertRecord, recipient_id: str, outcome: Outcome, now: datetime
) -> tuple[AlertRecord, list[QueuedMessage]]:
    record, messages = escalation.mark_failing(record, recipient_id, outcome.code, now)
    record = record.with_changed_recipient(
        recipient_id, lambda recipient: replace(recipient, gone_at=now)
    )
    return record, messages
