"""Turns each row of a spreadsheet's CSV into a card file, without validating the card.

The columns are the paths of the card file. What spreadsheet programs do to a file is undone where
that is certain (byte order marks, semicolons, empty rows) and refused where it would be a guess.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from caregiver_card.card import decoding, values
from caregiver_card.card.model import FORMAT
from caregiver_card.card.rules import ERROR, WARNING, Fault
from caregiver_card.caseload import date_order, template
from caregiver_card.questionnaire import field_paths, flatten

# Codes of faults: a date in another order than a card file's; a row that is not a patient's.
DATE_ORDER, EXAMPLE_LEFT = "date-order", "example-left"
# A card with every list full takes some 600 columns.
MAX_COLUMNS = 1000
_DELIMITERS = ",;\t"
_STEP = r"[a-z0-9_]+(?:\[(?:0|[1-9]\d?)\])?"
_PATH = re.compile(rf"{_STEP}(?:\.{_STEP})*")
_ITEM = re.compile(r"(.+?)\[(\d+)\]")
# 4.42079E+11: a long number lost its other digits. #REF!: a formula failed.
_SHORTENED = re.compile(r"[+-]?\d(?:[.,]\d+)?E\+\d{2,3}")
# Excel's line that names the delimiter, which it does not show.
_SEPARATOR = re.compile(r'"?sep=(\\t|[,;:|\t]?)"?([,;\t"]*)', re.IGNORECASE)
_BROKEN = re.compile(r"#(?:[A-Z]+[0-9/]*[A-Z0-9]*[!?]|DIV/0!|N/A|NV|#+)")


class UnreadableTable(ValueError):
    """A table that cannot be read; ``faults`` say why, each with its row, 0 for the whole file."""

    def __init__(self, *faults: tuple[int, Fault]) -> None:
        super().__init__("; ".join(f"{row} {fault.path}: {fault.code}" for row, fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class TableRow:
    """One card of many: its row number as the spreadsheet counts, and its card file.

    An empty row has no card file. ``moved`` maps the list items that closed up over empty ones to
    their places in the table. ``faults`` are those of single cells. ``typed`` has the cells of a
    table as they stand there, by path.
    """

    number: int
    content: bytes
    moved: dict[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    typed: dict[str, str] = field(default_factory=dict)


def rows(raw: bytes) -> Iterator[TableRow]:
    """Yield the rows of a table, without empty ones at its end. Raises ``UnreadableTable``."""
    opened = _open(raw)
    reader = csv.reader(opened.lines, delimiter=opened.delimiter, strict=True)
    try:
        columns, empty = _columns(next(reader)), []
        for number, cells in enumerate(reader, start=opened.heading + 1):
            if not any(cell.strip() for cell in cells):
                empty.append(number)
                continue
            for empty_number in empty:
                yield TableRow(empty_number, b"", faults=(Fault(WARNING, "file", "row-empty"),))
            empty.clear()
            yield _row(number, columns, cells)
    except csv.Error:
        broken = Fault(ERROR, "file", "table-broken", {"line": opened.skipped + reader.line_num})
        raise UnreadableTable((0, broken)) from None


def convert_dates(raw: bytes, order: str) -> bytes:
    """Return the table with its dates in ISO form, given their order.

    A table that cannot be read stays as it is: ``rows`` reports that.
    """
    try:
        opened = _open(raw)
        reader = csv.reader(opened.lines, delimiter=opened.delimiter, strict=True)
        columns, *table = list(reader)
    except (UnreadableTable, csv.Error):
        return raw
    is_date = [
        bool((field := field_paths.place(values.strip_invisible(column).strip())) and field.is_date)
        for column in columns
    ]
    out = io.StringIO()
    writer = csv.writer(out)
    # A delimiter line that the program showed as a row stays a row.
    writer.writerows([["sep=", "", ""]] * (opened.heading - 1))
    writer.writerow(columns)
    for cells in table:
        converted = (
            date_order.read(cell, order) if convert else cell
            for cell, convert in zip(cells, is_date, strict=False)
        )
        writer.writerow([*converted, *cells[len(is_date) :]])
    return out.getvalue().encode()


def escape_formula(text: str) -> str:
    """Return a text for a cell that no spreadsheet program takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


class _Opened(NamedTuple):
    """A table and how it is written.

    Its lines, the delimiter, the row of the heading as the spreadsheet counts, and the number of
    lines before that.
    """

    lines: io.TextIOWrapper
    delimiter: str
    heading: int
    skipped: int


def _open(raw: bytes) -> _Opened:
    separator = _SEPARATOR.fullmatch(_lines(raw).readline().strip(" \r\n"))
    named = [separator[1].replace("\\t", "\t")] if separator and separator[1] else []
    skipped = 1 if separator else 0

    def table() -> io.TextIOWrapper:
        lines = _lines(raw)
        for _ in range(skipped):
            lines.readline()
        return lines

    def known_columns(delimiter: str) -> int:
        try:
            return sum(map(_is_path, next(csv.reader(table(), delimiter=delimiter), ())))
        except csv.Error:
            return 0

    best = max((*named, *_DELIMITERS), key=known_columns)
    if not known_columns(best):
        raise UnreadableTable((0, Fault(ERROR, "file", "table-no-header")))
    # A program that shows the delimiter line as a row adds the delimiters of a whole row to it.
    is_shown = separator is not None and separator[2].strip('"') != ""
    return _Opened(table(), best, 2 if is_shown else 1, skipped)


def check_letters(raw: bytes) -> None:
    """Raise ``UnreadableTable`` for bytes that are not Unicode, with what they may be."""
    try:
        raw.decode(decoding.unicode_encoding(raw))
    except UnicodeDecodeError as error:
        line = 0 if decoding.is_utf16(raw) else raw.count(b"\n", 0, error.start) + 1
        sample = decoding.non_ascii_words(raw)
        offer = f"--encoding {decoding.WINDOWS}" if sample else ""
        details = {"line": line, "words": sample, "offer": offer}
        raise UnreadableTable((0, Fault(ERROR, "file", "table-encoding", details))) from None


def _lines(raw: bytes) -> io.TextIOWrapper:
    check_letters(raw)
    return io.TextIOWrapper(io.BytesIO(raw), decoding.unicode_encoding(raw), newline="")


def _is_path(heading: str) -> bool:
    path = values.strip_invisible(heading).strip()
    return path == "format" or bool(_PATH.fullmatch(path) and field_paths.place(path))


def _columns(headings: list[str]) -> list[str]:
    """Return the path of each column; empty for a column without a heading."""
    columns = [values.strip_invisible(heading).strip() for heading in headings]
    if len(columns) > MAX_COLUMNS:
        details = {"most": MAX_COLUMNS, "count": len(columns)}
        raise UnreadableTable((0, Fault(ERROR, "file", "table-wide", details)))
    faults = [
        Fault(
            ERROR,
            _shown(name),
            "column-unknown",
            {"near": values.closest(name, template.columns())},
        )
        for name in columns
        if name and not _is_path(name)
    ]
    duplicates = {name for name in columns if name and columns.count(name) > 1}
    faults += [Fault(ERROR, _shown(name), "column-twice") for name in sorted(duplicates)]
    if faults:
        raise UnreadableTable(*((1, fault) for fault in faults))
    return columns


def _shown(heading: str) -> str:
    return heading[:60] if heading.isprintable() else "file"


def _row(number: int, columns: list[str], cells: list[str]) -> TableRow:
    """Return a row. A short one has empty last columns, whose delimiters Excel leaves out."""
    named = zip(columns, cells, strict=False)
    filled = {path: cell for path, cell in named if path and values.strip_invisible(cell).strip()}
    faults = [fault for path, cell in filled.items() for fault in _cell_faults(path, cell)]
    unnamed = [
        cell for i, cell in enumerate(cells) if cell.strip() and not (columns[i : i + 1] or [""])[0]
    ]
    if unnamed:
        faults.append(Fault(ERROR, "file", "cell-unnamed", {"count": len(unnamed)}))
    faults += _example(columns, filled)
    read = {
        path: place.as_typed(cell) if (place := field_paths.place(path)) else cell
        for path, cell in filled.items()
    }
    content = json.dumps(flatten.unflatten({"format": FORMAT, **read})).encode()
    return TableRow(number, content, _moved(filled), tuple(faults), filled)


def _example(columns: list[str], filled: dict[str, str]) -> Iterator[Fault]:
    """Yield a fault for what is left of the template's example in a row."""
    if paths := template.marked_cells(filled):
        yield Fault(ERROR, "file", EXAMPLE_LEFT, {"places": paths})
    elif paths := template.example_values(filled):
        # A table that lacks columns of the template was hardly made from it.
        level = ERROR if template.has_all_columns(columns) else WARNING
        yield Fault(level, "file", "example-known", {"places": paths})


def _cell_faults(path: str, cell: str) -> Iterator[Fault]:
    if _SHORTENED.fullmatch(cell.strip()):
        yield Fault(ERROR, path, "cell-shortened", {"typed": cell.strip()})
    elif _BROKEN.fullmatch(cell.strip()):
        yield Fault(ERROR, path, "cell-broken", {"typed": cell.strip()[:20]})
    elif (field := field_paths.place(path)) and field.is_date and date_order.readings(cell):
        yield Fault(ERROR, path, DATE_ORDER, {"typed": cell.strip()})


def _moved(filled: dict[str, str]) -> dict[str, str]:
    """Return the old place, by the new one, of items that close up over empty ones."""
    used: dict[str, set[int]] = {}
    for path in filled:
        if match := _ITEM.match(path):
            used.setdefault(match[1], set()).add(int(match[2]))
    return {
        f"{name}[{new}]": f"{name}[{old}]"
        for name, indexes in used.items()
        for new, old in enumerate(sorted(indexes))
        if new != old
    }
