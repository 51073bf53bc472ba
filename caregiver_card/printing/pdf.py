"""HTML -> a tagged PDF, and the proof that the finished file says what it should.

The only module that knows WeasyPrint. Nothing is fetched from anywhere: pictures are data
addresses, so that a template can neither leak nor hang.
"""

import gc
from functools import cache

import pypdfium2
import zxingcpp
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from caregiver_card.paper import style

# 300 dots an inch, what an office printer gives; a module of 0.6 mm has seven of them.
_CHECK_SCALE = 300 / 72


class UnreadableCode(RuntimeError):
    """The QR code in a finished file does not read back as its address."""


class Overflow(ValueError):
    """Text that does not fit its page, although every part has a maximum length."""


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@cache
def _style(name: str) -> CSS:
    # Parsed once: a tenth of the time of a card.
    return CSS(string=style(name), font_config=_fonts(), url_fetcher=_nothing())


@cache
def _nothing() -> URLFetcher:
    return URLFetcher(allowed_protocols=["data"])


class _Print(HTML):  # type: ignore[misc]  # WeasyPrint has no types
    """A document of our own few elements; with WeasyPrint's own sheet it only takes longer."""

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
        return [_style("elements.css")]


def write(html: str, style_name: str) -> bytes:
    """A PDF/UA-1 file of ``html`` with the style sheet ``style_name``."""
    # A card makes and drops some 100,000 objects; collecting while it does costs 4 %.
    collecting = gc.isenabled()
    gc.disable()
    try:
        document = _Print(string=html, url_fetcher=_nothing()).render(
            stylesheets=[_style(style_name)], font_config=_fonts()
        )
        return document.write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True)  # type: ignore[no-any-return]
    finally:
        if collecting:
            gc.enable()


def prove(pdf: bytes, address: str, *, pages: int, safe_pt: float) -> None:
    """Read the finished file back.

    Raises ``UnreadableCode`` unless a QR on its first page says ``address``, and ``Overflow``
    unless it has ``pages`` pages with every letter at least ``safe_pt`` from the edge.
    """
    document = pypdfium2.PdfDocument(pdf)
    try:
        if len(document) != pages:
            raise Overflow(f"{len(document)} pages instead of {pages}")
        for page in document:
            _inside(page, safe_pt)
        _says(document[0], address)
    finally:
        document.close()


def _inside(page: pypdfium2.PdfPage, safe_pt: float) -> None:
    width, height = page.get_size()
    text = page.get_textpage()
    for index in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(index)
        if min(left, bottom, width - right, height - top) < safe_pt:
            raise Overflow(text.get_text_bounded(left, bottom, right, top)[:40])


def _says(page: pypdfium2.PdfPage, address: str) -> None:
    picture = page.render(scale=_CHECK_SCALE, grayscale=True).to_pil()
    found = zxingcpp.read_barcodes(
        picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    )
    if address not in {code.text for code in found}:
        raise UnreadableCode(f"{len(found)} codes found")
