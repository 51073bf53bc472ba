"""Reader links as their owner sees them, with what was printed last."""

from datetime import date

from sqlalchemy import Engine, update

from caregiver_card.storage import key_wrapping as wrap
from caregiver_card.storage.database import writing
from caregiver_card.storage.records import LastPrint, ReaderLink
from caregiver_card.storage.rows import Link, at_most
from caregiver_card.storage.schema import links

# Each save seals its key anew for every link, and nobody can keep more of them apart.
MOST = 40
LIMIT = at_most(MOST, "reader")


def record(owner_key: bytes, link: Link) -> ReaderLink:
    """Return a reader link, given the key that opens its label and its last print."""
    token, label = wrap.open_label(owner_key, link)
    last = _read(wrap.open_print(owner_key, link))
    return ReaderLink(link.lookup_id.hex(), label, token, link.made_on, link.seen_on, last)


def note_print(
    engine: Engine, owner_key: bytes, card_id: bytes, lookup_id: bytes, last: LastPrint
) -> bool:
    """Note what was printed last with a reader link; False if the card has no such link."""
    written = f"{last.layout} {last.on.isoformat()} {last.version}".encode()
    sealed = wrap.seal_print(owner_key, written, card_id, lookup_id)
    this = links.c.lookup_id == lookup_id, links.c.card_id == card_id, links.c.kind == "reader"
    with writing(engine) as connection:
        changed = connection.execute(update(links).where(*this), {"sealed_print": sealed})
    return changed.rowcount == 1


def _read(written: bytes | None) -> LastPrint | None:
    if written is None:
        return None
    layout, day, version = written.decode().split(" ")
    return LastPrint(layout, date.fromisoformat(day), int(version))
