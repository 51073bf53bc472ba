"""Every card that was stored before today's rules opens, prints and can be saved."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from caregiver_card.alerting.policy.recipients import Audience
from caregiver_card.briefing.briefing import brief
from caregiver_card.printing import printer
from tests.cast import WORDS
from tests.pages.ten_years import MOST_BYTES, largest
from tests.stored.fill import LATER, SECRET
from tests.web.client import Site, config

# Many small ones, together some seconds.
pytestmark = pytest.mark.slow

_HERE = Path(__file__).parent
STORED: dict[str, Any] = json.loads((_HERE / "cards.json").read_text())


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The stored database, opened by the program of today."""
    folder = tmp_path_factory.mktemp("stored")
    shutil.copy(_HERE / "cards.sqlite", folder)
    site = Site(config(folder, secret_key=SECRET))
    site.clock.now = LATER
    yield site
    site.close()


@pytest.mark.parametrize("name", STORED)
def test_a_stored_card_opens_wherever_it_did(old: Site, name: str) -> None:
    """Its emergency page by each copy, what is kept on a phone, its calendar, its owner's pages."""
    held = STORED[name]
    for reader in held["readers"]:
        for path in ("", "/see", "/beeping", "/keep"):
            old.client.page(f"/c/{reader}{path}")
        assert old.keeper.offline_copy(reader, lambda _: {})
    (feed,) = old.keeper.calendars.list(held["owner"])
    assert old.client.get(f"/f/{feed.token}").status_code == 200
    for path in ("", "/refill", "/alerts", "/history", "/edit"):
        old.client.page(f"/o/{held['owner']}{path}")
    for told in held.get("people", {}).values():
        assert old.app.test_client().get(f"/u/{told}").status_code == 200


def test_an_opening_plans_the_alerts_of_an_old_card_anew(old: Site) -> None:
    """Whoever was told before there were rules for silence hears of it as well."""
    held = STORED["03-flex-without-alarm-date"]
    told = old.keeper.alerts
    assert told
    card_id = old.keeper.vault.owned(held["owner"]).card_id
    browser = {"Sec-Fetch-Dest": "image", "Sec-Fetch-Site": "same-origin"}
    old.client.get(f"/c/{held['readers'][0]}/seen", headers=browser)
    book = told.record(card_id)
    assert book and "refill_unknown" in {each.kind for each in book.plan.occasions}


def test_what_a_new_rule_finds_in_an_old_card_is_asked_of_its_owner(old: Site) -> None:
    """Nothing of the card is changed or hidden; the question stands on the owner's page."""
    for name, words in {
        "02a-appointment-year-slip": "is the year right?",
        "03-flex-without-alarm-date": "no reminder can come",
        "14-last-change-in-mg": "Did you mean 380 mcg (0.38 mg)?",
        "06c-maker-with-an-s": "Did you mean Medtronic?",
        "prometra-letters": "is not wholly a pump this program knows",
        "old-implant": "is the year right",
    }.items():
        page = old.client.get(f"/o/{STORED[name]['owner']}").text
        assert words in page, name


@pytest.mark.parametrize("name", STORED)
def test_a_stored_card_fits_the_first_packets_for_ten_years(old: Site, name: str) -> None:
    """Its page has 14,000 bytes at most on each day."""
    card = old.keeper.vault.owned(STORED[name]["owner"]).card
    most, day = largest(brief(card, WORDS, 99))
    assert most <= MOST_BYTES, day


@pytest.mark.slow
@pytest.mark.parametrize("layout", printer.LAYOUTS)
@pytest.mark.parametrize("name", STORED)
def test_a_stored_card_prints(old: Site, name: str, layout: str) -> None:
    """In every layout."""
    reader = STORED[name]["readers"][0]
    answer = old.client.get(f"/c/{reader}/card.pdf?layout={layout}")
    assert answer.status_code == 200 and answer.data.startswith(b"%PDF")


@pytest.mark.parametrize("name", STORED)
def test_a_stored_card_is_saved_again_as_it_is(old: Site, name: str) -> None:
    """A save of the card that was read changes nothing of it."""
    owner = STORED[name]["owner"]
    owned = old.keeper.vault.owned(owner)
    old.keeper.save(owner, owned.card, owned.version, "", LATER)
    assert old.keeper.vault.owned(owner).card == owned.card


@pytest.mark.parametrize("name", [name for name in STORED if "people" in STORED[name]])
def test_a_stored_list_says_who_hears(old: Site, name: str) -> None:
    """Anna alone; her address was typed with ß, and is kept as it was sent to, and asked about."""
    owner = STORED[name]["owner"]
    book = old.keeper.alerts.record(old.keeper.vault.owned(owner).card_id)  # type: ignore[union-attr]
    assert book and {each.name for each in book.people if each.reachable} == {"Anna"}
    assert book.people[0].address == "anna@strasse.example" and book.heard == Audience.OTHERS
    for path in ("", "/alerts"):
        said = " ".join(old.client.page(f"/o/{owner}{path}").text.split())
        assert "Bob has not said yes; Carmen stopped them on 22 Nov 2026; Dan is not" in said
        assert "since 22 Nov 2026: the address is not known there." in said
        assert "Is Anna's address anna@strasse.example as you typed it?" in said
