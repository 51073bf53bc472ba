"""Checksums of tables: the numbers of rows and a digest, the same for every database."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Table, select

# Rows. Two chunks are in memory at a time; of the largest card files a chunk is 14 MB.
_CHUNK = 50


@dataclass(frozen=True, slots=True)
class Checksum:
    """The number of rows by table, and a SHA-256 over all of them, in hex."""

    counts: dict[str, int]
    digest: str


def checksum_of(
    source: Connection,
    tables: list[Table],
    pass_on: Callable[[Table, list[dict[str, Any]]], None] | None = None,
) -> Checksum:
    """Return the checksum of these tables, and pass each chunk of rows to ``pass_on``."""
    counts, digest = {}, hashlib.sha256()
    for table in tables:
        counts[table.name] = 0
        digest.update(_canonical(table.name))
        for rows in _chunks(source, table):
            for row in rows:
                digest.update(b"".join(map(_canonical, row.values())))
            counts[table.name] += len(rows)
            if pass_on is not None:
                pass_on(table, rows)
    return Checksum(counts, digest.hexdigest())


def _chunks(source: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows by primary key: bytes and numbers, which every database sorts the same way."""
    statement = select(table).order_by(*table.primary_key.columns)
    result = source.execute(statement.execution_options(yield_per=_CHUNK))
    for rows in result.mappings().partitions():
        yield [dict(row) for row in rows]


def _canonical(value: object) -> bytes:
    """Return type, length and content of a value, the same for every database."""
    match value:
        case None:
            kind, content = b"-", b""
        case bytes():
            kind, content = b"b", value
        case int():
            kind, content = b"i", str(value).encode()
        case datetime():
            zoned = value if value.tzinfo else value.replace(tzinfo=UTC)
            kind, content = b"t", zoned.astimezone(UTC).isoformat().encode()
        case date():
            kind, content = b"d", value.isoformat().encode()
        case str():
            kind, content = b"s", value.encode()
        case _:
            raise TypeError("a kind of value that no table has")
    return kind + len(content).to_bytes(8, "big") + content
