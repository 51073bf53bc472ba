"""The code of the page under damage: 22 mm, 300 dots an inch, a blur of 1.2 pixels, seeded trials.

Dirt is the same for every symbol of a trial, so that two of them are compared in pairs. The goals
are shares of trials that either of two readers reads; nothing here is a time.
"""

import io
import random
from collections.abc import Callable
from math import comb
from typing import Any

import cv2
import numpy
import qrcode
import zxingcpp
from PIL import Image
from qrcode.util import MODE_ALPHA_NUM, QRData

from caregiver_card.printing.codes import qr
from tests.bench import examples
from tests.bench.figures import Row

_SIDE_MM, _DPI, _OVER, _BLUR = 22.0, 300, 4, 1.2
_SIDE = round(_SIDE_MM / 25.4 * _DPI * _OVER)
TRIALS = 100
_TOKEN = "0123456789ABCDEFGHJKMNPQRS"
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LEVELS = {name: getattr(qrcode.constants, f"ERROR_CORRECT_{name}") for name in "LMQH"}
# What holds the address with modules of 0.59 mm and more; the 0.54 mm of 6-H are finer than
# ``qr.MODULE_MM``, so that it is in the table of blur alone.
_OTHERS = ("3-L", "3-M", "4-L", "4-M", "4-Q", "5-Q", "5-H")
_FINER = ("5-Q", "5-H", "6-H")
# Pixels of blur at 300 dots an inch: a camera out of focus, where the symbols part.
_OUT_OF_FOCUS, _BLURRED = (3.5, 4.0), 20
# Goals by kind of damage and share of the area: so many of a hundred.
_GOALS = {("specks", 0.03): 65, ("specks", 0.05): 50, ("square", 0.10): 70}
_DETECTOR = cv2.QRCodeDetector()
# It looks for codes that fill a good part of a picture.
_ENLARGED = (2.0, 2.5)
Read = tuple[bool, bool]


def rows() -> list[Row]:
    """Damage against the goals, against every other level and version, blur, the clean symbol."""
    return [*_damaged(), *_blurred(), *_clean()]


def _address(token: str) -> str:
    return f"{examples.PUBLIC_URL}/c/{token}".upper()


def _damaged() -> list[Row]:
    address = _address(_TOKEN)
    symbols = {"ours": _ours(address)} | {each: _other(address, each) for each in _OTHERS}
    found: list[Row] = []
    wins: dict[str, list[int]] = {each: [0, 0] for each in _OTHERS}
    for (kind, share), goal in _GOALS.items():
        read: dict[str, list[bool]] = {each: [] for each in symbols}
        for trial in range(TRIALS):
            covered, dirt = _DIRT[kind](share, numpy.random.default_rng([trial, int(share * 100)]))
            for name, symbol in symbols.items():
                picture = _photographed(numpy.where(covered, dirt, symbol))
                read[name].append(any(_read(picture, address)))
        ours = read["ours"]
        what = f"code, {share:.0%} of the area, {kind}: read by either"
        found.append(Row(what, "", f"{sum(ours)}", f">= {goal}", sum(ours) >= goal))
        for name in _OTHERS:
            pairs = list(zip(ours, read[name], strict=True))
            better, worse = sum(a and not b for a, b in pairs), sum(b and not a for a, b in pairs)
            wins[name][0] += better
            wins[name][1] += worse
            words = f"{better} : {worse}, p = {sign_test(better, worse):.3f}"
            found.append(Row("  the same", name, f"{sum(read[name])} (pairs {words})"))
    for name, (better, worse) in wins.items():
        chance = sign_test(better, worse)
        words = f"{better} : {worse}, p = {chance:.3f}"
        beaten = worse > better and chance < 0.05
        found.append(
            Row("  pairs that one of two reads", f"ours : {name}", words, "not worse", not beaten)
        )
    return found


def sign_test(one: int, other: int) -> float:
    """How likely so uneven a count is by chance, either way: the exact test of McNemar."""
    total, least = one + other, min(one, other)
    return float(min(1.0, 2 * sum(comb(total, each) for each in range(least + 1)) / 2**total))


def _blurred() -> list[Row]:
    """What finer modules cost: undamaged symbols of the same width, out of focus."""
    found = []
    for blur in _OUT_OF_FOCUS:
        counts = dict.fromkeys(("ours", *_FINER), 0)
        for trial in range(_BLURRED):
            address = _address("".join(random.Random(trial).choices(_LETTERS, k=26)))
            for name in counts:
                symbol = _ours(address) if name == "ours" else _other(address, name)
                counts[name] += any(_read(_photographed(symbol, blur), address))
        said = ", ".join(f"{name} {count}" for name, count in counts.items())
        found.append(Row(f"code, blur of {blur} pixels: read of {_BLURRED}", "", said))
    return found


def _clean() -> list[Row]:
    kinds: dict[str, Callable[[Any], Any]] = {
        "at 150 dots an inch": lambda p: cv2.resize(
            p, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA
        ),
        "tilted by 15 degrees": _tilted,
        "as JPEG of quality 40": lambda p: cv2.imdecode(
            cv2.imencode(".jpg", p, [cv2.IMWRITE_JPEG_QUALITY, 40])[1], cv2.IMREAD_GRAYSCALE
        ),
    }
    counts = {kind: [0, 0] for kind in kinds}
    for trial in range(TRIALS):
        address = _address("".join(random.Random(trial).choices(_LETTERS, k=26)))
        picture = _photographed(_ours(address), blur=0)
        for kind, change in kinds.items():
            for reader, read in enumerate(_read(change(picture), address)):
                counts[kind][reader] += read
    return [
        Row(
            f"code, clean, {kind}: ZXing, OpenCV",
            "",
            f"{a}, {b}",
            f"{TRIALS}, {TRIALS}",
            a == b == TRIALS,
        )
        for kind, (a, b) in counts.items()
    ]


def _ours(address: str) -> Any:
    picture = numpy.array(Image.open(io.BytesIO(qr.symbol(address).png)).convert("L"))
    return _enlarged(picture)


def _other(address: str, name: str) -> Any:
    version, _, level = name.partition("-")
    code = qrcode.QRCode(int(version), _LEVELS[level], border=0, mask_pattern=qr.MASK)
    code.add_data(QRData(address.encode(), mode=MODE_ALPHA_NUM))
    code.make(fit=False)
    return _enlarged(numpy.where(numpy.array(code.modules, dtype=bool), 0, 255))


def _enlarged(picture: Any) -> Any:
    at = numpy.arange(_SIDE) * len(picture) // _SIDE
    return picture[at][:, at].astype(numpy.uint8)


def _specks(share: float, chance: numpy.random.Generator) -> tuple[Any, Any]:
    # A module and a half of our own symbol, black or white.
    size = round(1.5 * _SIDE / 33)
    covered, dirt = _nothing(), numpy.zeros((_SIDE, _SIDE), numpy.uint8)
    while covered.mean() < share:
        x, y = chance.integers(0, _SIDE - size, 2)
        covered[y : y + size, x : x + size] = True
        dirt[y : y + size, x : x + size] = 255 * chance.integers(0, 2)
    return covered, dirt


def _square(share: float, chance: numpy.random.Generator) -> tuple[Any, Any]:
    size = int(_SIDE * share**0.5)
    x, y = chance.integers(0, _SIDE - size + 1, 2)
    covered = _nothing()
    covered[y : y + size, x : x + size] = True
    return covered, numpy.full((_SIDE, _SIDE), 255, numpy.uint8)


def _nothing() -> Any:
    return numpy.zeros((_SIDE, _SIDE), dtype=bool)


_DIRT = {"specks": _specks, "square": _square}


def _photographed(symbol: Any, blur: float = _BLUR) -> Any:
    """At 300 dots an inch with its quiet zone, and blurred."""
    quiet = _SIDE * 4 // 29
    framed = cv2.copyMakeBorder(symbol, *(quiet,) * 4, cv2.BORDER_CONSTANT, value=255)
    small = cv2.resize(framed, None, fx=1 / _OVER, fy=1 / _OVER, interpolation=cv2.INTER_AREA)
    return cv2.GaussianBlur(small, (0, 0), blur) if blur else small


def _tilted(picture: Any) -> Any:
    edge = len(picture) // 6
    wide = cv2.copyMakeBorder(picture, *(edge,) * 4, cv2.BORDER_CONSTANT, value=255)
    middle = (len(wide) / 2, len(wide) / 2)
    turn = cv2.getRotationMatrix2D(middle, 15, 1)
    return cv2.warpAffine(wide, turn, wide.shape, flags=cv2.INTER_CUBIC, borderValue=255)


def _read(picture: Any, address: str) -> Read:
    """Whether ZXing and OpenCV read it, OpenCV at two sizes: at most sizes it stumbles over some
    clean symbols, up to three in a hundred, and a camera gives it more than one frame."""
    by_zxing = any(each.text == address for each in zxingcpp.read_barcodes(picture))
    return by_zxing, any(_said(picture, enlarged) == address for enlarged in _ENLARGED)


def _said(picture: Any, enlarged: float) -> str:
    larger = cv2.resize(picture, None, fx=enlarged, fy=enlarged, interpolation=cv2.INTER_CUBIC)
    try:
        said, *_ = _DETECTOR.detectAndDecode(larger)
    except cv2.error:
        # It stumbles over some damaged symbols.
        return ""
    return str(said)
