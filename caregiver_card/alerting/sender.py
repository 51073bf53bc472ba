"""One pass of the sender: look at the cards whose time has come, then send what waits.

Any number of senders may run, on one machine or several. A pass that dies is taken up by the next
one, and a day without a sender is caught up.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from caregiver_card.alerting.channels.channel import Channel, End, Message, Outcome
from caregiver_card.alerting.messages import CONFIRM, MessageWriter
from caregiver_card.alerting.outbox import Claimed, ClaimLost
from caregiver_card.alerting.policy import escalation
from caregiver_card.alerting.policy.alert_record import AlertRecord, QueuedMessage
from caregiver_card.alerting.policy.reach import NO_CHANNEL
from caregiver_card.alerting.policy.recipients import Recipient, clear_failing
from caregiver_card.alerting.policy.timing import LOOK
from caregiver_card.alerting.record_store import RecordStore
from caregiver_card.storage import crypto
from caregiver_card.storage.database import StoreFailure
from caregiver_card.storage.rows import OutboxState

# Minutes until the next try, then once an hour for as long as there is something to say. Well
# below outbox._FARTHEST.
BACKOFF_MIN = (1, 2, 5, 10, 20, 30, 60)
# Shorter troubles mend themselves; after this many tries the family hears of it.
_TRIES_BEFORE_TROUBLE = 4
_LONGEST_WAIT = timedelta(hours=12)


@dataclass
class Pass:
    """What one pass did. ``unreadable``: books that another CARD_SECRET_KEY has sealed."""

    sent: int = 0
    withdrawn: int = 0
    put_off: int = 0
    failed: int = 0
    unreadable: int = 0


class Sender:
    """Sends through the channels that there are."""

    def __init__(
        self,
        books: RecordStore,
        channels: Mapping[str, Channel],
        public_url: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._books, self._outbox, self._clock = books, books.outbox, clock
        self._channels, self._public_url = channels, public_url

    def run(self, stopping: Callable[[], bool] = lambda: False) -> Pass:
        """One pass. It ends early, between two messages, when ``stopping`` says so.

        A fault that nobody thought of, in one card or message, is raised when all others had their
        turn. Raises StoreFailure at once.
        """
        done, faults = Pass(), []
        while not stopping() and (waiting := self._books.waiting(self._clock())):
            for card_id in waiting:
                try:
                    done.unreadable += not self._books.look(card_id, self._clock(), self._channels)
                except StoreFailure:
                    raise
                except Exception as fault:
                    self._books.put_off(card_id, self._clock())
                    faults.append(fault)
        while not stopping() and (claimed := self._outbox.claim(self._clock())):
            try:
                self._send(claimed, done)
            except ClaimLost:
                continue
            except StoreFailure:
                raise
            except Exception as fault:
                # It stays claimed for a while, and is then tried again.
                faults.append(fault)
        self._outbox.forget(self._clock())
        if faults:
            raise ExceptionGroup("not all was looked at or sent", faults)
        return done

    def _send(self, claimed: Claimed, done: Pass) -> None:
        now, card_id = self._clock(), claimed.row.card_id
        try:
            book = self._books.read(card_id)
        except crypto.BrokenSeal:
            book = None
        person = book.person(claimed.note.person) if book else None
        wanted = person and (person.reachable or claimed.note.what == CONFIRM)
        if book is None or person is None or not wanted:
            self._end(claimed, OutboxState.WITHDRAWN, person, done)
            return
        message = MessageWriter(book, person, claimed.token, self._public_url, now).write(
            claimed.note
        )
        if message is None:
            self._end(claimed, OutboxState.WITHDRAWN, person, done)
        elif not _may_come(book, person, claimed.note, message, now):
            self._outbox.put_off(claimed, now + LOOK, {}, tries=claimed.row.tries - 1)
            done.put_off += 1
        else:
            self._try(claimed, person, message, done)

    def _try(self, claimed: Claimed, person: Recipient, message: Message, done: Pass) -> None:
        channel = self._channels.get(person.channel)
        if self._outbox.got_through(claimed):
            outcome = Outcome(End.SENT)
        elif channel is None:
            outcome = Outcome(End.WRONG, NO_CHANNEL)
        else:
            outcome = channel.send(
                person.address, message, lambda: self._outbox.handing_over(claimed, self._clock())
            )
        if outcome.end == End.SENT:
            self._end(claimed, OutboxState.SENT, person, done, message)
            was_late = self._clock() - claimed.row.made_at >= LOOK
            if was_late or (person.trouble and person.trouble != escalation.SILENT):
                self._change(claimed, lambda book: _through(book, claimed.note, self._clock()))
        elif outcome.end == End.GONE:
            self._end(claimed, OutboxState.REFUSED, person, done, message, outcome)
            self._change(claimed, lambda book: _gone(book, person.id, outcome, self._clock()))
        else:
            self._again(claimed, person, outcome, done)

    def _again(self, claimed: Claimed, person: Recipient, outcome: Outcome, done: Pass) -> None:
        """Try again later; what lasts is shown, and the others hear of it."""
        now, tries = self._clock(), claimed.row.tries
        result = _result(person, None, outcome)
        self._outbox.put_off(claimed, now + _wait(outcome, tries), result)
        done.put_off += 1
        if outcome.end == End.WRONG or tries >= _TRIES_BEFORE_TROUBLE:
            self._change(
                claimed, lambda book: escalation.mark_failing(book, person.id, outcome.code, now)
            )

    def _end(
        self,
        claimed: Claimed,
        state: OutboxState,
        person: Recipient | None,
        done: Pass,
        message: Message | None = None,
        outcome: Outcome | None = None,
    ) -> None:
        self._outbox.settle(claimed, state, self._clock(), _result(person, message, outcome))
        done.sent += state == OutboxState.SENT
        done.failed += state == OutboxState.REFUSED
        done.withdrawn += state == OutboxState.WITHDRAWN

    def _change(
        self, claimed: Claimed, by: Callable[[AlertRecord], tuple[AlertRecord, list[QueuedMessage]]]
    ) -> None:
        self._books.change(claimed.row.card_id, self._clock(), by)


def _may_come(
    book: AlertRecord, person: Recipient, note: QueuedMessage, message: Message, now: datetime
) -> bool:
    # An invitation is asked for by somebody who waits for it; a test was planned for the day.
    if note.what in (CONFIRM, escalation.PROOF):
        return True
    if note.what == escalation.ALERTS:
        return escalation.may_tell(book, person, message.severity, now)
    return person.disturbed_by(message.severity, now)


def _wait(outcome: Outcome, tries: int) -> timedelta:
    wait = timedelta(minutes=BACKOFF_MIN[min(max(tries, 1), len(BACKOFF_MIN)) - 1])
    return min(max(wait, outcome.after or wait), _LONGEST_WAIT)


def _result(
    person: Recipient | None, message: Message | None, outcome: Outcome | None
) -> dict[str, Any]:
    """What the log keeps: names and words as they were then."""
    found: dict[str, Any] = {}
    if person:
        found |= {"name": person.name, "channel": person.channel}
    if message:
        found |= {"said": message.said}
    if outcome:
        found |= {"code": outcome.code, "detail": outcome.detail}
    return found


def _through(
    book: AlertRecord, note: QueuedMessage, now: datetime
) -> tuple[AlertRecord, list[QueuedMessage]]:
    """It got through, and stands for the repetitions that fell due while it was held up."""
    person = book.person(note.person)
    if person is None:
        return book, []
    if person.trouble != escalation.SILENT:
        book = book.with_person(clear_failing(person))
    return escalation.caught_up(book, person, note.details.get("keys", ()), now), []


def _gone(
    book: AlertRecord, person_id: str, outcome: Outcome, now: datetime
) -> tuple[AlertRecord, list[QueuedMessage]]:
    book, notes = escalation.mark_failing(book, person_id, outcome.code, now)
    return book.changed(person_id, lambda person: replace(person, gone_at=now)), notes
