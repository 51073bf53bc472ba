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

from caregiver_card import values
from caregiver_card.asking import flat, outline
from caregiver_card.card import FORMAT
from caregiver_card.rules import ERROR, WARNING, Fault

# Every list of a card full is some 600 columns; more is no table of cards.
MOST_COLUMNS = 1000
# How many items of each list the template has room for; more columns take the next number.
_SHOWN = {"medicines.items[]": 5, "regimen.schedule[]": 4, "confirmed[]": 1}
_USUALLY_SHOWN = 2
_DELIMITERS = ",;\t"
_STEP = r"[a-z0-9_]+(?:\[(?:0|[1-9]\d?)\])?"
_PATH = re.compile(rf"{_STEP}(?:\.{_STEP})*")
_ITEM = re.compile(r"(.+?)\[(\d+)\]")
# 4.42079E+11: the other digits of a long number are gone. #REF!: a formula came to nothing.
_SHORTENED = re.compile(r"[+-]?\d(?:[.,]\d+)?E\+\d{2,3}")
_BROKEN = re.compile(r"#(?:[A-Z]+[0-9/]*[A-Z0-9]*[!?]|DIV/0!|N/A|NV|#+)")


class UnreadableTable(ValueError):
    """No row can be read; ``faults`` say why, each with its row, 0 for the whole file."""

    def __init__(self, *faults: tuple[int, Fault]) -> None:
        super().__init__("; ".join(f"{row} {fault.path}: {fault.code}" for row, fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Row:
    """One card of many: its number as the spreadsheet counts, and the card file that it makes.

    An empty row has no card file. ``moved`` names the list items that closed up over empty ones,
    each with its own place in the table. ``faults`` are those of single cells.
    """

    number: int
    content: bytes
    moved: dict[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


def rows(raw: bytes) -> Iterator[Row]:
    """The rows of a table, without the empty ones at its end; raises ``UnreadableTable``."""
    reader = csv.reader(_lines(raw), delimiter=_delimiter(raw), strict=True)
    try:
        columns, empty = _columns(next(reader)), []
        for number, cells in enumerate(reader, start=2):
            if not any(cell.strip() for cell in cells):
                empty.append(number)
                continue
            for each in empty:
                yield Row(each, b"", faults=(Fault(WARNING, "file", "row-empty"),))
            empty.clear()
            yield _row(number, columns, cells)
    except csv.Error:
        broken = Fault(ERROR, "file", "table-broken", {"line": reader.line_num})
        raise UnreadableTable((0, broken)) from None


def template(example: bytes) -> bytes:
    """A table with a column for every place of a card, and a card file as its one row.

    With a byte order mark: without it Excel takes UTF-8 for something else.
    """
    content = flat.flattened(json.loads(example))
    columns = list(dict.fromkeys(["format", *_places(), *content]))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerow([_cell(content.get(each, "")) for each in columns])
    return out.getvalue().encode("utf-8-sig")


def harmless(words: str) -> str:
    """Words for a cell that no spreadsheet program takes for a formula."""
    return f"'{words}" if words.startswith(("=", "+", "-", "@")) else words


def _cell(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _places() -> Iterator[str]:
    """Every path, the items of each list one after the other."""
    done = set()
    for path in outline.places():
        name, is_list, _ = path.partition("[]")
        if not is_list:
            yield path
        elif name not in done:
            done.add(name)
            held = [each for each in outline.places() if each.startswith(f"{name}[]")]
            for index in range(_SHOWN.get(f"{name}[]", _USUALLY_SHOWN)):
                yield from (each.replace("[]", f"[{index}]") for each in held)


def _lines(raw: bytes) -> io.TextIOWrapper:
    # Excel's "Unicode text" is UTF-16 with tabs, and says so at its start.
    wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    encoding = "utf-16" if wide else "utf-8-sig"
    try:
        raw.decode(encoding)
    except UnicodeDecodeError as fault:
        line = 0 if wide else raw.count(b"\n", 0, fault.start) + 1
        wrong = Fault(ERROR, "file", "table-encoding", {"line": line})
        raise UnreadableTable((0, wrong)) from None
    return io.TextIOWrapper(io.BytesIO(raw), encoding, newline="")


def _delimiter(raw: bytes) -> str:
    """What stands between the cells: whatever makes the most of the first row."""

    def known(delimiter: str) -> int:
        try:
            return sum(map(_is_place, next(csv.reader(_lines(raw), delimiter=delimiter), ())))
        except csv.Error:
            return 0

    best = max(_DELIMITERS, key=known)
    if not known(best):
        raise UnreadableTable((0, Fault(ERROR, "file", "table-no-header")))
    return best


def _is_place(heading: str) -> bool:
    path = heading.strip()
    return path == "format" or bool(_PATH.fullmatch(path) and outline.place(path))


def _columns(headings: list[str]) -> list[str]:
    """The path of each column; an empty one for a column without a heading."""
    columns = [heading.strip() for heading in headings]
    if len(columns) > MOST_COLUMNS:
        wide = {"most": MOST_COLUMNS, "count": len(columns)}
        raise UnreadableTable((0, Fault(ERROR, "file", "table-wide", wide)))
    faults = [
        Fault(ERROR, _shown(each), "column-unknown", {"near": values.near(each, _places())})
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


def _row(number: int, columns: list[str], cells: list[str]) -> Row:
    """A short row has nothing in its last columns: Excel leaves their delimiters out."""
    named = zip(columns, cells, strict=False)
    filled = {path: cell for path, cell in named if path and cell.strip()}
    faults = [fault for path, cell in filled.items() for fault in _lost(path, cell)]
    beyond = [c for i, c in enumerate(cells) if c.strip() and not (columns[i : i + 1] or [""])[0]]
    if beyond:
        faults.append(Fault(ERROR, "file", "cell-unnamed", {"count": len(beyond)}))
    content = json.dumps(flat.nested({"format": FORMAT, **filled})).encode()
    return Row(number, content, _moved(filled), tuple(faults))


def _lost(path: str, cell: str) -> Iterator[Fault]:
    if _SHORTENED.fullmatch(cell.strip()):
        yield Fault(ERROR, path, "cell-shortened", {"typed": cell.strip()})
    elif _BROKEN.fullmatch(cell.strip()):
        yield Fault(ERROR, path, "cell-broken", {"typed": cell.strip()[:20]})


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
