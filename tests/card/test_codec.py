"""The card file, read and written: every fault at once, and nothing that breaks the reader."""

import ast
import json
import string
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import caregiver_card
from caregiver_card.card import codec
from caregiver_card.card.codec import UnreadableCard
from caregiver_card.card.model import Card
from tests.cast import (
    CAST,
    TODAY,
    WORDS,
    absent,
    alex,
    card_of,
    cards,
    checked,
    file_of,
    found,
    reading_of,
    sam,
    spoken,
    tuyet,
    words_of,
)

FORMAT = b'{"format": "caregiver-card/1"'


@pytest.mark.parametrize("name", CAST)
def test_the_examples_are_read_without_an_error(name: str) -> None:
    """Each example file is a card."""
    reading = reading_of(CAST[name]())
    assert reading.errors == () and reading.card is not None


@pytest.mark.parametrize("name", CAST)
def test_the_examples_come_back_as_they_went(name: str) -> None:
    """A card that is written and read again is the same card."""
    card = card_of(CAST[name]())
    assert codec.decode(codec.encode(card)) == card
    assert codec.read(codec.encode(card), TODAY).card == card


@given(cards())
def test_any_card_comes_back_as_it_went(card: Card) -> None:
    """Whatever a card holds is in its file, and nothing else is."""
    written = codec.encode(card)
    assert codec.decode(written) == card
    assert codec.encode(codec.decode(written)) == written


def test_a_card_is_written_as_the_contract_says() -> None:
    """Days, E.164 numbers, plain numbers, the format first; what is not recorded is not there."""
    written = json.loads(codec.encode(card_of(tuyet())))
    assert next(iter(written)) == "format" and written["format"] == "caregiver-card/1"
    assert written["region"] == "VN" and "maker_support" not in written
    assert written["patient"]["full_name"] == "Nguyễn Thị Ánh-Tuyết Featherstonehaugh-Wójcik"
    assert written["patient"]["weight_kg"] == 41.5
    assert written["regimen"]["concentration_mcg_per_ml"] == 3000
    assert written["regimen"]["daily_dose_mcg"] == 1260.5
    assert written["regimen"]["compounded"] is True
    assert written["regimen"]["schedule"][0] == {"start": "00:00", "end": "06:00", "mcg": 260.5}
    assert written["refill"]["alarm_date"] == "2026-12-22"
    assert written["team"]["phone_24h"] == "+842438260001"
    assert written["contacts"][0]["name"] == "Wójcik Đặng <script>alert(1)</script>"
    assert json.loads(codec.encode(card_of(alex())))["maker_support"]["for"].startswith("clinic")


def test_a_number_typed_the_national_way_is_written_as_e164() -> None:
    """Dana's number stands in the file as the British write it and comes out for the world."""
    assert json.loads(codec.encode(card_of(sam())))["contacts"][0]["phone"] == "+442079460655"


@pytest.mark.parametrize(
    "blank",
    [
        pytest.param("", id="empty text"),
        pytest.param("   ", id="space"),
        pytest.param(None, id="null"),
        pytest.param(absent, id="absent"),
    ],
)
def test_an_empty_value_is_an_absent_one(blank: Any) -> None:
    """An empty string says no more than a key that is not there."""
    reading = reading_of(alex({"pump.serial": blank, "refill.alarm_date": blank}))
    assert reading.card and reading.card.pump.serial is None and not reading.card.refill.alarm_date


@pytest.mark.parametrize(
    "support",
    [
        pytest.param({"phone": "", "for": "", "checked_on": ""}, id="empty values"),
        pytest.param({"phone": " ", "for": None}, id="space and null"),
        pytest.param({}, id="nothing"),
        pytest.param(None, id="null"),
    ],
)
def test_a_part_that_says_nothing_is_absent(support: Any) -> None:
    """A form that writes an empty maker's line writes none."""
    file = alex(maker_support=absent)
    file["maker_support"] = support
    reading = reading_of(file)
    assert reading.card is not None and reading.card.maker_support is None


# Faults ---------------------------------------------------------------------------------------


def test_one_reading_finds_every_fault() -> None:
    """Eleven things are wrong with this file, and all eleven are said at once."""
    file = alex(
        {
            "region": "UK",
            "patient.full_name": absent,
            "patient.date_of_birth": "12.04.1991",
            "patient.weight_kg": [68],
            "patient.favourite_colour": "green",
            "regimen.daily_dose_mcg": 0.4,
            "regimen.mode": "simple_continous",
            "pump.alarm_volume_ml": 40,
            "refill.alarm_date": "2026-08-17",
            "allergies.status": "none_known",
            "contacts[0]": "Maria",
        }
    )
    reading = reading_of(file)
    assert reading.card is None
    assert found(reading.errors) == {
        ("region", "region-uk"),
        ("patient.full_name", "missing"),
        ("patient.date_of_birth", "not-date"),
        ("patient.weight_kg", "not-value"),
        ("patient.favourite_colour", "key-unknown"),
        ("regimen.daily_dose_mcg", "dose-or-minimum-rate"),
        ("regimen.mode", "not-choice"),
        ("pump.alarm_volume_ml", "alarm-over-capacity"),
        ("refill.alarm_date", "before"),
        ("allergies.status", "listed-something"),
        ("contacts[0]", "not-object"),
    }
    assert ("pump.catheter_access_port", "side-port") in found(reading.faults)


def _raw(file: dict[str, Any], *replaced: tuple[str, str]) -> bytes:
    text = file_of(file).decode()
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new, 1)
    return text.encode()


IN_FIELDS = [
    pytest.param(alex({"patient.ful_name": "A"}), "patient.ful_name", "key-unknown", id="unknown"),
    pytest.param(alex(verifyed={}), "verifyed", "key-unknown", id="an unknown part"),
    pytest.param(
        alex({"contacts[1].fone": "1"}), "contacts[1].fone", "key-unknown", id="unknown in a list"
    ),
    pytest.param(
        alex({"patient": {"\x1b[31m": 1}}), "patient", "key-unknown", id="unprintable key"
    ),
    pytest.param(alex({"patient": {"": 1}}), "patient", "key-unknown", id="a key without a name"),
    pytest.param(alex(patient=["Alex"]), "patient", "not-object", id="a list for an object"),
    pytest.param(alex(regimen=5), "regimen", "not-object", id="a number for an object"),
    pytest.param(alex(pump="SynchroMed"), "pump", "not-object", id="text for an object"),
    pytest.param(alex(contacts={"name": "Jo"}), "contacts", "not-list", id="an object for a list"),
    pytest.param(alex(contacts=False), "contacts", "not-list", id="false for a list"),
    pytest.param(
        alex({"allergies.items": "Latex"}), "allergies.items", "not-list", id="text for a list"
    ),
    pytest.param(
        alex({"allergies.items[0]": "Latex"}),
        "allergies.items[0]",
        "not-object",
        id="text, not item",
    ),
    pytest.param(alex({"allergies.items[1]": None}), "allergies.items[1]", "not-object", id="null"),
    pytest.param(
        alex({"patient.full_name": 5}), "patient.full_name", "not-text", id="a number for text"
    ),
    pytest.param(
        alex({"patient.full_name": {"first": "Alex"}}),
        "patient.full_name",
        "not-value",
        id="an object for text",
    ),
    pytest.param(
        alex({"regimen.daily_dose_mcg": True}), "regimen.daily_dose_mcg", "not-number", id="true"
    ),
    pytest.param(alex(confirmed="verified.on"), "confirmed", "not-list", id="text for the paths"),
    pytest.param(alex(confirmed=[1]), "confirmed[0]", "not-text", id="a number for a path"),
    pytest.param(
        alex(contacts=[{"name": "Jo", "phone": "+13125550163"}] * 11),
        "contacts",
        "too-many",
        id="eleven contacts",
    ),
]


@pytest.mark.parametrize("file, path, code", IN_FIELDS)
def test_a_fault_is_named_where_it_is(file: dict[str, Any], path: str, code: str) -> None:
    """A value of the wrong kind is one fault at its own path."""
    assert (path, code) in found(reading_of(file).errors)


@pytest.mark.parametrize(
    "raw, path",
    [
        pytest.param(_raw(alex(), ('"region"', '"region": "US", "region"')), "region", id="on top"),
        pytest.param(_raw(alex(), ('"format"', '"format": "x", "format"')), "format", id="format"),
        pytest.param(
            _raw(alex(), ('"daily_dose_mcg"', '"daily_dose_mcg": 96, "daily_dose_mcg"')),
            "regimen.daily_dose_mcg",
            id="in a part",
        ),
        pytest.param(
            _raw(alex(), ('"kidney_disease"', '"kidney_disease": "no", "kidney_disease"')),
            "patient.risks.kidney_disease",
            id="in a part of a part",
        ),
        pytest.param(
            _raw(alex(), ('"substance": "Penicillin"', '"substance": "A", "substance": "B"')),
            "allergies.items[1].substance",
            id="in an item",
        ),
        pytest.param(
            _raw(alex(), ('"patient"', '"patient": {}, "patient"')), "patient", id="a whole part"
        ),
    ],
)
def test_a_key_that_stands_twice_is_a_fault(raw: bytes, path: str) -> None:
    """Of two doses nobody knows which is meant, so neither is taken in silence."""
    reading = checked(codec.read(raw, TODAY))
    assert found(reading.errors) >= {(path, "key-twice")}


def test_an_unknown_key_comes_with_the_one_that_was_meant() -> None:
    """``daily_dose`` is not a key; the line says which is."""
    [fault] = reading_of(alex({"regimen.daily_dose": 400})).errors
    assert "Did you mean daily_dose_mcg?" in spoken(fault)
    [fault] = reading_of(alex({"regimen.zzz": 400})).errors
    assert "Did you mean" not in spoken(fault)


WHOLE_FILE = [
    pytest.param(b"", "file-json", id="nothing"),
    pytest.param(b"full_name: Alex", "file-json", id="no JSON"),
    pytest.param(file_of(alex())[:-20], "file-json", id="a file cut off"),
    pytest.param(file_of(alex()) + b"}", "file-json", id="a bracket too many"),
    pytest.param(b'{"format": "a\nb"}', "file-json", id="a raw line break in text"),
    pytest.param(b"[]", "file-no-card", id="a list"),
    pytest.param(b"[" + file_of(alex()) + b"]", "file-no-card", id="a list of a card"),
    pytest.param(b"null", "file-no-card", id="null"),
    pytest.param(b'"card"', "file-no-card", id="text"),
    pytest.param(b"{}", "file-no-format", id="an empty object"),
    pytest.param(b'{"format": null}', "file-no-format", id="null for a format"),
    pytest.param(b'{"format": "caregiver-card/2"}', "file-format", id="a newer format"),
    pytest.param(b'{"format": 1}', "file-format", id="a number for a format"),
    pytest.param(b'{"format": ["caregiver-card/1"]}', "file-format", id="a list for a format"),
    pytest.param(b'{"format": {"a": 1}}', "file-format", id="an object for a format"),
    pytest.param(b'{"format": "a\\nb"}', "file-format", id="a format of two lines"),
    pytest.param(b'{"format": "\\ud800"}', "file-format", id="half a letter for a format"),
    pytest.param(b'{"format": "' + b"x" * 5000 + b'"}', "file-format", id="an endless format"),
    pytest.param("{}".encode("utf-16"), "file-encoding", id="UTF-16"),
    pytest.param("Ánh".encode("latin-1"), "file-encoding", id="Latin-1"),
    pytest.param(b"\x89PNG\r\n", "file-encoding", id="a picture"),
    pytest.param(b"[" * 100_000, "file-odd", id="endless brackets"),
    pytest.param(b'{"a":' * 40_000, "file-odd", id="endless objects"),
    pytest.param(FORMAT + b', "x": NaN}', "file-odd", id="NaN"),
    pytest.param(FORMAT + b', "x": -Infinity}', "file-odd", id="minus infinity"),
    pytest.param(FORMAT + b', "x": ' + b"9" * 5000 + b"}", "file-odd", id="5000 digits"),
    pytest.param(
        FORMAT + b', "x": 1e99999999999999999999}', "file-odd", id="an exponent of 20 digits"
    ),
    pytest.param(b" " * (256 * 1024 + 1), "file-large", id="a byte too large"),
]


@pytest.mark.parametrize("raw, code", WHOLE_FILE)
def test_a_file_of_no_use_gets_one_clear_line(raw: bytes, code: str) -> None:
    """What is wrong with the whole file is one line with the path ``file``."""
    reading = checked(codec.read(raw, TODAY))
    assert [(fault.path, fault.code) for fault in reading.faults] == [("file", code)]
    assert spoken(reading.faults[0]).startswith("ERROR file: ")
    assert len(spoken(reading.faults[0])) < 200


def test_a_byte_order_mark_is_no_fault() -> None:
    """Notepad begins a file with a mark that says nothing."""
    assert codec.read(b"\xef\xbb\xbf" + file_of(alex()), TODAY).card == card_of(alex())


def test_a_file_may_be_as_large_as_the_limit() -> None:
    """Space does no harm up to 256 kB."""
    raw = file_of(alex())
    assert codec.read(raw + b" " * (256 * 1024 - len(raw)), TODAY).card == card_of(alex())


@pytest.mark.parametrize(
    "typed, code",
    [
        pytest.param('"\\ud83d"', "text-control", id="half an emoji"),
        pytest.param('"\\u0000"', "text-control", id="a null"),
        pytest.param('"a\\nb"', "text-control", id="two lines"),
        pytest.param('"\\u202eAlex"', "text-control", id="turned around"),
        pytest.param('"\\u200b"', "missing", id="nothing to see"),
        pytest.param("1e400", "not-text", id="a giant"),
    ],
)
def test_odd_letters_in_a_name_are_a_fault_of_the_name(typed: str, code: str) -> None:
    """Letters that no print can show are refused where they stand."""
    raw = _raw(alex(), ('"Alex Rivera"', typed))
    assert found(checked(codec.read(raw, TODAY)).errors) == {("patient.full_name", code)}


@pytest.mark.parametrize(
    "typed, code",
    [
        pytest.param("1e99999999", "not-number", id="a giant exponent"),
        pytest.param("1e-99999999", "not-number", id="a dwarf exponent"),
        pytest.param("400." + "0" * 5000 + "1", "number-precise", id="5000 decimals"),
        pytest.param("-400", "number-positive", id="less than nothing"),
        pytest.param('"400 mg"', "number-unit", id="another unit"),
        pytest.param('"1,260"', "number-comma", id="two ways to read it"),
    ],
)
def test_odd_numbers_in_a_dose_are_a_fault_of_the_dose(typed: str, code: str) -> None:
    """A number that no programmer shows is refused where it stands."""
    raw = _raw(alex(), ('"daily_dose_mcg": 400', f'"daily_dose_mcg": {typed}'))
    path = "regimen.daily_dose_mcg"
    assert (path, code) in found(checked(codec.read(raw, TODAY)).errors)


def test_a_bad_value_is_not_judged_a_second_time() -> None:
    """A capacity that cannot be read is one fault; rules about it wait until it can."""
    file = alex({"pump.reservoir_ml": "forty", "pump.alarm_volume_ml": 50})
    assert found(reading_of(file).errors) == {("pump.reservoir_ml", "not-number")}


# Stored cards ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"{}", id="an empty object"),
        pytest.param(file_of(alex(format="caregiver-card/2")), id="a newer format"),
        pytest.param(file_of(alex({"patient.full_name": absent})), id="without a name"),
        pytest.param(file_of(alex({"contacts": []})), id="without a contact"),
        pytest.param(file_of(alex({"allergies.items": []})), id="listed without items"),
    ],
)
def test_what_this_program_did_not_write_is_unreadable(raw: bytes) -> None:
    """A stored card is whole, or it is refused as one thing."""
    with pytest.raises(UnreadableCard):
        codec.decode(raw)


# Any file whatever ----------------------------------------------------------------------------


@given(st.binary(max_size=200))
def test_any_bytes_give_a_reading(raw: bytes) -> None:
    """Whatever is given as a file, the answer is a reading with at least one error."""
    assert checked(codec.read(raw, TODAY)).errors


_NASTY = st.sampled_from(
    [
        *(b'"', b"{", b"}", b"[", b"]", b",", b"null", b"1e9999999", b"-", b"\\ud800", b"\xff"),
        *(b"\x00", b"NaN", b'""', b"[[[[", b'{"a":1}', b"true", b"9" * 30, b"\\n", b"0.4"),
    ]
)


@given(
    name=st.sampled_from(sorted(CAST)),
    cuts=st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 30), _NASTY | st.binary(max_size=4)),
        min_size=1,
        max_size=4,
    ),
)
def test_any_damage_to_a_file_gives_a_reading(
    name: str, cuts: list[tuple[float, int, bytes]]
) -> None:
    """However a card file is broken, the reader says what is wrong and never breaks itself."""
    raw = file_of(CAST[name]())
    for where, length, instead in cuts:
        at = int(where * len(raw))
        raw = raw[:at] + instead + raw[at + length :]
    checked(codec.read(raw, TODAY))


def _places(held: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every way to a value inside a JSON value."""
    pairs = held.items() if isinstance(held, dict) else enumerate(held)
    found = []
    for key, value in pairs:
        found.append((*way, key))
        if isinstance(value, (dict, list)):
            found += _places(value, (*way, key))
    return found


_VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**40), 10**40),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(st.characters(exclude_categories=()), max_size=50),
        st.sampled_from(
            ["listed", "none_known", "2026-11-21", "24:00", "0.4 mg", "+1 312 555 0142"]
        ),
    ),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


@settings(max_examples=60)
@given(name=st.sampled_from(sorted(CAST)), data=st.data())
def test_any_value_anywhere_gives_a_reading(name: str, data: st.DataObject) -> None:
    """Any JSON value in the place of any other is read or refused, and a card comes back whole."""
    file = CAST[name]()
    for _ in range(data.draw(st.integers(1, 4))):
        *way, last = data.draw(st.sampled_from(_places(file)))
        held: Any = file
        for step in way:
            held = held[step]
        held[last] = data.draw(_VALUES)
    reading = checked(codec.read(json.dumps(file).encode(), TODAY))
    if reading.card:
        assert codec.decode(codec.encode(reading.card)) == reading.card


# The words of faults --------------------------------------------------------------------------

_MODULES = (
    *(
        "card/values",
        "card/quantities",
        "card/times",
        "card/telephones",
        "card/rules",
        "card/codec",
    ),
    *("card/warnings", "card/date_warnings", "card/dose_warnings", "card/parsing"),
    *("alerting/policy/preferences", "web/alerts/recipients"),
)
_BY_POSITION = {
    "InvalidValue": 0,
    "DoubtfulValue": 1,
    "_UnusableFile": 0,
    "_error": 1,
    "warning": 1,
    "add_error": 1,
}


def _spoken_codes() -> list[tuple[str, str, set[str]]]:
    """Every fault that the sources can make: where, its code, the names that fill its words."""
    made: list[tuple[str, str, set[str]]] = []
    for module in _MODULES:
        path = Path(caregiver_card.__file__).parent / f"{module}.py"
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef):
                made += [
                    (f"{module}:{call.lineno}", code, names)
                    for call, code, names in _calls(function)
                ]
    return made


def _calls(function: ast.FunctionDef) -> list[tuple[ast.Call, str, set[str]]]:
    assigned = {
        target.id: [each.value for each in ast.walk(node.value) if isinstance(each, ast.Constant)]
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    rows = []
    for call in ast.walk(function):
        name = getattr(getattr(call, "func", None), "attr", getattr(call, "func", None))
        name = getattr(name, "id", name)
        if not isinstance(call, ast.Call) or name not in _BY_POSITION:
            continue
        code = call.args[_BY_POSITION[name]]
        names = {each.arg for each in call.keywords if each.arg}
        if isinstance(code, ast.Constant):
            rows.append((call, str(code.value), names))
        elif isinstance(code, ast.Name):
            rows += [(call, str(each), names) for each in assigned[code.id]]
        else:
            # A parser's refusal, handed on as it is.
            assert ast.unparse(code) in ("fault.code", "doubt.code"), ast.unparse(call)
    return rows


CODES = _spoken_codes()


def test_the_sources_were_read_for_their_faults() -> None:
    """The search finds what is known to be there: some of each module."""
    codes = {code for _, code, _ in CODES}
    assert {
        "not-text",
        "number-positive",
        "schedule-sum",
        "old-wish",
        "file-odd",
        "key-twice",
    } <= codes
    assert len(codes) > 70


@pytest.mark.parametrize("where, code, names", CODES, ids=[f"{row[0]} {row[1]}" for row in CODES])
def test_every_fault_has_words_that_its_code_can_fill(
    where: str, code: str, names: set[str]
) -> None:
    """A fault has a line, and each {name} in that line is given where the fault is made."""
    words = WORDS.text[f"fault.{code}"]
    assert {name for _, name, _, _ in string.Formatter().parse(words) if name} <= names


def test_no_words_are_left_over() -> None:
    """Each line about a fault belongs to a fault (a file that cannot be opened is the shell's)."""
    lines = {key.removeprefix("fault.") for key in WORDS.text if key.startswith("fault.")}
    # Those of a caseload are held to their faults in tests/test_caseload.py.
    lines -= set(words_of("batch")["fault"])
    assert lines - {code for _, code, _ in CODES} <= {"file-missing"}


def test_a_file_that_is_not_utf_8_shows_what_it_would_say() -> None:
    """As Windows-1252, in which old editors write; it is not read so by itself."""
    raw = file_of(sam({"patient.full_name": "José Ibáñez"})).decode().encode("cp1252")
    (fault,) = codec.read(raw, TODAY).faults
    assert (fault.path, fault.code) == ("file", "file-encoding")
    assert "“José Ibáñez”" in spoken(fault) and "UTF-8" in spoken(fault)
    for other in (raw + b"\x81", file_of(sam()).decode().encode("utf-16"), b"PK\x03\x04\0\xe9"):
        (fault,) = codec.read(other, TODAY).faults
        assert fault.code == "file-encoding" and "Windows" not in spoken(fault)


@pytest.mark.parametrize(
    "path", ["allergies", "medicines", "directives", "regimen.other_pump_drugs"]
)
def test_what_is_not_shared_leaves_no_trace_in_the_file_for_others(path: str) -> None:
    """The owner's file keeps it; the one inside the sheet says that it is not shared."""
    secret = {"text": "Zebra"} if path == "directives" else {"items": [_zebra(path)]}
    card = card_of(tuyet({path: {"status": "not_shared", **secret}}))
    assert "Zebra" in codec.encode(card).decode()
    shared = codec.encode_shared(card).decode()
    assert "Zebra" not in shared and '"not_shared"' in shared
    assert codec.decode(codec.encode_shared(card)).team == card.team


def _zebra(path: str) -> dict[str, str]:
    if path == "allergies":
        return {"substance": "Zebra", "reaction": "Zebra"}
    return {"name": "Zebra"} | ({"concentration": "1 mg/mL"} if "pump" in path else {})
