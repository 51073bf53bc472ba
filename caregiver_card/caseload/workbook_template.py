"""Writes the workbook that a clinic fills in: headings in words, lists, and a guide."""

import io
from collections.abc import Iterator
from functools import cache
from typing import Any

from caregiver_card.briefing.content import Content
from caregiver_card.card import telephones, times
from caregiver_card.caseload import template
from caregiver_card.caseload.cases import MAX_CARDS
from caregiver_card.caseload.column_words import FIRST, Column, column_words
from caregiver_card.questionnaire import field_paths

# The last row with formats and lists.
_LAST_ROW = MAX_CARDS + 1
# As text, so that no digit of a telephone number is lost; a date shows in the order of a card file.
_FORMATS = {"date": "yyyy-mm-dd", "number": "General"}
# Widths in letters.
_COLUMN, _GUIDE = 22, (44, 14, 70, 44)
# What Excel shows beside a cell, at most.
_MOST_PROMPT = 250


@cache
def xlsx_file(content: Content) -> bytes:
    """Return the template as a workbook in the language of these texts."""
    # Loaded where it is used, as in ``workbook``.
    from openpyxl import Workbook

    book, columns = Workbook(), column_words(content).columns
    lists = book.create_sheet(content.say("workbook.lists"))
    lists.sheet_state = "hidden"
    _write_people(book.active, lists, columns, content)
    _write_guide(book.create_sheet(content.say("workbook.guide"), 1), columns, content)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write_people(sheet: Any, lists: Any, columns: tuple[Column, ...], content: Content) -> None:
    """Write the heading row; everything below is empty, so that no example is printed."""
    sheet.title = content.say("workbook.people")
    sheet.append([column.heading for column in columns])
    _emphasize(sheet)
    sheet.freeze_panes = sheet.cell(2, len(FIRST) + 1)
    ranges: dict[tuple[str, ...], str] = {}
    for at, column in enumerate(columns, start=1):
        letter = sheet.cell(1, at).column_letter
        sheet.column_dimensions[letter].number_format = _FORMATS.get(_kind(column), "@")
        sheet.column_dimensions[letter].width = _COLUMN
        words = tuple(column.choices.values())
        if words and words not in ranges:
            ranges[words] = _write_list(lists, len(ranges) + 1, words)
        validation = _validation(column, ranges.get(words, ""), content)
        validation.add(f"{letter}2:{letter}{_LAST_ROW}")
        sheet.add_data_validation(validation)


def _write_list(lists: Any, at: int, words: tuple[str, ...]) -> str:
    """Write the words of a list into a column, and return where they stand."""
    for row, word in enumerate(words, start=1):
        lists.cell(row, at, word)
    letter = lists.cell(1, at).column_letter
    return f"'{lists.title}'!${letter}$1:${letter}${len(words)}"


def _validation(column: Column, words: str, content: Content) -> Any:
    """Return what a cell of a column says when it is chosen, and its list, if it has one."""
    from openpyxl.worksheet.datavalidation import DataValidation

    validation = DataValidation(type="list", formula1=words) if words else DataValidation()
    validation.allowBlank = True
    validation.showInputMessage = validation.showErrorMessage = True
    validation.prompt = _hint(column, content)[:_MOST_PROMPT]
    validation.error = content.say("workbook.not_listed")
    return validation


def _write_guide(sheet: Any, columns: tuple[Column, ...], content: Content) -> None:
    """Write what each column takes, below a line on the whole."""
    names = ("column", "when", "what", "example")
    sheet.append([content.say(f"workbook.guide_{name}") for name in names])
    _emphasize(sheet)
    sheet.freeze_panes = "A2"
    for column in columns:
        when = "always" if column.needed else "if_known"
        sheet.append([column.heading, content.say(f"workbook.{when}"), _hint(column, content),
                      _example(column)])  # fmt: skip
    for text in ("rule_row", "rule_empty", "rule_more", "rule_copy"):
        sheet.append([content.say(f"workbook.{text}")])
    for at, width in enumerate(_GUIDE, start=1):
        sheet.column_dimensions[sheet.cell(1, at).column_letter].width = width
    for cell in _cells(sheet):
        # An example that begins with + is a text and no formula.
        cell.data_type, cell.number_format = "s", "@"


def _cells(sheet: Any) -> Iterator[Any]:
    return (cell for row in sheet.iter_rows() for cell in row if cell.value is not None)


def _emphasize(sheet: Any) -> None:
    from openpyxl.styles import Alignment, Font

    for cell in sheet[1]:
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")


def _hint(column: Column, content: Content) -> str:
    return content.say(f"workbook.hint_{_kind(column)}", unit=column.unit)


def _kind(column: Column) -> str:
    """Return what a column takes, as the last part of its hint's key."""
    field = field_paths.place(column.path)
    if column.choices:
        return "choice"
    if field and field.is_date:
        return "date"
    if field and field.parse is times.clock:
        return "time"
    if field and field.parse is telephones.phone:
        return "phone"
    if column.path.startswith("confirmed"):
        return "confirmed"
    return "number" if column.unit else "text"


def _example(column: Column) -> str:
    value = template.example_value(column.path)
    return column.choices.get(value, value)
