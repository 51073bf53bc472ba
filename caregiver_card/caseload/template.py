"""The table that a clinic fills in: a column for every field of a card, and one row as an example.

Every cell of the example says that it is one, so that nobody takes it for a patient's.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from caregiver_card.card import values
from caregiver_card.caseload import date_order
from caregiver_card.questionnaire import field_paths, flatten

_EXAMPLE = Path(__file__).parent.parent / "data" / "example.json"
_MARK, _MARKED_NAME = "EXAMPLE: ", "EXAMPLE, delete this row: "
_MARKED = re.compile(r"\s*EXAMPLE\s*[:,]")
# The fields that identify the example in older templates, which did not mark each cell.
_IDENTIFYING = ("patient.full_name", "patient.record_number", "pump.serial")
_BORN = "patient.date_of_birth"
# How many items of each list have columns; a clinic adds columns with the next numbers.
_ITEMS = {"medicines.items[]": 5, "regimen.schedule[]": 4, "confirmed[]": 1}
_USUAL_ITEMS = 2


def csv_file() -> bytes:
    """Return the template as a CSV file.

    It has a byte order mark, without which Excel does not read it as UTF-8.
    """
    content = _example()
    names = list(dict.fromkeys(["format", *columns(), *content]))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(names)
    writer.writerow([_cell(name, content.get(name, "")) for name in names])
    return out.getvalue().encode("utf-8-sig")


def columns() -> Iterator[str]:
    """Yield every path, with the items of each list one after the other."""
    done = set()
    for path in field_paths.places():
        name, is_list, _ = path.partition("[]")
        if not is_list:
            yield path
        elif name not in done:
            done.add(name)
            item = [other for other in field_paths.places() if other.startswith(f"{name}[]")]
            for index in range(_ITEMS.get(f"{name}[]", _USUAL_ITEMS)):
                yield from (other.replace("[]", f"[{index}]") for other in item)


def choices() -> dict[str, list[str]]:
    """Return the columns that take one of a few words, with those words."""
    allowed = {}
    for path, field in field_paths.places().items():
        try:
            field.parse("?", None)
        except values.InvalidValue as error:
            if error.code == "not-flag":
                allowed[path] = ["yes", "no"]
            elif error.code == "not-choice":
                allowed[path] = error.details["allowed"].split(", ")
    return allowed


def marked_cells(filled: Mapping[str, str]) -> list[str]:
    """Return the paths whose cells are still marked as the example."""
    return [path for path, cell in filled.items() if _MARKED.match(cell)]


def example_values(filled: Mapping[str, str]) -> list[str]:
    """Return the paths whose values identify the example of an older, unmarked template."""
    example = {path: str(value) for path, value in _example().items()}
    same = [
        path for path in _IDENTIFYING if _folded(filled.get(path, "")) == _folded(example[path])
    ]
    born = filled.get(_BORN, "").strip()
    days = {born, *(day.isoformat() for day in date_order.readings(born).values())}
    if "patient.full_name" in same and example[_BORN] not in days:
        same.remove("patient.full_name")
    numbers = {_digits(value) for path, value in example.items() if _is_own_phone(path)}
    phones = (path for path in filled if _is_own_phone(path))
    return [*same, *(path for path in phones if _digits(filled[path]) in numbers)]


def example_value(path: str) -> str:
    """Return what the example has at a path, as text; empty if it has nothing."""
    return _plain(_example().get(path, ""))


def has_all_columns(names: list[str]) -> bool:
    """Whether a table has all the columns of the template, and so was made from it."""
    return set(columns()) <= set(names)


def _is_own_phone(path: str) -> bool:
    """Whether it is a telephone number of the card; a maker's line is the same for everybody."""
    return "phone" in path and not path.startswith("maker_support")


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


@cache
def _example() -> dict[str, Any]:
    return flatten.flatten(json.loads(_EXAMPLE.read_bytes()))


def _cell(path: str, value: object) -> str:
    text = _plain(value)
    if path == "format" or not text:
        return text
    return f"{_MARKED_NAME if path == 'patient.full_name' else _MARK}{text}"


def _plain(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
