"""Whether a server is ready for everything that it is for, each fault with its cause in words.

For the operator alone: pages of cards open however many faults there are, so that a proxy must not
route by it (``/healthz`` is for that).
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from caregiver_card.alerting.memory_copy import MemoryCopy
from caregiver_card.alerting.policy.timing import CHECK_INTERVAL
from caregiver_card.exports.pass_signature import OutOfDate
from caregiver_card.storage import key_check, migrations
from caregiver_card.storage.database import StoreFailure
from caregiver_card.storage.disk_space import MEGABYTE
from caregiver_card.storage.fault_causes import cause_of
from caregiver_card.storage.figures import figures_of
from caregiver_card.storage.key_check import KeyState
from caregiver_card.storage.operator_notes import Event, OperatorNotes
from caregiver_card.storage.store import Store
from caregiver_card.web.release import RELEASED_ON
from caregiver_card.web.services import Services

# In the order in which they are shown.
CHECKS = ("write", "sender", "key", "disk", "clock", "pass")
_KEY_FAULTS = {
    KeyState.WEAK: "shorter than 32 characters",
    KeyState.WRONG: "not the key of this database",
}
# As the owner's pages say that nobody gets alerts.
_SENDER_LATE = 2 * CHECK_INTERVAL
# Clocks of the machines of one installation differ by less.
_CLOCK_TOLERANCE = timedelta(minutes=5)
# A new certificate takes its operator an hour, where the operator is there.
_PASS_NOTICE = timedelta(days=30)
# Whoever asks more often gets the same answer, so that nobody can keep the database busy by asking.
_FRESH = timedelta(seconds=5)


class Readiness(NamedTuple):
    """The fault of each check, in words; empty if there is none."""

    faults: dict[str, str]

    @property
    def is_ready(self) -> bool:
        """Whether there is no fault."""
        return not any(self.faults.values())


class ReadinessCheck:
    """Checks a server, at most once in five seconds; any thread may ask."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._lock = threading.Lock()
        self._last: tuple[datetime, Readiness] | None = None

    def __call__(self) -> Readiness:
        """Return what is at fault now, or was a moment ago."""
        with self._lock:
            now = self._services.clock()
            if self._last is None or not timedelta() <= now - self._last[0] < _FRESH:
                self._last = now, check(self._services)
            return self._last[1]


def check(services: Services) -> Readiness:
    """Check everything; a check that fails itself is a fault of what it checks."""
    now = services.clock()
    try:
        store = services.cards().store
    except (StoreFailure, OSError) as error:
        return Readiness(dict.fromkeys(CHECKS, "") | {"write": f"the database: {_word(error)}"})
    checks: dict[str, Callable[[], str]] = {
        # Before the write check notes its own time.
        "clock": lambda: _clock_fault(store, now),
        "sender": lambda: _sender_fault(services, store, now),
        "key": lambda: key_fault(services),
        "disk": lambda: _disk_fault(store),
        "write": lambda: _write_fault(store, now),
        "pass": lambda: _pass_fault(services, now),
    }
    faults = {name: _of(fault) for name, fault in checks.items()}
    return Readiness({name: faults[name] for name in CHECKS})


def key_fault(services: Services) -> str:
    """Say what is wrong with CARD_SECRET_KEY for this database; empty if nothing is."""
    state = key_check.key_state(services.cards().store.engine, services.config.secret_key)
    return _KEY_FAULTS.get(state, "")


def last_pass(store: Store) -> datetime | None:
    """Return when a sender's pass last ended well, as the database and this machine know."""
    noted = OperatorNotes(store.engine).read().get(Event.SENDER)
    in_memory = MemoryCopy(store.engine).last_pass()
    return max(filter(None, (noted, in_memory)), default=None)


def _of(fault: Callable[[], str]) -> str:
    try:
        return fault()
    except StoreFailure as error:
        return f"the database: {_word(error)}"


def _word(error: Exception) -> str:
    return cause_of(error) if isinstance(error, StoreFailure) else "refused"


def _write_fault(store: Store, now: datetime) -> str:
    schema = figures_of(store.engine).schema
    if schema != migrations.HEAD:
        return f"the database has schema {schema}, and this program {migrations.HEAD}; restart it"
    OperatorNotes(store.engine).write(Event.WRITE, now)
    return ""


def _sender_fault(services: Services, store: Store, now: datetime) -> str:
    if not services.config.channels:
        return ""
    at = last_pass(store)
    if at is None:
        return "no sender has run yet; start alerts work, or alerts send every few minutes"
    late = now - at
    minutes = int(late.total_seconds() // 60)
    return f"no sender has run for {minutes} minutes" if late > _SENDER_LATE else ""


def _disk_fault(store: Store) -> str:
    free = store.disk.free()
    if free is None or not store.disk.is_below():
        return ""
    floor = store.disk.floor // MEGABYTE
    return f"{free // MEGABYTE} MB free, below the floor of {floor} MB; no new card is taken"


def _clock_fault(store: Store, now: datetime) -> str:
    if now.date() < RELEASED_ON:
        return f"it says {now:%Y-%m-%d}, before this program's release of {RELEASED_ON}"
    saved_on = figures_of(store.engine).saved_on
    if saved_on and now.date() < saved_on:
        return (
            f"it says {now:%Y-%m-%d}, and a card was saved on {saved_on}: now or then it is wrong"
        )
    noted = max(OperatorNotes(store.engine).read().values(), default=now)
    if noted > now + _CLOCK_TOLERANCE:
        return f"it says {now:%Y-%m-%d %H:%M} UTC, and {noted:%Y-%m-%d %H:%M} was noted before"
    return ""


def _pass_fault(services: Services, now: datetime) -> str:
    """Say that the certificate of wallet passes does not hold, or soon will not."""
    if (signer := services.pass_signer) is None:
        return ""
    try:
        signer.check(now)
    except OutOfDate as error:
        return f"the certificate of wallet passes {error}"
    soon = signer.ends_at - now < _PASS_NOTICE
    return f"the certificate of wallet passes ends on {signer.ends_at:%Y-%m-%d}" if soon else ""
