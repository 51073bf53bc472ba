"""What do you see? The lists that hold what was ticked, what they call for, and the message."""

import json
import os
import random
import re
import shutil
import subprocess
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest

from caregiver_card.briefing.briefing import brief
from caregiver_card.pages import sign_checker, sign_rules
from tests.cast import CAST, WORDS, alex, card_of, sam
from tests.web.client import Site
from tests.web.reading import Page, words

_ROOT = Path(__file__).parent.parent.parent
_TABLE = sign_rules.table(WORDS)
_TICKS = WORDS.groups["ticks"]
# What nobody at a bedside can see now: it is about somebody else, or short of an overdose.
_NOT_ASKED = {"withdrawal.newborn", "overdose.dose_too_high"}
# Design rule 4: seizures, confusion, weakness and blood pressure.
_ALIKE = {"seizure", "confused", "weak", "low_pressure", "other_pressure"}


def _answer(*ticked: str) -> sign_rules.SignAnswer:
    return sign_rules.answer(ticked, _TABLE)


# The table -------------------------------------------------------------------------------------


@pytest.mark.parametrize("group", ["withdrawal", "overdose", "allergy"])
def test_every_documented_sign_can_be_ticked(group: str) -> None:
    """Each lead and each further sign of a list has a check, but what cannot be seen now."""
    listed = {place for tick in _TABLE["ticks"].values() for place in tick["listed"]}
    signs = {
        f"{group}.{each.key}" for rank in ("lead", "more") for each in WORDS.ranked(group, rank)
    }
    assert signs - listed == {place for place in _NOT_ASKED if place.startswith(group)}


@pytest.mark.parametrize("key", _TICKS)
def test_a_tick_cites_what_it_stands_for(key: str) -> None:
    """It leads to statements that exist, and has all their sources."""
    tick = _TICKS[key]
    cited = {source for place in tick.extra["listed"] for source in WORDS.statement(place).sources}
    assert cited <= set(tick.sources)
    assert tick.extra["area"] in sign_rules.rules()["areas"]
    assert bool(tick.extra["listed"]) == (tick.extra["area"] != "happened")


def test_what_does_not_tell_apart_is_marked() -> None:
    """The four that rule 4 names, and no other."""
    assert {key for key, each in _TABLE["ticks"].items() if each["alike"]} == _ALIKE


def test_every_rule_speaks_of_what_there_is() -> None:
    """Marks are ticks or lists; what is said is a statement; each check is under some question."""
    marks = {*_TICKS, *_TABLE["lists"]}
    for rule in _TABLE["rules"]:
        named = {*rule["on"], *rule.get("with", ()), *rule.get("without", ())}
        assert named <= marks and WORDS.clinical(rule["say"])
    assert [key for _, held in sign_rules.areas(WORDS) for key in held] == list(_TICKS)


# The answer ------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [key for key, each in _TICKS.items() if each.extra["listed"]])
def test_any_sign_calls_for_help_now(key: str) -> None:
    """Withdrawal and overdose go to hospital, an allergy gets help, an infection is told today."""
    found = _answer(key)
    expected = {
        "withdrawal": "family.hospital_now",
        "overdose": "actions.overdose_call",
        "allergy": "actions.allergy_help",
        "pump_site": "pump_site.whom_to_tell",
    }
    assert found.lists
    assert {expected[name] for name in found.lists} <= set(found.say)
    assert found.lists.keys() == {place.split(".")[0] for place in _TICKS[key].extra["listed"]}


def test_an_alarm_with_a_sign_is_for_emergency_services() -> None:
    """And without one for the pump team; never both."""
    with_sign, without = "actions.any_alarm", "alarms.without_signs"
    assert without in _answer("alarm").say and with_sign not in _answer("alarm").say
    for key in ("stiff", "sleepy", "swelling"):
        assert with_sign in _answer("alarm", key).say and without not in _answer("alarm", key).say
    assert without in _answer("alarm", "site").say


def test_a_sign_that_is_an_emergency_is_for_the_emergency_number() -> None:
    """Any sign of withdrawal, overdose or allergy; not a red scar, a late refill, a mere alarm."""
    for key, tick in _TICKS.items():
        found = _answer(key)
        assert found.grave == bool({"withdrawal", "overdose", "allergy"} & found.lists.keys()), key
        if tick.extra["area"] == "happened":
            assert not found.grave
    assert _answer("alarm", "stiff").grave


def test_every_answer_has_a_word_for_the_foot_of_the_screen() -> None:
    """The first rule's; a pump team that is to be called is named in it."""
    for rule in _TABLE["rules"]:
        assert 0 < len(WORDS.say(f"seeing.bar-{rule['say']}")) <= 40


def test_what_happened_is_on_no_list() -> None:
    """A late refill, an MRI and a new dose call for something, and are no signs."""
    found = _answer("late", "scan", "change")
    assert found.lists == {}
    assert found.say[:3] == ["family.missed_refill", "family.after_a_change", "family.mri"]


def test_nothing_ticked_is_never_safe() -> None:
    """Then the page says when to get help all the same."""
    assert _answer() == sign_rules.SignAnswer({}, ["actions.any_worry"], False, False)


def test_what_is_in_two_lists_is_shown_in_both() -> None:
    """Confusion is documented of withdrawal and of overdose, and is said not to decide."""
    found = _answer("confused")
    assert list(found.lists) == ["withdrawal", "overdose"] and found.alike


# The device says the same ----------------------------------------------------------------------


def _cases() -> dict[str, Any]:
    chance, keys = random.Random(6), list(_TICKS)
    sets = [[], keys, ["nobody knows this"], *([key] for key in keys)]
    sets += [chance.sample(keys, chance.randint(2, 9)) for _ in range(400)]
    given = {key: WORDS.text[f"message.{key}"] for key in ("seen", "nothing", "place")}
    messages = []
    for seen in ([], ["Confused"], ["ngứa & nóng", "100% {time} \\ “x”", "🚑"], ["a"] * 40):
        for own, lines in (
            ("", []),
            (" $& {time}\nỞ nhà ", ["Pump: x", "http://card.example/C/0?a&b"]),
        ):
            text = sign_rules.message(given, seen, "21 Nov 2026, 12:00 UTC", own, lines)
            address = f"sms:+13125550142?&body={quote(text, safe='')}"
            messages.append(
                {"seen": seen, "time": "21 Nov 2026, 12:00 UTC", "own": own, "lines": lines}
                | {"expected": text, "address": address}
            )
    return {
        "table": _TABLE,
        "words": given,
        "answers": [{"ticked": each, "expected": asdict(_answer(*each))} for each in sets],
        "messages": messages,
    }


def test_the_device_says_the_same(tmp_path: Path) -> None:
    """The page's script and the program answer some 400 sets of ticks alike, word for word."""
    node = shutil.which("node")
    if not node:
        pytest.fail("Node is not installed; install the package nodejs", pytrace=False)
    # Node takes a script for a module only where a package says so; a browser is told by the page.
    (tmp_path / "package.json").write_text('{"type": "module"}')
    shutil.copy(_ROOT / "static" / "js" / "see.js", tmp_path)
    shutil.copy(_ROOT / "tests" / "js" / "see.test.js", tmp_path)
    (tmp_path / "cases.json").write_text(json.dumps(_cases()))
    settings = {"SCRIPTS": str(tmp_path), "CASES": str(tmp_path / "cases.json")}
    ran = subprocess.run(
        [node, "--test", "see.test.js"],
        cwd=tmp_path,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-2000:]


# The page --------------------------------------------------------------------------------------


def _sent(site: Site, path: str, *ticked: str) -> Page:
    """The page that comes back when a form is sent without script."""
    answer = site.client.open(path, method="POST", data={"tick": list(ticked)})
    page = site.client.page_of(answer)
    assert page is not None and answer.status_code == 200
    return page


def _visible(page: Page, tag: str, name: str) -> list[str]:
    held = [each for each in page.all(tag) if name in each.attrib and "hidden" not in each.attrib]
    return [each.get(name, "") for each in held]


def test_it_works(shared_site: Site) -> None:
    """Anyone can open it; each tick is there unticked, and late withdrawal is told of."""
    page = shared_site.client.page("/signs")
    boxes = page.having("input", type="checkbox")
    assert [each.get("value") for each in boxes] == list(_TICKS)
    assert not [each for each in boxes if "checked" in each.attrib]
    assert WORDS.clinical("discriminators.late_withdrawal") in page.text
    assert "hidden" in page.one("div", id="answered").attrib


@pytest.mark.parametrize("ticked", [(), ("stiff", "confused", "alarm"), ("site",), ("wheeze",)])
def test_without_script_the_form_is_answered(shared_site: Site, ticked: tuple[str, ...]) -> None:
    """The same page comes back with the same lists and actions, and the ticks still there."""
    page, found = _sent(shared_site, "/signs", *ticked), _answer(*ticked)
    assert "hidden" not in page.one("div", id="answered").attrib
    assert _visible(page, "li", "data-say") == found.say
    assert _visible(page, "div", "data-list") == list(found.lists)
    assert sorted(_visible(page, "li", "data-place")) == sorted(chain(*found.lists.values()))
    checked = [each.get("value") for each in page.all("input") if "checked" in each.attrib]
    assert checked == [key for key in _TICKS if key in ticked]
    assert ("hidden" in page.one("li", id="alike").attrib) == (not found.alike)


@pytest.mark.parametrize("name", CAST)
def test_the_message_holds_what_helps(site: Site, name: str) -> None:
    """What was ticked, when, pump, dose and the card's address; the name stays on the card."""
    file = CAST[name]()
    token, briefing = site.reader(file), brief(card_of(file), WORDS, 1)
    page = _sent(site, f"/c/{token}/see", "sleepy", "scan")
    text = words(page.one("textarea", id="text"))
    for part in (
        _TICKS["sleepy"].text,
        _TICKS["scan"].text,
        briefing.device,
        briefing.dose.number,
        briefing.concentration.number,
        f"http://card.example/c/{token}",
    ):
        assert part in text
    assert briefing.person.name not in text


def test_the_time_is_that_of_the_patient(site: Site) -> None:
    """At noon UTC it is six in the morning in Chicago."""
    page = _sent(site, f"/c/{site.reader(alex({'time_zone': 'America/Chicago'}))}/see", "itch")
    assert "21 Nov 2026, 06:00 CST" in words(page.one("textarea", id="text"))
    assert "21 Nov 2026, 12:00 UTC" in words(
        _sent(site, "/signs", "itch").one("textarea", id="text")
    )


def test_a_call_comes_before_a_message(shared_site: Site) -> None:
    """The numbers stand first, in the bar and above the message, which goes to each contact."""
    page = _sent(shared_site, f"/c/{shared_site.reader(alex())}/see", "stiff")
    ways = [href.split(":")[0] for href, _ in page.links() if href.startswith(("tel:", "sms:"))]
    assert ways == [*["tel"] * 6, *["sms"] * (len(ways) - 6)]
    contacts = [each.number for each in brief(card_of(alex()), WORDS, 1).contacts if each.number]
    for number in contacts:
        (link,) = [href for href, _ in page.links() if href.startswith(f"sms:{number.dial}")]
        body = unquote(link.split("?&body=")[1])
        assert body == (page.one("textarea", id="text").text or "").removeprefix("\n")


def test_what_is_due_on_the_card_stands_above_the_ticks(site: Site) -> None:
    """An overdue refill is the likeliest clue there is; without one nothing is said."""
    page = site.client.page(f"/c/{site.reader(alex())}/see")
    assert page.place("Refill appointment passed") < page.place(WORDS.say("seeing.area-muscles"))
    page = site.client.page(f"/c/{site.reader(sam())}/see")
    assert WORDS.say("seeing.due") not in page.text


def test_what_is_due_on_the_card_stands_with_the_answer_too(site: Site) -> None:
    """Beside that an overdose has looked like withdrawal: the answer is read where it stands."""
    page = _sent(site, f"/c/{site.reader(alex())}/see", "stiff")
    answer = words(page.one("div", id="answered"))
    assert "Refill appointment passed" in answer
    assert WORDS.clinical("discriminators.overdose_mimic") in answer


@pytest.mark.parametrize("ticked", [(), ("late",), ("alarm",), ("stiff", "sleepy")])
def test_an_answer_clears_nobody(shared_site: Site, ticked: tuple[str, ...]) -> None:
    """No list is shown that holds no tick, no heading over nothing, and nothing is counted."""
    page, found = _sent(shared_site, "/signs", *ticked), _answer(*ticked)
    assert ("hidden" in page.one("section", id="held").attrib) == (not found.lists)
    answer = words(page.one("div", id="answered")).split(WORDS.say("seeing.message"))[0]
    assert not re.search(r"\d+ (?:of|ticked)", answer)


def test_nothing_that_is_ticked_is_kept(site: Site) -> None:
    """The form is answered and forgotten, and no address holds what was ticked."""
    token = site.reader(alex())
    before = site.rows()
    answer = site.client.open(f"/c/{token}/see", method="POST", data={"tick": ["itch"]})
    assert answer.status_code == 200 and site.rows() == before
    assert "Set-Cookie" not in answer.headers
    page = site.client.page(f"/c/{token}/see")
    assert page.one("form").get("method") == "post"


def test_a_tick_that_nobody_knows_is_said(shared_site: Site) -> None:
    """An old page may send what this program has no check for; the rest is answered."""
    page = _sent(shared_site, "/signs", "stiff", "<b>x</b>", "")
    assert WORDS.say("seeing.unknown") in page.text
    assert _visible(page, "div", "data-list") == ["withdrawal"]


def test_an_address_that_opens_no_card_has_the_page_for_nothing(shared_site: Site) -> None:
    """For a form that is sent as well."""
    answer = shared_site.client.open(f"/c/{'0' * 26}/see", method="POST", data={"tick": "itch"})
    assert answer.status_code == 404


def test_what_waits_for_a_tick_that_is_on_both_lists_is_said_by_the_data() -> None:
    """Not by its place among the sentences that stand beside every answer."""
    page = sign_checker.page_of(WORDS, None, None).plain().decode()
    (waiting,) = re.findall(r'<li id="alike" hidden>([^<]*)</li>', page)
    assert waiting == WORDS.statement("discriminators.not_tell_apart").text
