"""HTML -> a tagged PDF.

The only module that knows WeasyPrint. Nothing is fetched from anywhere: pictures are data
addresses, so that a template can neither leak nor hang.
"""

import gc
from functools import cache, lru_cache

from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from caregiver_card.paper import style
from caregiver_card.printing import direction, fonts

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
    """A document of our own few elements; with WeasyPrint's own sheet it only takes longer."""

    def __init__(self, html: str) -> None:
        super().__init__(string=html, url_fetcher=_nothing())
        direction.mark(html, self.etree_element)

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
        return [_style("elements.css")]


def write(html: str, *styles: str, region: str = "") -> bytes:
    """A PDF/UA-1 file of ``html`` with these style sheets.

    ``region`` is the country whose manner of Chinese letters is meant.
    """
    # A card makes and drops some 100,000 objects; collecting while it does costs 4 %.
    collecting = gc.isenabled()
    gc.disable()
    try:
        document = _laid_out(html, styles, region)
        return document.write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True)  # type: ignore[no-any-return]
    finally:
        if collecting:
            gc.enable()


def height(html: str, style: str) -> float:
    """How high ``html``, the inside of a paragraph, is when it is printed in it; in points."""
    page = f"<body><p style='{style}'>{html}</p><p id=end></p></body>"
    [only] = _laid_out(page, ("measuring.css",)).pages
    return float(only.anchors["end"][1]) * _POINT_PX


def _laid_out(html: str, styles: tuple[str, ...], region: str = "") -> Document:
    names = fonts.families(html, region)
    sheets = [_style(each) for each in styles]
    if len(names) > 1:
        sheets.append(_families(names))
    return _Print(html).render(stylesheets=sheets, font_config=_fonts())
