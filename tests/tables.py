"""Tables of cards as a spreadsheet program writes them."""

import csv
import io
import json
from typing import Any

from caregiver_card.questionnaire import flatten


def table(*files: dict[str, Any], encoding: str = "utf-8", **how: Any) -> bytes:
    """A CSV with a row for each card file; ``how`` is that of ``csv.writer``."""
    held = [flatten.flatten(json.loads(json.dumps(file))) for file in files]
    columns = list(dict.fromkeys(path for row in held for path in row))
    return rows(columns, *([row.get(each, "") for each in columns] for row in held),
                encoding=encoding, **how)  # fmt: skip


def rows(*cells: list[Any], encoding: str = "utf-8", **how: Any) -> bytes:
    """A CSV of these rows."""
    out = io.StringIO()
    csv.writer(out, **how).writerows(cells)
    return out.getvalue().encode(encoding)


def lines(*files: dict[str, Any]) -> bytes:
    """The same cards as JSON lines."""
    return b"".join(json.dumps(file).encode() + b"\n" for file in files)
