"""The table that a clinic fills in: a column for every place of a card, and one row as an example.

Every cell of the example says that it is one, so that nothing of it can be taken for a patient's.
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
# By what the example's own person was known in tables that did not mark each cell.
_KNOWN_BY = ("patient.full_name", "patient.record_number", "pump.serial")
_BORN = "patient.date_of_birth"
# How many items of each list the template has room for; more columns take the next number.
_SHOWN = {"medicines.items[]": 5, "regimen.schedule[]": 4, "confirmed[]": 1}
_USUALLY_SHOWN = 2


def template() -> bytes:
    """The table as a file.

    With a byte order mark: without it Excel takes UTF-8 for something else.
    """
    content = _example()
    columns = list(dict.fromkeys(["format", *places(), *content]))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerow([_cell(each, content.get(each, "")) for each in columns])
    return out.getvalue().encode("utf-8-sig")


def places() -> Iterator[str]:
    """Every path, the items of each list one after the other."""
    done = set()
    for path in field_paths.places():
        name, is_list, _ = path.partition("[]")
        if not is_list:
            yield path
        elif name not in done:
            done.add(name)
            held = [each for each in field_paths.places() if each.startswith(f"{name}[]")]
            for index in range(_SHOWN.get(f"{name}[]", _USUALLY_SHOWN)):
                yield from (each.replace("[]", f"[{index}]") for each in held)


def choices() -> dict[str, list[str]]:
    """The columns that take one of a few words, and those words."""
    found = {}
    for path, place in field_paths.places().items():
        try:
            place.parse("?", None)
        except values.InvalidValue as fault:
            if fault.code == "not-flag":
                found[path] = ["yes", "no"]
            elif fault.code == "not-choice":
                found[path] = fault.details["allowed"].split(", ")
    return found


def left(filled: Mapping[str, str]) -> list[str]:
    """The places whose cells still say that they are the example's."""
    return [path for path, cell in filled.items() if _MARKED.match(cell)]


def known(filled: Mapping[str, str]) -> list[str]:
    """The places by which a row is the example of an earlier table, whose cells had no mark."""
    example = {path: str(value) for path, value in _example().items()}
    same = [path for path in _KNOWN_BY if _folded(filled.get(path, "")) == _folded(example[path])]
    born = filled.get(_BORN, "").strip()
    meant = {born, *(each.isoformat() for each in date_order.readings(born).values())}
    if "patient.full_name" in same and example[_BORN] not in meant:
        same.remove("patient.full_name")
    numbers = {_digits(value) for path, value in example.items() if _is_own_phone(path)}
    phones = (path for path in filled if _is_own_phone(path))
    return [*same, *(path for path in phones if _digits(filled[path]) in numbers)]


def is_whole(columns: list[str]) -> bool:
    """Whether a table has all the columns of the template, and so was made from it."""
    return set(places()) <= set(columns)


def _is_own_phone(path: str) -> bool:
    """A maker's line is the same for everybody."""
    return "phone" in path and not path.startswith("maker_support")


def _folded(words: str) -> str:
    return " ".join(words.split()).casefold()


def _digits(words: str) -> str:
    return re.sub(r"\D", "", words)


@cache
def _example() -> dict[str, Any]:
    return flatten.flatten(json.loads(_EXAMPLE.read_bytes()))


def _cell(path: str, value: object) -> str:
    words = ("yes" if value else "no") if isinstance(value, bool) else str(value)
    if path == "format" or not words:
        return words
    return f"{_MARKED_NAME if path == 'patient.full_name' else _MARK}{words}"
