"""The counters of limits in the database at hand, as a storage of the library ``limits``.

A row counts what one key did in one window of time, which begins with the first time. The keys
come hashed from ``limiter``. Counters are shared by every worker of every machine, belong to no
card, and are in no backup.
"""

import hashlib
import sqlite3
from collections.abc import Callable
from datetime import datetime

from limits.storage import Storage
from sqlalchemy import Engine, delete, or_, select, text

from caregiver_card.storage.database import StoreFailure, writing
from caregiver_card.storage.schema import limit_counters

# Seconds. Rows that end later than any window does were written by a wrong clock.
LONGEST_WINDOW = 24 * 60 * 60
# Rows that one count deletes: more than one that it can add, so that the table shrinks again.
_SWEPT = 20
# One statement, so that of two concurrent requests each is counted. A window that is over, or that
# a wrong clock began, begins anew.
_IS_OVER = "limit_counters.ends <= :now OR limit_counters.ends > :ends"
_ADD = text(
    "INSERT INTO limit_counters (key, count, ends) VALUES (:key, :amount, :ends)"
    " ON CONFLICT (key) DO UPDATE SET"
    f" count = CASE WHEN {_IS_OVER} THEN :amount ELSE limit_counters.count + :amount END,"
    f" ends = CASE WHEN {_IS_OVER} THEN :ends ELSE limit_counters.ends END"
    " RETURNING count"
)


class LimitCounters(Storage):
    """Counts in the table ``limit_counters``; ``engine`` should be a ``counting_engine``.

    Each method raises the library's StorageError if the database cannot be asked.
    """

    # Not to be had by an address, as the library's own storages are.
    STORAGE_SCHEME = None

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        super().__init__(wrap_exceptions=True)
        self._engine, self._clock = engine, clock

    @property
    def base_exceptions(self) -> tuple[type[Exception], ...]:
        """What the library turns into its StorageError."""
        return (StoreFailure, sqlite3.Error, OSError)

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count ``amount`` more in a window of ``expiry`` seconds; return the count so far."""
        now = self._now()
        values = {"key": _stored(key), "amount": amount, "now": now, "ends": now + expiry}
        with writing(self._engine) as connection:
            count = int(connection.execute(_ADD, values).scalar_one())
            is_over = or_(
                limit_counters.c.ends <= now, limit_counters.c.ends > now + LONGEST_WINDOW
            )
            # PostgreSQL skips what another transaction holds, so that no two wait for each other.
            old = select(limit_counters.c.key).where(is_over).limit(_SWEPT)
            old_keys = list(connection.execute(old.with_for_update(skip_locked=True)).scalars())
            if old_keys:
                connection.execute(delete(limit_counters).where(limit_counters.c.key.in_(old_keys)))
        return count

    def get(self, key: str) -> int:
        """Return the count of the present window."""
        count, ends = self._row(key)
        return count if ends > self._now() else 0

    def get_expiry(self, key: str) -> float:
        """Return when the present window ends, in seconds since 1970."""
        return max(self._row(key)[1], self._now())

    def check(self) -> bool:
        """Whether the database can be asked."""
        self._row("")
        return True

    def reset(self) -> int:
        """Delete every counter; return how many there were."""
        with writing(self._engine) as connection:
            return connection.execute(delete(limit_counters)).rowcount

    def clear(self, key: str) -> None:
        """Delete one counter."""
        with writing(self._engine) as connection:
            connection.execute(delete(limit_counters).where(limit_counters.c.key == _stored(key)))

    def _row(self, key: str) -> tuple[int, int]:
        statement = select(limit_counters.c.count, limit_counters.c.ends)
        with self._engine.connect() as connection:
            row = connection.execute(statement.where(limit_counters.c.key == _stored(key))).first()
        return (row[0], row[1]) if row else (0, 0)

    def _now(self) -> int:
        return int(self._clock().timestamp())


def _stored(key: str) -> bytes:
    """A key in 16 bytes, which every database sorts the same way."""
    return hashlib.sha256(key.encode()).digest()[:16]
