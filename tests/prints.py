"""Reads a finished PDF with libraries that this project does not write it with."""

import contextlib
import io
import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple
from unicodedata import combining

import cv2
import numpy
import pikepdf
import pypdf
import pypdfium2
import pypdfium2.raw as pdfium
import zxingcpp

from caregiver_card.briefing.isolates import ISOLATES

POINTS_A_MM = 72 / 25.4


class Box(NamedTuple):
    """A rectangle in points, from the lower left corner of the page."""

    left: float
    bottom: float
    right: float
    top: float

    def grown(self, by: float) -> "Box":
        """The same with a border all round."""
        return Box(self.left - by, self.bottom - by, self.right + by, self.top + by)

    def overlap(self, other: "Box") -> tuple[float, float]:
        """How wide and how high the two lie over one another; negative where they do not."""
        return (
            min(self.right, other.right) - max(self.left, other.left),
            min(self.top, other.top) - max(self.bottom, other.bottom),
        )

    def over(self, other: "Box", allowance: float = 0.0) -> bool:
        """Whether the two lie over one another by more than an allowance."""
        return min(self.overlap(other)) > allowance


@dataclass(frozen=True)
class Letter:
    """A letter as it is printed: where, and how large."""

    letter: str
    box: Box
    size: float
    base: float


class Side:
    """One page of a PDF."""

    def __init__(self, raw: bytes, index: int) -> None:
        self._raw, self._index = raw, index
        with self._page() as page:
            self.width, self.height = page.get_size()

    @contextmanager
    def _page(self) -> Iterator[pypdfium2.PdfPage]:
        with (
            contextlib.closing(pypdfium2.PdfDocument(self._raw)) as document,
            contextlib.closing(document[self._index]) as page,
        ):
            yield page

    @cached_property
    def text(self) -> str:
        """The words of the page, lines broken where they are."""
        with self._page() as page, contextlib.closing(page.get_textpage()) as text:
            return _hyphens(str(text.get_text_range()).replace("\r\n", "\n"))

    @cached_property
    def letters(self) -> list[Letter]:
        """Every letter that leaves a mark."""
        with self._page() as page, contextlib.closing(page.get_textpage()) as text:
            return list(_letters(text))

    @cached_property
    def lines(self) -> list[list[Letter]]:
        """The letters that stand on one base line, side by side."""
        by_base = sorted(self.letters, key=lambda each: (-round(each.base, 1), each.box.left))
        lines = []
        for _, row in itertools.groupby(by_base, key=lambda each: round(each.base, 1)):
            line: list[Letter] = []
            for each in row:
                if line and each.box.left - line[-1].box.right > 2 * each.size:
                    lines.append(line)
                    line = []
                line.append(each)
            lines.append(line)
        return lines

    def meeting(self) -> list[tuple[str, str]]:
        """Lines of which letters meet by more than half a point, a mark on a capital included."""
        lines = [[each for each in line if not combining(each.letter[0])] for line in self.lines]
        boxes = [(_around(line), line) for line in lines if line]
        return [
            (_written(line), _written(other))
            for (box, line), (beside, other) in itertools.combinations(boxes, 2)
            # Marks above and below a line may reach into its neighbours' gaps.
            if box.over(beside, 0.3)
            and any(a.box.over(b.box, 0.5) for a in line for b in other if a.base != b.base)
        ]

    def sizes(self, words: str) -> set[float]:
        """The sizes in which these words are printed, wherever they stand in a row."""
        sought = squeezed(words)
        written = "".join(each.letter for each in self.letters)
        found = [match.start() for match in re.finditer(re.escape(sought), squeezed(written))]
        assert found, f"not printed: {words!r}"
        return {
            round(each.size, 1)
            for start in found
            for each in self.letters[start : start + len(sought)]
        }

    @cached_property
    def picture(self) -> Box:
        """Where the page's only picture is."""
        with self._page() as page:
            found = [
                Box(*each.get_bounds())
                for each in page.get_objects()
                if each.type == pdfium.FPDF_PAGEOBJ_IMAGE
            ]
        assert len(found) == 1, f"{len(found)} pictures"
        return found[0]

    def painted(self) -> tuple[float, float]:
        """The top and the bottom of what is painted behind the words."""
        with self._page() as page:
            bounds = [
                each.get_bounds()
                for each in page.get_objects()
                if each.type == pdfium.FPDF_PAGEOBJ_PATH
            ]
        return max(each[3] for each in bounds), min(each[1] for each in bounds)

    def raster(self, dpi: float) -> Any:
        """The page as a printer at ``dpi`` would have it, as grey levels."""
        with self._page() as page:
            bitmap = page.render(scale=dpi / 72, grayscale=True)
            raster = numpy.array(bitmap.to_numpy())
            bitmap.close()
        return raster

    def colours(self, dpi: float) -> bool:
        """Whether anything on the page is neither black, nor white, nor grey between the two."""
        with self._page() as page:
            bitmap = page.render(scale=dpi / 72)
            raster = numpy.array(bitmap.to_numpy())[:, :, :3].astype(int)
            bitmap.close()
        return bool((raster.max(axis=2) - raster.min(axis=2)).max() > 0)

    def marked(self) -> dict[int, str]:
        """The words of each piece of marked content."""
        found: dict[int, str] = {}
        with self._page() as page, contextlib.closing(page.get_textpage()) as text:
            for each in page.get_objects(max_depth=5):
                if each.type == pdfium.FPDF_PAGEOBJ_TEXT:
                    piece = pdfium.FPDFPageObj_GetMarkedContentID(each)
                    found[piece] = found.get(piece, "") + _words(each, text)
        return found


def _around(line: list[Letter]) -> Box:
    boxes = [each.box for each in line]
    return Box(
        min(each.left for each in boxes),
        min(each.bottom for each in boxes),
        max(each.right for each in boxes),
        max(each.top for each in boxes),
    )


def _written(line: list[Letter]) -> str:
    return "".join(each.letter for each in line)


def _hyphens(words: str) -> str:
    """PDFium writes a hyphen at the end of a line as a noncharacter."""
    return words.replace("\ufffe", "-").replace("\x02", "-")


def _letters(text: pypdfium2.PdfTextPage) -> Iterator[Letter]:
    matrix = pdfium.FS_MATRIX()
    for index in range(text.count_chars()):
        letter = _hyphens(chr(pdfium.FPDFText_GetUnicode(text, index)))
        if letter.isspace() or not letter.isprintable():
            continue
        assert pdfium.FPDFText_GetMatrix(text, index, matrix)
        assert abs(matrix.b) < 1e-6 and abs(matrix.c) < 1e-6, "text that is turned"
        size = pdfium.FPDFText_GetFontSize(text, index) * abs(matrix.d)
        yield Letter(letter, Box(*text.get_charbox(index)), size, matrix.f)


def _words(each: pypdfium2.PdfObject, text: pypdfium2.PdfTextPage) -> str:
    length = pdfium.FPDFTextObj_GetText(each, text, None, 0)
    buffer = (pdfium.FPDF_WCHAR * (length // 2))()
    pdfium.FPDFTextObj_GetText(each, text, buffer, length)
    return bytes(buffer).decode("utf-16-le").rstrip("\0")


class Print:
    """A finished PDF."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        with contextlib.closing(pypdfium2.PdfDocument(raw)) as document:
            count = len(document)
        self.sides = [Side(raw, index) for index in range(count)]

    @property
    def text(self) -> str:
        """All words."""
        return "\n".join(side.text for side in self.sides)

    @property
    def squeezed(self) -> str:
        """All words without their spaces: where lines break plays no part."""
        return squeezed(self.text)

    def sizes_mm(self) -> list[tuple[float, float]]:
        """Width and height of each page, as pypdf reads them."""
        return [
            (float(page.mediabox.width) / POINTS_A_MM, float(page.mediabox.height) / POINTS_A_MM)
            for page in pypdf.PdfReader(io.BytesIO(self.raw)).pages
        ]

    def structure(self) -> list[tuple[str, str]]:
        """The tags in the order of reading, each with its own words or its description."""
        with pikepdf.open(io.BytesIO(self.raw)) as document:
            pages = {page.obj.objgen: index for index, page in enumerate(document.pages)}
            marked = [side.marked() for side in self.sides]
            found: list[tuple[str, str]] = []

            def walk(each: Any, page: int) -> str:
                if isinstance(each, pikepdf.Array):
                    return "".join(walk(inner, page) for inner in each)
                if not isinstance(each, pikepdf.Dictionary):
                    return marked[page].get(int(each), "")
                if "/Pg" in each:
                    page = pages[each.Pg.objgen]
                if "/MCID" in each:
                    return marked[page].get(int(each.MCID), "")
                at = len(found)
                found.append(("", ""))
                own = walk(each.K, page) if "/K" in each else ""
                own = str(each.get("/Alt", own))
                found[at] = (str(each.get("/S", "/")).lstrip("/"), own)
                return own if found[at][0] in ("Span", "NonStruct") else ""

            walk(document.Root.StructTreeRoot.K, 0)
        return [each for each in found if each[0] not in ("Span", "NonStruct")]


def own_size(raw: bytes) -> bool:
    """Whether a viewer is told to print it in its own size, as two libraries read it."""
    with pikepdf.open(io.BytesIO(raw)) as document:
        told = document.Root.ViewerPreferences.get("/PrintScaling", "/AppDefault")
    read = pypdf.PdfReader(io.BytesIO(raw)).viewer_preferences
    assert read and (read.print_scaling or "/AppDefault") == told
    return str(told) == "/None"


def squeezed(words: str) -> str:
    """Words without any space, and without the marks that keep their order."""
    return re.sub(r"\s+", "", words.translate(ISOLATES))


def scanned(raster: Any) -> set[str]:
    """What zxing-cpp finds in a picture; columns of a large symbol can pass for a bar code."""
    only = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    return {each.text for each in zxingcpp.read_barcodes(raster, formats=only)}


def codes(raster: Any) -> dict[str, set[str]]:
    """What each of two readers finds in a picture."""
    # OpenCV looks for codes that fill a good part of the picture.
    larger = cv2.resize(raster, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    said, *_ = cv2.QRCodeDetector().detectAndDecode(larger)
    return {"zxing": scanned(raster), "opencv": {said}}


def modules(raster: Any) -> tuple[int, float]:
    """How many modules a symbol without its border has, and how many pixels one takes."""
    dark = numpy.asarray(raster) < 128
    # The upper left finder pattern is seven dark modules wide.
    first = dark[dark.any(axis=1).argmax()]
    wide = int(numpy.argmin(first[first.argmax() :])) / 7
    columns = numpy.flatnonzero(dark.any(axis=0))
    return round((columns[-1] - columns[0] + 1) / wide), wide
