"""Prepares a new card for the store: its keys, tokens and sealed rows.

Preparing is apart from storing, so that a batch can prepare and print many cards first, and then
store all of them or none.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from caregiver_card.card.codec import encode
from caregiver_card.card.model import Card
from caregiver_card.storage import crypto, key_wrapping
from caregiver_card.storage.records import AddedCard, ReaderLink
from caregiver_card.storage.rows import Link, Version, least_schema

# The rows of a new card: its first version, and its links.
NewCard = tuple[Version, list[Link]]


class PreparedCard(NamedTuple):
    """A card that is not stored yet: what its owner gets, and its rows, which hold no token."""

    added: AddedCard
    rows: NewCard


def prepare(card: Card, page: bytes, labels: Sequence[str], now: datetime) -> PreparedCard:
    """Prepare a new card, with a reader link for each label. ``now`` is aware."""
    card_id, owner, today = crypto.new_record_id(), crypto.new_token(), now.date()
    keys = key_wrapping.Keys(crypto.new_key(), crypto.new_key())
    first = key_wrapping.version_row(card_id, 1, keys, (encode(card), page, None), "", now)
    first = first._replace(least_schema=least_schema(card))
    links, reader_links = [key_wrapping.owner_link(owner, keys.owner, card_id, today)], []
    for label in labels:
        token = crypto.new_token()
        link = key_wrapping.reader_link(token, label, keys, card_id, 1, today)
        links.append(link)
        reader_links.append(ReaderLink(link.lookup_id.hex(), label, token, today, None))
    return PreparedCard(AddedCard(owner, tuple(reader_links), 1), (first, links))
