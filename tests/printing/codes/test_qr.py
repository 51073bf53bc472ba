"""The QR symbol, read by two programs that had no part in making it."""

import io
from typing import Any

import cv2
import numpy
import pytest
import qrcode
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from caregiver_card.printing.codes import qr

TOKEN = "7ZQ4M2K9X1B8W5T3R6N0P7YHGA"
ADDRESS = f"https://cards.org.uk/c/{TOKEN}"


def _picture(symbol: qr.Symbol) -> Image.Image:
    """The symbol with its quiet zone, as it stands on paper."""
    picture = Image.open(io.BytesIO(symbol.png)).convert("L")
    return ImageOps.expand(picture, border=4 * picture.width // symbol.modules, fill=255)


def _address(length: int) -> str:
    return "HTTPS://" + "A" * (length - 8)


def test_another_reader_finds_the_address() -> None:
    """ZXing reads the address in capital letters, undamaged."""
    [found] = zxingcpp.read_barcodes(_picture(qr.symbol(ADDRESS)))
    assert found.text == ADDRESS.upper() == qr.symbol(ADDRESS).address


@pytest.mark.parametrize(
    "length, modules, level",
    [
        pytest.param(47, 29, "Q", id="H would need a larger symbol"),
        pytest.param(49, 33, "H", id="H for nothing"),
        pytest.param(50, 33, "H", id="the most that H holds"),
        pytest.param(51, 33, "Q", id="one more"),
    ],
)
def test_the_level_is_the_highest_that_costs_no_module(
    length: int, modules: int, level: str
) -> None:
    """Q at least; H where the symbol is no larger for it."""
    symbol = qr.symbol(_address(length))
    [found] = zxingcpp.read_barcodes(_picture(symbol))
    assert (symbol.modules, found.ec_level) == (modules, level)


def test_a_third_reader_finds_it_too() -> None:
    """OpenCV reads the same address."""
    picture = numpy.array(_picture(qr.symbol(ADDRESS)))
    assert cv2.QRCodeDetector().detectAndDecode(picture)[0] == ADDRESS.upper()


# ISO 18004, table 7, alphanumeric mode at level Q: 29, 47, 67, 87, 108 characters.
# In byte mode 47 characters would need version 5 and 37 modules.
SIZES = [
    pytest.param(29, 2, 25, id="29 characters"),
    pytest.param(30, 3, 29, id="30 characters"),
    pytest.param(47, 3, 29, id="47 characters"),
    pytest.param(48, 4, 33, id="48 characters"),
    pytest.param(67, 4, 33, id="67 characters"),
    pytest.param(68, 5, 37, id="68 characters"),
    pytest.param(108, 6, 41, id="108 characters"),
]


@pytest.mark.parametrize("length, version, modules", SIZES)
def test_an_address_takes_the_modules_of_alphanumeric_mode(
    length: int, version: int, modules: int
) -> None:
    """The symbol is as small as capital letters make it, and its version says the same."""
    symbol = qr.symbol(_address(length))
    [found] = zxingcpp.read_barcodes(_picture(symbol))
    assert symbol.modules == modules == 17 + 4 * version
    extra: Any = found.extra
    assert extra["Version"] == str(version) and found.text == _address(length)


@pytest.mark.parametrize("length", [row.values[0] for row in SIZES])
def test_a_module_is_never_smaller_than_a_phone_can_read(length: int) -> None:
    """Each module is at least 0.6 mm wide on paper, and the quiet zone four modules."""
    symbol = qr.symbol(_address(length))
    module = symbol.side_mm / symbol.modules
    assert module >= 0.6 - 1e-9
    assert symbol.quiet_mm >= 4 * module - 1e-9


def test_an_address_of_many_zeros_is_a_symbol_too() -> None:
    """The library that draws cannot make level H of it; then it is Q."""
    address = "HTTP://CARD.EXAMPLE/C/" + 26 * "0"
    [found] = zxingcpp.read_barcodes(_picture(qr.symbol(address)))
    assert (found.text, found.ec_level) == (address, "Q")


@pytest.mark.parametrize("length", [109, 500, 5000])
def test_an_address_that_would_not_scan_is_refused(length: int) -> None:
    """Smaller modules than that are not printed."""
    with pytest.raises(qr.TooLong):
        qr.symbol(_address(length))


def test_a_scratched_symbol_is_still_read() -> None:
    """Level Q survives a coin's scratch across the middle."""
    picture = _picture(qr.symbol(ADDRESS))
    side = picture.width
    picture.paste(255, (side * 45 // 100, side * 45 // 100, side * 60 // 100, side * 55 // 100))
    [found] = zxingcpp.read_barcodes(picture)
    assert found.text == ADDRESS.upper()


def test_the_picture_is_black_on_white_and_whole() -> None:
    """Every module is a square of whole pixels, so that nothing is blurred."""
    symbol = qr.symbol(ADDRESS)
    picture = Image.open(io.BytesIO(symbol.png))
    assert picture.size[0] == picture.size[1] and picture.size[0] % symbol.modules == 0
    assert symbol.data_url.startswith("data:image/png;base64,iVBOR")


_TYPED = st.text(st.sampled_from("09AZ $%*+-./:az漢é"), min_size=1)


@given(st.lists(st.tuples(_TYPED, st.integers(1, 60)), min_size=1, max_size=5))
def test_words_take_as_many_modules_as_the_library_that_draws_them_finds(
    parts: list[tuple[str, int]],
) -> None:
    """We count bits; the library writes them out."""
    text = "".join(words * times for words, times in parts)
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text, optimize=14)
    try:
        modules = 17 + 4 * code.best_fit()
    except (ValueError, qrcode.exceptions.DataOverflowError):
        with pytest.raises(qr.TooLong):
            qr.width(text)
    else:
        assert qr.width(text) == modules
