"""Somebody opened a copy of the card: who is told, and how often.

Of one copy once an hour: a page that is read again and again is one opening. Neither an address nor
a place is known here, so none can be kept.
"""

from datetime import datetime, timedelta

from caregiver_card.alerting.policy.alert_record import AlertRecord, QueuedMessage
from caregiver_card.alerting.policy.recipients import OPENED

WINDOW = timedelta(hours=1)


def record_opening(
    book: AlertRecord, copy_id: str, *, sure: bool, now: datetime
) -> tuple[AlertRecord, list[QueuedMessage]]:
    """The notes to all who asked to hear of it, at any hour: it may be an emergency.

    ``sure`` is whether it was a person's browser for certain. A pause holds it back.
    """
    what, notes = f"{OPENED} {copy_id}", []
    details = {"copy": book.copies.get(copy_id, ""), "at": now.isoformat(), "sure": sure}
    for person in book.people:
        told = book.told.get(f"{person.id}|{what}")
        lately = told is not None and now - WINDOW < told.at < now + WINDOW
        if lately or not person.reachable or person.snoozed(now) or OPENED not in person.subjects:
            continue
        notes.append(QueuedMessage(OPENED, person.id, details))
        book = book.having_told(person.id, what, 0, now)
    return book, notes
