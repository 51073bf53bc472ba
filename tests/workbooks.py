"""Workbooks as a nurse fills them in, and as a spreadsheet program spoils them."""

import io
import json
import zipfile
from datetime import datetime
from typing import Any

from openpyxl import load_workbook

from caregiver_card.briefing.content import load
from caregiver_card.caseload.column_words import column_words
from caregiver_card.questionnaire import field_paths, flatten

WORDS = column_words(load())


def opened(raw: bytes) -> Any:
    """The workbook."""
    return load_workbook(io.BytesIO(raw))


def saved(book: Any) -> bytes:
    """The bytes of a workbook."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def filled(
    template: bytes, *files: dict[str, Any], typed: dict[tuple[int, str], Any] | None = None
) -> bytes:
    """The template with a row for each card file, and what else is typed by row and path."""
    book = opened(template)
    sheet = book.worksheets[0]
    at = {WORDS.path(cell.value): cell.column for cell in sheet[1]}
    cells = {
        (row, path): _as_typed(path, value)
        for row, file in enumerate(files, start=2)
        for path, value in flatten.flatten(json.loads(json.dumps(file))).items()
        if path != "format" and value != ""
    }
    for (row, path), value in (cells | (typed or {})).items():
        if path not in at:
            at[path] = sheet.max_column + 1
            sheet.cell(1, at[path], path)
        cell = sheet.cell(row, at[path], value)
        if isinstance(value, datetime):
            cell.number_format = "yyyy-mm-dd"
        elif isinstance(value, str) and not value.startswith("="):
            cell.data_type = "s"
    return saved(book)


def _as_typed(path: str, value: Any) -> Any:
    """A value as a nurse gives it: a date as a date, a choice in words."""
    field = field_paths.place(path)
    if field and field.is_date and value:
        return datetime.fromisoformat(value)
    code = ("yes" if value else "no") if isinstance(value, bool) else value
    choices = next((each.choices for each in WORDS.columns if each.path == path), {})
    return choices.get(code, code)


def with_part(raw: bytes, name: str, text: bytes) -> bytes:
    """A workbook with one part more, or another."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, text)
    return out.getvalue()


def part(raw: bytes, name: str) -> bytes:
    """One part of a workbook."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return archive.read(name)
