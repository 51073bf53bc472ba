"""The key sheet, read back from the finished file."""

import io

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from caregiver_card.printing.codes import qr
from caregiver_card.printing.layouts import key_sheet
from caregiver_card.printing.text import glyphs, page_geometry
from caregiver_card.storage.crypto import new_token, read_token
from tests.cast import WORDS
from tests.prints import POINTS_A_MM, Print, squeezed

TOKEN = "0123456789ABCDEFGHJKMNPQRS"
ADDRESS = f"https://card.example/o/{TOKEN}"
SIZES_MM = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
LONGEST = "Ánh-Tuyết Nguyễn Thị Công Tằng Tôn Nữ Phương Mai Hoàng Lê Trần Vũ Đặng Bùi Đỗ An"[:80]


def text(written: bytes) -> str:
    """The words of the sheet, without their spaces."""
    pages = PdfReader(io.BytesIO(written)).pages
    return "".join("".join(page.extract_text() for page in pages).split())


@pytest.mark.parametrize("paper", page_geometry.PAPERS)
def test_it_works(paper: str) -> None:
    """One page of the paper's size, with the name, the address in groups, and what it is for."""
    written = key_sheet.sheet("Alex Rivera", ADDRESS, paper, WORDS)
    [page] = PdfReader(io.BytesIO(written)).pages
    size = (float(page.mediabox.width), float(page.mediabox.height))

    assert size == pytest.approx([side * 72 / 25.4 for side in SIZES_MM[paper]], abs=0.5)
    for words in ("AlexRivera", "https://card.example/o/", "0123-4567-89AB-CDEF-GHJK-MNPQ-RS"):
        assert words in text(written)
    for words in ("keysheet.never_show", "keysheet.never_give", "keysheet.away_how"):
        assert squeezed(WORDS.say(words)) in squeezed(text(written))


@pytest.mark.parametrize("dots", [100, 150, 300])
def test_a_phone_reads_the_code(dots: int) -> None:
    """From a coarse print as from a fine one."""
    document = pypdfium2.PdfDocument(key_sheet.sheet("Alex Rivera", ADDRESS, "a4", WORDS))
    page = document[0]
    picture = page.render(scale=dots / 72).to_pil()
    page.close()
    document.close()
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [ADDRESS.upper()]


@pytest.mark.parametrize("paper", page_geometry.PAPERS)
def test_it_is_accessible(paper: str) -> None:
    """PDF/UA: tagged, with a title and a language, and words for its picture."""
    with pikepdf.open(io.BytesIO(key_sheet.sheet(LONGEST, ADDRESS, paper, WORDS))) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "en"
        assert document.Root.ViewerPreferences.DisplayDocTitle
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert LONGEST in metadata["dc:title"]
        assert len(document.pages) == 1


@pytest.mark.parametrize("paper", page_geometry.PAPERS)
def test_it_does_not_look_like_a_print_for_an_emergency(paper: str) -> None:
    """Black alone, in four sizes of letters, the code where the text begins."""
    [side] = Print(key_sheet.sheet("Alex Rivera", ADDRESS, paper, WORDS)).sides
    assert not side.colours(50)
    assert {round(each.size) for each in side.letters} == {9, 12, 20, 30}
    assert side.picture.left == pytest.approx(20 * POINTS_A_MM, abs=0.1)


@pytest.mark.parametrize("paper", page_geometry.PAPERS)
def test_the_widest_address_stays_on_the_paper(paper: str) -> None:
    """In groups of four, however wide their letters."""
    token = "WM" * 13
    written = key_sheet.sheet("W" * 80, f"https://card.example/o/{token}", paper, WORDS)
    assert "WMWM-WMWM-WMWM-WMWM-WMWM-WMWM-WM" in text(written)


def test_the_groups_can_be_typed_as_they_stand() -> None:
    """With hyphens, in small letters: the same token."""
    token = new_token()
    start, groups = key_sheet.parts(f"https://card.example/o/{token}")
    assert start == "https://card.example/o/"
    assert read_token("-".join(groups).lower()) == token


def test_what_cannot_be_printed_is_refused() -> None:
    """A letter that no font has, an address that no code holds."""
    with pytest.raises(glyphs.MissingLetter):
        key_sheet.sheet("x\U0010fffd", ADDRESS, "a4", WORDS)
    with pytest.raises(qr.TooLong):
        key_sheet.sheet("x", "https://" + "x" * 300 + f"/o/{TOKEN}", "a4", WORDS)


# Each name is printed, which takes a while.
@settings(max_examples=8)
@given(st.text(st.sampled_from("abc <&>\"'{}%\\𝔸é-"), min_size=1, max_size=80))
def test_any_name_is_printed_as_it_is(name: str) -> None:
    """Markup and braces are words like any other; what no font has is named."""
    try:
        written = key_sheet.sheet(name, ADDRESS, "a4", WORDS)
    except glyphs.MissingLetter:
        return
    assert "".join(name.split()) in text(written)
