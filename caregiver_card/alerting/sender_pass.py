"""A sender's pass, whatever state the database is in: it takes writes, or can only be read.

Where nothing can be written, the pass works on a copy in memory (``memory_copy``), so that alerts
go out, each once, on a full disk as well. The next pass that can write notes what was sent.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from caregiver_card.alerting.channels.channel import Channel
from caregiver_card.alerting.memory_copy import MemoryCopy
from caregiver_card.alerting.record_store import RecordStore
from caregiver_card.alerting.sender import Pass, Sender
from caregiver_card.alerting.service import AlertService
from caregiver_card.storage.database import StoreFailure
from caregiver_card.storage.drafts import Drafts
from caregiver_card.storage.fault_causes import UNWRITABLE, Cause, cause_of
from caregiver_card.storage.operator_notes import Event, OperatorNotes

_NOTED_EVERY = timedelta(minutes=1)


class PassResult(NamedTuple):
    """What a pass did, and why it could note nothing; None if it could."""

    done: Pass
    unwritable: Cause | None


class SenderPass:
    """Runs passes for one server with its channels."""

    def __init__(
        self,
        alerts: AlertService,
        channels: Mapping[str, Channel],
        public_url: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._alerts, self._channels = alerts, channels
        self._public_url, self._clock = public_url, clock
        self._copy = MemoryCopy(alerts.records.engine)

    def run(self, stopping: Callable[[], bool] = lambda: False) -> PassResult:
        """Run one pass, as ``Sender.run`` does, on the copy if the database takes no writes.

        Raises what ``Sender.run`` raises, and StoreFailure where there is no place for a copy.
        """
        try:
            result = self._run(stopping)
        except StoreFailure as failure:
            if cause_of(failure) not in UNWRITABLE:
                raise
            result = self._run_on_copy(stopping, failure)
        try:
            self._note_pass()
        except StoreFailure as failure:
            self._copy.note_pass(self._clock())
            result = PassResult(result.done, result.unwritable or cause_of(failure))
        return result

    def _run(self, stopping: Callable[[], bool]) -> PassResult:
        if self._copy.exists:
            with self._copy.held() as is_held:
                if not is_held:
                    # Another sender is at work on the copy, or is writing it back.
                    return PassResult(Pass(), None)
                if self._copy.exists:
                    self._copy.write_back()
        result = PassResult(self._sender(self._alerts.records).run(stopping), None)
        Drafts(self._alerts.records.engine, self._clock).delete_expired()
        return result

    def _note_pass(self) -> None:
        """Note for the operator that a sender ran; once a minute is enough."""
        notes, now = OperatorNotes(self._alerts.records.engine), self._clock()
        noted = notes.read().get(Event.SENDER)
        if noted is None or not timedelta() <= now - noted < _NOTED_EVERY:
            notes.write(Event.SENDER, now)

    def _run_on_copy(self, stopping: Callable[[], bool], failure: StoreFailure) -> PassResult:
        cause = cause_of(failure)
        with self._copy.held() as is_held:
            if not is_held and self._copy.exists:
                return PassResult(Pass(), cause)
            if not is_held:
                raise failure
            with self._copy.filled() as engine:
                records = self._alerts.records_in(engine)
                return PassResult(self._sender(records).run(stopping), cause)

    def _sender(self, records: RecordStore) -> Sender:
        return Sender(records, self._channels, self._public_url, self._clock)
