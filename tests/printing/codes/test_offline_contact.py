"""The code that needs no network, printed, scanned at 300 dpi and parsed by other libraries."""

import io
from functools import cache
from typing import Any

import pytest
import zxingcpp
from hypothesis import given, settings
from icalendar.parser import Contentlines
from PIL import Image, ImageOps

from caregiver_card.briefing.briefing import brief
from caregiver_card.card.model import Card
from caregiver_card.printing.codes import offline_contact
from caregiver_card.printing.errors import reason
from caregiver_card.printing.pdf import render
from tests.cast import CAST, WORDS, alex, card_of, cards, sam, tuyet
from tests.prints import Print, codes
from tests.scripts import SCRIPTS, longest

# Codes printed, and read back by two readers.
pytestmark = pytest.mark.slow


def _code(file: dict[str, Any], **given: float) -> offline_contact.OfflineCode:
    return offline_contact.code(brief(card_of(file), WORDS, 1), **given)


@cache
def _named(name: str) -> offline_contact.OfflineCode:
    return _code(CAST[name]() if name in CAST else longest(name))


def _scanned(code: offline_contact.OfflineCode) -> dict[str, set[str]]:
    """What two programs read of the code on paper, at the 300 dots an inch of an office printer."""
    symbol = code.qr_code
    page = (
        f'<html lang="en"><head><title>x</title></head><body><img alt="x" src="{symbol.data_url}" '
        f'style="width:{symbol.side_mm}mm;height:{symbol.side_mm}mm;margin:{symbol.quiet_mm}mm"/>'
        "</body></html>"
    )
    raster = Print(render.write(page, "key_sheet.css")).sides[0].raster(300)
    part = round((symbol.side_mm + 2 * symbol.quiet_mm + 40) / 25.4 * 300)
    return codes(raster[:part, :part])


def _values(code: offline_contact.OfflineCode, name: str) -> list[str]:
    read = Contentlines.from_ical(code.text)  # type: ignore[no-untyped-call]  # it has no types
    lines = [line.parts() for line in read if line]
    return [str(value) for found, _, value in lines if found == name]


# A pump whose maker and model are 80 letters of three bytes each.
_LONG = ("hindi", "bengali", "thai", "chinese", "japanese")

every_card = pytest.mark.parametrize("name", [*CAST, *SCRIPTS])


@every_card
def test_two_other_programs_read_it_from_paper(name: str) -> None:
    """At 300 dpi ZXing and OpenCV both read every letter, whatever its script."""
    code = _named(name)
    assert _scanned(code) == {"zxing": {code.text}, "opencv": {code.text}}


@every_card
def test_it_is_a_contact_with_the_number_to_tap(name: str) -> None:
    """A vCard 3.0 with one name that says what it is, one number and one note."""
    code, briefing = _named(name), brief(card_of(alex()), WORDS, 1)
    assert code.text.startswith("BEGIN:VCARD\r\nVERSION:3.0\r\n")
    assert code.text.endswith("END:VCARD\r\n")
    assert _values(code, "FN") == ["BACLOFEN PUMP TEAM"]
    assert len(_values(code, "N")) == len(_values(code, "NOTE")) == 1
    if name not in CAST:
        assert _values(code, "TEL") == [briefing.team.dial]


@every_card
def test_the_note_says_danger_drug_strength_dose_and_pump(name: str) -> None:
    """What a stranger must know is never what gives way."""
    briefing = brief(card_of(CAST[name]() if name in CAST else longest(name)), WORDS, 1)
    [note] = [_plain(each) for each in _values(_named(name), "NOTE")]
    for words in (
        briefing.what.text,
        briefing.stop.text,
        f"Baclofen {briefing.concentration.number} mcg/mL",
        f"{briefing.dose.number} mcg/day",
    ):
        assert _plain(words) in note
    # 240 bytes are more than a readable code has room for.
    assert (_plain(briefing.device) in note) == (name not in _LONG)


def _plain(words: str) -> str:
    return words.replace("\xa0", " ").upper()


@every_card
def test_what_is_not_in_it_is_named(name: str) -> None:
    """Name and hospital are in the code or in the words beside it, never in neither."""
    code = _named(name)
    briefing = brief(card_of(CAST[name]() if name in CAST else longest(name)), WORDS, 1)
    text = _plain("".join(_values(code, "NOTE") + _values(code, "ORG")))
    for key, words in {
        "pump": briefing.device,
        "name": briefing.person.name + ".",
        "hospital": briefing.hospital,
        "confirmed": WORDS.say("offline.confirmed", day=briefing.confirmed_on),
    }.items():
        assert (_plain(words) in text) != (WORDS.say(f"offline.left-{key}") in code.left_out)


def test_other_drugs_in_the_pump_are_said_first() -> None:
    """A mixture changes what the concentration means; a list that is not shared stays unsaid."""
    assert "MORPHINE 10 MG/ML" in _named("complex").text
    assert "NOT RECORDED" in _named("minimal").text
    none = alex({"regimen.other_pump_drugs": {"status": "none_known"}})
    assert "DRUGS" not in _code(none).text
    hidden = tuyet({"regimen.other_pump_drugs.status": "not_shared"})
    assert "MORPHINE" not in _code(hidden).text and "NOT SHARED" in _code(hidden).text


def test_it_holds_no_address_of_the_card() -> None:
    """Contacts are copied to clouds: nothing in one opens the page."""
    for name in CAST:
        assert "://" not in _named(name).text and "/C/" not in _named(name).text


def test_a_typical_code_is_read_with_ease() -> None:
    """Modules of 0.40 mm and more bring no warning."""
    for name in CAST:
        assert _named(name).module_mm >= 0.40
        assert _named(name).warning == ""


def test_modules_below_forty_hundredths_bring_a_warning() -> None:
    """It names the width that the code has."""
    code = _code(alex(), side_mm=22)
    assert 0.33 <= code.module_mm < 0.40
    assert f"{code.module_mm:.2f} mm" in code.warning
    assert "{" not in code.warning


def test_modules_below_a_third_are_refused() -> None:
    """No code is better than one that no phone reads; the refusal says how fine it would be."""
    with pytest.raises(offline_contact.TooFine) as refused:
        _code(alex(), side_mm=15)
    assert refused.value.module_mm < 0.33
    words = reason(refused.value, WORDS)
    assert f"{refused.value.module_mm:.2f} mm in 15 mm" in words and "\n" not in words


def test_a_larger_code_says_more() -> None:
    """With more room nothing is left out."""
    code = _code(alex(), side_mm=32)
    assert code.left_out == ""
    assert "ALEX RIVERA" in code.text and _values(code, "ORG")


def test_what_a_family_typed_makes_no_further_property() -> None:
    """Commas, semicolons and colons stay inside their value."""
    code = _code(sam({"team.hospital": "St. Mary; North, TEL:+1"}), side_mm=40)
    assert len(_values(code, "TEL")) == 1
    [hospital] = _values(code, "ORG")
    assert hospital == "ST. MARY; NORTH, TEL:+1"


@settings(max_examples=15)
@given(cards())
def test_any_card_has_a_code_or_a_reason(card: Card) -> None:
    """Either it is read back, or the refusal says why."""
    try:
        code = offline_contact.code(brief(card, WORDS, 1))
    except offline_contact.TooFine as fault:
        assert fault.module_mm < 0.33
    else:
        assert code.module_mm >= 0.33
        picture = Image.open(io.BytesIO(code.qr_code.png)).convert("L")
        [found] = zxingcpp.read_barcodes(ImageOps.expand(picture, border=16, fill=255))
        assert found.text == code.text
