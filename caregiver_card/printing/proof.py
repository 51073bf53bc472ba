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

from caregiver_card.printing import direction, letters
from caregiver_card.printing.measures import Area

# 300 dots an inch, what an office printer gives; a module of 0.6 mm has seven of them.
_SCALE = 300 / 72
# The quiet zone of the smallest symbols that are printed, with some of what stands around it.
_AROUND_PT = 12.0
# A hundredth of an inch: page boxes are rounded by those who write them.
_ROUNDING_PT = 0.72
# Enough for smooth letters in three colours, in a fifth of the bytes.
_COLOURS = 64


class Unproven(ValueError):
    """A finished file that must not be handed over; ``key`` names why, ``details`` what."""

    key: ClassVar[str]

    @property
    def details(self) -> dict[str, Any]:
        """What fills the words of ``key``."""
        return {"what": " ".join(str(self).split())}


class WrongPages(Unproven):
    """Another number of pages, or pages of another size."""

    key = "wrong-pages"


class Overflow(Unproven):
    """Text outside the area that is surely printed, although every part has a maximum length."""

    key = "too-long"


class MissingWords(Unproven):
    """Words that must be there and are not."""

    key = "missing-words"


class UnreadableCode(Unproven):
    """A code that does not read back as what it should say."""

    key = "bad-code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What must be true of a file.

    ``areas`` has for each page the places where letters may stand; ``codes`` is what the
    pictures say when they are scanned, each at least once and no picture anything else.
    """

    size_pt: tuple[float, float]
    areas: tuple[tuple[Area, ...], ...]
    codes: tuple[str, ...]
    words: tuple[str, ...]


def prove(pdf: bytes, expected: Expected) -> None:
    """Read the finished file back; raises an ``Unproven``."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = list(document)
        _sizes(pages, expected)
        texts = [page.get_textpage() for page in pages]
        for page, text, areas in zip(pages, texts, expected.areas, strict=True):
            _inside(page, text, areas)
        _complete("".join(text.get_text_range() for text in texts), expected.words)
        _readable([found for page in pages for found in _codes(page)], expected.codes)
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
    turned = any(map(direction.backwards, there))
    for each in words:
        for part in each.split() if turned else [each]:
            sought = _squeezed(part)
            unordered = any(map(direction.wanders, sought))
            if not (there.issuperset(sought) if unordered else sought in text):
                raise MissingWords(each)


def _squeezed(words: str) -> str:
    # PDFium writes a hyphen at the end of a line as a noncharacter.
    whole = unicodedata.normalize("NFKC", words.replace("\ufffe", "-").replace("\x02", "-"))
    unseen = {ord(each): None for each in set(whole) if not letters.shows(each)}
    return whole.translate(unseen).casefold()


def _readable(found: list[str], codes: tuple[str, ...]) -> None:
    if set(found) != set(codes):
        raise UnreadableCode(f"{len(set(found) & set(codes))} / {len(set(codes))}")


def _codes(page: pypdfium2.PdfPage) -> Iterator[str]:
    """What each picture of the page says as it will be printed; "" for one that says nothing."""
    width, height = page.get_size()
    for each in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE]):
        left, bottom, right, top = each.get_bounds()
        around = (left, bottom, width - right, height - top)
        # What stands around a code is in the picture, for it can make a code unreadable.
        crop = tuple(max(0.0, side - _AROUND_PT) for side in around)
        picture = page.render(scale=_SCALE, crop=crop, grayscale=True).to_pil()
        read = zxingcpp.read_barcodes(
            picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
        )
        # Two labels may stand close enough to be seen at once.
        yield from {code.text for code in read} or {""}
