"""Figures of a database for its operator: how much there is of what, and nothing of any patient."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine, func, select

from caregiver_card.storage.migrations import revision
from caregiver_card.storage.rows import OutboxState
from caregiver_card.storage.schema import alert_outbox, alert_records, cards, versions

_WAITING = (OutboxState.QUEUED, OutboxState.HANDED_OVER)


@dataclass(frozen=True, slots=True)
class Figures:
    """Counted at one moment."""

    # The number of the last migration.
    schema: str
    # ``sqlite`` or ``postgresql``.
    database: str
    cards: int
    versions: int
    # Cards with people who are told.
    told: int
    # Messages by state, those of the last 400 days.
    messages: dict[OutboxState, int]
    # When the message that waits longest was queued.
    oldest_waiting: datetime | None
    # The newest day, in UTC, on which a card was saved.
    saved_on: date | None

    @property
    def waiting(self) -> int:
        """How many messages wait to be sent."""
        return sum(self.messages.get(state, 0) for state in _WAITING)


def figures_of(engine: Engine) -> Figures:
    """Count. Raises StoreFailure."""
    waiting = alert_outbox.c.state.in_(_WAITING)
    by_state = select(alert_outbox.c.state, func.count()).group_by(alert_outbox.c.state)
    told = select(func.count()).where(alert_records.c.sealed_book != b"")
    with engine.connect() as connection:
        rows = connection.execute(by_state).all()
        return Figures(
            schema=revision(engine) or "none",
            database=engine.dialect.name,
            cards=connection.execute(select(func.count()).select_from(cards)).scalar_one(),
            versions=connection.execute(select(func.count()).select_from(versions)).scalar_one(),
            told=connection.execute(told).scalar_one(),
            messages={OutboxState(state): count for state, count in rows},
            oldest_waiting=connection.execute(
                select(func.min(alert_outbox.c.made_at)).where(waiting)
            ).scalar(),
            saved_on=connection.execute(select(func.max(cards.c.saved_on))).scalar(),
        )
