"""HTML -> a tagged PDF.

The only module that knows WeasyPrint. Nothing is fetched from anywhere: pictures are data
addresses, so that a template can neither leak nor hang.
"""

import gc
from functools import cache

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from caregiver_card.paper import style


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


def write(html: str, *styles: str) -> bytes:
    """A PDF/UA-1 file of ``html`` with these style sheets."""
    # A card makes and drops some 100,000 objects; collecting while it does costs 4 %.
    collecting = gc.isenabled()
    gc.disable()
    try:
        document = _Print(string=html, url_fetcher=_nothing()).render(
            stylesheets=[_style(each) for each in styles], font_config=_fonts()
        )
        return document.write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True)  # type: ignore[no-any-return]
    finally:
        if collecting:
            gc.enable()
