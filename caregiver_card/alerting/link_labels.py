"""The labels of reader links in a card's alert record, by which a message names the one opened."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from caregiver_card.alerting.policy import page_opened
from caregiver_card.alerting.policy.alert_record import AlertRecord, QueuedMessage
from caregiver_card.alerting.record_store import RecordStore
from caregiver_card.storage import crypto
from caregiver_card.storage.database import writing
from caregiver_card.storage.rows import link_rows


def add_labels(
    records: RecordStore, card_id: bytes, labels: Mapping[str, str], now: datetime
) -> None:
    """Add labels by the ids of their links, if the record opens."""
    with suppress(crypto.BrokenSeal):
        records.change(
            card_id,
            now,
            lambda record: (replace(record, copies={**record.copies, **labels}), []),
        )


def forget_gone(records: RecordStore, card_id: bytes, now: datetime) -> None:
    """Forget the links that are not there any more, if the record opens."""
    with suppress(crypto.BrokenSeal), writing(records.engine) as connection:
        forget_gone_in_transaction(records, connection, card_id, now)


def forget_gone_in_transaction(
    records: RecordStore, connection: Connection, card_id: bytes, now: datetime
) -> None:
    """Do as ``forget_gone``, in a transaction of the caller's. Raises ``crypto.BrokenSeal``."""

    def change(record: AlertRecord) -> tuple[AlertRecord, list[QueuedMessage]]:
        return without_gone(record, connection, card_id), []

    records.change_in_transaction(connection, card_id, now, change)


def without_gone(record: AlertRecord, connection: Connection, card_id: bytes) -> AlertRecord:
    """Return a record without the links that are not there any more.

    Asked while nobody else changes the record: a new link is there before its label is.
    """
    present = {link.lookup_id.hex() for link in link_rows(connection, card_id, "reader")}
    return page_opened.with_links(record, present)
