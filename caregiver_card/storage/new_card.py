"""A new card as it will be kept: its keys, its tokens and its sealed rows, before it is stored.

Apart from the vault, so that many cards can be made ready and printed first, and then be stored all
at once or not at all.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from caregiver_card.card.codec import encode
from caregiver_card.card.model import Card
from caregiver_card.storage import crypto, key_wrapping
from caregiver_card.storage.records import AddedCard, ReaderLink
from caregiver_card.storage.rows import Link, Version

# The rows of a new card: its first version, and its links.
NewCard = tuple[Version, list[Link]]


class PreparedCard(NamedTuple):
    """A card that is not stored yet: what its owner gets, and its rows, which hold no token."""

    kept: AddedCard
    rows: NewCard


def prepare(card: Card, page: bytes, labels: Sequence[str], now: datetime) -> PreparedCard:
    """Make a new card ready, with one copy for each label. `now` is aware."""
    card_id, owner, today = crypto.new_record_id(), crypto.new_token(), now.date()
    keys = key_wrapping.Keys(crypto.new_key(), crypto.new_key())
    first = key_wrapping.version_row(card_id, 1, keys, (encode(card), page, None), "", now)
    links, copies = [key_wrapping.owner_link(owner, keys.owner, card_id, today)], []
    for label in labels:
        token = crypto.new_token()
        link = key_wrapping.reader_link(token, label, keys, card_id, 1, today)
        links.append(link)
        copies.append(ReaderLink(link.lookup_id.hex(), label, token, today, None))
    return PreparedCard(AddedCard(owner, tuple(copies), 1), (first, links))
