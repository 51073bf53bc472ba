"""Limits on how often something may be done, shared by every worker and machine.

Counting is the library ``limits``'; the counters are in the database at hand or in Redis. What is
counted is hashed with the installation's secret first: a stolen database, or somebody who looks
into Redis, finds neither an address nor a token.

A limit that cannot be asked refuses nobody: a family is worth more than a count.
"""

import hmac
import math
import queue
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple

from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerSecond
from limits.errors import ConfigurationError, StorageError
from limits.storage import RedisStorage, Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

from caregiver_card.storage import crypto
from caregiver_card.storage.database import counting_engine
from caregiver_card.storage.limit_counters import LimitCounters

# In seconds: in a local network Redis answers in a thousandth of it, and nobody should wait longer.
_REDIS_TIMEOUT_S = 0.1
# After a failure nobody is asked for so long, so that a storage that hangs costs one request in
# many its timeout, and the log one line.
_PAUSE = timedelta(seconds=5)
# Keys that are remembered as refused; beyond it they are forgotten, and asked for again.
_MOST_REFUSED = 5000
# Counts that may wait for the thread: of some seconds of the wildest guessing.
_MOST_LATER = 1000
_HASH_CHARS = 32
# How often each limit was used up, in a window of a day, for the operator; more is as good as many.
_USES = RateLimitItemPerDay(1_000_000)


class WrongLimitStorage(ValueError):
    """An address that is no Redis; not quoted, since it may hold a password."""


class Limit(NamedTuple):
    """``amount`` times in ``seconds``, beginning with the first; ``name`` keeps limits apart."""

    name: str
    amount: int
    seconds: int


class Limiter:
    """Counts by limit and by who; ``tell`` gets one line for the log when counting fails.

    ``close`` lets go of the storage's connections; it opens new ones.
    """

    def __init__(
        self,
        storage: Storage,
        secret: str,
        clock: Callable[[], datetime],
        tell: Callable[[str], None],
        close: Callable[[], None],
    ) -> None:
        self.close = close
        self._strategy = FixedWindowRateLimiter(storage)
        self._key = crypto.derived_key(secret, b"", "limits")
        self._clock, self._tell = clock, tell
        # When each refused key ends, in seconds since 1970: a flood that is refused costs no query.
        self._refused: dict[str, float] = {}
        self._paused_until: datetime | None = None
        self._later: queue.Queue[tuple[Limit, tuple[str, ...]]] = queue.Queue(_MOST_LATER)
        self._starting = threading.Lock()
        self._counts_later = False

    def take(self, limit: Limit, *who: str) -> int:
        """Take one; return 0, or the seconds until there is one again (at least 1)."""
        if wait := self.refused_for(limit, *who):
            return wait
        now, key = self._clock(), self._hash(limit, *who)
        if self._paused_until and now < self._paused_until <= now + _PAUSE:
            return 0
        # Per second times so many seconds: the library's name for a window of any length.
        item = RateLimitItemPerSecond(limit.amount, limit.seconds)
        try:
            return self._take(item, limit, key, now)
        except StorageError as error:
            self._paused_until = now + _PAUSE
            self._tell(f"limits: cannot be asked ({type(error.storage_error).__name__})")
            return 0

    def refused_for(self, limit: Limit, *who: str) -> int:
        """Return how many seconds this process knows that there is none left; asks nobody."""
        now, key = self._clock().timestamp(), self._hash(limit, *who)
        ends = self._refused.get(key, 0.0)
        return _seconds(ends - now, limit) if ends > now else 0

    def used_up(self, limits: Iterable[Limit]) -> list[tuple[Limit, int, datetime]] | None:
        """Return the limits that were used up in a window of a day, how often, and its end.

        Each worker counts whom it refused once. None if the storage cannot be asked.
        """
        try:
            stats = [
                (limit, self._strategy.get_window_stats(_USES, limit.name)) for limit in limits
            ]
        except StorageError:
            return None
        zone = self._clock().tzinfo
        return [
            (limit, _USES.amount - left, datetime.fromtimestamp(ends, zone))
            for limit, (ends, left) in stats
            if left < _USES.amount
        ]

    def take_later(self, limit: Limit, *who: str) -> None:
        """Take one as soon as a thread comes to it; the caller waits for nothing.

        What is more than the thread can count is not counted.
        """
        with suppress(queue.Full):
            self._later.put_nowait((limit, who))
        with self._starting:
            # Not earlier: a thread does not outlive the fork of a worker.
            if not self._counts_later:
                threading.Thread(target=self._count_later, daemon=True).start()
                self._counts_later = True

    def wait_for_counts(self) -> None:
        """Return once everything given to ``take_later`` is counted."""
        self._later.join()

    def _count_later(self) -> None:
        while True:
            limit, who = self._later.get()
            try:
                self.take(limit, *who)
            except Exception as error:
                # The thread has to go on; nobody else sees what it raises.
                self._tell(f"limits: not counted ({type(error).__name__})")
            finally:
                self._later.task_done()

    def _take(self, item: RateLimitItem, limit: Limit, key: str, now: datetime) -> int:
        if self._strategy.hit(item, key):
            return 0
        ends = self._strategy.get_window_stats(item, key).reset_time
        wait = _seconds(ends - now.timestamp(), limit)
        if len(self._refused) >= _MOST_REFUSED:
            self._refused.clear()
        self._refused[key] = now.timestamp() + wait
        self._tell(f"limits: {limit.name} is used up for {wait} s")
        with suppress(StorageError):
            self._strategy.hit(_USES, limit.name)
        return wait

    def _hash(self, *parts: object) -> str:
        text = "\0".join(map(str, parts))
        return hmac.new(self._key, text.encode("utf-8", "replace"), "sha256").hexdigest()[
            :_HASH_CHARS
        ]


def make_limiter(
    database_url: str,
    redis_url: str,
    secret: str,
    clock: Callable[[], datetime],
    tell: Callable[[str], None],
) -> Limiter:
    """Return a limiter over Redis, or over the database where ``redis_url`` is empty.

    Connects to neither. Raises ``database.UnusableAddress`` and WrongLimitStorage.
    """
    if redis_url:
        redis = redis_storage(redis_url)
        return Limiter(redis, secret, clock, tell, redis.storage.close)
    engine = counting_engine(database_url)
    return Limiter(LimitCounters(engine, clock), secret, clock, tell, engine.dispose)


def redis_storage(url: str) -> RedisStorage:
    """Return the storage in a Redis, without connecting. Raises WrongLimitStorage."""
    try:
        storage = storage_from_string(
            url,
            wrap_exceptions=True,
            socket_timeout=_REDIS_TIMEOUT_S,
            socket_connect_timeout=_REDIS_TIMEOUT_S,
        )
    except (ConfigurationError, ValueError):
        raise WrongLimitStorage("the address is not redis://HOST:PORT/NUMBER") from None
    if type(storage) is not RedisStorage or not url.startswith(("redis://", "rediss://")):
        raise WrongLimitStorage("the address is not redis://HOST:PORT/NUMBER")
    return storage


def _seconds(left: float, limit: Limit) -> int:
    """Whole seconds, never more than the window: a wrong clock makes nobody wait for a year."""
    return min(max(math.ceil(left), 1), limit.seconds)
