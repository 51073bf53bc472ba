"""A spreadsheet's CSV -> one card file a row, as it stands there: no card is judged here.

The columns are the paths of the card file. What spreadsheet programs do to a file is undone where
that is certain (byte order marks, semicolons, spare rows) and refused where it would be a guess.
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

# A date that is written in another order than a card file's; a row that is not a patient's.
DATE_ORDER, EXAMPLE_LEFT = "date-order", "example-left"
# Every list of a card full is some 600 columns; more is no table of cards.
MOST_COLUMNS = 1000
_DELIMITERS = ",;\t"
_STEP = r"[a-z0-9_]+(?:\[(?:0|[1-9]\d?)\])?"
_PATH = re.compile(rf"{_STEP}(?:\.{_STEP})*")
_ITEM = re.compile(r"(.+?)\[(\d+)\]")
# 4.42079E+11: the other digits of a long number are gone. #REF!: a formula came to nothing.
_SHORTENED = re.compile(r"[+-]?\d(?:[.,]\d+)?E\+\d{2,3}")
# Excel's own word for what stands between the cells, in a line that it does not show.
_SEPARATOR = re.compile(r'"?sep=(\\t|[,;:|\t]?)"?([,;\t"]*)', re.IGNORECASE)
_BROKEN = re.compile(r"#(?:[A-Z]+[0-9/]*[A-Z0-9]*[!?]|DIV/0!|N/A|NV|#+)")


class UnreadableTable(ValueError):
    """No row can be read; ``faults`` say why, each with its row, 0 for the whole file."""

    def __init__(self, *faults: tuple[int, Fault]) -> None:
        super().__init__("; ".join(f"{row} {fault.path}: {fault.code}" for row, fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class TableRow:
    """One card of many: its number as the spreadsheet counts, and the card file that it makes.

    An empty row has no card file. ``moved`` names the list items that closed up over empty ones,
    each with its own place in the table. ``faults`` are those of single cells.
    """

    number: int
    content: bytes
    moved: dict[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


def rows(raw: bytes) -> Iterator[TableRow]:
    """The rows of a table, without the empty ones at its end; raises ``UnreadableTable``."""
    opened = _open(raw)
    reader = csv.reader(opened.lines, delimiter=opened.delimiter, strict=True)
    try:
        columns, empty = _columns(next(reader)), []
        for number, cells in enumerate(reader, start=opened.heading + 1):
            if not any(cell.strip() for cell in cells):
                empty.append(number)
                continue
            for each in empty:
                yield TableRow(each, b"", faults=(Fault(WARNING, "file", "row-empty"),))
            empty.clear()
            yield _row(number, columns, cells)
    except csv.Error:
        broken = Fault(ERROR, "file", "table-broken", {"line": opened.skipped + reader.line_num})
        raise UnreadableTable((0, broken)) from None


def redated(raw: bytes, order: str) -> bytes:
    """The table with its dates as a card file has them, after somebody has told their order.

    A table that cannot be read stays as it is: that is said when its rows are asked for.
    """
    try:
        opened = _open(raw)
        reader = csv.reader(opened.lines, delimiter=opened.delimiter, strict=True)
        columns, *held = list(reader)
    except (UnreadableTable, csv.Error):
        return raw
    dated = [
        bool((found := field_paths.place(values.strip_invisible(each).strip())) and found.is_date)
        for each in columns
    ]
    out = io.StringIO()
    writer = csv.writer(out)
    # A line that was a row of its own stays one.
    writer.writerows([["sep=", "", ""]] * (opened.heading - 1))
    writer.writerow(columns)
    for cells in held:
        read = (date_order.read(c, order) if d else c for c, d in zip(cells, dated, strict=False))
        writer.writerow([*read, *cells[len(dated) :]])
    return out.getvalue().encode()


def escape_formula(words: str) -> str:
    """Words for a cell that no spreadsheet program takes for a formula."""
    return f"'{words}" if words.startswith(("=", "+", "-", "@")) else words


class _Opened(NamedTuple):
    """A table behind what is said before it: its lines, what stands between its cells, the row of
    its heading as the spreadsheet counts, and the lines before that."""

    lines: io.TextIOWrapper
    delimiter: str
    heading: int
    skipped: int


def _open(raw: bytes) -> _Opened:
    told = _SEPARATOR.fullmatch(_lines(raw).readline().strip(" \r\n"))
    said = [told[1].replace("\\t", "\t")] if told and told[1] else []
    skipped = 1 if told else 0

    def table() -> io.TextIOWrapper:
        lines = _lines(raw)
        for _ in range(skipped):
            lines.readline()
        return lines

    def known(delimiter: str) -> int:
        try:
            return sum(map(_is_place, next(csv.reader(table(), delimiter=delimiter), ())))
        except csv.Error:
            return 0

    # Whatever makes the most of the heading.
    best = max((*said, *_DELIMITERS), key=known)
    if not known(best):
        raise UnreadableTable((0, Fault(ERROR, "file", "table-no-header")))
    # A program that shows the line as a row has written all the delimiters of a row behind it.
    return _Opened(table(), best, 2 if told and told[2].strip('"') else 1, skipped)


def check_letters(raw: bytes) -> None:
    """Raises ``UnreadableTable`` for letters that are not Unicode, with what they may be."""
    try:
        raw.decode(decoding.unicode_encoding(raw))
    except UnicodeDecodeError as fault:
        line = 0 if decoding.is_utf16(raw) else raw.count(b"\n", 0, fault.start) + 1
        words = decoding.non_ascii_words(raw)
        offer = f"--encoding {decoding.WINDOWS}" if words else ""
        wrong = {"line": line, "words": words, "offer": offer}
        raise UnreadableTable((0, Fault(ERROR, "file", "table-encoding", wrong))) from None


def _lines(raw: bytes) -> io.TextIOWrapper:
    check_letters(raw)
    return io.TextIOWrapper(io.BytesIO(raw), decoding.unicode_encoding(raw), newline="")


def _is_place(heading: str) -> bool:
    path = values.strip_invisible(heading).strip()
    return path == "format" or bool(_PATH.fullmatch(path) and field_paths.place(path))


def _columns(headings: list[str]) -> list[str]:
    """The path of each column; an empty one for a column without a heading."""
    columns = [values.strip_invisible(heading).strip() for heading in headings]
    if len(columns) > MOST_COLUMNS:
        wide = {"most": MOST_COLUMNS, "count": len(columns)}
        raise UnreadableTable((0, Fault(ERROR, "file", "table-wide", wide)))
    faults = [
        Fault(
            ERROR, _shown(each), "column-unknown", {"near": values.closest(each, template.places())}
        )
        for each in columns
        if each and not _is_place(each)
    ]
    twice = {each for each in columns if each and columns.count(each) > 1}
    faults += [Fault(ERROR, _shown(each), "column-twice") for each in sorted(twice)]
    if faults:
        raise UnreadableTable(*((1, fault) for fault in faults))
    return columns


def _shown(heading: str) -> str:
    return heading[:60] if heading.isprintable() else "file"


def _row(number: int, columns: list[str], cells: list[str]) -> TableRow:
    """A short row has nothing in its last columns: Excel leaves their delimiters out."""
    named = zip(columns, cells, strict=False)
    filled = {path: cell for path, cell in named if path and values.strip_invisible(cell).strip()}
    faults = [fault for path, cell in filled.items() for fault in _lost(path, cell)]
    beyond = [c for i, c in enumerate(cells) if c.strip() and not (columns[i : i + 1] or [""])[0]]
    if beyond:
        faults.append(Fault(ERROR, "file", "cell-unnamed", {"count": len(beyond)}))
    faults += _example(columns, filled)
    content = json.dumps(flatten.unflatten({"format": FORMAT, **filled})).encode()
    return TableRow(number, content, _moved(filled), tuple(faults))


def _example(columns: list[str], filled: dict[str, str]) -> Iterator[Fault]:
    """What is left of the template's example in a row."""
    if paths := template.left(filled):
        yield Fault(ERROR, "file", EXAMPLE_LEFT, {"places": paths})
    elif paths := template.known(filled):
        # A table without all of the template's columns was hardly made from it.
        level = ERROR if template.is_whole(columns) else WARNING
        yield Fault(level, "file", "example-known", {"places": paths})


def _lost(path: str, cell: str) -> Iterator[Fault]:
    if _SHORTENED.fullmatch(cell.strip()):
        yield Fault(ERROR, path, "cell-shortened", {"typed": cell.strip()})
    elif _BROKEN.fullmatch(cell.strip()):
        yield Fault(ERROR, path, "cell-broken", {"typed": cell.strip()[:20]})
    elif (found := field_paths.place(path)) and found.is_date and date_order.readings(cell):
        yield Fault(ERROR, path, DATE_ORDER, {"typed": cell.strip()})


def _moved(filled: dict[str, str]) -> dict[str, str]:
    """Where items come to stand when empty ones before them close up: new place by old."""
    held: dict[str, set[int]] = {}
    for path in filled:
        if found := _ITEM.match(path):
            held.setdefault(found[1], set()).add(int(found[2]))
    return {
        f"{name}[{new}]": f"{name}[{old}]"
        for name, indexes in held.items()
        for new, old in enumerate(sorted(indexes))
        if new != old
    }
