"""What was deleted is not in SQLite's files any more: neither in the database nor in its log."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from caregiver_card.alerting import key_rotation
from caregiver_card.alerting.outbox import RETENTION
from caregiver_card.storage import backup, key_check
from caregiver_card.storage.schema import alert_outbox, alert_records, links, versions
from tests.alerting.house import SECRET, sams_house
from tests.alerting.mailbox import mailbox
from tests.house import House


@pytest.fixture
def house(ready_sqlite_url: str) -> Iterator[House]:
    """Sam's card, Mum and Dad, and a message that was sent."""
    with mailbox() as post:
        made = sams_house(ready_sqlite_url, post)
        key_check.begin(made.keeper.store.engine, SECRET)
        made.person("Mum")
        made.person("Dad")
        made.send()
        yield made
    made.keeper.store.dispose()


def _sealed(house: House) -> list[bytes]:
    """Sixteen bytes from the middle of everything sealed that the database holds now."""
    columns = (
        versions.c.sealed_card,
        versions.c.sealed_page,
        links.c.wrapped_key,
        links.c.sealed_label,
        alert_records.c.sealed_book,
        alert_outbox.c.sealed_note,
        alert_outbox.c.sealed_result,
    )
    with house.keeper.store.engine.connect() as connection:
        found = [
            each for column in columns for each in connection.execute(select(column)).scalars()
        ]
    return [each[14:30] for each in found if len(each) > 30]


def _on_disk(house: House) -> bytes:
    path = Path(str(house.keeper.store.engine.url.database))
    return b"".join(each.read_bytes() for each in sorted(path.parent.glob(f"{path.name}*")))


_DELETIONS: dict[str, Callable[[House], object]] = {
    "the card": lambda house: house.keeper.vault.delete(house.kept.owner),
    "the owner's address": lambda house: house.keeper.vault.renew_owner(
        house.kept.owner, house.now.date()
    ),
    "a copy": lambda house: house.keeper.vault.revoke(
        house.kept.owner, house.owned.reader_links[0].id
    ),
    "the list": lambda house: house.bureau.discard(house.card_id),
    "what an old secret sealed": lambda house: key_rotation.rotate(
        house.keeper.store.engine, SECRET, "a new key that is long enough to be one"
    ),
    "old messages": lambda house: house.bureau.records.outbox.delete_expired(
        house.now + 2 * RETENTION
    ),
}


@pytest.mark.parametrize("what", _DELETIONS)
def test_deleted_bytes_are_gone_from_the_files(house: House, what: str) -> None:
    """Whatever is not in a row any more is not in a file; the check can fail, for it was there."""
    before = _sealed(house)
    assert all(each in _on_disk(house) for each in before)
    _DELETIONS[what](house)
    left = set(_sealed(house))
    gone = [each for each in before if each not in left]
    assert gone, "nothing was deleted"
    files = _on_disk(house)
    assert [each for each in gone if each in files] == []


def test_a_backup_and_what_is_restored_hold_nothing_deleted(house: House, tmp_path: Path) -> None:
    """Their files are written row by row: no page of the old file comes along."""
    before = _sealed(house)
    house.bureau.discard(house.card_id)
    copy, url = tmp_path / "copy", f"sqlite:///{tmp_path}/again/cards.sqlite"
    backup.create(house.keeper.store, copy)
    backup.restore(copy, url)
    left = set(_sealed(house))
    gone = [each for each in before if each not in left]
    restored = b"".join(each.read_bytes() for each in (tmp_path / "again").iterdir())
    assert gone and not [each for each in gone if each in copy.read_bytes() + restored]
