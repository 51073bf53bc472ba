"""The wallet card as one writes it first: CSS grid, a style in the page, the QR as an SVG.

Its words and its structure are those of the project's own card, whatever they are at the moment;
what it lays them out with is its own.
"""

import re
from pathlib import Path
from typing import Any

import qrcode
import qrcode.constants
from weasyprint import HTML

_STYLE = Path(__file__).with_suffix(".css")
_CODE = "<!-- QR -->"


def layout(page: str) -> str:
    """The project's page with the naive style, and a mark where the code stood."""
    plain = re.sub(r' style="[^"]*"', "", page)
    marked, pictures = re.subn("<img [^>]*>", f'<div class="code">{_CODE}</div>', plain)
    if pictures != 1:
        raise RuntimeError(f"{pictures} pictures on the card instead of its code alone")
    return marked.replace("</head>", f"<style>{_STYLE.read_text('utf-8')}</style></head>")


def pdf(page: str, address: str, **options: Any) -> bytes:
    """What ``layout`` gave, as a card; untagged unless ``options`` ask for it.

    The words are in their places already: a template's time is not counted against it.
    """
    return HTML(string=page.replace(_CODE, _svg(address))).write_pdf(**options)  # type: ignore[no-any-return]


def _svg(address: str) -> str:
    """One filled square a module, all in one path; the mask is the library's choice."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_Q, border=0)
    code.add_data(address)
    code.make(fit=True)
    matrix = code.modules
    squares = "".join(
        f"M{x},{y}h1v1h-1z" for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark
    )
    side = len(matrix)
    return f'<svg viewBox="0 0 {side} {side}"><path d="{squares}"/></svg>'
