"""``make pictures``: the README's pictures, taken of the real program with the example card."""

from datetime import date
from html import escape
from pathlib import Path

import pypdfium2
import qrcode
from PIL import Image
from playwright.sync_api import sync_playwright

from caregiver_card.briefing.briefing import Briefing, brief
from caregiver_card.briefing.content import load
from caregiver_card.card import codec
from caregiver_card.pages import emergency
from caregiver_card.printing import printer
from caregiver_card.printing.layouts import lockscreen
from caregiver_card.style_sheets import colour
from caregiver_card.web.server.warmup import EXAMPLE
from tests import icons
from tests.chromium import FLAGS, program

FOLDER = Path(__file__).parent.parent / "static" / "pictures"
# Five days after the example's alarm date: what an overdue refill looks like.
TODAY = date(2026, 11, 21)
ADDRESS = "HTTPS://CARD.EXAMPLE/C/0123456789ABCDEFGHJKMNPQRS"


def main() -> None:
    """Write ``page.png``, ``card.png``, ``lockscreen.png``, one of each layout, and the icons."""
    icons.main()
    FOLDER.mkdir(parents=True, exist_ok=True)
    briefing = brief(codec.decode(EXAMPLE.read_bytes()), load(), 1)
    _page(briefing, FOLDER / "page.png")
    _card(briefing, FOLDER / "card.png")
    _lock_screen(briefing, FOLDER / "lockscreen.png")
    _example(briefing, FOLDER / "example.svg")
    for layout in printer.LAYOUTS:
        if layout not in printer.CARD_SIZED:
            _sheet(layout, briefing, FOLDER / f"{layout}.png")


def _page(briefing: Briefing, target: Path) -> None:
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=program(), args=FLAGS)
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.set_content(emergency.page(briefing, TODAY))
        page.screenshot(path=target)
        browser.close()
    Image.open(target).convert("RGB").save(target, optimize=True)


def _card(briefing: Briefing, target: Path) -> None:
    pdf = printer.make_pdf("wallet", briefing, ADDRESS)
    sides = [page.render(scale=2.5).to_pil() for page in pypdfium2.PdfDocument(pdf)]
    gap, (width, height) = 12, sides[0].size
    both = Image.new("RGB", (width + 2 * gap, 2 * height + 3 * gap), "#ced5dd")
    for index, side in enumerate(sides):
        both.paste(side, (gap, gap + index * (height + gap)))
    both.save(target, optimize=True)


def _example(briefing: Briefing, target: Path) -> None:
    """The start page's picture of a card: letters of the reader's own, and a code that is read."""
    code = qrcode.QRCode(border=0)
    code.add_data(ADDRESS)
    rows = code.get_matrix()
    squares = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    scale = 88 / len(rows)

    def text(x: float, y: float, size: float, words: str, css: str = "") -> str:
        return f'<text x="{x}" y="{y}" font-size="{size}"{css}>{escape(words)}</text>'

    bold, white = ' font-weight="700"', f' fill="{colour("white")}"'
    quiet, danger = f' fill="{colour("quiet")}"', colour("danger")
    dose, strength = briefing.dose, briefing.concentration
    drawn = [
        f'<rect width="342" height="216" rx="12" fill="{colour("white")}"/>',
        f'<path d="M0 52V12A12 12 0 0 1 12 0h318a12 12 0 0 1 12 12v40z" fill="{danger}"/>',
        text(14, 24, 16, briefing.what, bold + white),
        text(14, 42, 10.5, briefing.stop, white),
        text(14, 72, 11, briefing.team.name, quiet),
        text(14, 94, 20, briefing.team.shown, bold),
        f'<rect x="14" y="104" width="212" height="42" rx="6" fill="{colour("sunk")}"/>',
        *(
            text(x, 118, 10, measure.label, quiet)
            + text(x, 138, 16, f"{measure.number} {measure.unit}", bold)
            for x, measure in ((22, dose), (116, strength))
        ),
        text(14, 168, 14, briefing.person.name, bold),
        text(14, 186, 11, briefing.pump_name),
        text(14, 204, 11, f"{briefing.alarm_date.label} {briefing.alarm_date.value}", bold),
        f'<path transform="translate(240 72) scale({scale:.3f})" d="{squares}"/>',
    ]
    target.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 342 216" role="img"'
        f' font-family="system-ui,sans-serif" fill="{colour("ink")}">{"".join(drawn)}</svg>\n'
    )


def _lock_screen(briefing: Briefing, target: Path) -> None:
    target.write_bytes(lockscreen.picture(briefing, ADDRESS, "720x1600"))


def _sheet(layout: str, briefing: Briefing, target: Path) -> None:
    pdf = printer.make_pdf(layout, briefing, ADDRESS)
    [page] = [page.render(scale=1).to_pil() for page in pypdfium2.PdfDocument(pdf)]
    framed = Image.new("RGB", (page.width + 2, page.height + 2), "#ced5dd")
    framed.paste(page, (1, 1))
    # Few colours are in a print, and a page of the README loads them all; the rare ones tell most.
    framed.quantize(128, Image.Quantize.MAXCOVERAGE).save(target, optimize=True)


if __name__ == "__main__":
    main()
