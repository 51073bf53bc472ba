"""Cards that nobody has used since they were made, for the operator to look at and remove.

A printed card that was never scanned looks the same: only the operator can know what may go.
"""

from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, delete, exists, func, select, update

from caregiver_card.storage.database import clear_log, writing
from caregiver_card.storage.schema import (
    alert_outbox,
    alert_records,
    cards,
    health_links,
    links,
)
from caregiver_card.storage.store import Store


class UnusedCard(NamedTuple):
    """A card's record id, and the day on which it was made."""

    card_id: bytes
    made_on: date


def find_unused(store: Store, before: date) -> list[UnusedCard]:
    """Return the cards of before that day that were never used, oldest first.

    One version, one reader link that was never opened and is no record system's, no calendar, and
    nobody who is or was told.
    """
    statement = select(cards.c.id, cards.c.saved_on).where(_is_unused(before))
    with store.engine.connect() as connection:
        rows = connection.execute(statement.order_by(cards.c.saved_on, cards.c.id))
        return [UnusedCard._make(row) for row in rows]


def delete_unused(store: Store, before: date) -> list[UnusedCard]:
    """Delete those cards for good, and return them; one that is used meanwhile stays."""
    deleted = [unused for unused in find_unused(store, before) if _delete(store, unused, before)]
    if deleted:
        clear_log(store.engine)
    return deleted


def _delete(store: Store, unused: UnusedCard, before: date) -> bool:
    this = cards.c.id == unused.card_id
    with writing(store.engine) as connection:
        # Locks the row, as each change of a card does; what is asked next is seen as of then.
        connection.execute(update(cards).where(this), {"saved_on": unused.made_on})
        result = connection.execute(delete(cards).where(this, _is_unused(before)))
    return result.rowcount == 1


def _is_unused(before: date) -> ColumnElement[bool]:
    readers = and_(links.c.card_id == cards.c.id, links.c.kind == "reader")
    return and_(
        cards.c.version == 1,
        cards.c.saved_on < before,
        select(func.count()).where(readers).scalar_subquery() == 1,
        ~exists().where(readers, links.c.seen_on.is_not(None)),
        ~exists().where(readers, links.c.lookup_id == health_links.c.reader),
        ~exists().where(links.c.card_id == cards.c.id, links.c.kind == "calendar"),
        ~exists().where(alert_records.c.card_id == cards.c.id),
        ~exists().where(alert_outbox.c.card_id == cards.c.id),
    )
