"""An address -> a QR symbol that a phone reads from a worn wallet card.

Capital letters fit alphanumeric mode, which makes the symbol smaller and its modules larger:
47 characters fit 29 x 29 modules at level Q. Under damage Q beats M; H is taken where it costs no
larger symbol, for then it is never worse (``make bench`` compares them over the same damage).
"""

import base64
import contextlib
import io
from dataclasses import dataclass

import qrcode
import qrcode.constants
import qrcode.exceptions
import qrcode.util
from PIL import Image

# What a phone camera reads from a card in a sleeve; the quiet zone is ISO 18004's.
MODULE_MM = 0.6
QUIET_MODULES = 4
# The symbol without its quiet zone, where its modules allow.
SIDE_MM = 21.0
# 41 modules of 0.6 mm are the most that the card's column holds.
_MOST_MODULES = 41
# Any mask is legal; trying all eight costs seven times as much as drawing one. Of the eight both
# readers of the tests read these best: the page's symbols, and the larger ones of ``words``.
MASK = 7
_WORDS_MASK = 2
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
    return Symbol(words, len(matrix), _png(matrix), max(SIDE_MM, len(matrix) * MODULE_MM))


def _drawn(words: str) -> qrcode.QRCode:
    plain = _at_level(words, qrcode.constants.ERROR_CORRECT_Q)
    # Too long for H; or a block of zeros alone, over which the library stumbles.
    with contextlib.suppress(ValueError):
        better = _at_level(words, qrcode.constants.ERROR_CORRECT_H)
        if better.version == plain.version:
            better.make(fit=False)
            return better
    plain.make(fit=False)
    return plain


def _at_level(words: str, level: int) -> qrcode.QRCode:
    code = qrcode.QRCode(error_correction=level, border=0, mask_pattern=MASK)
    code.add_data(qrcode.util.QRData(words.encode(), mode=qrcode.util.MODE_ALPHA_NUM))
    return _fit(code, words)


def words(text: str, side_mm: float) -> Symbol:
    """The symbol for any ``text``, ``side_mm`` wide, at level M; raises ``TooLong``.

    Runs of capital letters go into alphanumeric mode, all else as UTF-8. A higher level would
    make smaller modules, which costs a symbol of this size more than it saves.
    """
    code = _fitted(text)
    code.make(fit=False)
    return Symbol(text, len(code.modules), _png(code.modules), side_mm)


def width(text: str) -> int:
    """How many modules wide ``words`` would draw ``text``; raises ``TooLong``."""
    return 17 + 4 * int(_fitted(text).version)


def _fitted(text: str) -> qrcode.QRCode:
    code = qrcode.QRCode(
        error_correction=qrcode.constants.ERROR_CORRECT_M, border=0, mask_pattern=_WORDS_MASK
    )
    code.add_data(text.encode(), optimize=_RUN)
    return _fit(code, text)


def _fit(code: qrcode.QRCode, text: str) -> qrcode.QRCode:
    try:
        code.best_fit()
    except (ValueError, qrcode.exceptions.DataOverflowError):
        raise TooLong(f"{len(text)} characters fit no symbol") from None
    return code


def _png(matrix: list[list[bool | None]]) -> bytes:
    side = len(matrix)
    picture = Image.new("1", (side, side), 1)
    picture.putdata([0 if dark else 1 for row in matrix for dark in row])
    picture = picture.resize((side * _PIXELS, side * _PIXELS), Image.Resampling.NEAREST)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=False)
    return out.getvalue()
