"""Notices that somebody opened the emergency page: to whom, and how often.

Each reader link gives one notice an hour, so that reading a page again and again is one opening.
The rule takes neither an IP address nor a location, so none can be stored.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from caregiver_card.alerting.policy.alert_record import AlertRecord, QueuedMessage
from caregiver_card.alerting.policy.recipients import OPENED

WINDOW = timedelta(hours=1)


def record_opening(
    record: AlertRecord, link_id: str, *, sure: bool, now: datetime
) -> tuple[AlertRecord, list[QueuedMessage]]:
    """Return the record and a message for each recipient who chose to hear of openings.

    ``sure`` is whether the request certainly came from a person's browser. The messages ignore
    quiet hours, for it may be an emergency; a snooze holds them back.
    """
    what, messages = f"{OPENED} {link_id}", []
    details = {"copy": record.copies.get(link_id, ""), "at": now.isoformat(), "sure": sure}
    for recipient in record.people:
        last = record.told.get(f"{recipient.id}|{what}")
        is_recent = last is not None and now - WINDOW < last.at < now + WINDOW
        wants_it = OPENED in recipient.subjects and not recipient.is_snoozed(now)
        if is_recent or not recipient.reachable or not wants_it:
            continue
        messages.append(QueuedMessage(OPENED, recipient.id, details))
        record = record.with_notification(recipient.id, what, 0, now)
    return record, messages


def with_links(record: AlertRecord, link_ids: Collection[str]) -> AlertRecord:
    """Return a record that knows of no reader link but these: what is gone cannot be opened."""
    copies = {each: label for each, label in record.copies.items() if each in link_ids}
    told = {}
    for key, last in record.told.items():
        kind, _, link_id = key.partition("|")[2].partition(" ")
        if kind != OPENED or link_id in link_ids:
            told[key] = last
    return replace(record, copies=copies, told=told)
