"""A clinic's workbook: filled in with words and lists, read as the table that a CSV is."""

import json
import subprocess
import sys
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from caregiver_card.briefing.content import load
from caregiver_card.caseload import cases, workbook, workbook_guard, workbook_template
from caregiver_card.caseload.spreadsheet import UnreadableTable
from tests import tables, workbooks
from tests.cast import TODAY, alex, sam, tuyet
from tests.workbooks import WORDS

_CONTENT = load()
_TEMPLATE = workbook_template.xlsx_file(_CONTENT)
_SHEET = "xl/worksheets/sheet1.xml"


def _cards(raw: bytes) -> list[Any]:
    return [cases.validate_row(row, TODAY).card for row in cases.cards(raw)]


def _faults(raw: bytes) -> set[tuple[int, str, str]]:
    table = workbook.to_table(raw, _CONTENT)
    return {(row, fault.path, fault.code) for row, fault in table.faults}


def _refused(raw: bytes, most: int = workbook_guard.MOST_UNPACKED) -> str:
    with pytest.raises(UnreadableTable) as refused:
        workbook.to_table(raw, _CONTENT, most)
    return refused.value.faults[0][1].code


def _typed(path: str, value: Any, number_format: str = "General") -> bytes:
    book = workbooks.opened(workbooks.filled(_TEMPLATE, sam()))
    sheet = book.worksheets[0]
    at = next(cell.column for cell in sheet[1] if WORDS.path(cell.value) == path)
    cell = sheet.cell(2, at, value)
    cell.number_format = number_format
    return workbooks.saved(book)


def _read(path: str, value: Any, number_format: str = "General") -> str:
    raw = workbook.to_table(_typed(path, value, number_format), _CONTENT).raw
    (row,) = cases.cards(raw)
    found: Any = json.loads(row.content)
    for step in path.split("."):
        found = found[step]
    return str(found)


# The template -----------------------------------------------------------------------------------


def test_a_filled_workbook_gives_the_cards_that_the_csv_gives() -> None:
    """Of the typical, the complex and the minimal example."""
    # The typical one is the template's own example, which is no patient as it stands.
    changes = dict.fromkeys(
        ("team.phone_24h", "team.phone_clinic", "contacts[0].phone", "contacts[1].phone"),
        "+44 20 7946 0999",
    )
    changes |= {"patient.full_name": "Al Rivers", "patient.record_number": "7", "pump.serial": "9"}
    files = (alex(changes), tuyet(), sam())
    table = workbook.to_table(workbooks.filled(_TEMPLATE, *files), _CONTENT)
    assert not table.faults
    cards = _cards(table.raw)
    assert None not in cards and cards == _cards(tables.table(*files))


def test_an_empty_template_holds_nobody() -> None:
    """No example can be printed by mistake; it stands on the sheet that explains."""
    with pytest.raises(UnreadableTable):
        list(cases.rows(workbook.to_table(_TEMPLATE, _CONTENT).raw))
    guide = workbooks.opened(_TEMPLATE).worksheets[1]
    rows = {row[0]: row[1:] for row in guide.iter_rows(values_only=True)}
    assert rows["Daily dose (mcg a day) – required"][:2] == ("always", "A number, in mcg a day.")
    assert set(WORDS.headings()) <= set(rows)


def test_headings_and_choices_are_words_that_lead_to_one_field_each() -> None:
    """Required columns say so in a word; no two headings or choices are alike."""
    headings = WORDS.headings()
    assert len({each.casefold() for each in headings}) == len(headings)
    assert headings[:2] == ["Name – required", "Date of birth – required"]
    for column in WORDS.columns:
        assert WORDS.path(column.heading) == WORDS.path(column.path) == column.path
        words = list(column.choices.values())
        assert [WORDS.code(column.path, word.upper()) for word in words] == list(column.choices)


def test_a_column_that_takes_one_of_a_few_words_has_a_list() -> None:
    """And a telephone number is a text, before anything is typed."""
    sheet = workbooks.opened(_TEMPLATE).worksheets[0]
    lists = [each for each in sheet.data_validations.dataValidation if each.type == "list"]
    assert len(lists) == sum(bool(each.choices) for each in WORDS.columns)
    letter = next(c.column_letter for c in sheet[1] if WORDS.path(c.value) == "team.phone_24h")
    assert sheet.column_dimensions[letter].number_format == "@"


def test_a_sixth_medicine_is_a_column_with_the_next_number() -> None:
    """As the guide says."""
    assert WORDS.path("medicine 6: NAME ") == "medicines.items[5].name"


# Cells ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "value", "number_format", "text"),
    [
        ("regimen.daily_dose_mcg", 0.1 + 0.2, "General", "0.3"),
        ("regimen.concentration_mcg_per_ml", 500.0, "General", "500"),
        ("regimen.concentration_mcg_per_ml", 2000, "#,##0.00", "2000"),
        ("patient.record_number", 123456789012, "General", "123456789012"),
        ("patient.date_of_birth", datetime(2015, 9, 30), "dd/mm/yyyy", "2015-09-30"),
        ("regimen.compounded", True, "General", "yes"),
        ("regimen.mode", "SIMPLE  continuous", "@", "simple_continuous"),
        ("regimen.mode", "flex", "@", "flex"),
        ("region", "United Kingdom", "@", "GB"),
    ],
)
def test_a_cell_is_what_the_nurse_sees(
    path: str, value: Any, number_format: str, text: str
) -> None:
    """Numbers without the residue of a computer's, days without a clock, words as codes."""
    assert _read(path, value, number_format) == text


@pytest.mark.parametrize(
    ("path", "value", "number_format", "code"),
    [
        ("team.phone_24h", 442079460000, "General", "cell-phone"),
        ("patient.date_of_birth", 33340, "General", "cell-date"),
        ("patient.date_of_birth", datetime(2015, 9, 30, 8), "yyyy-mm-dd", "cell-moment"),
        ("patient.weight_kg", datetime(2026, 3, 4), "d mmm", "cell-dated"),
        ("pump.serial", time(6, 30), "hh:mm", "cell-timed"),
        ("regimen.daily_dose_mcg", 0.1000000001, "0.0", "cell-rounded"),
        ("regimen.daily_dose_mcg", 0.05, "0%", "cell-percent"),
        ("patient.record_number", 1234567890123456789, "General", "cell-shortened"),
        ("regimen.daily_dose_mcg", "=90+6", "General", "cell-formula"),
    ],
)
def test_what_is_not_certain_is_refused_by_row_and_column(
    path: str, value: Any, number_format: str, code: str
) -> None:
    """Never guessed."""
    assert _faults(_typed(path, value, number_format)) == {(2, path, code)}


def test_a_time_of_a_schedule_may_be_a_time() -> None:
    """Midnight at the end of a day too."""
    typed = {(2, "regimen.schedule[0].start"): time(6, 30),
             (2, "regimen.schedule[0].end"): timedelta(days=1)}  # fmt: skip
    raw = workbook.to_table(workbooks.filled(_TEMPLATE, sam(), typed=typed), _CONTENT).raw
    assert b"06:30" in raw and b"24:00" in raw


def test_dates_of_an_old_mac_are_the_same_days() -> None:
    """They are counted from 1904."""
    book = workbooks.opened(workbooks.filled(_TEMPLATE, sam()))
    book.epoch = CALENDAR_MAC_1904
    table = workbook.to_table(workbooks.saved(book), _CONTENT)
    assert _cards(table.raw) == _cards(tables.table(sam()))


# Rows -------------------------------------------------------------------------------------------


def test_empty_rows_at_the_end_are_not_there_and_hidden_ones_are_named() -> None:
    """A hidden row would be printed unseen."""
    book = workbooks.opened(workbooks.filled(_TEMPLATE, alex(), sam()))
    sheet = book.worksheets[0]
    sheet.row_dimensions[3].hidden = True
    sheet.cell(5000, 1, " ")
    raw = workbooks.saved(book)
    assert _faults(raw) == {(3, "file", "workbook-hidden")}
    rows = list(cases.rows(workbook.to_table(raw, _CONTENT).raw))
    assert [row.number for row in rows] == [2, 3]


def test_merged_cells_are_refused_with_their_place() -> None:
    """All but the first are empty, whatever they seem to say."""
    book = workbooks.opened(workbooks.filled(_TEMPLATE, alex(), sam()))
    book.worksheets[0].merge_cells("D2:D3")
    assert _faults(workbooks.saved(book)) == {(2, "file", "workbook-merged")}


def test_a_heading_that_is_no_column_is_named_with_the_nearest() -> None:
    """In the words of the sheet."""
    book = workbooks.opened(_TEMPLATE)
    book.worksheets[0].cell(1, 2, "Date of brith – required")
    with pytest.raises(UnreadableTable) as refused:
        workbook.to_table(workbooks.saved(book), _CONTENT)
    ((row, fault),) = refused.value.faults
    assert (row, fault.code, fault.details["near"]) == (
        1, "column-unknown", "Date of birth – required"
    )  # fmt: skip


def test_patients_on_two_sheets_are_not_half_printed() -> None:
    """The sheets are named."""
    book = workbooks.opened(_TEMPLATE)
    book.copy_worksheet(book.worksheets[0])
    assert _refused(workbooks.saved(book)) == "workbook-sheets"


# Files that are not what they seem --------------------------------------------------------------


def _bomb() -> bytes:
    return workbooks.with_part(_TEMPLATE, "xl/media/bomb.xml", b" " * (5 * 1024 * 1024))


def _entity() -> bytes:
    declared = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>'
    return workbooks.with_part(
        _TEMPLATE, _SHEET, declared + workbooks.part(_TEMPLATE, _SHEET).removeprefix(b"<?xml")
    )


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "workbook-old"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "workbook-locked",
        ),
        (_TEMPLATE[:4000], "workbook-broken"),
        (b"PK\x03\x04", "workbook-broken"),
        (_bomb(), "workbook-large"),
        (_entity(), "workbook-broken"),
        (workbooks.with_part(_TEMPLATE, _SHEET, b"<worksheet"), "workbook-broken"),
        (workbooks.with_part(_TEMPLATE, "xl/vbaProject.bin", b"x"), "workbook-macros"),
        (
            workbooks.with_part(_TEMPLATE, _SHEET, '<?xml version="1.0"?><a/>'.encode("utf-16")),
            "workbook-broken",
        ),
    ],
    ids=["old", "locked", "cut", "zip", "bomb", "entity", "xml", "macros", "utf-16"],
)
def test_what_is_no_workbook_or_would_harm_is_refused_in_a_sentence(raw: bytes, code: str) -> None:
    """Before anything is unpacked where that matters."""
    assert workbook_guard.is_workbook(raw)
    assert _refused(raw, most=4 * 1024 * 1024) == code
    assert _CONTENT.text[f"fault.{code}"]


def test_a_size_that_a_file_only_claims_costs_nothing() -> None:
    """A sheet of a million columns and a billion rows, with two patients in it."""
    raw = workbooks.filled(_TEMPLATE, alex(), sam())
    sheet = workbooks.part(raw, _SHEET)
    claimed = sheet.replace(b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>')
    far = claimed.replace(b"</sheetData>", b'<row r="999999999"/></sheetData>')
    table = workbook.to_table(workbooks.with_part(raw, _SHEET, far), _CONTENT)
    assert len(_cards(table.raw)) == 2 and len(table.raw) < 100_000


def test_a_patient_far_below_the_others_is_asked_back() -> None:
    """A million empty rows are not named one by one."""
    book = workbooks.opened(workbooks.filled(_TEMPLATE, sam()))
    book.worksheets[0].cell(5000, 1, "Sam Lee")
    assert _refused(workbooks.saved(book)) == "workbook-gap"


@pytest.mark.parametrize("library", ["openpyxl", "weasyprint"])
def test_what_reads_workbooks_and_prints_is_loaded_where_it_is_used(library: str) -> None:
    """The workers that serve emergency pages, and the sender, have the memory for themselves."""
    code = f"import sys, caregiver_card.web; sys.exit('{library}' in sys.modules)"
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
