"""Reads a spreadsheet program's own file (XLSX) into the table that a CSV is.

The file is anybody's: it is opened only after ``workbook_guard``, no formula is computed and no
link is followed. Every fault of a cell is kept with its row.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from caregiver_card.briefing.content import Content
from caregiver_card.card import values
from caregiver_card.card.rules import ERROR, WARNING, Fault
from caregiver_card.caseload import workbook_cells, workbook_guard
from caregiver_card.caseload.column_words import ColumnWords, column_words
from caregiver_card.caseload.spreadsheet import MAX_COLUMNS, UnreadableTable
from caregiver_card.caseload.workbook_cells import SpoiltCell
from caregiver_card.caseload.workbook_guard import refusal

# Excel's own last row; a file may claim a billion.
_MAX_ROWS = 1_048_576
# More empty rows between two patients are a mistake, and each would be named.
_MOST_EMPTY = 1000
# The code of a warning.
HIDDEN = "workbook-hidden"
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_HIDDEN = re.compile(rb"\bhidden\s*=\s*[\"'](?:1|true)[\"']")
_NUMBER = re.compile(rb"\br\s*=\s*[\"'](\d{1,7})[\"']")
_MERGED = re.compile(
    rb"<(?:\w+:)?mergeCell\b[^>]*\bref\s*=\s*[\"']([A-Z]{1,3}(\d{1,7}):[A-Z]{1,3}\d{1,7})"
)
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")


class WorkbookTable(NamedTuple):
    """A workbook as a CSV table whose headings are paths, and the faults of its cells."""

    raw: bytes
    faults: tuple[tuple[int, Fault], ...] = ()

    @property
    def has_errors(self) -> bool:
        """Whether the value of a cell is not certain."""
        return any(fault.level == ERROR for _, fault in self.faults)


@dataclass(slots=True)
class _Sheet:
    """The sheet of the patients: its rows, the paths of its columns, and its XML."""

    rows: Iterator[tuple[Any, ...]]
    columns: list[str]
    xml: bytes
    formulas: set[tuple[int, int]] = field(default_factory=set)


def to_table(
    raw: bytes, content: Content, most: int = workbook_guard.MOST_UNPACKED
) -> WorkbookTable:
    """Return a workbook as a table; ``most`` is its largest size unpacked, in bytes.

    Raises ``UnreadableTable``.
    """
    workbook_guard.check(raw, most)
    words = column_words(content)
    try:
        return _table(_sheet(raw, words), words)
    except UnreadableTable:
        raise
    # Whatever the library makes of a file that is no workbook.
    except Exception:
        raise refusal("workbook-broken") from None


def hidden_rows(numbers: Iterable[int]) -> tuple[tuple[int, Fault], ...]:
    """Return the warnings about rows that the spreadsheet program does not show."""
    return tuple((number, Fault(WARNING, "file", HIDDEN)) for number in numbers)


def join_faults(
    table: WorkbookTable, found: Iterable[tuple[int, Fault]]
) -> Iterator[tuple[int, Fault]]:
    """Yield the faults of a table's cells and of its rows; a cell that is not certain has one."""
    uncertain = {(row, fault.path) for row, fault in table.faults if fault.path != "file"}
    yield from table.faults
    yield from (each for each in found if (each[0], each[1].path) not in uncertain)


def _open(raw: bytes, *, computed: bool = True) -> Any:
    # Loaded where it is used: a worker that serves emergency pages needs no spreadsheets.
    import openpyxl

    stream = io.BytesIO(raw)
    return openpyxl.load_workbook(stream, read_only=True, data_only=computed, keep_links=False)


def _sheet(raw: bytes, words: ColumnWords) -> _Sheet:
    sheets = _open(raw).worksheets
    headings = [_headings(sheet) for sheet in sheets]
    known = [at for at, row in enumerate(headings) if any(map(words.path, row))]
    if len(known) > 1:
        names = [str(sheets[at].title)[:40] for at in known]
        raise refusal("workbook-sheets", places=names)
    if not known:
        raise refusal("workbook-no-header" if any(map(any, headings)) else "caseload-empty")
    sheet = sheets[known[0]]
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        # The library keeps the name of a sheet's part to itself.
        xml = archive.read(sheet._worksheet_path)
    found = _Sheet(_rows(sheet), _columns(headings[known[0]], words), xml)
    if _FORMULA.search(xml):
        found.formulas = set(_formulas(_open(raw, computed=False).worksheets[known[0]]))
    return found


def _rows(sheet: Any) -> Iterator[tuple[Any, ...]]:
    # What a file says of its own size may be wrong.
    sheet.reset_dimensions()
    for cells in sheet.iter_rows(max_row=_MAX_ROWS):
        if len(cells) > MAX_COLUMNS:
            raise refusal("table-wide", most=MAX_COLUMNS, count=len(cells))
        yield cells


def _headings(sheet: Any) -> list[str]:
    cells = next(_rows(sheet), ())
    names = [str(cell.value) if cell.value is not None else "" for cell in cells]
    while names and not names[-1].strip():
        names.pop()
    return names


def _columns(headings: list[str], words: ColumnWords) -> list[str]:
    """Return the path of each heading. Raises ``UnreadableTable`` for what is no column."""
    unknown = [name for name in headings if name.strip() and not words.path(name)]
    faults = [
        Fault(
            ERROR,
            name[:60] if name.isprintable() else "file",
            "column-unknown",
            {"near": values.closest(name, words.headings())},
        )
        for name in unknown
    ]
    if faults:
        raise UnreadableTable(*((1, fault) for fault in faults))
    return [words.path(name) for name in headings]


def _formulas(sheet: Any) -> Iterator[tuple[int, int]]:
    """Yield the row and column of each formula, from 1."""
    for number, cells in enumerate(_rows(sheet), start=1):
        yield from ((number, at) for at, cell in enumerate(cells, 1) if cell.data_type == "f")


def _table(sheet: _Sheet, words: ColumnWords) -> WorkbookTable:
    out, faults, filled = io.StringIO(), list(_merged(sheet.xml)), set()
    writer = csv.writer(out)
    writer.writerow(sheet.columns)
    next(sheet.rows)
    last = 1
    for number, cells in enumerate(sheet.rows, start=2):
        texts, spoilt = _row(number, cells, sheet, words)
        faults += ((number, fault) for fault in spoilt)
        if texts:
            if number - last > _MOST_EMPTY:
                raise refusal("workbook-gap", most=_MOST_EMPTY)
            writer.writerows([()] * (number - last - 1))
            writer.writerow(texts)
            filled.add(number)
            last = number
    hidden = [number for number in _hidden(sheet.xml) if number in filled]
    faults += hidden_rows(hidden)
    return WorkbookTable(out.getvalue().encode(), tuple(faults))


def _row(
    number: int, cells: tuple[Any, ...], sheet: _Sheet, words: ColumnWords
) -> tuple[list[str], list[Fault]]:
    """Return the texts of a row, without empty ones at its end, and what is not certain in it."""
    texts, faults = list[str](), list[Fault]()
    for at, cell in enumerate(cells):
        path = sheet.columns[at] if at < len(sheet.columns) else ""
        try:
            if cell.value is None and (number, at + 1) in sheet.formulas:
                raise SpoiltCell("cell-formula", "=")
            typed = workbook_cells.text(path, cell.value, str(cell.number_format))
            texts.append(words.code(path, typed))
        except SpoiltCell as spoilt:
            faults.append(spoilt.fault(path or "file"))
            texts.append(spoilt.typed)
    while texts and not texts[-1].strip():
        texts.pop()
    return texts, faults


def _hidden(xml: bytes) -> Iterator[int]:
    for row in _ROW.finditer(xml):
        number = _NUMBER.search(row[1])
        if number and _HIDDEN.search(row[1]):
            yield int(number[1])


def _merged(xml: bytes) -> Iterator[tuple[int, Fault]]:
    for merged in _MERGED.finditer(xml):
        details = {"places": [merged[1].decode()]}
        yield int(merged[2]), Fault(ERROR, "file", "workbook-merged", details)
