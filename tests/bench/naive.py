"""The wallet card as one writes it first: CSS grid, a style in the page, the QR as an SVG.

It shows the words that the project's own card shows, whatever they are at the moment.
"""

from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import jinja2
import qrcode
import qrcode.constants
from markupsafe import Markup
from weasyprint import HTML

from caregiver_card import qr, wallet
from caregiver_card.briefing import Briefing

_FOLDER = Path(__file__).parent


def pdf(details: dict[str, Any], address: str, **options: Any) -> bytes:
    """The card, untagged unless ``options`` ask for it."""
    page = _template().render(**details, css=_style(), code=Markup(_svg(address)))
    return HTML(string=page).write_pdf(**options)  # type: ignore[no-any-return]


def details(briefing: Briefing, symbol: qr.Symbol) -> dict[str, Any]:
    """What the project's template is given: worked out once, so its cost is not in ``pdf``."""
    given: dict[str, Any] = {}

    class Listening:
        def render(self, **names: Any) -> str:
            given.update(names)
            return ""

    with mock.patch.object(wallet, "template", lambda _name: Listening()):
        wallet.html(briefing, symbol)
    return given


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER), autoescape=True, undefined=jinja2.StrictUndefined
    )
    return environment.get_template("naive.html")


@cache
def _style() -> Markup:
    return Markup((_FOLDER / "naive.css").read_text("utf-8"))


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
