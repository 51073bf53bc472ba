"""Render HTML as a tagged PDF.

Only this module and ``weasyprint_hooks`` know WeasyPrint. Nothing is fetched: pictures are data
URLs, so a template can neither leak data nor hang. Who uses this module imports it where it prints:
WeasyPrint takes a quarter of the start of a program, and most commands print nothing.
"""

import gc
import io
from collections.abc import Sequence
from datetime import datetime, time
from functools import cache, lru_cache, partial
from xml.etree import ElementTree

import weasyprint
from cssselect2 import ElementWrapper
from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from caregiver_card.briefing import isolates
from caregiver_card.printing.pdf import weasyprint_hooks
from caregiver_card.printing.pdf.attachment import Attachment
from caregiver_card.printing.text import bidi, fonts, glyphs
from caregiver_card.printing.text.page_geometry import POINT_PX
from caregiver_card.style_sheets import print_style


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@cache
def _style(name: str) -> CSS:
    return CSS(string=print_style(name), font_config=_fonts(), url_fetcher=_data_only())


@cache
def _data_only() -> URLFetcher:
    return URLFetcher(allowed_protocols=["data"])


@lru_cache(maxsize=32)
def _families(names: tuple[str, ...]) -> CSS:
    """A style sheet that names the fonts, for text that needs others than Noto Sans."""
    quoted = ", ".join(f'"{name}"' for name in names)
    return CSS(string=f"html {{ font-family: {quoted} }}", font_config=_fonts())


class _Print(HTML):  # type: ignore[misc]  # WeasyPrint has no types
    """A document of the few elements that our templates use.

    For speed it uses a small style sheet instead of WeasyPrint's, and the XML parser of the
    standard library, since the templates close every element.
    """

    def __init__(self, html: str) -> None:
        root = ElementTree.fromstring(html)  # our own, without entities
        if root.get("dir") == "rtl":
            bidi.isolate_ltr(root)
        else:
            # ``bidi`` does the work of isolates, so that each run is tagged in its direction.
            root = ElementTree.fromstring(html.translate(isolates.ISOLATES))
            bidi.isolate_rtl(html, root)
        self.base_url, self.url_fetcher, self.media_type = None, _data_only(), "print"
        self.wrapper_element = ElementWrapper.from_html_root(root)
        self.etree_element = root

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
        return [_style("elements.css")]


def write(
    html: str,
    *styles: str,
    region: str = "",
    attachment: Attachment | None = None,
    repeats: Sequence[Sequence[tuple[float, float]]] = (),
    cut: bool = False,
) -> bytes:
    """A PDF/UA-1 file of ``html`` with these style sheets; with an attachment PDF/A-3a as well.

    ``region`` is a country, which decides the form of Chinese letters. ``repeats`` has, for each
    element of the class "again" in order, the offsets at which it is drawn once more, to the right
    and down, in points; a screen reader reads it once. With ``cut``, the file asks viewers to print
    it in its own size.
    """
    # A card creates and drops very many objects: do not collect garbage meanwhile.
    collecting = gc.isenabled()
    gc.disable()
    try:
        document = _laid_out(html, styles, region)
        if attachment is None:
            finisher = partial(weasyprint_hooks.accessible, repeats, cut)
            return document.write_pdf(  # type: ignore[no-any-return]
                pdf_variant="pdf/ua-1", pdf_tags=True, finisher=finisher
            )
        return document.write_pdf(  # type: ignore[no-any-return]
            pdf_variant="pdf/a-3a",
            attachments=[_embedded_file(attachment)],
            finisher=weasyprint_hooks.archival,
        )
    finally:
        if collecting:
            gc.enable()


def height(html: str, style: str) -> float:
    """The height of a paragraph with the content ``html``, in points."""
    page = f"<html><body><p style='{style}'>{html}</p><p id='end'></p></body></html>"
    [only] = _laid_out(page, ("measuring.css",)).pages
    return float(only.anchors["end"][1]) * POINT_PX


def _laid_out(html: str, styles: tuple[str, ...], region: str = "") -> Document:
    names = fonts.families(html, region)
    sheets = [_style(name) for name in styles]
    if len(names) > 1:
        sheets.append(_families(names))
    document = _Print(html).render(stylesheets=sheets, font_config=_fonts())
    if glyphs.has_combining_marks(html):
        weasyprint_hooks.add_actual_text(document)
    return document


def _embedded_file(attachment: Attachment) -> weasyprint.Attachment:
    # No clock: the same print twice is the same file.
    on = datetime.combine(attachment.on, time())
    return weasyprint.Attachment(
        file_obj=io.BytesIO(attachment.body),
        name=attachment.name,
        description=attachment.about,
        created=on,
        modified=on,
        # ISO 19005-3: the source of the page.
        relationship="Source",
    )
