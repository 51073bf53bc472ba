"""QR symbols that a phone can read from a worn wallet card.

Capital letters fit alphanumeric mode, which gives a smaller symbol with larger modules: 47
characters fit 29 x 29 modules at level Q. Under damage, level Q reads better than M; level H is
used where it needs no larger symbol (``make bench`` compares them).
"""

import base64
import contextlib
import io
from bisect import bisect_left
from dataclasses import dataclass

import qrcode
import qrcode.constants
from PIL import Image
from qrcode import util

# A module that a phone's camera reads from a card in a sleeve; the quiet zone of ISO 18004. Larger
# modules gain nothing (`make bench`), and their quiet zone would be wider than the card's margin.
MODULE_MM = 0.6
QUIET_MODULES = 4
# With its quiet zone a code of 61 modules is 40 mm wide.
FRAGMENT_MM = 35.4
# 41 modules of 0.6 mm are the most that the card's column holds.
_MOST_MODULES = 41
# Any mask is legal, and trying all eight is slow. Both readers of the tests read these best: the
# first for addresses, the second for the larger symbols of ``text_symbol``.
MASK = 7
_TEXT_MASK = 2
_TEXT_LEVEL = qrcode.constants.ERROR_CORRECT_M
# Capital letters in a row from which a change of mode pays: it takes 35 bits and saves 2.5 each.
_RUN = 14
# Pixels of a module: enough that no viewer's smoothing reaches its middle.
_PIXELS = 4


class TooLong(ValueError):
    """A text too long for a symbol that scans from a wallet card."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A QR symbol: its text, its width in modules, its picture, and its printed side.

    Picture and side are without the quiet zone.
    """

    address: str
    modules: int
    png: bytes
    side_mm: float

    @property
    def quiet_mm(self) -> float:
        """The width of the quiet zone on each side."""
        return self.side_mm / self.modules * QUIET_MODULES

    @property
    def data_url(self) -> str:
        """The picture as a data URL for a template."""
        return "data:image/png;base64," + base64.b64encode(self.png).decode()


def symbol(address: str) -> Symbol:
    """The symbol for ``address`` in capital letters; raises ``TooLong``.

    An address with a fragment, which a record system reads, is written as it is, ``FRAGMENT_MM``
    wide.
    """
    if "#" in address:
        return text_symbol(address, FRAGMENT_MM)
    text = address.upper()
    matrix = _address_code(text).modules
    if len(matrix) > _MOST_MODULES:
        raise TooLong(f"{len(text)} characters need {len(matrix)} modules")
    modules = len(matrix)
    return Symbol(text, modules, _png(matrix), modules * MODULE_MM)


def _address_code(text: str) -> qrcode.QRCode:
    data = [util.QRData(text.encode(), mode=util.MODE_ALPHA_NUM)]
    version = _version(data, qrcode.constants.ERROR_CORRECT_Q)
    # Raised if the text is too long for level H, and by the library for a block of zeros alone.
    with contextlib.suppress(ValueError):
        if _version(data, qrcode.constants.ERROR_CORRECT_H) == version:
            return _encode(data, version, qrcode.constants.ERROR_CORRECT_H, MASK)
    return _encode(data, version, qrcode.constants.ERROR_CORRECT_Q, MASK)


def _encode(data: list[util.QRData], version: int, level: int, mask: int) -> qrcode.QRCode:
    code = qrcode.QRCode(version, error_correction=level, border=0, mask_pattern=mask)
    for chunk in data:
        code.add_data(chunk)
    code.make(fit=False)
    return code


def text_symbol(text: str, side_mm: float) -> Symbol:
    """The symbol for any ``text``, ``side_mm`` wide, at level M; raises ``TooLong``.

    Runs of capital letters use alphanumeric mode, all else UTF-8. A higher level would give smaller
    modules, which costs a symbol of this size more than it gains.
    """
    data = list(util.optimal_data_chunks(text, minimum=_RUN))
    version = _version(data, _TEXT_LEVEL)
    code = _encode(data, version, _TEXT_LEVEL, _TEXT_MASK)
    return Symbol(text, len(code.modules), _png(code.modules), side_mm)


def width(text: str) -> int:
    """The width of ``text_symbol(text)`` in modules; raises ``TooLong``."""
    return 17 + 4 * _version(list(util.optimal_data_chunks(text, minimum=_RUN)), _TEXT_LEVEL)


def _version(data: list[util.QRData], level: int) -> int:
    """The smallest version that holds ``data``; raises ``TooLong``.

    Calculated here, since the library would write out all data to find it.
    """
    # The length fields are longer in larger symbols.
    for least, most in ((1, 9), (10, 26), (27, 40)):
        lengths = util.mode_sizes_for_version(least)
        bits = sum(4 + lengths[chunk.mode] + _bits(chunk) for chunk in data)
        version = bisect_left(util.BIT_LIMIT_TABLE[level], bits, least)
        if version <= most:
            return version
    raise TooLong(f"{sum(map(len, data))} characters fit no symbol")


def _bits(data: util.QRData) -> int:
    """The bits of a chunk (ISO 18004): 10 for three figures, 11 for two capitals, 8 for a byte."""
    count = len(data)
    if data.mode == util.MODE_NUMBER:
        return 10 * (count // 3) + (0, 4, 7)[count % 3]
    if data.mode == util.MODE_ALPHA_NUM:
        return 11 * (count // 2) + 6 * (count % 2)
    return 8 * count


def _png(matrix: list[list[bool | None]]) -> bytes:
    side = len(matrix)
    shades = bytes(0 if dark else 255 for row in matrix for dark in row)
    picture = Image.frombytes("L", (side, side), shades)
    picture = picture.resize((side * _PIXELS, side * _PIXELS), Image.Resampling.NEAREST)
    out = io.BytesIO()
    # Little compression: every print compresses the picture again.
    picture.save(out, "PNG", compress_level=1)
    return out.getvalue()
