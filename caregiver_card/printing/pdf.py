"""HTML -> a tagged PDF.

The only module that knows WeasyPrint. Nothing is fetched from anywhere: pictures are data
addresses, so that a template can neither leak nor hang.
"""

import gc
import io
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache, lru_cache, partial
from typing import Any
from xml.etree import ElementTree

import weasyprint
from cssselect2 import ElementWrapper
from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from caregiver_card.paper import style
from caregiver_card.printing import direction, fonts, letters

# CSS has 96 pixels an inch.
_POINT_PX = 72 / 96


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


@lru_cache(maxsize=32)
def _families(names: tuple[str, ...]) -> CSS:
    """The sheet that names the fonts, where the usual family does not have every letter."""
    named = ", ".join(f'"{each}"' for each in names)
    return CSS(string=f"html {{ font-family: {named} }}", font_config=_fonts())


class _Print(HTML):  # type: ignore[misc]  # WeasyPrint has no types
    """A document of our own few elements; with WeasyPrint's own sheet it only takes longer.

    Our templates close every element, so the parser of the standard library can read them, in a
    fiftieth of the time of one for any HTML.
    """

    def __init__(self, html: str) -> None:
        root = ElementTree.fromstring(html)  # our own, without entities
        direction.mark(html, root)
        self.base_url, self.url_fetcher, self.media_type = None, _nothing(), "print"
        self.wrapper_element = ElementWrapper.from_html_root(root)
        self.etree_element = root

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
        return [_style("elements.css")]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that travels inside a print; ``on`` is the day it speaks of."""

    name: str
    body: bytes
    about: str
    on: date


def write(
    html: str,
    *styles: str,
    region: str = "",
    attachment: Attachment | None = None,
    again: Sequence[Sequence[tuple[float, float]]] = (),
) -> bytes:
    """A PDF/UA-1 file of ``html`` with these style sheets; with an attachment PDF/A-3a as well.

    ``region`` is the country whose manner of Chinese letters is meant. ``again`` says for each
    element of the class "again", in their order, where else on its page it is drawn: how far to
    the right and below, in points. A reader aloud tells it once.
    """
    # A card makes and drops some 100,000 objects; collecting while it does costs 4 %.
    collecting = gc.isenabled()
    gc.disable()
    try:
        document = _laid_out(html, styles, region)
        if attachment is None:
            return document.write_pdf(  # type: ignore[no-any-return]
                pdf_variant="pdf/ua-1", pdf_tags=True, finisher=partial(_drawn_again, again)
            )
        return document.write_pdf(  # type: ignore[no-any-return]
            pdf_variant="pdf/a-3a", attachments=[_attached(attachment)], finisher=_accessible_too
        )
    finally:
        if collecting:
            gc.enable()


def height(html: str, style: str) -> float:
    """How high ``html``, the inside of a paragraph, is when it is printed in it; in points."""
    page = f"<html><body><p style='{style}'>{html}</p><p id='end'></p></body></html>"
    [only] = _laid_out(page, ("measuring.css",)).pages
    return float(only.anchors["end"][1]) * _POINT_PX


def _laid_out(html: str, styles: tuple[str, ...], region: str = "") -> Document:
    names = fonts.families(html, region)
    sheets = [_style(each) for each in styles]
    if len(names) > 1:
        sheets.append(_families(names))
    document = _Print(html).render(stylesheets=sheets, font_config=_fonts())
    for page in document.pages if letters.combined(html) else ():
        # What a box says is known right after it was painted, and forgotten before the finisher.
        page.paint = partial(_spelled, page.paint)
    return document


def _spelled(paint: Callable[..., None], stream: Any, *scale: float) -> None:
    """Paint a page; then say beside each line whose letters combine what it says.

    WeasyPrint writes one text for each shape, that of the first place where it stands. Where a
    shape is a part of different syllables, as in Hindi and Bengali, another name would be read out.
    """
    paint(stream, *scale)
    said = [getattr(box, "text", "") for box in stream._tags]
    for item in stream.stream:
        words = said[item["MCID"]] if isinstance(item, dict) else ""
        # PDFium, and so Chromium, would leave out a letter that takes two places in UTF-16.
        if letters.combined(words) and max(words) <= "\uffff":
            item["ActualText"] = f"<feff{words.encode('utf-16-be').hex()}>"


def _attached(each: Attachment) -> weasyprint.Attachment:
    # No clock: the same print twice is the same file.
    on = datetime.combine(each.on, time())
    return weasyprint.Attachment(
        file_obj=io.BytesIO(each.body),
        name=each.name,
        description=each.about,
        created=on,
        modified=on,
        # ISO 19005-3: what the page was made from.
        relationship="Source",
    )


# WeasyPrint writes one claim, PDF/A or PDF/UA. PDF/A wants the other to be described before it is
# made, and both in the one RDF element.
_UA = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1\
</pdfuaid:part></rdf:Description><rdf:Description rdf:about=""
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag>
<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>
<rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description></rdf:li>
</rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""


def _accessible_too(_document: Any, file: Any) -> None:
    """Add the claim of PDF/UA-1 to the metadata of a finished PDF/A, and compress it."""
    number = int(file.catalog["Metadata"].split()[0])
    metadata = file.objects[number]
    # The list of attached files names each of them twice.
    file.catalog["AF"][:] = dict.fromkeys(file.catalog["AF"])
    metadata.stream = [each.replace(b"</rdf:RDF>", _UA + b"</rdf:RDF>") for each in metadata.stream]
    _compress(file)


# How a part of the class "again" begins: it is moved by nothing.
_STILL = b"1 0 0 1 0 0 cm"


def _drawn_again(again: Sequence[Sequence[tuple[float, float]]], _document: Any, file: Any) -> None:
    """Draw each part of the class "again" elsewhere too, as decoration; and compress the file.

    Nothing is laid out for it.
    """
    if again:
        _draw_again(again, file)
    _compress(file)


def _draw_again(again: Sequence[Sequence[tuple[float, float]]], file: Any) -> None:
    # Pictures have streams too, though nothing in them is told.
    [drawn] = [each.stream for each in file.objects if b"BDC" in getattr(each, "stream", ())]
    starts = [index for index, each in enumerate(drawn) if each == _STILL]
    for start, places in reversed(list(zip(starts, again, strict=True))):
        end = _closed(drawn, start)
        part = list(_untold(drawn[start + 1 : end]))
        copies = []
        for right, below in places:
            moved = f"1 0 0 1 {right / _POINT_PX:.4f} {below / _POINT_PX:.4f} cm"
            copies += [b"q", moved.encode(), *part, b"Q"]
        drawn[end + 1 : end + 1] = copies


def _compress(file: Any) -> None:
    """As zlib does by itself; WeasyPrint asks it for a fiftieth fewer bytes in four times the time.

    What is compressed already, and the metadata, which must not be, are left as they are.
    """
    for each in file.objects:
        if getattr(each, "compress", False):
            written = b"\n".join(map(_bytes, each.stream))
            each.stream, each.compress = [zlib.compress(written)], False
            each.extra["Filter"] = "/FlateDecode"


def _bytes(item: Any) -> bytes:
    """An item of a stream as it is written: words, bytes, or an object of the file."""
    if isinstance(item, bytes):
        return item
    return item.encode() if isinstance(item, str) else bytes(item.data)


def _closed(drawn: Sequence[Any], start: int) -> int:
    """Where the state that was saved right before ``start`` is restored."""
    depth = 1
    for index in range(start, len(drawn)):
        depth += (drawn[index] == b"q") - (drawn[index] == b"Q")
        if not depth:
            return index
    raise ValueError("a part that does not end")


def _untold(part: Sequence[Any]) -> Iterator[Any]:
    """The same without a place in the structure: three items begin a told one."""
    for index, each in enumerate(part):
        if b"BDC" in part[index + 1 : index + 3]:
            if isinstance(each, str):
                yield b"/Artifact BMC"
        elif each != b"BDC":
            yield each
