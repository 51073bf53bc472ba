"""A clinic's whole caseload: a CSV table or JSON lines -> cards, and every fault by its row.

Each row becomes the card file that it means, and is judged as any card file is.
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

# Ten times the largest caseload that was thought of; it prints in some minutes. What is larger is
# most likely not what somebody meant to print.
MOST_CARDS = 10_000
# A full row is some 2 kB, so this is enough for all of them; the file is held in memory.
LARGEST_FILE = 32 * 1024 * 1024

_ITEM = re.compile(r"[^\]]+\]")


@dataclass(frozen=True, slots=True)
class Case:
    """What came of one row: a card when it has no errors, and everything found on the way."""

    row: int
    card: Card | None
    faults: tuple[Fault, ...]

    @property
    def has_errors(self) -> bool:
        """Whether something in the row must be mended."""
        return any(fault.level == ERROR for fault in self.faults)


@dataclass(slots=True)
class DuplicateFinder:
    """Who has been seen in a caseload, so that the same person in two rows is asked about."""

    _rows: dict[tuple[str, date], int] = field(default_factory=dict)

    def enter(self, case: Case) -> Case:
        """The case, with a question if an earlier row has somebody of that name and birthday."""
        if case.card is None:
            return case
        who = (case.card.patient.full_name.casefold(), case.card.patient.date_of_birth)
        first = self._rows.setdefault(who, case.row)
        if first == case.row:
            return case
        twice = Fault(WARNING, "patient.full_name", "row-twice", {"row": first})
        return replace(case, faults=(*case.faults, twice))


def told(raw: bytes, encoding: str | None, dates: str | None) -> bytes:
    """The file as it reads after somebody has said how it was saved (``decoding.WINDOWS``), and in
    which order its dates are (``days.ORDERS``)."""
    if encoding == decoding.WINDOWS:
        raw = decoding.to_utf8(raw)
    if dates and raw.strip() and not _is_json(raw):
        raw = spreadsheet.redated(raw, dates)
    return raw


def rows(raw: bytes, most: int = MOST_CARDS) -> Iterator[TableRow]:
    """The rows of a file, which may be read as often as needed; raises ``UnreadableTable``."""
    if len(raw) > LARGEST_FILE:
        large = {"most": LARGEST_FILE // 1024}
        raise UnreadableTable((0, Fault(ERROR, "file", "caseload-large", large)))
    count = 0
    for row in _read(raw):
        count += bool(row.content)
        if count > most:
            raise UnreadableTable((0, Fault(ERROR, "file", "caseload-long", {"most": most})))
        yield row
    if not count:
        raise UnreadableTable((0, Fault(ERROR, "file", "caseload-empty")))


def cards(raw: bytes, most: int = MOST_CARDS) -> Iterator[TableRow]:
    """The rows that hold a card; raises ``UnreadableTable``."""
    return (row for row in rows(raw, most) if row.content)


def validate_row(row: TableRow, today: date) -> Case:
    """What comes of a row, by the one reading that there is of a card file."""
    if not row.content or any(each.code == spreadsheet.EXAMPLE_LEFT for each in row.faults):
        return Case(row.number, None, row.faults)
    reading = codec.read(row.content, today)
    known = {fault.path for fault in row.faults}
    moved = (replace(fault, path=place(fault.path, row)) for fault in reading.faults)
    faults = (*row.faults, *(fault for fault in moved if fault.path not in known))
    card = None if any(fault.level == ERROR for fault in faults) else reading.card
    return Case(row.number, card, faults)


def place(path: str, row: TableRow) -> str:
    """Where in the table a path is: where its item stood before the list closed up."""
    item = _ITEM.match(path)
    return path.replace(item[0], row.moved.get(item[0], item[0]), 1) if item else path


def _read(raw: bytes) -> Iterator[TableRow]:
    if not raw.strip():
        return iter(())
    spreadsheet.check_letters(raw)
    return _json_lines(raw) if _is_json(raw) else spreadsheet.rows(raw)


def _is_json(raw: bytes) -> bool:
    """A table begins with the name of a column, which has no bracket."""
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
