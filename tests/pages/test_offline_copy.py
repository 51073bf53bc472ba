"""The copy of a card on a phone: on every day it reads as the server's page does."""

import dataclasses
import json
import os
import shutil
import subprocess
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from caregiver_card.briefing.briefing import brief
from caregiver_card.card import alert_schedule
from caregiver_card.card.model import Card
from caregiver_card.card.patient_clock import local_day
from caregiver_card.pages import (
    day_texts,
    emergency,
    offline_copy,
    pump_alarm,
    sign_checker,
    utc_offsets,
)
from caregiver_card.pages.precompressed import PrecompressedPage
from caregiver_card.web import pwa
from tests.cast import CAST, WORDS, absent, alex, card_of, sam
from tests.web.client import NOON, Site
from tests.web.reading import Page, audit, words

_ROOT = Path(__file__).parent.parent.parent
_SCRIPTS = _ROOT / "static" / "js"
_ADDRESS = "/c/0123456789ABCDEFGHJKMNPQRS"
_HOLES = ("urgent", "age", "others", "about")
_CARDS = {
    **{name: card_of(make()) for name, make in CAST.items()},
    "far east": card_of(sam(time_zone="Pacific/Kiritimati")),
    "no alarm date": card_of(alex({"refill.alarm_date": absent})),
    "a child": card_of(sam({"patient.date_of_birth": "2026-07-31"})),
}


@cache
def _pressed(name: str) -> PrecompressedPage:
    return PrecompressedPage(emergency.precompressed_page(brief(_CARDS[name], WORDS, 1), "mark"))


def _copy(name: str) -> dict[str, Any]:
    card = _CARDS[name]
    raw = offline_copy.build_copy(
        _pressed(name), card.patient.full_name, _ADDRESS, WORDS, _beside(card), {}
    )
    return json.loads(raw)  # type: ignore[no-any-return]


def _beside(card: Card) -> dict[str, offline_copy.CompanionPage]:
    briefing = brief(card, WORDS, 1)
    subject = sign_checker.Subject(briefing, _ADDRESS, f"https://card.example{_ADDRESS}", None)
    pages = {
        "beeping": pump_alarm.offline_page(subject),
        "see": sign_checker.offline_page(subject),
    }
    return {name: offline_copy.CompanionPage(page, "a policy") for name, page in pages.items()}


def _days(card: Card) -> list[date]:
    """Each day on which something begins, ends or is due, its neighbours, and many more."""
    alerts = alert_schedule.all_alerts(card)
    turning = {day for each in alerts for day in (each.first_on, each.last_on, each.due_on) if day}
    near = {each + timedelta(days=step) for each in turning for step in (-1, 0, 1)}
    start = date(2026, 8, 1)
    return sorted(near | {start + timedelta(days=7 * week) for week in range(120)})


def _filled(card: Card, head: dict[str, Any], today: date) -> list[tuple[str, str]]:
    """What the program puts into the holes; a copy's last words are its own."""
    words = day_texts.words(head, today, "")
    newer, own = WORDS.say("page.newer_file"), WORDS.say("phone.newer")
    links = ((f"{_ADDRESS}/beeping", "page.beeping"), ("/guide", "page.guide"), ("/", "phone.list"))
    beside = " ".join(f'<a href="{path}">{WORDS.say(place)}</a>' for path, place in links)
    filled = {hole: words(hole) for hole in _HOLES}
    assert newer in filled["about"]
    filled["about"] = filled["about"].replace(newer, own)
    filled["about"] += f'<p class="links">{beside}</p>'
    subject = sign_checker.Subject(brief(card, WORDS, 1), _ADDRESS, "", today)
    return [*filled.items(), ("due", sign_checker.urgent_alerts(subject))]


def _noon(today: date, zone: str) -> int:
    there = datetime(today.year, today.month, today.day, 12, tzinfo=ZoneInfo(zone or "UTC"))
    return int(there.timestamp() * 1000)


def _table() -> dict[str, Any]:
    """Cards with many days, and moments at which two zones have different days."""
    cards = []
    for name, card in _CARDS.items():
        head = _pressed(name).head
        days = [
            {"now": _noon(today, head["time_zone"]), "filled": _filled(card, head, today)}
            for today in _days(card)
        ]
        cards.append({"name": name, "card": _copy(name), "days": days})
    moments = [
        datetime(2026, month, 28, hour, 59, tzinfo=UTC)
        for month in (2, 3, 11)
        for hour in (0, 9, 11, 23)
    ]
    zones = (
        "",
        "UTC",
        "America/New_York",
        "Asia/Ho_Chi_Minh",
        "Pacific/Kiritimati",
        "Europe/Berlin",
    )
    return {
        "cards": cards,
        "zones": [
            {
                "moment": int(moment.timestamp() * 1000),
                "zone": zone,
                "clock": utc_offsets.table(zone, 2026),
                "day": local_day(zone, moment).toordinal(),
            }
            for moment in moments
            for zone in zones
        ],
    }


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts in a folder that says to Node what browsers are told otherwise: modules."""
    folder = tmp_path_factory.mktemp("scripts")
    shutil.copytree(_SCRIPTS, folder, dirs_exist_ok=True)
    shutil.copytree(_ROOT / "tests" / "js", folder, dirs_exist_ok=True)
    (folder / "package.json").write_text('{"type": "module"}')
    return folder


def _node(*arguments: str, **settings: str) -> str:
    node = shutil.which("node")
    if not node:
        pytest.fail("Node is not installed; install the package nodejs", pytrace=False)
    done = subprocess.run(
        [node, *arguments], env={**os.environ, **settings}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_a_kept_copy_reads_as_the_servers_page_on_every_day(scripts: Path) -> None:
    """To the byte, for the whole cast, on each day on which something changes."""
    table = scripts / "table.json"
    table.write_text(json.dumps(_table()), "utf-8")
    # In a zone far from the patients', so that a day taken from the wrong clock shows.
    _node(
        "--test",
        str(scripts / "days.test.js"),
        SCRIPTS=str(scripts),
        TABLE=str(table),
        TZ="Asia/Tokyo",
    )


@pytest.mark.parametrize("script", ["sw.js", "sw-off.js"])
def test_what_is_no_module_is_a_script(tmp_path: Path, site: Site, script: str) -> None:
    """The worker, as it is served, with and without the kill switch."""
    site.config = dataclasses.replace(site.config, offline=script == "sw.js")
    site.app.extensions["services"] = dataclasses.replace(
        site.app.extensions["services"], config=site.config
    )
    served = tmp_path / script
    served.write_bytes(site.app.test_client().get("/sw.js").data)
    _node("--check", str(served))


_CHECKING = """
import { readdirSync, readFileSync } from "node:fs";
import { SourceTextModule } from "node:vm";
const names = readdirSync(process.env.SCRIPTS).filter((each) => each.endsWith(".js"));
for (const name of names) {
  new SourceTextModule(readFileSync(`${process.env.SCRIPTS}/${name}`, "utf-8"), {
    identifier: name,
  });
}
process.stdout.write(names.join(" "));
"""


def test_every_script_is_one(tmp_path: Path) -> None:
    """Node reads each of them as a module, all in one process; a fault names its file."""
    (tmp_path / "checking.mjs").write_text(_CHECKING)
    read = _node(
        *("--experimental-vm-modules", "--no-warnings", str(tmp_path / "checking.mjs")),
        SCRIPTS=str(_SCRIPTS),
    )
    assert sorted(read.split()) == sorted(each.name for each in _SCRIPTS.glob("*.js"))
    assert len(read.split()) > 5


_READING = """
import { readFileSync } from "node:fs";
import { page } from "./days.js";
const { card, stamps, now, beside } = JSON.parse(readFileSync(process.env.TABLE, "utf-8"));
process.stdout.write(page(card, stamps, now, card.beside[beside]?.parts));
"""


def _read(scripts: Path, name: str, gone: int = 0, beside: str = "") -> Page:
    """The copy of a card, or of a page beside it, two days after it was last compared."""
    now = int(NOON.timestamp() * 1000)
    stamps = {"compared": now - 48 * 3_600_000, "gone": gone and now}
    given = {"stamps": stamps, "now": now, "beside": beside}
    table, script = scripts / f"{name}.json", scripts / "reading.js"
    table.write_text(json.dumps({**given, "card": _copy(name)}), "utf-8")
    script.write_text(_READING)
    return Page(_node(str(script), TABLE=str(table)))


@pytest.mark.parametrize("name", sorted(CAST))
def test_a_copy_is_a_page_like_any_other(scripts: Path, name: str) -> None:
    """Its age stands directly under the danger, and nothing on it needs the network."""
    page = _read(scripts, name, gone=1)
    audit(page)
    band, main = list(page.body)[:2]
    assert band.get("class") == "danger" and main.tag == "main"
    first = words(next(iter(main)))
    assert first.startswith("Since 21 Nov 2026") and "Kept copy, 2 days old" in first
    assert page.all("img", "script", "form") == []
    leading = {href for href, _ in page.links() if not href.startswith(("#", "tel:"))}
    assert leading == {"/", f"{_ADDRESS}/beeping", f"{_ADDRESS}/see", "/guide"}
    assert {"/", "/guide"} <= set(pwa.PAGES)


def test_a_copy_says_what_the_servers_page_says(scripts: Path) -> None:
    """But for its age, its links and its last words, word for word."""
    name = "complex"
    server = Page(emergency.page(brief(_CARDS[name], WORDS, 1), NOON.date()))
    copy = _read(scripts, name)
    assert (
        copy.text.split(WORDS.say("page.about"))[0].replace(
            words(copy.one("p", class_="keep")) + " ", "", 1
        )
        == server.text.split(WORDS.say("page.about"))[0]
    )


@pytest.mark.parametrize("name", sorted(CAST))
def test_a_page_beside_a_copy_is_the_servers_page(scripts: Path, name: str) -> None:
    """But for the line under the danger, to the byte, with what is due on the day."""
    briefing = brief(_CARDS[name], WORDS, 1)
    today = local_day(_CARDS[name].time_zone or "", NOON)
    subject = sign_checker.Subject(briefing, _ADDRESS, f"https://card.example{_ADDRESS}", today)
    for beside, server in (
        ("beeping", pump_alarm.page_of(subject)),
        ("see", sign_checker.page_of(WORDS, subject, None)),
    ):
        copy = _read(scripts, name, beside=beside)
        line = copy.one("p", class_="keep")
        assert list(copy.one("main")).index(line) == 0 and "2 days old" in words(line)
        source = copy.source.replace(f'<p class="keep">{words(line)}</p>', "", 1)
        assert source == server.plain().decode()
