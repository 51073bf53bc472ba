"""HTML -> a tagged PDF.

With ``finishing`` the only module that knows WeasyPrint. Nothing is fetched from anywhere: pictures
are data addresses, so that a template can neither leak nor hang.
"""

import gc
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache, lru_cache, partial
from xml.etree import ElementTree

import weasyprint
from cssselect2 import ElementWrapper
from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from caregiver_card.briefing import isolates
from caregiver_card.printing.pdf import weasyprint_hooks
from caregiver_card.printing.text import bidi, fonts, glyphs
from caregiver_card.printing.text.page_geometry import POINT_PX
from caregiver_card.style_sheets import print_style


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@cache
def _style(name: str) -> CSS:
    # Parsed once: a tenth of the time of a card.
    return CSS(string=print_style(name), font_config=_fonts(), url_fetcher=_nothing())


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
        # The engine knows no isolates: ``direction`` does what they do.
        html = html.translate(isolates.ISOLATES)
        root = ElementTree.fromstring(html)  # our own, without entities
        bidi.isolate_rtl(html, root)
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
    cut: bool = False,
) -> bytes:
    """A PDF/UA-1 file of ``html`` with these style sheets; with an attachment PDF/A-3a as well.

    ``region`` is the country whose manner of Chinese letters is meant. ``again`` says for each
    element of the class "again", in their order, where else on its page it is drawn: how far to
    the right and below, in points. A reader aloud tells it once. What is to be ``cut`` asks to be
    printed in its own size.
    """
    # A card makes and drops some 100,000 objects; collecting while it does costs 4 %.
    collecting = gc.isenabled()
    gc.disable()
    try:
        document = _laid_out(html, styles, region)
        if attachment is None:
            finisher = partial(weasyprint_hooks.accessible, again, cut)
            return document.write_pdf(  # type: ignore[no-any-return]
                pdf_variant="pdf/ua-1", pdf_tags=True, finisher=finisher
            )
        return document.write_pdf(  # type: ignore[no-any-return]
            pdf_variant="pdf/a-3a",
            attachments=[_attached(attachment)],
            finisher=weasyprint_hooks.archival,
        )
    finally:
        if collecting:
            gc.enable()


def height(html: str, style: str) -> float:
    """How high ``html``, the inside of a paragraph, is when it is printed in it; in points."""
    page = f"<html><body><p style='{style}'>{html}</p><p id='end'></p></body></html>"
    [only] = _laid_out(page, ("measuring.css",)).pages
    return float(only.anchors["end"][1]) * POINT_PX


def _laid_out(html: str, styles: tuple[str, ...], region: str = "") -> Document:
    names = fonts.families(html, region)
    sheets = [_style(each) for each in styles]
    if len(names) > 1:
        sheets.append(_families(names))
    document = _Print(html).render(stylesheets=sheets, font_config=_fonts())
    if glyphs.combined(html):
        weasyprint_hooks.spell(document)
    return document


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
