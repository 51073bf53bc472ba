"""``make pictures``: the README's pictures, taken of the real program with the example card."""

from datetime import date
from pathlib import Path

import pypdfium2
from PIL import Image
from playwright.sync_api import sync_playwright

from caregiver_card.briefing.briefing import Briefing, brief
from caregiver_card.briefing.content import load
from caregiver_card.card import codec
from caregiver_card.pages import emergency
from caregiver_card.printing import printer
from caregiver_card.printing.layouts import lockscreen
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
