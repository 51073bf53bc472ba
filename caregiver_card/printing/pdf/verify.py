"""The proof of a finished print: what a printer would draw is read back before it is handed over.

The file is opened by another library than wrote it. A fault has a name, and no file is given.
"""

import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import pypdfium2
import pypdfium2.raw as pdfium
import zxingcpp
from PIL import Image

from caregiver_card.printing.codes.qr import QUIET_MODULES
from caregiver_card.printing.text import bidi, glyphs
from caregiver_card.printing.text.page_geometry import Area

# 300 dots an inch, what an office printer gives; a module of 0.6 mm has seven of them.
_SCALE = 300 / 72
# No symbol has fewer modules, so that no quiet zone is a larger part of its side.
_FEWEST_MODULES = 21
# Some of what stands around a quiet zone.
_AROUND_PT = 3.0
# A tenth of a millimetre, and some pixels: what is drawn is rounded.
_HAIR_PT, _HAIR_PX = 0.3, 2
# What counts as white, of 255.
_WHITE = 230
# A hundredth of an inch: page boxes are rounded by those who write them.
_ROUNDING_PT = 0.72
# Enough for smooth letters in three colours, in a fifth of the bytes.
_COLOURS = 64


class VerificationFailed(ValueError):
    """A finished file that must not be handed over; ``key`` names why, ``details`` what."""

    key: ClassVar[str]

    @property
    def details(self) -> dict[str, Any]:
        """What fills the words of ``key``."""
        return {"what": " ".join(str(self).split())}


class WrongPages(VerificationFailed):
    """Another number of pages, or pages of another size."""

    key = "wrong-pages"


class Overflow(VerificationFailed):
    """Text outside the area that is surely printed, although every part has a maximum length."""

    key = "too-long"


class MissingWords(VerificationFailed):
    """Words that must be there and are not."""

    key = "missing-words"


class UnreadableCode(VerificationFailed):
    """A code that does not read back as what it should say."""

    key = "bad-code"


class CrowdedCode(VerificationFailed):
    """A code without the white border that a reader needs, or with one that is cut off."""

    key = "crowded-code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What must be true of a file.

    ``areas`` has for each page the places where letters may stand, ``faces`` what stays in one
    piece when it is cut, and holds its codes with their quiet zones; ``codes`` is what the
    pictures say when they are scanned, each at least once and no picture anything else.
    """

    size_pt: tuple[float, float]
    areas: tuple[tuple[Area, ...], ...]
    faces: tuple[tuple[Area, ...], ...]
    codes: tuple[str, ...]
    words: tuple[str, ...]


def verify(pdf: bytes, expected: Expected) -> None:
    """Read the finished file back; raises an ``Unproven``."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = list(document)
        _sizes(pages, expected)
        texts = [page.get_textpage() for page in pages]
        for page, text, areas in zip(pages, texts, expected.areas, strict=True):
            _inside(page, text, areas)
        _complete("".join(text.get_text_range() for text in texts), expected.words)
        codes = [
            found
            for page, faces in zip(pages, expected.faces, strict=True)
            for found in _codes(page, faces)
        ]
        _readable(codes, expected.codes)
    finally:
        document.close()


def picture(pdf: bytes, size: tuple[int, int], says: str) -> bytes:
    """The only page as a PNG of this size in pixels; raises ``UnreadableCode`` unless its code is
    read back from the picture itself.
    """
    document = pypdfium2.PdfDocument(pdf)
    try:
        drawn = document[0].render(scale=size[0] / document[0].get_width()).to_pil()
    finally:
        document.close()
    if drawn.size != size:
        raise WrongPages(f"{drawn.size[0]} x {drawn.size[1]}")
    out = io.BytesIO()
    drawn.quantize(_COLOURS).save(out, "PNG", optimize=True)
    read = zxingcpp.read_barcodes(Image.open(out).convert("L"))
    if {code.text for code in read} != {says}:
        raise UnreadableCode(f"{len(read)} / 1")
    return out.getvalue()


def _sizes(pages: list[pypdfium2.PdfPage], expected: Expected) -> None:
    sizes = [page.get_size() for page in pages]
    if len(sizes) != len(expected.areas):
        raise WrongPages(f"{len(sizes)} / {len(expected.areas)}")
    for size in sizes:
        if any(abs(a - b) > _ROUNDING_PT for a, b in zip(size, expected.size_pt, strict=True)):
            raise WrongPages(f"{size[0]:.0f} x {size[1]:.0f} pt")


def _inside(page: pypdfium2.PdfPage, text: Any, areas: tuple[Area, ...]) -> None:
    # By what is drawn: the text reader knows no place of letters that are spelled beside a line.
    height = page.get_height()
    for each in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]):
        left, bottom, right, top = each.get_bounds()
        box = Area(left, height - top, right, height - bottom)
        if not any(area.holds(box) for area in areas):
            raise Overflow(text.get_text_bounded(left, bottom, right, top)[:40])


def _complete(printed: str, words: tuple[str, ...]) -> None:
    """Spaces play no part: a line may break anywhere. Nor does the order in which letters are read
    back that run from right to left, and beside them that of the words of a line."""
    text = _squeezed(printed)
    there = set(text)
    turned = any(map(bidi.backwards, there))
    for each in words:
        for part in each.split() if turned else [each]:
            sought = _squeezed(part)
            unordered = any(map(bidi.wanders, sought))
            if not (there.issuperset(sought) if unordered else sought in text):
                raise MissingWords(each)


def _squeezed(words: str) -> str:
    # PDFium writes a hyphen at the end of a line as a noncharacter.
    whole = unicodedata.normalize("NFKC", words.replace("\ufffe", "-").replace("\x02", "-"))
    unseen = {ord(each): None for each in set(whole) if not glyphs.shows(each)}
    return whole.translate(unseen).casefold()


def _readable(found: list[str], codes: tuple[str, ...]) -> None:
    if set(found) != set(codes):
        raise UnreadableCode(f"{len(set(found) & set(codes))} / {len(set(codes))}")


def _codes(page: pypdfium2.PdfPage, faces: tuple[Area, ...]) -> Iterator[str]:
    """What each picture of the page says as it will be printed; "" for one that says nothing."""
    width, height = page.get_size()
    for each in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE]):
        left, bottom, right, top = each.get_bounds()
        # What stands around a code is in the picture, for it can make a code unreadable.
        around = (right - left) / _FEWEST_MODULES * QUIET_MODULES + _AROUND_PT
        sides = (left, bottom, width - right, height - top)
        crop = [max(0.0, side - around) for side in sides]
        picture = page.render(scale=_SCALE, crop=crop, grayscale=True).to_pil()
        read = zxingcpp.read_barcodes(
            picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
        )
        if read:
            at = Area(left - crop[0], height - top - crop[3], right - crop[0], 0)
            quiet = _quiet(picture, at)
            box = Area(left, height - top, right, height - bottom).inset(_HAIR_PT - quiet)
            if not any(face.holds(box) for face in faces):
                raise CrowdedCode(read[0].text)
        # Two labels may stand close enough to be seen at once.
        yield from {code.text for code in read} or {""}


def _quiet(picture: Image.Image, at: Area) -> float:
    """The width of the quiet zone of the code ``at`` this place, in points; raises
    ``CrowdedCode`` where something is drawn there."""
    left, top, right = (round(side * _SCALE) for side in at[:3])
    side = right - left
    # The finder pattern in the upper left corner is seven dark modules wide.
    row = picture.crop((left + _HAIR_PX, top + _HAIR_PX, right, top + _HAIR_PX + 1)).tobytes()
    seven = next(at for at, shade in enumerate(row, start=_HAIR_PX) if shade > _WHITE // 2)
    modules = 17 + 4 * round((side * 7 / seven - 17) / 4)
    quiet = side / modules * QUIET_MODULES
    far = round(quiet) - _HAIR_PX
    ring = picture.crop((left - far, top - far, right + far, top + side + far))
    # The symbol itself is painted over, with the pixels that rounding may have shifted it by.
    ring.paste(255, (far - _HAIR_PX, far - _HAIR_PX, far + side + _HAIR_PX, far + side + _HAIR_PX))
    if any(ring.histogram()[:_WHITE]):
        raise CrowdedCode(f"{modules} x {modules}")
    return quiet / _SCALE
