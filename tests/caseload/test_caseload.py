"""A clinic's table: a row means what its card file means, and every fault has its row."""

import csv
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from caregiver_card.briefing import fault_messages
from caregiver_card.card import codec
from caregiver_card.card.model import Card
from caregiver_card.caseload import cases, findings, template
from caregiver_card.caseload.cases import Case, DuplicateFinder
from caregiver_card.caseload.findings import Finding
from caregiver_card.caseload.spreadsheet import UnreadableTable
from caregiver_card.questionnaire import flatten
from tests import tables
from tests.cast import (
    CAST,
    TODAY,
    WORDS,
    absent,
    alex,
    card_of,
    cards,
    file_of,
    sam,
    spoken,
    tuyet,
    words_of,
)

_DATA = Path(__file__).parent.parent / "data"


def _later(card: Card) -> date:
    """A day after every day on a stranger's card."""
    return card.refill.last_refill_on + timedelta(days=120)


def _cases(raw: bytes, most: int = cases.MAX_CARDS, today: date = TODAY) -> list[Case]:
    register = DuplicateFinder()
    return [register.check(cases.validate_row(row, today)) for row in cases.rows(raw, most)]


def _errors(raw: bytes) -> set[tuple[int, str, str]]:
    return {
        (case.row, fault.path, fault.code)
        for case in _cases(raw)
        for fault in case.faults
        if fault.level == "ERROR"
    }


def _refused(raw: bytes, **how: Any) -> set[tuple[int, str, str]]:
    """The faults for which no row at all is read; each can be said in one line."""
    with pytest.raises(UnreadableTable) as refusal:
        _cases(raw, **how)
    for row, fault in refusal.value.faults:
        line = fault_messages.line(fault, WORDS, row)
        assert line.isprintable() and line.startswith("ERROR "), line
    return {(row, fault.path, fault.code) for row, fault in refusal.value.faults}


# There and back ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CAST)
def test_a_card_file_comes_back_from_its_flat_form(name: str) -> None:
    """All that is lost are lists and texts that are empty, which say nothing."""
    file = CAST[name]()
    said = {path: value for path, value in flatten.flatten(file).items() if value != ""}
    assert card_of(flatten.unflatten(said)) == card_of(file)
    assert flatten.flatten(flatten.unflatten(said)) == said


@given(cards())
def test_any_card_comes_back_from_a_table(card: Card) -> None:
    """Numbers, dates and answers are text there, and mean what they meant."""
    file = json.loads(codec.encode(card))
    assert flatten.unflatten(flatten.flatten(file)) == file
    (case,) = _cases(tables.table(file, delimiter=";"), today=_later(card))
    assert (case.row, case.card) == (2, card)


@given(cards())
def test_any_card_comes_back_from_json_lines(card: Card) -> None:
    """Each line is a card file."""
    file = json.loads(codec.encode(card))
    assert [case.card for case in _cases(tables.lines(file), today=_later(card))] == [card]


def test_the_template_has_every_column_and_a_row_that_is_no_patient() -> None:
    """Every cell of it says so, so that the row is refused as it stands."""
    head, example = csv.reader(template.csv_file().decode("utf-8-sig").splitlines())
    for path in flatten.flatten(tuyet()):
        assert path in head or int(path.partition("[")[2][:1]) > 0, path
    told = dict(zip(head, example, strict=True))
    assert told.pop("format") == "caregiver-card/1"
    filled = {path: cell for path, cell in told.items() if cell}
    assert len(filled) > 60 and all(each.startswith("EXAMPLE") for each in filled.values())
    assert "delete this row" in filled["patient.full_name"]
    assert _errors(template.csv_file()) == {(2, "file", "example-left")}


_HEAD = next(csv.reader(template.csv_file().decode("utf-8-sig").splitlines()))


def _row(**changes: str) -> dict[str, str]:
    """Sam in a table that was made from the template."""
    row = {path: str(value) for path, value in flatten.flatten(sam()).items()}
    return dict.fromkeys(_HEAD, "") | row | changes


def _filled_in(row: dict[str, str]) -> bytes:
    return tables.rows(_HEAD, [row[each] for each in _HEAD])


@pytest.mark.parametrize(
    "path", ["regimen.rescue_plan.text", "regimen.daily_dose_mcg", "contacts[1].phone"]
)
def test_what_is_left_of_the_example_is_refused_by_its_row_and_its_fields(path: str) -> None:
    """A single cell is enough: an allergy, a plan or a dose of nobody would ride along."""
    example = list(csv.reader(template.csv_file().decode("utf-8-sig").splitlines()))[1]
    assert not _errors(_filled_in(_row()))
    (case,) = _cases(_filled_in(_row(**{path: example[_HEAD.index(path)]})))
    (fault,) = case.faults
    assert (case.row, fault.level, fault.code) == (2, "ERROR", "example-left")
    assert fault.details["places"] == [path] and path in spoken(fault)


@pytest.mark.parametrize(
    ("path", "cell"),
    [
        ("patient.record_number", "MRN 4471-902"),
        ("pump.serial", "ngp123456h"),
        ("contacts[0].phone", "13125550163"),
        ("team.phone_24h", "+1 (312) 555-0142"),
    ],
)
def test_the_example_of_an_earlier_table_is_no_patient_either(path: str, cell: str) -> None:
    """Its cells had no mark: record, serial and telephone numbers tell."""
    assert (2, "file", "example-known") in _errors(_filled_in(_row(region="US", **{path: cell})))


def test_a_person_of_the_example_is_asked_about_in_a_table_of_ones_own() -> None:
    """By name and birthday; the same name with another birthday is somebody else."""
    whole = {path: str(value) for path, value in flatten.flatten(alex()).items()}
    assert (2, "file", "example-known") in _errors(_filled_in(dict.fromkeys(_HEAD, "") | whole))
    for born, same in (("1991-04-12", True), ("1990-04-12", False)):
        (case,) = _cases(tables.table(alex({"patient.date_of_birth": born})))
        (asked,) = [fault for fault in case.faults if fault.code == "example-known"]
        assert asked.level == "WARNING" and case.card
        assert ("patient.full_name" in asked.details["places"]) == same


# What spreadsheet programs do -------------------------------------------------------------------


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"delimiter": ";"},
        {"delimiter": "\t", "encoding": "utf-16"},
        {"encoding": "utf-8-sig"},
        {"lineterminator": "\n"},
        {"quoting": 1},
    ],
    ids=["plain", "semicolons", "unicode text", "mark", "line feeds", "quoted"],
)
def test_every_way_of_saving_gives_the_same_cards(how: dict[str, Any]) -> None:
    """Excel, LibreOffice and Numbers each have their own."""
    found = [case.card for case in _cases(tables.table(alex(), tuyet(), sam(), **how))]
    assert found == [card_of(alex()), card_of(tuyet()), card_of(sam())]


def test_a_text_with_line_breaks_stays_one_row() -> None:
    """Rows are counted as the spreadsheet counts them, not by lines."""
    note = {"team.note": "Ring twice.\r\nThen the ward."}
    (first, second) = _cases(tables.table(alex(note), sam()))
    assert first.card and first.card.team.note == "Ring twice.\nThen the ward."
    assert (second.row, second.card) == (3, card_of(sam()))


@pytest.mark.parametrize(
    ("region", "typed", "meant"),
    [
        ("US", "13125550142", "+13125550142"),
        ("GB", "442079460321", "+442079460321"),
        ("GB", "2079460321", "+442079460321"),
        ("GB", "'+44 20 7946 0321", "+442079460321"),
    ],
)
def test_a_telephone_number_that_lost_its_beginning_is_known_by_its_region(
    region: str, typed: str, meant: str
) -> None:
    """A spreadsheet takes + and 0 away from what it holds for a number."""
    phones = {"team.phone_24h": typed, "contacts[0].phone": typed}
    (case,) = _cases(tables.table(sam({"region": region, **phones})))
    assert case.card and case.card.team.phone_24h == meant


@pytest.mark.parametrize(
    ("path", "typed", "code"),
    [
        ("team.phone_24h", "4.42079E+11", "cell-shortened"),
        ("patient.record_number", "4,4719E+12", "cell-shortened"),
        ("team.phone_24h", "#NAME?", "cell-broken"),
        ("pump.serial", "#REF!", "cell-broken"),
        ("refill.alarm_date", "########", "cell-broken"),
        ("pump.location", "#N/A", "cell-broken"),
        ("refill.alarm_date", "03/12/2026", "date-order"),
        ("refill.alarm_date", "46359", "not-date"),
        ("regimen.daily_dose_mcg", "1,260", "number-comma"),
        ("regimen.compounded", "WAHR", "not-flag"),
    ],
)
def test_what_a_spreadsheet_has_spoilt_is_refused_and_not_guessed(
    path: str, typed: str, code: str
) -> None:
    """One fault, at its field and in its row."""
    assert _errors(tables.table(alex(), sam({path: typed}))) == {(3, path, code)}


def test_an_ordinary_serial_number_is_no_shortened_one() -> None:
    """Only what spreadsheets write is refused."""
    assert not _errors(tables.table(sam({"pump.serial": "4E11", "pump.location": "#2 left"})))


def test_rows_without_anything_are_passed_over() -> None:
    """Within the table with a word, at its end in silence: spreadsheets leave some there."""
    head, first, second = tables.table(alex(), sam()).splitlines(keepends=True)
    empty = b"," * head.count(b",") + b"\r\n"
    found = _cases(head + first + empty + second + empty * 3)
    assert [(case.row, bool(case.card)) for case in found] == [(2, True), (3, False), (4, True)]
    assert [(each.level, each.code) for each in found[1].faults] == [("WARNING", "row-empty")]


def test_a_row_may_end_early() -> None:
    """Excel leaves out the delimiters of empty cells at the end."""
    raw = tables.table(alex(), sam()).rstrip(b",\r\n")
    assert [case.card for case in _cases(raw)] == [card_of(alex()), card_of(sam())]


def test_a_fault_names_the_column_and_not_where_its_item_moved_to() -> None:
    """An empty item closes up in the card; the table still has it."""
    second = {"contacts[0].name": "", "contacts[0].relation": "", "contacts[0].phone": ""}
    file = alex(second | {"contacts[0].language": "", "contacts[1].phone": "12"})
    assert _errors(tables.table(file)) == {
        (2, "contacts[1].phone", "not-phone"),
        (2, "contacts", "no-contact"),
    }
    (case,) = _cases(tables.table(alex(second | {"contacts[0].language": ""})))
    assert case.card and [each.name for each in case.card.contacts] == ["Jo Patel"]


def test_the_same_person_twice_is_asked_about() -> None:
    """It may be two people; more likely a row was copied."""
    found = _cases(tables.table(alex(), sam(), alex({"regimen.daily_dose_mcg": 380})))
    assert [fault.code for fault in found[2].faults].count("row-twice") == 1
    assert found[2].card and not found[2].has_errors
    assert not [fault for case in found[:2] for fault in case.faults if fault.code == "row-twice"]


def test_every_fault_of_every_row_is_found() -> None:
    """None hides another."""
    wrong = {"patient.full_name": "", "regimen.concentration_mcg_per_ml": 2}
    raw = tables.table(alex(wrong), sam(), tuyet({"patient.full_name": "x" * 81, "region": "ZZ"}))
    assert _errors(raw) >= {
        (2, "patient.full_name", "missing"),
        (2, "regimen.concentration_mcg_per_ml", "did-you-mean"),
        (4, "patient.full_name", "text-long"),
        (4, "region", "not-region"),
    }


# How it was saved ------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["sep=;", "SEP=;", '"sep=;"'])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_line_that_names_the_separator_is_no_row(said: str, encoding: str) -> None:
    """Excel writes it and does not show it: the heading is row 1 all the same."""
    raw = tables.table(alex(), sam({"region": "ZZ"}), delimiter=";").decode()
    assert (3, "region", "not-region") in _errors(f"{said}\r\n{raw}".encode(encoding))


@pytest.mark.parametrize(
    ("said", "delimiter"), [(",", ","), ("\t", "\t"), ("\\t", "\t"), ("|", "|")]
)
def test_whatever_separator_is_named_is_used(said: str, delimiter: str) -> None:
    """A tab as itself or as two letters; a line that names a wrong one does no harm."""
    raw = tables.table(sam(), delimiter=delimiter)
    assert _cases(f"sep={said}\n".encode() + raw)[0].card == card_of(sam())
    raw = tables.table(sam(), delimiter=";")
    assert _cases(f"sep={said}\n".encode() + raw)[0].card == card_of(sam())


def test_a_separator_line_that_is_shown_as_a_row_is_counted() -> None:
    """A program that does not know it writes it as a row of as many cells."""
    raw = b"sep=;,,,\r\n" + tables.table(sam({"region": "ZZ"}))
    assert {row for row, _, _ in _errors(raw)} == {3}
    assert {row for row, _, _ in _errors(cases.normalize(raw, None, "day-month-year"))} == {3}


def test_the_case_that_excel_wrote_is_read() -> None:
    """As it is in the folder of cases."""
    (case,) = _cases((_DATA / "cases" / "15-sep-line.csv").read_bytes())
    assert case.row == 2 and case.card and case.card.patient.full_name == "Jörg Test"


def test_a_broken_table_behind_such_a_line_names_the_line_of_the_file() -> None:
    """As an editor counts them."""
    raw = b"sep=,\r\n" + tables.table(sam()) + b'"open'
    with pytest.raises(UnreadableTable) as refusal:
        _cases(raw)
    ((_, fault),) = refusal.value.faults
    assert fault.details == {"line": 4}


@pytest.mark.parametrize("kind", ["table", "lines"])
def test_windows_letters_are_offered_and_never_guessed(kind: str) -> None:
    """The words that they would be are shown; told that they are right, the file is read."""
    name = "José Ibáñez"
    raw = tables.table(sam({"patient.full_name": name}), delimiter=";", encoding="cp1252")
    if kind == "lines":
        raw = json.dumps(sam({"patient.full_name": name}), ensure_ascii=False).encode("cp1252")
    with pytest.raises(UnreadableTable) as refusal:
        _cases(raw)
    ((row, fault),) = refusal.value.faults
    assert (row, fault.code, fault.details["words"]) == (0, "table-encoding", [name])
    line = fault_messages.line(fault, WORDS)
    assert f"“{name}”" in line and "--encoding windows-1252" in line
    (case,) = _cases(cases.normalize(raw, "windows-1252", None))
    assert case.card and case.card.patient.full_name == name


def test_what_is_no_windows_text_is_not_offered() -> None:
    """A byte that no letter has; and what is Unicode stays so, whatever is said of it."""
    broken = tables.table(sam({"pump.location": "left"})).replace(b"left", b"l\x81ft")
    with pytest.raises(UnreadableTable) as refusal:
        _cases(broken)
    ((_, fault),) = refusal.value.faults
    assert fault.details["words"] == [] and "--encoding" not in fault_messages.line(fault, WORDS)
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        whole = tables.table(sam({"patient.full_name": "José"}), encoding=encoding)
        assert cases.normalize(whole, "windows-1252", None) == whole


# Dates in another order -------------------------------------------------------------------------


def _dated(*column: str, path: str = "refill.alarm_date") -> bytes:
    return tables.table(*(sam({path: each, "patient.full_name": f"P {each}"}) for each in column))


def _gathered(raw: bytes) -> list[Finding]:
    found = [(case.row, fault) for case in _cases(raw) for fault in case.faults]
    return findings.group_faults((row, fault) for row, fault in found if fault.level == "ERROR")


@pytest.mark.parametrize(
    ("column", "code", "order"),
    [
        (("21/11/2026", "03/12/2026"), "dates-order", "day-month-year"),
        (("11/21/2026", "12/03/2026"), "dates-order", "month-day-year"),
        (("21.11.2026", "3.12.2026"), "dates-order", "day-month-year"),
        (("2026/11/21", "2026-12-03 00:00:00"), "dates-order", "year-month-day"),
        (("12/12/2026", "11/11/2026"), "dates-order", "day-month-year"),
        (("03/04/2027", "04/12/2026"), "dates-either", ""),
        (("21/11/2026", "11/21/2026"), "dates-mixed", ""),
        (("21/11/2026", "2026/11/21"), "dates-mixed", ""),
    ],
)
def test_the_order_of_a_columns_dates_is_one_fault(
    column: tuple[str, ...], code: str, order: str
) -> None:
    """Named where all of them prove it, and never guessed where they do not."""
    (finding,) = _gathered(_dated(*column))
    assert (finding.fault.path, finding.fault.code) == ("refill.alarm_date", code)
    assert finding.rows == (2, 3) and finding.fault.details.get("order", "") == order
    line = fault_messages.line(finding.fault, WORDS, *finding.rows)
    assert line.startswith("ERROR refill.alarm_date: 2 rows (2, 3): ") and line.isprintable()
    assert ("--dates" in line) == bool(order) and order in line


def test_told_the_order_the_dates_are_read() -> None:
    """All of the table, those that could be two days as well; what cannot be one stays a fault."""
    raw = _dated("21/11/2026", "03/12/2026", "2026-12-24")
    found = [case.card for case in _cases(cases.normalize(raw, None, "day-month-year"))]
    assert [each and each.refill.alarm_date for each in found] == [
        date(2026, 11, 21),
        date(2026, 12, 3),
        date(2026, 12, 24),
    ]
    wrong = _gathered(cases.normalize(raw, None, "month-day-year"))
    assert (2,) in [each.rows for each in wrong if each.fault.code == "dates-order"]
    assert cases.normalize(tables.lines(sam()), None, "day-month-year") == tables.lines(sam())


def test_two_columns_that_prove_different_orders_are_offered_none() -> None:
    """Nobody can say yes to both."""
    file = sam({"refill.alarm_date": "21/12/2026", "verified.on": "11/20/2026"})
    found = _gathered(tables.table(file))
    assert {each.fault.code for each in found} == {"dates-order"} and findings.proven_order(
        found
    ) == ""
    found = _gathered(tables.table(sam({"refill.alarm_date": "21/12/2026"})))
    assert findings.proven_order(found) == "day-month-year"


@pytest.mark.parametrize("typed", ["21/11/26", "46359", "31/02/2026x", "21 Nov 2026", "1/2/3"])
def test_what_is_no_such_date_is_not_read_as_one(typed: str) -> None:
    """Two figures for a year can be too many years."""
    assert _errors(_dated(typed)) == {(2, "refill.alarm_date", "not-date")}


# Gathered ---------------------------------------------------------------------------------------


def test_a_slip_that_goes_through_a_column_is_one_finding() -> None:
    """With the number of rows and the first of them; three are still said one by one."""
    wrong = [sam({"regimen.mode": "simple", "patient.full_name": f"P {each}"}) for each in range(9)]
    (finding,) = _gathered(tables.table(*wrong))
    assert finding.rows == tuple(range(2, 11))
    line = fault_messages.line(finding.fault, WORDS, *finding.rows)
    assert line.startswith("ERROR regimen.mode: 9 rows (2, 3, 4, …): must be one of")
    few = _gathered(tables.table(*wrong[:3]))
    assert [each.rows for each in few] == [(2,), (3,), (4,)]
    assert fault_messages.line(few[0].fault, WORDS, *few[0].rows).startswith(
        "ERROR row 2 regimen.mode: "
    )


def test_what_was_typed_differently_is_still_one_slip() -> None:
    """The other digits of a number are gone in each row, whatever is left of them."""
    typed = ("4.42E+11", "4.43E+11", "4.44E+11", "4.45E+11")
    assert [each.rows for each in _gathered(_dated(*typed, path="team.phone_24h"))] == [
        (2, 3, 4, 5)
    ]


# What cannot be read ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "caseload-empty"),
        (b"\n\n", "caseload-empty"),
        (tables.table(sam()).splitlines()[0], "caseload-empty"),
        (tables.table(sam()).splitlines()[1], "table-no-header"),
        (tables.table(sam()).replace(b"Dana Lee", b"D\xe9na Lee"), "table-encoding"),
        (tables.table(sam()) + b'"open', "table-broken"),
        (b"region," + b"pump.model," * 1000 + b"\nGB", "table-wide"),
        (json.dumps(sam(), indent=1).encode(), "caseload-not-lines"),
        (b"[" + file_of(sam()) + b"]", "caseload-not-lines"),
        (b" " * (cases.LARGEST_FILE + 1), "caseload-large"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_file_that_is_no_caseload_is_one_fault_of_the_file(raw: bytes, code: str) -> None:
    """With what to do about it."""
    assert _refused(raw) == {(0, "file", code)}


def test_columns_that_no_card_has_are_named() -> None:
    """All of them, with the row of the header; a name that comes twice as well."""
    headings = ["region", "pump.colour", "contacts[].phone", "contacts[01].name", "region", "x\x07"]
    assert _refused(tables.rows(headings, ["GB"])) == {
        (1, "pump.colour", "column-unknown"),
        (1, "contacts[].phone", "column-unknown"),
        (1, "contacts[01].name", "column-unknown"),
        (1, "file", "column-unknown"),
        (1, "region", "column-twice"),
    }


def test_cells_beside_the_table_are_not_lost_in_silence() -> None:
    """A comma in a text without quotation marks moves all that follows."""
    raw = tables.table(sam()).rstrip() + b",left over\r\n"
    assert _errors(raw) == {(2, "file", "cell-unnamed")}


def test_more_cards_than_anybody_prints_are_refused() -> None:
    """The limit itself is still taken."""
    raw = tables.lines(*[sam()] * 3)
    assert len(_cases(raw, 3)) == 3
    assert _refused(raw, most=2) == {(0, "file", "caseload-long")}
    assert cases.MAX_CARDS == 10_000


@pytest.mark.parametrize("line", [b"{", b"{}", b'{"format":"caregiver-card/99"}', b"[1]"])
def test_a_line_that_is_no_card_is_a_fault_of_its_row(line: bytes) -> None:
    """The other lines are read all the same."""
    raw = tables.lines(sam()) + b"\n" + line + b"\n" + tables.lines(alex({"patient": absent}))
    rows = {row for row, _, _ in _errors(raw)}
    assert rows == {3, 4}


def test_no_words_are_left_over() -> None:
    """Each line about a fault of a caseload belongs to a fault."""
    sources = "".join(each.read_text("utf-8") for each in Path(cases.__file__).parent.glob("*.py"))
    assert not [code for code in words_of("batch")["fault"] if f'"{code}"' not in sources]
