"""Numbers among letters that run from right to left, by where Chromium draws their glyphs."""

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from caregiver_card.briefing.briefing import brief
from caregiver_card.pages import emergency
from tests.cast import TODAY, WORDS, card_of
from tests.web.client import Site, config

pytestmark = pytest.mark.browser

_CASES = Path(__file__).parent.parent / "data" / "cases"
_HEBREW = json.loads((_CASES / "08-hebrew-medicine.json").read_text("utf-8"))
_ARABIC: dict[str, Any] = {
    **_HEBREW,
    "region": "JO",
    "patient": {
        "full_name": "ليلى حداد",
        "date_of_birth": "1980-01-01",
        "baseline": "يمشي بعصا، الوزن 70 kg، الضغط 120/80 عادة",
        "communication": "اتصل بالأم 06 565 0000 أو 079 123 4567 دائما",
    },
    "team": {
        "hospital": "مستشفى الملكة رانيا",
        "phone_24h": "06 565 1234",
        "note": "بعد الساعة 17:00 اتصل 06 565 0000 واطلب الطبيب، ثم (079) 123 4567 مساء",
    },
    "medicines": {
        "status": "listed",
        "items": [
            {"name": "وارفارين", "dose": "5 mg", "frequency": "2-0-1"},
            {"name": "جابابنتين", "dose": "300mg", "frequency": "مرتين"},
            {"name": "ليفيتيراسيتام", "dose": "7.5 mg/kg", "frequency": "كل 12 h"},
        ],
    },
    "regimen": {
        **_HEBREW["regimen"],
        "other_pump_drugs": {
            "status": "listed",
            "items": [
                {"name": "مورفين", "concentration": "10 mg/mL"},
                {"name": "بوبيفاكايين", "concentration": "7.5 mg/mL"},
            ],
        },
        "rescue_plan": {"text": "أعط 10 mg ثم اتصل 06 565 1234", "written_by": "طبيب"},
        "oral_baclofen": {"status": "listed", "dose_mg": 10, "times_per_day": 3},
    },
    "contacts": [{"name": "رنا", "relation": "الأم 24/7", "phone": "079 123 4567"}],
}
_FILES = {"hebrew": _HEBREW, "arabic": _ARABIC}

# Every number with its unit, and every group of figures, of each text that is drawn.
_DRAWN = r"""() => {
  const boxes = (node, start, end) => {
    const range = document.createRange();
    range.setStart(node, start); range.setEnd(node, end);
    return [...range.getClientRects()].map((r) => [r.left, r.top, r.right, r.bottom]);
  };
  for (const each of document.querySelectorAll("details")) each.open = true;
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    const words = node.data, size = parseFloat(getComputedStyle(node.parentElement).fontSize);
    const runs = /\d[\d.,]*\s?(?:mcg|mg|mL|kg|h)(?:\/\w+)?|\(?\d+\)?(?:[ \u00a0\/:-]\d+)+/g;
    for (const run of words.matchAll(runs)) {
      const parts = [...run[0].matchAll(/\d+|[a-zA-Z\/]+/g)].map((part) => boxes(
        node, run.index + part.index, run.index + part.index + part[0].length));
      if (parts.every((part) => part.length)) found.push([run[0], size, parts, words]);
    }
  }
  return found;
}"""


@pytest.fixture(params=[320, 1280])
def screen(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A narrow phone and a desk."""
    context = chromium.new_context(viewport={"width": request.param, "height": 900})
    yield context.new_page()
    context.close()


def _whole(page: Page, html: str) -> list[str]:
    """The numbers of a page; each is drawn from left to right, on one line, its unit beside it."""
    page.set_content(html)
    found = page.evaluate(_DRAWN)
    for words, size, parts, around in found:
        line = f"{words!r} in {around!r}"
        if words[0].isdigit() and words[-1].isalpha():
            assert all(len(part) == 1 for part in parts), f"broken: {line}"
        firsts = [part[0] for part in parts]
        for before, after in itertools.pairwise(firsts):
            if before[1] == after[1]:
                gap = after[0] - before[2]
                assert -1 <= gap <= 0.7 * size, f"{gap:.0f} px apart: {line}"
            else:
                # A line may end behind a hyphen, as it may in any word.
                assert "-" in words, f"on two lines: {line}"
    return [words.replace("\u00a0", " ") for words, *_ in found]


@pytest.mark.parametrize("name", _FILES)
def test_on_the_page_of_one_file(screen: Page, name: str) -> None:
    """Doses beside their names, and the numbers in what the family wrote."""
    found = _whole(screen, emergency.page(brief(card_of(_FILES[name]), WORDS), TODAY))
    wanted = {
        "hebrew": ("50 mcg/mL", "5 mg", "1-0-1"),
        "arabic": ("5 mg", "300mg", "2-0-1", "7.5 mg/kg", "10 mg/mL", "06 565 0000", "120/80"),
    }
    assert set(wanted[name]) <= set(found)


@pytest.mark.parametrize("name", _FILES)
def test_on_every_page_of_a_card(screen: Page, tmp_path: Path, name: str) -> None:
    """The emergency page and those beside it, the owner's pages, the lists of changes."""
    with_site = Site(config(tmp_path))
    kept = with_site.add(_FILES[name])
    changed = card_of(
        {
            **_FILES[name],
            "medicines": {
                "status": "listed",
                "items": [{**_FILES[name]["medicines"]["items"][0], "dose": "7.5 mg"}],
            },
        }
    )
    with_site.keeper.save(kept.owner, changed, 1, "", with_site.clock.now)
    reader, owner = kept.reader_links[0].token, kept.owner
    doses = 0
    for path in (
        *(f"/c/{reader}{page}" for page in ("", "/see", "/beeping", "/medical-id")),
        *(f"/o/{owner}{page}" for page in ("", "/history", "/history/1", "/saved?from=1")),
    ):
        answer = with_site.client.get(path)
        assert answer.status_code == 200, path
        doses += len(_whole(screen, answer.text))
    assert doses > 30
    with_site.close()
