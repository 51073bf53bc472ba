"""Why a database refuses: one word, from its error code and never from its message.

A message may quote what was being written; a code says why in every language.
"""

import sqlite3
from enum import StrEnum

from sqlalchemy.exc import TimeoutError as PoolTimeout


class Cause(StrEnum):
    """Why a database does not do what it was asked; the values are what logs say."""

    FULL = "full"
    LOCKED = "locked"
    DAMAGED = "damaged"
    REFUSED = "refused"
    READ_ONLY = "read-only"
    AWAY = "cannot be reached"
    OTHER = "failed"


# In these two states nothing can be written and everything can be read.
UNWRITABLE = (Cause.FULL, Cause.READ_ONLY)

_SQLITE = {
    sqlite3.SQLITE_FULL: Cause.FULL,
    # The disk has no room for the index of the log.
    sqlite3.SQLITE_IOERR_SHMSIZE: Cause.FULL,
    sqlite3.SQLITE_BUSY: Cause.LOCKED,
    sqlite3.SQLITE_LOCKED: Cause.LOCKED,
    sqlite3.SQLITE_PROTOCOL: Cause.LOCKED,
    sqlite3.SQLITE_CORRUPT: Cause.DAMAGED,
    sqlite3.SQLITE_NOTADB: Cause.DAMAGED,
    sqlite3.SQLITE_IOERR: Cause.DAMAGED,
    sqlite3.SQLITE_READONLY: Cause.READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: Cause.REFUSED,
    sqlite3.SQLITE_PERM: Cause.REFUSED,
    sqlite3.SQLITE_AUTH: Cause.REFUSED,
}
# PostgreSQL's SQLSTATE, longest prefix first: appendix A of its manual.
_SQLSTATES = (
    ("53100", Cause.FULL),
    ("25006", Cause.READ_ONLY),
    ("42501", Cause.REFUSED),
    ("53300", Cause.REFUSED),
    ("55P03", Cause.LOCKED),
    ("57014", Cause.LOCKED),
    ("40P01", Cause.LOCKED),
    ("57P", Cause.AWAY),
    ("58", Cause.DAMAGED),
    ("28", Cause.REFUSED),
    ("3D", Cause.REFUSED),
    ("08", Cause.AWAY),
    ("XX", Cause.DAMAGED),
)


def cause_of(error: BaseException) -> Cause:
    """Return why the database failed: of the first error in the chain that has a code."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, PoolTimeout):
            # Every connection is held by somebody who waits.
            return Cause.LOCKED
        if cause := _coded(seen) or _coded(getattr(seen, "orig", None)):
            return cause
        seen = seen.__cause__
    return Cause.OTHER


def _coded(error: object) -> Cause | None:
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", None)
        # The lowest byte is the kind, the next ones are the occasion.
        return None if code is None else _SQLITE.get(code) or _SQLITE.get(code & 0xFF, Cause.OTHER)
    if not hasattr(error, "sqlstate"):
        return None
    state: str | None = error.sqlstate
    if state is None:
        # psycopg has no code for a connection that was not made or that broke off.
        return Cause.AWAY
    return next((cause for start, cause in _SQLSTATES if state.startswith(start)), Cause.OTHER)
