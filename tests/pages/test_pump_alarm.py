"""The pump makes a sound: any sign decides; a sound of unknown kind counts as the worst."""

from datetime import date

import pytest

from caregiver_card.briefing.briefing import brief
from caregiver_card.pages import pump_alarm
from caregiver_card.pages.sign_checker import Subject
from tests.cast import CAST, TODAY, WORDS, alex, card_of, sam, tuyet
from tests.web.client import Site
from tests.web.reading import Page, words

_HERE = "/c/0123456789ABCDEFGHJKMNPQRS"


def _of(file: object, today: date = TODAY) -> Page:
    briefing = brief(card_of(file), WORDS, 1)  # type: ignore[arg-type]
    return Page(pump_alarm.page_of(Subject(briefing, _HERE, "", today)).plain().decode())


def _nobody() -> Page:
    return Page(pump_alarm.page(WORDS).plain().decode())


def _sound(page: Page) -> str:
    return words(page.section(WORDS.say("beeping.sound")))


def test_it_works(shared_site: Site) -> None:
    """Anyone can open it, and it names nobody's number."""
    page = shared_site.client.page("/beeping")
    assert WORDS.clinical("alarms.with_signs") in page.text
    assert not [href for href, _ in page.links() if href.startswith("tel:")]
    assert WORDS.say("guide.numbers") in page.text


@pytest.mark.parametrize("name", CAST)
def test_the_answers_lead_to_the_card_s_own_numbers(shared_site: Site, name: str) -> None:
    """With a sign the region's emergency number, without one the pump team's."""
    file = CAST[name]()
    page = shared_site.client.page(f"/c/{shared_site.reader(file)}/beeping")
    briefing = brief(card_of(file), WORDS, 1)
    for answer, number in (("for-yes", briefing.emergency), ("for-no", briefing.team)):
        act = next(
            each for each in page.having("div", class_="act") if answer in each.get("class", "")
        )
        dialled = [each.get("href") for each in act.iter("a")]
        assert dialled == [f"tel:{number.dial}"], answer


def test_nothing_is_asked_and_nothing_is_hidden() -> None:
    """Both answers stand there before any question, and no part waits for one."""
    page = _nobody()
    assert page.all("input", "form", "button") == []
    assert not [each for each in page.elements if "hidden" in each.attrib]
    for each in ("with_signs", "without_signs", "unknown_sound", "silence"):
        assert WORDS.clinical(f"alarms.{each}") in page.text
    assert page.place(WORDS.clinical("alarms.with_signs")) < page.place(WORDS.say("beeping.sound"))


@pytest.mark.parametrize("name", CAST)
def test_each_thing_is_said_once(name: str) -> None:
    """What stands on the page for reading stands there once, the folds for looking up apart."""
    page = _of(CAST[name]())
    read = page.text
    for fold in page.all("details"):
        read = read.replace(words(fold), "")
    for each in WORDS.groups["alarms"].values():
        assert read.count(each.text) <= 1, each.key
    assert read.count(WORDS.clinical("alarms.quiet")) == 1
    assert read.count("Not sure which sound") == 1


@pytest.mark.parametrize("name", CAST)
def test_after_a_colon_comes_what_it_announces(name: str) -> None:
    """A sentence about this pump's tones that ends in a colon leads to what those tones mean."""
    page = _of(CAST[name]())
    for each in page.all("p"):
        if words(each).endswith(":"):
            beside = list(page.parents[each])
            assert "critical): drug no longer flows" in words(beside[beside.index(each) + 1])


def test_a_sound_of_unknown_kind_counts_as_the_critical_one() -> None:
    """Whoever is not sure is told so; and silence proves nothing."""
    assert "Treat it as the critical one" in _sound(_nobody())
    assert "proves nothing" in _sound(_nobody())


def test_what_is_known_of_one_maker_s_tones_is_said_of_no_other() -> None:
    """A Prometra's or an unknown pump's tones are not explained by those of a SynchroMed."""
    assert "drug no longer flows" in _sound(_of(alex()))
    for file in (
        tuyet(),
        alex({"pump.maker": "Acme", "pump.model": "One", "pump.alarms": "unknown"}),
    ):
        page = _of(file)
        assert "no longer flows" not in page.text and "Single tone, 1 second" not in page.text
        assert WORDS.say("beeping.tones_unknown") in _sound(page)
        assert "Treat it as the critical one" in _sound(page)
    assert WORDS.say("beeping.tones_of") in _sound(_nobody())


def test_what_the_card_records_of_its_sounds_is_shown() -> None:
    """A pump without an alarm is said to be one, since the sound is then another's."""
    assert "This pump has no alarm" in _of(alex({"pump.alarms": "none"})).text


def test_the_documented_signs_stand_beside_the_question() -> None:
    """Every lead and every further sign of withdrawal and overdose; late withdrawal is sleepy."""
    page = _nobody()
    for group in ("withdrawal", "overdose"):
        for rank in ("lead", "more"):
            for each in WORDS.ranked(group, rank):
                assert each.text in page.text, each.key
    assert WORDS.clinical("danger.late_line") in page.text


def test_each_statement_shows_its_source() -> None:
    """Whatever stands on the page with a passport is listed with numbers that lead to a title."""
    page = _nobody()
    cited = [words(each) for each in page.all("li") if list(each.iter("cite"))]
    for group in ("alarms", "withdrawal", "overdose"):
        for each in WORDS.groups[group].values():
            if each.text in words(page.one("main")) and each.extra.get("rank") != "course":
                assert any(row.startswith(each.text) for row in cited), each.key
    titles = [words(each) for each in page.one("ol")]
    assert len(titles) == len(set(titles)) > 5


def test_the_address_of_the_card_is_one_tap_away() -> None:
    """The page of a card leads back to it; the public one to the guide alone."""
    assert (_HERE, WORDS.say("beeping.card")) in _of(sam()).links()
    assert (f"{_HERE}/see", WORDS.say("beeping.see")) in _of(sam()).links()
    assert {href for href, _ in _nobody().links()} == {"/signs", "/guide"}


def test_what_is_urgent_on_the_card_stands_beside_the_numbers() -> None:
    """An overdue refill is the likeliest reason of a sound; a card without one has no box."""
    late = _of(alex())
    box = late.section(WORDS.say("seeing.due"))
    assert box.get("class") == "alert" and "Refill appointment passed" in words(box)
    assert late.place(words(box)) < late.place(WORDS.say("beeping.again"))
    assert WORDS.say("seeing.due") not in _of(alex(), date(2026, 9, 28)).text
