"""What was typed into a form and is not saved yet: sealed, and for a day at most.

The key of a row is a token that only the browser has, in a cookie of its session; the database
holds nothing that opens it. Rows belong to no card, and are in no backup.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, or_, select, text

from caregiver_card.storage import crypto
from caregiver_card.storage.database import clear_log, writing
from caregiver_card.storage.schema import drafts

# Seconds, since something was last typed.
LONGEST_S = 24 * 60 * 60
# Rows that one write deletes: more than the one that it can add, so that the table shrinks again.
_SWEPT = 20
# One statement, so that of two concurrent requests neither fails.
_WRITE = text(
    "INSERT INTO drafts (id, name, sealed, ends) VALUES (:id, :name, :sealed, :ends)"
    " ON CONFLICT (id, name) DO UPDATE SET sealed = :sealed, ends = :ends"
)


class Drafts:
    """The drafts in one database. ``token`` is canonical; ``name`` tells a browser's drafts apart.

    Every method raises StoreFailure.
    """

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine, self._clock = engine, clock

    def write(self, token: str, name: str, content: bytes) -> None:
        """Seal a draft over the one before it; it ends a day from now."""
        owner, row = crypto.lookup_id(token), _row_name(token, name)
        sealed = crypto.seal(crypto.wrapping_key(token), content, _about(owner, row))
        now = self._now()
        with writing(self._engine) as connection:
            values = {"id": owner, "name": row, "sealed": sealed, "ends": now + LONGEST_S}
            connection.execute(_WRITE, values)
            _delete_expired(connection, now)

    def read(self, token: str, name: str) -> bytes | None:
        """Return a draft, or None if there is none, or none any more."""
        owner, row = crypto.lookup_id(token), _row_name(token, name)
        now = self._now()
        statement = select(drafts.c.sealed).where(
            drafts.c.id == owner,
            drafts.c.name == row,
            drafts.c.ends > now,
            drafts.c.ends <= now + LONGEST_S,
        )
        with self._engine.connect() as connection:
            sealed = connection.execute(statement).scalar()
        if sealed is None:
            return None
        try:
            return crypto.open_sealed(crypto.wrapping_key(token), sealed, _about(owner, row))
        except crypto.BrokenSeal:
            return None

    def erase(self, token: str, name: str | None = None) -> None:
        """Delete a draft, or without ``name`` all of a browser's, and what the log holds of it."""
        these = [drafts.c.id == crypto.lookup_id(token)]
        if name is not None:
            these.append(drafts.c.name == _row_name(token, name))
        with writing(self._engine) as connection:
            connection.execute(delete(drafts).where(*these))
        clear_log(self._engine)

    def delete_expired(self) -> None:
        """Delete some of the drafts that ended, and what the log holds of them."""
        with writing(self._engine) as connection:
            is_changed = _delete_expired(connection, self._now())
        if is_changed:
            clear_log(self._engine)

    def _now(self) -> int:
        return int(self._clock().timestamp())


def _delete_expired(connection: Connection, now: int) -> bool:
    """Delete a few rows that are over; also what a wrong clock wrote."""
    is_over = or_(drafts.c.ends <= now, drafts.c.ends > now + LONGEST_S)
    # PostgreSQL skips what another transaction holds, so that no two wait for each other.
    old = select(drafts.c.id).where(is_over).limit(_SWEPT).with_for_update(skip_locked=True)
    old_ids = list(connection.execute(old).scalars())
    if old_ids:
        connection.execute(delete(drafts).where(drafts.c.id.in_(old_ids), is_over))
    return bool(old_ids)


def _row_name(token: str, name: str) -> bytes:
    """A name as it is stored: it tells nobody which form or card it is."""
    return crypto.derived_key(token, b"", f"draft {name}")[:16]


def _about(owner: bytes, row: bytes) -> bytes:
    return crypto.associated_data(owner + row, 0, "draft")
