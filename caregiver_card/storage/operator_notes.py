"""Notes for the operator: when something last succeeded, on any machine of the installation."""

from datetime import datetime
from enum import IntEnum

from sqlalchemy import Engine, insert, select, update

from caregiver_card.storage.database import writing
from caregiver_card.storage.schema import operator_notes


class Event(IntEnum):
    """What is noted. The numbers are stored."""

    # A note that was written to see whether anything can be.
    WRITE = 1
    SENDER = 2
    BACKUP = 3


class OperatorNotes:
    """The notes in one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def write(self, event: Event, now: datetime) -> None:
        """Note that something succeeded now. Raises StoreFailure."""
        this = operator_notes.c.event == event
        with writing(self._engine) as connection:
            changed = connection.execute(update(operator_notes).where(this).values(at=now))
            if changed.rowcount:
                return
            # Of two that come first at once, one fails, and its caller tries again at its time.
            connection.execute(insert(operator_notes), {"event": event, "at": now})

    def read(self) -> dict[Event, datetime]:
        """Return the notes that there are. Raises StoreFailure."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(operator_notes)).all()
        known = set(Event)
        return {Event(row.event): row.at for row in rows if row.event in known}
