"""Every card that was stored before today's rules opens, prints and can be saved."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from caregiver_card.briefing import brief
from caregiver_card.printing import layouts
from tests.pages.ten_years import MOST_BYTES, largest
from tests.people import WORDS
from tests.stored.fill import LATER, SECRET
from tests.web.client import Site, config

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
        assert old.keeper.copy(reader, lambda _: {})
    (feed,) = old.keeper.calendars.of(held["owner"])
    assert old.client.get(f"/f/{feed.token}").status_code == 200
    for path in ("", "/refill", "/alerts", "/history", "/edit"):
        old.client.page(f"/o/{held['owner']}{path}")
    for told in held.get("people", {}).values():
        assert old.app.test_client().get(f"/u/{told}").status_code == 200


@pytest.mark.parametrize("name", STORED)
def test_a_stored_card_fits_the_first_packets_for_ten_years(old: Site, name: str) -> None:
    """Its page has 14,000 bytes at most on each day."""
    card = old.keeper.vault.owned(STORED[name]["owner"]).card
    most, day = largest(brief(card, WORDS, 99))
    assert most <= MOST_BYTES, day


@pytest.mark.slow
@pytest.mark.parametrize("layout", layouts.LAYOUTS)
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
