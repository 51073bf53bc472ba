"""“Is the paper still right?” as a person asks it: from the paper's page, with a thumb."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from caregiver_card.briefing import version_mark
from caregiver_card.briefing.briefing import brief
from caregiver_card.card_service import CardService
from tests.browser.looking import look
from tests.cast import WORDS, alex, card_of
from tests.web.client import NOON

pytestmark = pytest.mark.browser

OLD = card_of(alex())
NEW = card_of(alex({"regimen.daily_dose_mcg": 310, "patient.weight_kg": 66}))


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A phone."""
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def test_the_question_is_asked_and_answered(page: Page, url: str, keeper: CardService) -> None:
    """A reader finds the question below the page, mistypes, and then types the old mark."""
    kept = keeper.add(OLD, NOON)
    keeper.save(kept.owner, NEW, 1, "", NOON)
    page.goto(f"{url}/c/{kept.reader_links[0].token}")
    page.get_by_role("link", name=WORDS.say("page.paper")).click()
    look(page, "the question")
    for typed, said in (
        ("N4U", WORDS.say("paper.not_a_mark")),
        (version_mark.mark_of(brief(OLD, WORDS)).lower(), "Out of date."),
        (version_mark.mark_of(brief(NEW, WORDS)), "Still right."),
    ):
        page.get_by_label(WORDS.say("paper.mark")).fill(typed)
        page.keyboard.press("Enter")
        page.get_by_text(said).first.wait_for()
        look(page, said)
    page.goto(f"{url}/o/{kept.owner}/paper?mark={version_mark.mark_of(brief(OLD, WORDS))}")
    look(page, "the owner's answer")
