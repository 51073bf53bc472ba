"""An address -> a QR symbol that a phone reads from a worn wallet card.

Capital letters fit alphanumeric mode, which makes the symbol smaller and its modules larger:
47 characters fit 29 x 29 modules at level Q. Under damage Q beats M; H is taken where it costs no
larger symbol, for then it is never worse (``make bench`` compares them over the same damage).
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

# What a phone camera reads from a card in a sleeve; the quiet zone is ISO 18004's.
MODULE_MM = 0.6
QUIET_MODULES = 4
# The symbol without its quiet zone, where its modules allow; larger ones than these gain nothing,
# and their quiet zone would be wider than the margin of the card.
SIDE_MM = 21.0
_LARGEST_MODULE_MM = 0.75
# 41 modules of 0.6 mm are the most that the card's column holds.
_MOST_MODULES = 41
# Any mask is legal; trying all eight costs seven times as much as drawing one. Of the eight both
# readers of the tests read these best: the page's symbols, and the larger ones of ``words``.
MASK = 7
_WORDS_MASK = 2
_WORDS_LEVEL = qrcode.constants.ERROR_CORRECT_M
# Capital letters in a row from which a change of mode pays: it takes 35 bits and saves 2.5 each.
_RUN = 14
# Pixels a module: enough that no viewer's smoothing reaches the middle of one.
_PIXELS = 4


class TooLong(ValueError):
    """An address too long for a symbol that scans from a wallet card."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A finished QR symbol: what it says, how many modules wide, its picture and printed side.

    The side is that of the symbol without its quiet zone.
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
        """The picture, without its quiet zone, as a data address for a template."""
        return "data:image/png;base64," + base64.b64encode(self.png).decode()


def symbol(address: str) -> Symbol:
    """The symbol for ``address``, in capital letters; raises ``TooLong``."""
    words = address.upper()
    code = _drawn(words)
    matrix = code.modules
    if len(matrix) > _MOST_MODULES:
        raise TooLong(f"{len(words)} characters need {len(matrix)} modules")
    modules = len(matrix)
    side_mm = min(max(SIDE_MM, modules * MODULE_MM), modules * _LARGEST_MODULE_MM)
    return Symbol(words, modules, _png(matrix), side_mm)


def _drawn(words: str) -> qrcode.QRCode:
    data = [util.QRData(words.encode(), mode=util.MODE_ALPHA_NUM)]
    version = _version(data, qrcode.constants.ERROR_CORRECT_Q)
    # Too long for H; or a block of zeros alone, over which the library stumbles.
    with contextlib.suppress(ValueError):
        if _version(data, qrcode.constants.ERROR_CORRECT_H) == version:
            return _made(data, version, qrcode.constants.ERROR_CORRECT_H, MASK)
    return _made(data, version, qrcode.constants.ERROR_CORRECT_Q, MASK)


def _made(data: list[util.QRData], version: int, level: int, mask: int) -> qrcode.QRCode:
    code = qrcode.QRCode(version, error_correction=level, border=0, mask_pattern=mask)
    for each in data:
        code.add_data(each)
    code.make(fit=False)
    return code


def words(text: str, side_mm: float) -> Symbol:
    """The symbol for any ``text``, ``side_mm`` wide, at level M; raises ``TooLong``.

    Runs of capital letters go into alphanumeric mode, all else as UTF-8. A higher level would
    make smaller modules, which costs a symbol of this size more than it saves.
    """
    data = list(util.optimal_data_chunks(text, minimum=_RUN))
    version = _version(data, _WORDS_LEVEL)
    code = _made(data, version, _WORDS_LEVEL, _WORDS_MASK)
    return Symbol(text, len(code.modules), _png(code.modules), side_mm)


def width(text: str) -> int:
    """How many modules wide ``words`` would draw ``text``; raises ``TooLong``."""
    return 17 + 4 * _version(list(util.optimal_data_chunks(text, minimum=_RUN)), _WORDS_LEVEL)


def _version(data: list[util.QRData], level: int) -> int:
    """The smallest version that holds ``data``; the library finds it by writing all of it out.

    Raises ``TooLong``.
    """
    # The fields that tell lengths are longer in larger symbols.
    for least, most in ((1, 9), (10, 26), (27, 40)):
        lengths = util.mode_sizes_for_version(least)
        bits = sum(4 + lengths[each.mode] + _bits(each) for each in data)
        version = bisect_left(util.BIT_LIMIT_TABLE[level], bits, least)
        if version <= most:
            return version
    raise TooLong(f"{sum(map(len, data))} characters fit no symbol")


def _bits(data: util.QRData) -> int:
    """ISO 18004: three figures take 10 bits, two capital letters 11, a byte 8."""
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
    # Every print compresses it once more.
    picture.save(out, "PNG", compress_level=1)
    return out.getvalue()
