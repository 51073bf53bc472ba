"""The owner's note that the pump made a sound: kept in the history, and nothing else changes."""

import pytest

from caregiver_card.storage.records import AddedCard
from tests.cast import WORDS, alex, card_of
from tests.web.client import Site
from tests.web.filling import Filled, open_page


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
