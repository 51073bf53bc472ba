"""A clinic's whole caseload: each row of a CSV table or of JSON lines as a card, with its faults.

Each row becomes a card file, which is validated like any other.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from caregiver_card.card import codec, decoding
from caregiver_card.card.model import Card
from caregiver_card.card.rules import ERROR, WARNING, Fault
from caregiver_card.caseload import spreadsheet
from caregiver_card.caseload.spreadsheet import TableRow, UnreadableTable

# Ten times the largest expected caseload. A larger file is most likely a mistake.
MAX_CARDS = 10_000
# A full row has some 2 kB, so this suffices for MAX_CARDS; the file is held in memory.
LARGEST_FILE = 32 * 1024 * 1024

_ITEM = re.compile(r"[^\]]+\]")


@dataclass(frozen=True, slots=True)
class Case:
    """The result of one row: a card if it has no errors, and every fault."""

    row: int
    card: Card | None
    faults: tuple[Fault, ...]

    @property
    def has_errors(self) -> bool:
        """Whether the row has a fault that must be corrected."""
        return any(fault.level == ERROR for fault in self.faults)


@dataclass(slots=True)
class DuplicateFinder:
    """The patients seen so far, so that one patient in two rows causes a warning."""

    _rows: dict[tuple[str, date], int] = field(default_factory=dict)

    def check(self, case: Case) -> Case:
        """Return the case, with a warning if an earlier row has the same name and date of birth."""
        if case.card is None:
            return case
        patient = (case.card.patient.full_name.casefold(), case.card.patient.date_of_birth)
        first = self._rows.setdefault(patient, case.row)
        if first == case.row:
            return case
        duplicate = Fault(WARNING, "patient.full_name", "row-twice", {"row": first})
        return replace(case, faults=(*case.faults, duplicate))


def normalize(raw: bytes, encoding: str | None, dates: str | None) -> bytes:
    """Undo what a spreadsheet program did to a file: another encoding, dates in another order.

    ``encoding`` is ``decoding.WINDOWS`` or None, ``dates`` one of ``date_order.ORDERS`` or None.
    """
    if encoding == decoding.WINDOWS:
        raw = decoding.to_utf8(raw)
    if dates and raw.strip() and not _is_json(raw):
        raw = spreadsheet.convert_dates(raw, dates)
    return raw


def rows(raw: bytes, most: int = MAX_CARDS) -> Iterator[TableRow]:
    """Yield the rows of a file. Raises ``UnreadableTable``."""
    if len(raw) > LARGEST_FILE:
        limit = {"most": LARGEST_FILE // 1024}
        raise UnreadableTable((0, Fault(ERROR, "file", "caseload-large", limit)))
    count = 0
    for row in _read(raw):
        count += bool(row.content)
        if count > most:
            raise UnreadableTable((0, Fault(ERROR, "file", "caseload-long", {"most": most})))
        yield row
    if not count:
        raise UnreadableTable((0, Fault(ERROR, "file", "caseload-empty")))


def cards(raw: bytes, most: int = MAX_CARDS) -> Iterator[TableRow]:
    """Yield the rows that hold a card. Raises ``UnreadableTable``."""
    return (row for row in rows(raw, most) if row.content)


def validate_row(row: TableRow, today: date) -> Case:
    """Return the case of a row, validated like any card file."""
    if not row.content or any(fault.code == spreadsheet.EXAMPLE_LEFT for fault in row.faults):
        return Case(row.number, None, row.faults)
    reading = codec.read(row.content, today)
    reported = {fault.path for fault in row.faults}
    in_table = (replace(fault, path=table_path(fault.path, row)) for fault in reading.faults)
    faults = (*row.faults, *(fault for fault in in_table if fault.path not in reported))
    card = None if any(fault.level == ERROR for fault in faults) else reading.card
    return Case(row.number, card, faults)


def table_path(path: str, row: TableRow) -> str:
    """Return where a path stands in the table, before the list closed up over empty items."""
    item = _ITEM.match(path)
    return path.replace(item[0], row.moved.get(item[0], item[0]), 1) if item else path


def _read(raw: bytes) -> Iterator[TableRow]:
    if not raw.strip():
        return iter(())
    spreadsheet.check_letters(raw)
    return _json_lines(raw) if _is_json(raw) else spreadsheet.rows(raw)


def _is_json(raw: bytes) -> bool:
    """Whether it is JSON: a table begins with the name of a column, which has no bracket."""
    return raw[:4096].removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"{", b"["))


def _json_lines(raw: bytes) -> Iterator[TableRow]:
    if _is_one_document(raw):
        raise UnreadableTable((0, Fault(ERROR, "file", "caseload-not-lines")))
    start, number = 0, 0
    while start < len(raw):
        end = raw.find(b"\n", start)
        end = len(raw) if end < 0 else end
        number += 1
        if line := raw[start:end].strip():
            yield TableRow(number, line)
        start = end + 1


def _is_one_document(raw: bytes) -> bool:
    """Whether it is one JSON document over many lines, as a single card file is."""
    first, _, rest = raw.partition(b"\n")
    if not rest.strip():
        return first.lstrip(b"\xef\xbb\xbf \t").startswith(b"[")
    try:
        json.loads(first.decode("utf-8-sig"))
    except ValueError:
        return _is_readable(raw)
    except RecursionError:
        return False
    return False


def _is_readable(raw: bytes) -> bool:
    try:
        json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    return True
