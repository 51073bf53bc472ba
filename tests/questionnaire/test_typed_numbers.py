"""Numbers as people write them: either decimal mark, and no factor of a thousand by guess."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caregiver_card.briefing import field_labels
from caregiver_card.card import codec, values
from caregiver_card.card.values import InvalidValue
from caregiver_card.caseload import cases, workbook_cells
from caregiver_card.questionnaire import answers, field_paths, refill
from tests import tables
from tests.cast import TODAY, WORDS, alex, card_of, file_of

IN_DOUBT = ["1,250", "1.250", " 1.250 ", "12,345", "999.999", "١.٢٥٠", "١٫٢٥٠", "１．２５０"]
NUMBERS = [place.path for place in field_paths.places().values() if place.is_number]
_DOSE = "regimen.daily_dose_mcg"
_FIGURES = {
    "ASCII": "0123456789",
    "Arabic": "٠١٢٣٤٥٦٧٨٩",
    "Devanagari": "०१२३४५६७८९",
    "full width": "０１２３４５６７８９",
}


def _read(path: str, typed: str) -> Decimal | str:
    """The number that was typed, or the code of its fault."""
    place = field_paths.place(path)
    assert place
    try:
        return Decimal(place.parse_typed(typed, None))
    except InvalidValue as fault:
        return fault.code


def test_every_number_of_a_card_is_known_as_one() -> None:
    """By its own answer to a word: none can be left out of the tests below."""
    refused = set()
    for place in field_paths.places().values():
        try:
            place.parse("?", None)
        except InvalidValue as fault:
            refused |= {place.path} if fault.code == "not-number" else set()
    assert refused == set(NUMBERS) and len(NUMBERS) > 8


@pytest.mark.parametrize("path", NUMBERS)
@pytest.mark.parametrize("typed", IN_DOUBT)
@pytest.mark.parametrize("after", ["", " mg", "\u200b"])
def test_one_mark_and_three_figures_are_never_guessed(path: str, typed: str, after: str) -> None:
    """At every number of a card, in every digits, with a unit too."""
    assert _read(path, typed + after) == "number-comma"


@pytest.mark.parametrize(
    ("typed", "point", "without"),
    [
        ("1.250", "1.25", "1250"),
        ("1,250", "1.25", "1250"),
        ("2.000", "2", "2000"),
        ("12.345", "12.3450", "12345"),
        # 1.25 mg is 1250 mcg, so the unit that was typed stays with the number.
        ("1.250 mg", "1.25 mg", "1250 mg"),
    ],
)
def test_both_readings_can_be_typed(typed: str, point: str, without: str) -> None:
    """Neither of them is asked about again for its mark."""
    with pytest.raises(InvalidValue) as refused:
        field_paths.places()[_DOSE].parse_typed(typed, None)
    assert (refused.value.details["point"], refused.value.details["without"]) == (point, without)
    assert "number-comma" not in (_read(_DOSE, point), _read(_DOSE, without))


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("12,5", "12.5"),
        ("12.5", "12.5"),
        ("0,125", "0.125"),
        ("0.125", "0.125"),
        ("1.2500", "1.25"),
        ("1234,567", "1234.567"),
        ("1.250,5", "1250.5"),
        ("1,250.5", "1250.5"),
        ("1,250.500", "1250.5"),
        ("1 250", "1250"),
        ("1\u202f250,5", "1250.5"),
        ("١٢,٥", "12.5"),
        ("١٬٢٥٠٫٥", "1250.5"),
        ("１２．５", "12.5"),
        # A figure before the point may have been lost, and two equal marks are a slip.
        (".125", "not-number"),
        (",5", "not-number"),
        ("1.250.000", "not-number"),
        ("1..5", "not-number"),
        ("1E+3", "number-unit"),
    ],
)
def test_what_has_one_reading_is_read_and_the_rest_refused(typed: str, read: str) -> None:
    """A zero in front cannot be a thousand; two marks tell which one is the decimal mark."""
    place = field_paths.places()["regimen.last_change.from_mcg"]
    assert str(_read(place.path, typed)) == read


@given(
    st.decimals(0, 2999, places=4, allow_nan=False),
    st.integers(0, 4),
    st.sampled_from(".,"),
    st.sampled_from(sorted(_FIGURES)),
)
def test_any_number_is_read_as_it_was_meant_or_asked_about(
    number: Decimal, places: int, mark: str, digits: str
) -> None:
    """Whatever the mark and the digits: no other number than the one that was written."""
    written = f"{number:.{places}f}"
    typed = written.replace(".", mark).translate(str.maketrans(_FIGURES["ASCII"], _FIGURES[digits]))
    doubtful = places == 3 and 1 <= Decimal(written) < 1000
    read = _read("regimen.last_change.from_mcg", typed)
    assert read == ("number-comma" if doubtful else Decimal(written))


@given(st.decimals(0, 2999, places=4, allow_nan=False))
def test_the_box_of_a_number_never_asks_about_what_the_card_holds(number: Decimal) -> None:
    """12.345 stands in its box as 12.3450."""
    written = values.unambiguous_number(number)
    assert _read("regimen.last_change.from_mcg", written) == number
    assert values.format_number(written) == values.format_number(number)


def test_a_card_with_three_decimals_goes_through_a_form_unasked() -> None:
    """What a file said for certain is not put in doubt by the form."""
    card = card_of(alex({_DOSE: 412.345}))
    typed = answers.from_card(card)
    assert typed[_DOSE] == "412.3450"
    reading = answers.read(typed, TODAY)
    assert not reading.errors and reading.card == card


def test_a_card_file_means_what_it_meant() -> None:
    """Its decimal mark is the point: in a number, and in a text."""
    for written in (412.125, "412.125"):
        assert codec.read(file_of(alex({_DOSE: written})), TODAY).card == card_of(
            alex({_DOSE: 412.125})
        )


@pytest.mark.parametrize("box", [refill.PUT_IN, refill.LEFT_IN, _DOSE])
def test_a_refill_asks_too(box: str) -> None:
    """Neither the volume nor a change of the dose is worked out from a number in doubt."""
    card = answers.from_card(card_of(alex()))
    typed = {**refill.initial_answers(card), refill.PUT_IN: "20", box: "1.250"}
    after, faults = refill.apply_refill(card, typed, TODAY)
    faults += answers.read(after, TODAY).faults
    assert "number-comma" in {fault.code for fault in faults}
    assert answers.under(after, "regimen.last_change") == answers.under(card, "regimen.last_change")


def test_volumes_with_three_decimals_add_up_unasked() -> None:
    """18.1250 and 2 mL are 20.125 mL."""
    card = answers.from_card(card_of(alex({"pump.reservoir_ml": 40})))
    typed = refill.initial_answers(card) | {refill.PUT_IN: "18,1250", refill.LEFT_IN: "2"}
    after, faults = refill.apply_refill(card, typed, TODAY)
    assert not faults and _read(refill.VOLUME, after[refill.VOLUME]) == Decimal("20.125")


@pytest.mark.parametrize("path", [each.replace("[]", "[0]") for each in NUMBERS])
@pytest.mark.parametrize("cell", ["1.250", "1,250"])
def test_a_table_refuses_a_number_in_doubt(path: str, cell: str) -> None:
    """At every number; its row keeps it out of the card."""
    raw = tables.rows([path, "patient.full_name"], [cell, "Alex"])
    (row,) = cases.rows(raw, 9)
    case = cases.validate_row(row, TODAY)
    (fault,) = [each for each in case.faults if each.path == path]
    assert fault.code == "number-comma"
    assert {fault.details["point"], fault.details["without"]} == {"1.25", "1250"}


def test_a_number_of_a_workbook_is_certain() -> None:
    """Its cell holds the number itself; only a text can be in doubt."""
    assert workbook_cells.text(_DOSE, 412.125, "General") == "412.1250"
    assert _read(_DOSE, workbook_cells.text(_DOSE, 412.125, "General")) == Decimal("412.125")
    assert _read(_DOSE, workbook_cells.text(_DOSE, "412.125", "@")) == "number-comma"


@pytest.mark.parametrize("path", NUMBERS)
@pytest.mark.parametrize(
    ("written", "shown"),
    [("0.1", "0.1"), ("1234.5678", "1234.5678"), ("1E+3", "1000"), ("12.3450", "12.345")],
)
def test_no_number_is_rounded_for_display(path: str, written: str, shown: str) -> None:
    """Of every number that a card has."""
    text = field_labels.value_text(field_paths.without_indexes(path), Decimal(written), WORDS)
    assert shown in text.replace("\u00a0", " "), text
