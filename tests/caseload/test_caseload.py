"""A clinic's table: a row means what its card file means, and every fault has its row."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from caregiver_card import codec, report
from caregiver_card.asking import flat
from caregiver_card.card import Card
from caregiver_card.caseload import batch, cases, spreadsheet
from caregiver_card.caseload.cases import Case, Register
from caregiver_card.caseload.spreadsheet import UnreadableTable
from caregiver_card.web.warmup import EXAMPLE
from tests import tables
from tests.people import (
    CAST,
    TODAY,
    WORDS,
    absent,
    alex,
    card_of,
    cards,
    file_of,
    sam,
    tuyet,
    words_of,
)


def _later(card: Card) -> date:
    """A day after every day on a stranger's card."""
    return card.refill.last_refill_on + timedelta(days=120)


def _cases(raw: bytes, most: int = cases.MOST_CARDS, today: date = TODAY) -> list[Case]:
    register = Register()
    return [register.enter(cases.judged(row, today)) for row in cases.rows(raw, most)]


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
        line = report.line(fault, WORDS, row)
        assert line.isprintable() and line.startswith("ERROR "), line
    return {(row, fault.path, fault.code) for row, fault in refusal.value.faults}


# There and back ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CAST)
def test_a_card_file_comes_back_from_its_flat_form(name: str) -> None:
    """All that is lost are lists and texts that are empty, which say nothing."""
    file = CAST[name]()
    said = {path: value for path, value in flat.flattened(file).items() if value != ""}
    assert card_of(flat.nested(said)) == card_of(file)
    assert flat.flattened(flat.nested(said)) == said


@given(cards())
def test_any_card_comes_back_from_a_table(card: Card) -> None:
    """Numbers, dates and answers are text there, and mean what they meant."""
    file = json.loads(codec.encode(card))
    assert flat.nested(flat.flattened(file)) == file
    (case,) = _cases(tables.table(file, delimiter=";"), today=_later(card))
    assert (case.row, case.card) == (2, card)


@given(cards())
def test_any_card_comes_back_from_json_lines(card: Card) -> None:
    """Each line is a card file."""
    file = json.loads(codec.encode(card))
    assert [case.card for case in _cases(tables.lines(file), today=_later(card))] == [card]


def test_the_template_has_every_column_and_a_row_that_prints() -> None:
    """What a clinic fills in is itself without errors; its example comes back."""
    raw = spreadsheet.template(EXAMPLE.read_bytes())
    (case,) = _cases(raw)
    assert case.card == codec.decode(EXAMPLE.read_bytes())
    header = raw.decode("utf-8-sig").splitlines()[0].split(",")
    for path in flat.flattened(tuyet()):
        assert path in header or int(path.partition("[")[2][:1]) > 0, path


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
        ("refill.alarm_date", "03/12/2026", "not-date"),
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
    assert cases.MOST_CARDS == 10_000


@pytest.mark.parametrize("line", [b"{", b"{}", b'{"format":"caregiver-card/99"}', b"\xff", b"[1]"])
def test_a_line_that_is_no_card_is_a_fault_of_its_row(line: bytes) -> None:
    """The other lines are read all the same."""
    raw = tables.lines(sam()) + b"\n" + line + b"\n" + tables.lines(alex({"patient": absent}))
    rows = {row for row, _, _ in _errors(raw)}
    assert rows == {3, 4}


def test_no_words_are_left_over() -> None:
    """Each line about a fault of a caseload belongs to a fault."""
    sources = "".join(
        Path(each.__file__).read_text("utf-8") for each in (cases, spreadsheet, batch)
    )
    assert not [code for code in words_of("batch")["fault"] if f'"{code}"' not in sources]
