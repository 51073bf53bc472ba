"""``make pictures``: the README's pictures, taken of the real program with the example card."""

import json
import tempfile
from datetime import UTC, date, datetime, time, timedelta
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

import pypdfium2
import qrcode
from PIL import Image
from playwright.sync_api import FloatRect, Route, sync_playwright

from caregiver_card.briefing.briefing import Briefing, brief
from caregiver_card.briefing.content import load
from caregiver_card.card import codec
from caregiver_card.pages import emergency
from caregiver_card.printing import printer
from caregiver_card.printing.layouts import lockscreen
from caregiver_card.style_sheets import colour
from caregiver_card.web.config import Config
from caregiver_card.web.server.warmup import EXAMPLE
from tests import icons
from tests.chromium import FLAGS, program
from tests.web.client import PUBLIC_URL, SECRET, Site

FOLDER = Path(__file__).parent.parent / "static" / "pictures"
# Five days after the example's alarm date: what an overdue refill looks like.
TODAY = date(2026, 11, 21)
# The example card's refills before: the day, and the dose from then on in mcg a day.
_YEAR = (
    (date(2025, 11, 26), "320"),
    (date(2026, 2, 20), "320"),
    (date(2026, 5, 22), "350"),
    (date(2026, 8, 19), "380"),
)
ADDRESS = "HTTPS://CARD.EXAMPLE/C/0123456789ABCDEFGHJKMNPQRS"


def main() -> None:
    """Write ``page.png``, ``card.png``, ``lockscreen.png``, one of each layout, and the icons."""
    icons.main()
    FOLDER.mkdir(parents=True, exist_ok=True)
    briefing = brief(codec.decode(EXAMPLE.read_bytes()), load(), 1)
    _page(briefing, FOLDER / "page.png")
    _card(briefing, FOLDER / "card.png")
    _owner(FOLDER / "owner.png")
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


def _owner(target: Path) -> None:
    """The owner's page of the example card after a year of refills, as a browser loads it."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as player:
        url = f"sqlite:///{folder}/cards.sqlite"
        settings = {"CARD_DATABASE_URL": url, "CARD_SECRET_KEY": SECRET}
        site = Site(Config.from_environment({**settings, "CARD_PUBLIC_URL": PUBLIC_URL}))
        owner, raw = "", json.loads(EXAMPLE.read_bytes())
        for number, (day, dose) in enumerate(_YEAR):
            site.clock.now = datetime.combine(day, time(12), UTC)
            raw["regimen"] = {**raw["regimen"], "daily_dose_mcg": dose, "last_change": None}
            raw["refill"] = {**raw["refill"], "last_refill_on": f"{day}"}
            raw["refill"] |= {
                "alarm_date": f"{day + timedelta(days=89)}",
                "next_appointment_on": f"{day + timedelta(days=79)}",
            }
            raw["verified"]["on"] = f"{day}"
            card = codec.decode(json.dumps(raw).encode())
            if number:
                site.keeper.save(owner, card, number, "", site.clock.now)
            else:
                owner = site.keeper.add(card, site.clock.now, ("Wallet", "School")).owner
        site.clock.now += timedelta(days=40)
        browser = player.chromium.launch(executable_path=program(), args=FLAGS)
        page = browser.new_page(viewport={"width": 390, "height": 844})
        client = site.app.test_client()

        def answer(route: Route) -> None:
            found = client.get(urlsplit(route.request.url).path)
            route.fulfill(status=found.status_code, headers=dict(found.headers), body=found.data)

        page.route("**/*", answer)
        page.goto(f"{PUBLIC_URL}/o/{owner}")
        first: FloatRect = {"x": 0, "y": 0, "width": 390, "height": 1740}
        page.screenshot(path=target, clip=first, full_page=True)
        browser.close()
        site.keeper.store.dispose()
    taken = Image.open(target).convert("RGB")
    taken.quantize(128, Image.Quantize.MAXCOVERAGE).save(target, optimize=True)


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
        text(14, 24, 16, briefing.what.text, bold + white),
        text(14, 42, 10.5, briefing.stop.text, white),
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
