"""The owner's note that the pump made a sound: kept in the history, and nothing else changes."""

from datetime import UTC, datetime
from xml.etree.ElementTree import Element

import pytest

from caregiver_card.storage.records import AddedCard
from tests.cast import WORDS, alex, card_of
from tests.web.client import Site
from tests.web.filling import Filled, open_page
from tests.web.reading import Page, words


@pytest.fixture
def kept(site: Site) -> AddedCard:
    """Alex's card."""
    return site.add(alex({"time_zone": "America/Chicago"}))


def _form(site: Site, kept: AddedCard) -> Filled:
    return open_page(site.app.test_client(), f"/o/{kept.owner}/heard")


def test_it_works(site: Site, kept: AddedCard) -> None:
    """Sound, signs, day and time where the patient is, and own words stand in the history."""
    sent = _form(site, kept).send(sound="two", signs="no", own="In the kitchen")
    assert "The note is kept" in sent.answer.text
    expected = (
        "Pump sound, noted 21 Nov 2026, 06:00 CST: Two tones, one after the other. "
        "Signs then: No. In the kitchen"
    )
    owned = site.keeper.vault.owned(kept.owner)
    assert owned.history[0].note == expected and expected in sent.page.text
    assert owned.card == card_of(alex({"time_zone": "America/Chicago"})) and owned.version == 2


def test_acting_comes_first(site: Site, kept: AddedCard) -> None:
    """Both rules and both numbers stand above the form, and the way to the page that asks."""
    page = site.client.page(f"/o/{kept.owner}/heard")
    for each in ("with_signs", "without_signs"):
        assert page.place(WORDS.clinical(f"alarms.{each}")) < page.place(WORDS.say("heard.save"))
    found = [href for href, _ in page.links()]
    assert {"tel:911", "tel:+13125550142"} <= set(found)
    assert f"/c/{kept.reader_links[0].token}/beeping" in found


def test_without_a_copy_it_leads_to_the_public_page(site: Site, kept: AddedCard) -> None:
    """Every copy may have been revoked."""
    site.keeper.vault.revoke(kept.owner, kept.reader_links[0].id)
    page = site.client.page(f"/o/{kept.owner}/heard")
    assert "/beeping" in [href for href, _ in page.links()]


@pytest.mark.parametrize(
    ("typed", "faults"),
    [
        pytest.param({}, 2, id="nothing"),
        pytest.param({"sound": "three", "signs": "no"}, 1, id="a sound that is not"),
        pytest.param({"sound": "one", "signs": "no", "own": "x" * 301}, 1, id="too many words"),
    ],
)
def test_what_is_missing_is_said(
    site: Site, kept: AddedCard, typed: dict[str, str], faults: int
) -> None:
    """The fault stands with its field, what was typed is still there, and nothing is kept."""
    sent = _form(site, kept).send(typed)
    assert sent.answer.request.args.get("typed") and len(sent.errors) == len(sent.summary) == faults
    assert sent.page.one("input", id="own").get("value") == typed.get("own", "")
    assert site.keeper.vault.owned(kept.owner).version == 1


def test_a_reader_keeps_no_notes(site: Site, kept: AddedCard) -> None:
    """What is printed on a card opens no history."""
    site.client.page(f"/o/{kept.reader_links[0].token}/heard", 404)
    assert site.keeper.vault.owned(kept.owner).history[0].note == ""


def test_a_noted_sound_with_signs_heads_the_owners_page_until_it_is_answered(site: Site) -> None:
    """Nothing is due on the card, and the sound is: emergency services first, never "Nothing"."""
    site.clock.now = datetime(2026, 9, 28, 12, tzinfo=UTC)
    kept = site.add(alex({"time_zone": "America/Chicago"}))
    assert "state ok" in site.client.page(f"/o/{kept.owner}").source
    sent = _form(site, kept).send(sound="two", signs="yes")

    state = _state(sent.page, "red")
    assert "Pump sound noted 28 Sep 2026, 07:00. Signs: Yes" in words(state)
    assert WORDS.clinical("alarms.with_signs") in words(state)
    assert next(state.iter("a")).get("href") == "tel:911"
    assert "Nothing is due" not in sent.page.text and "Next refill on" not in words(state)
    assert "Is the card up to date?" not in sent.page.text

    answered = sent.send()
    assert "counts as answered" in answered.page.text
    assert "Next refill on" in words(_state(answered.page, "ok"))
    assert site.keeper.vault.owned(kept.owner).history[0].note == "The pump sound was answered"
    assert sent.send().answer.request.args.get("said") == "unchanged"


def test_a_noted_sound_without_signs_sends_to_the_pump_team(site: Site, kept: AddedCard) -> None:
    """Their number first; what else is urgent stands below, and a save answers the sound."""
    sent = _form(site, kept).send(sound="one", signs="no")
    state = _state(sent.page, "red")
    assert WORDS.clinical("alarms.without_signs") in words(state)
    assert next(state.iter("a")).get("href") == "tel:+13125550142"
    assert "Refill appointment passed" in words(sent.page.section("Also due"))
    site.keeper.save(kept.owner, card_of(alex()), 2, "", site.clock())
    later = site.client.page(f"/o/{kept.owner}")
    assert "Pump sound noted" not in words(_state(later, "red"))


def _state(page: Page, level: str) -> Element:
    """The box that says what needs attention, which must be of this level."""
    box = page.one("section", class_="state")
    assert box.get("class") == f"state {level}"
    return box
