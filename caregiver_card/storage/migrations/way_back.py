"""The way back to an earlier program: its schema, with every card and every key in it.

Each version of a card carries in the clear the schema of the earliest program that reads what is
sealed in it (``rows.least_schema``). While a present version needs more than the earlier program
has, the way back is refused. Past versions do not count: that program says which it cannot read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy import Connection, Engine, delete, func, select

from caregiver_card.storage import migrations
from caregiver_card.storage.schema import cards, device_marks, links, versions

# The schema of the first program from which there is a way up: ``tests/stored`` was written by it.
EARLIEST = "0004"
# The first schema that holds what a rotation keeps of a former secret.
_ROTATION = 7
# The first schema with links that end by themselves.
_ENDING = 10
# What opens a card, in columns that every schema has.
_KEPT = (
    (cards.c.id, cards.c.version),
    (
        *(versions.c.card_id, versions.c.version, versions.c.sealed_data_key),
        *(versions.c.sealed_note, versions.c.sealed_page, versions.c.sealed_card),
    ),
    (links.c.lookup_id, links.c.card_id, links.c.kind, links.c.wrapped_key, links.c.sealed_label),
)
_CHUNK = 50


class NoWayBack(RuntimeError):
    """The database cannot go back to that schema; the text says why."""


def downgrade(engine: Engine, to: str) -> None:
    """Take an up-to-date database back to the schema numbered ``to``, all of it or nothing.

    No program may use the database meanwhile, and this one brings it up again when it opens it.
    Raises NoWayBack and StoreFailure.
    """
    if not EARLIEST <= to < migrations.HEAD or to not in schemas():
        raise NoWayBack(f"{to}: one of {', '.join(schemas())} is needed")
    with migrations.exclusive(engine) as connection:
        if count := _count_newer(connection, int(to)):
            raise NoWayBack(f"{count} cards need a newer program than that of schema {to}")
        if int(to) < _ROTATION and _is_rotated(connection):
            raise NoWayBack(
                "the secret key was rotated; an earlier program would lose phones' keys"
            )
        if int(to) < _ENDING:
            # For an earlier program they would never end.
            connection.execute(delete(links).where(links.c.ends.is_not(None)))
        before = _digest(connection)
        _run(connection, to)
        if _digest(connection) != before:
            raise NoWayBack("what was kept is not what was there; nothing is changed")


def schemas() -> Sequence[str]:
    """Return the schemas to which there is a way back, earliest first."""
    numbers = range(int(EARLIEST), int(migrations.HEAD))
    return [f"{number:04}" for number in numbers]


def _count_newer(connection: Connection, to: int) -> int:
    present = (versions.c.card_id == cards.c.id) & (versions.c.version == cards.c.version)
    newer = select(func.count()).select_from(cards.join(versions, present))
    return connection.execute(newer.where(versions.c.least_schema > to)).scalar_one()


def _is_rotated(connection: Connection) -> bool:
    sealed = select(device_marks.c.card_id).where(device_marks.c.sealed_cookie.is_not(None))
    return connection.execute(sealed.limit(1)).first() is not None


def _run(connection: Connection, to: str) -> None:
    from alembic import command

    config = migrations.settings()
    config.attributes["connection"] = connection
    command.downgrade(config, to)


def _digest(connection: Connection) -> bytes:
    """Return a digest of every card, version and link, with their keys."""
    digest = hashlib.sha256()
    for columns in _KEPT:
        statement = select(*columns).order_by(*columns[0].table.primary_key.columns)
        for row in connection.execute(statement.execution_options(yield_per=_CHUNK)):
            digest.update(repr(tuple(row)).encode())
    return digest.digest()
