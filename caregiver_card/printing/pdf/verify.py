"""Verify a finished print: read it back, with another library than the one that wrote it.

Each kind of failure has an exception of its own; after a failure nobody gets the file.
"""

import io
import re
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

# 300 dots per inch, as on an office printer: seven dots for a module of 0.6 mm.
_SCALE = 300 / 72
# The modules of the smallest symbol, whose quiet zone is the largest part of its side.
_FEWEST_MODULES = 21
# Some of the surroundings of a quiet zone.
_AROUND_PT = 3.0
# A tenth of a millimetre, and two pixels, for rounding.
_HAIR_PT, _HAIR_PX = 0.3, 2
# What counts as white, of 255.
_WHITE = 230
# A hundredth of an inch: programs round page boxes.
_ROUNDING_PT = 0.72
# What PDFium may read back in another order beside letters that run from right to left.
_PARTS = re.compile(r"[\s/-]+")
# Enough for smooth letters in three colours, and a much smaller file.
_COLOURS = 64


class VerificationFailed(ValueError):
    """A finished file that nobody must get; ``key`` names the reason, ``details`` fill its text."""

    key: ClassVar[str]

    @property
    def details(self) -> dict[str, Any]:
        """The values for the text of ``key``."""
        return {"what": " ".join(str(self).split())}


class WrongPages(VerificationFailed):
    """A wrong number of pages, or a wrong size."""

    key = "wrong-pages"


class Overflow(VerificationFailed):
    """Text outside the printable area, although every field has a maximum length."""

    key = "too-long"


class MissingWords(VerificationFailed):
    """A required text that cannot be read back."""

    key = "missing-words"


class UnreadableCode(VerificationFailed):
    """A code that does not read back as its text."""

    key = "bad-code"


class CrowdedCode(VerificationFailed):
    """A code whose quiet zone is not white, or is cut off."""

    key = "crowded-code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a file must contain.

    For each page, ``areas`` has the areas where letters may be, and ``faces`` those that stay in
    one piece when the page is cut; each code lies inside a face with its quiet zone. ``codes`` are
    the texts of the codes, each at least once, and no picture has any other. ``words`` are the
    texts that must be readable.
    """

    size_pt: tuple[float, float]
    areas: tuple[tuple[Area, ...], ...]
    faces: tuple[tuple[Area, ...], ...]
    codes: tuple[str, ...]
    words: tuple[str, ...]


def verify(pdf: bytes, expected: Expected) -> None:
    """Read a finished file back; raises a ``VerificationFailed``."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = list(document)
        _check_sizes(pages, expected)
        texts = [page.get_textpage() for page in pages]
        for page, text, areas in zip(pages, texts, expected.areas, strict=True):
            _check_areas(page, text, areas)
        _check_words("".join(text.get_text_range() for text in texts), expected.words)
        codes = [
            code
            for page, faces in zip(pages, expected.faces, strict=True)
            for code in _read_codes(page, faces)
        ]
        _check_codes(codes, expected.codes)
    finally:
        document.close()


def picture(pdf: bytes, size: tuple[int, int], code: str) -> bytes:
    """Render a file of one page as a PNG of ``size`` pixels.

    Raises ``WrongPages`` for another size, and ``UnreadableCode`` unless the picture's only code
    reads back as ``code``.
    """
    document = pypdfium2.PdfDocument(pdf)
    try:
        image = document[0].render(scale=size[0] / document[0].get_width()).to_pil()
    finally:
        document.close()
    if image.size != size:
        raise WrongPages(f"{image.size[0]} x {image.size[1]}")
    out = io.BytesIO()
    image.quantize(_COLOURS).save(out, "PNG", optimize=True)
    read = zxingcpp.read_barcodes(Image.open(out).convert("L"))
    if {each.text for each in read} != {code}:
        raise UnreadableCode(f"{len(read)} / 1")
    return out.getvalue()


def _check_sizes(pages: list[pypdfium2.PdfPage], expected: Expected) -> None:
    sizes = [page.get_size() for page in pages]
    if len(sizes) != len(expected.areas):
        raise WrongPages(f"{len(sizes)} / {len(expected.areas)}")
    for size in sizes:
        if any(abs(a - b) > _ROUNDING_PT for a, b in zip(size, expected.size_pt, strict=True)):
            raise WrongPages(f"{size[0]:.0f} x {size[1]:.0f} pt")


def _check_areas(page: pypdfium2.PdfPage, text: Any, areas: tuple[Area, ...]) -> None:
    # By the drawn objects: the text reader knows no position of letters from an ActualText.
    height = page.get_height()
    for drawn in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]):
        left, bottom, right, top = drawn.get_bounds()
        box = Area(left, height - top, right, height - bottom)
        if not any(area.holds(box) for area in areas):
            raise Overflow(text.get_text_bounded(left, bottom, right, top)[:40])


def _check_words(printed: str, words: tuple[str, ...]) -> None:
    """Raise ``MissingWords`` for a text that was not printed.

    Spaces are ignored, since a line may break anywhere. So is the order in which right-to-left
    letters are read back, and, beside such letters, the order of the words in a line.
    """
    text = _normalize(printed)
    letters = set(text)
    has_rtl = any(map(bidi.is_rtl, letters))
    for required in words:
        for part in _PARTS.split(required) if has_rtl else [required]:
            sought = _normalize(part)
            is_unordered = any(map(bidi.may_be_reordered, sought))
            if not (letters.issuperset(sought) if is_unordered else sought in text):
                raise MissingWords(required)


def _normalize(text: str) -> str:
    # PDFium writes a hyphen at the end of a line as a noncharacter.
    text = unicodedata.normalize("NFKC", text.replace("\ufffe", "-").replace("\x02", "-"))
    invisible = {ord(letter): None for letter in set(text) if not glyphs.is_visible(letter)}
    return text.translate(invisible).casefold()


def _check_codes(read: list[str], codes: tuple[str, ...]) -> None:
    if set(read) != set(codes):
        raise UnreadableCode(f"{len(set(read) & set(codes))} / {len(set(codes))}")


def _read_codes(page: pypdfium2.PdfPage, faces: tuple[Area, ...]) -> Iterator[str]:
    """Read the code of each picture of a page as printed; "" for a picture without one."""
    width, height = page.get_size()
    for drawn in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE]):
        left, bottom, right, top = drawn.get_bounds()
        # With its surroundings, which can make a code unreadable.
        around = (right - left) / _FEWEST_MODULES * QUIET_MODULES + _AROUND_PT
        sides = (left, bottom, width - right, height - top)
        crop = [max(0.0, side - around) for side in sides]
        picture = page.render(scale=_SCALE, crop=crop, grayscale=True).to_pil()
        read = zxingcpp.read_barcodes(
            picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
        )
        if read:
            at = Area(left - crop[0], height - top - crop[3], right - crop[0], 0)
            quiet = _quiet_zone(picture, at)
            box = Area(left, height - top, right, height - bottom).inset(_HAIR_PT - quiet)
            if not any(face.holds(box) for face in faces):
                raise CrowdedCode(read[0].text)
        # Two labels may stand close enough to be seen at once.
        yield from {code.text for code in read} or {""}


def _quiet_zone(picture: Image.Image, at: Area) -> float:
    """The width of the quiet zone of the code at ``at``, in points.

    Raises ``CrowdedCode`` if anything is drawn in the quiet zone.
    """
    left, top, right = (round(side * _SCALE) for side in at[:3])
    side = right - left
    # The finder pattern in the upper left corner is seven dark modules wide.
    row = picture.crop((left + _HAIR_PX, top + _HAIR_PX, right, top + _HAIR_PX + 1)).tobytes()
    seven = next(at for at, shade in enumerate(row, start=_HAIR_PX) if shade > _WHITE // 2)
    modules = 17 + 4 * round((side * 7 / seven - 17) / 4)
    quiet = side / modules * QUIET_MODULES
    far = round(quiet) - _HAIR_PX
    ring = picture.crop((left - far, top - far, right + far, top + side + far))
    # Paint over the symbol, with the pixels by which rounding may have shifted it.
    ring.paste(255, (far - _HAIR_PX, far - _HAIR_PX, far + side + _HAIR_PX, far + side + _HAIR_PX))
    if any(ring.histogram()[:_WHITE]):
        raise CrowdedCode(f"{modules} x {modules}")
    return quiet / _SCALE
