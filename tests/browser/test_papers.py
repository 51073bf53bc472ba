"""“Is the paper still right?” as a person asks it: from the paper's page, with a thumb."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from caregiver_card.briefing import brief
from caregiver_card.keeper import Keeper
from caregiver_card.printing import mark
from tests.browser.looking import look
from tests.people import WORDS, alex, card_of
from tests.web.client import NOON

pytestmark = pytest.mark.browser

OLD = card_of(alex())
NEW = card_of(alex({"regimen.daily_dose_mcg": 310, "patient.weight_kg": 66}))


@pytest.fixture(params=[(390, "light"), (320, "dark")], ids=["390 light", "320 dark"])
def screen(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[tuple[Page, str]]:
    """A phone, light or dark."""
    width, scheme = request.param
    context = chromium.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)
    yield context.new_page(), scheme
    context.close()


def test_the_question_is_asked_and_answered(
    screen: tuple[Page, str], url: str, keeper: Keeper
) -> None:
    """A reader finds the question below the page, mistypes, and then types the old mark."""
    page, scheme = screen
    kept = keeper.add(OLD, NOON)
    keeper.save(kept.owner, NEW, 1, "", NOON)
    page.goto(f"{url}/c/{kept.readers[0].token}")
    page.get_by_role("link", name=WORDS.say("page.paper")).click()
    look(page, "the question", scheme)
    for typed, said in (
        ("N4U", WORDS.say("paper.not_a_mark")),
        (mark.of(brief(OLD, WORDS)).lower(), "Out of date."),
        (mark.of(brief(NEW, WORDS)), "Still right."),
    ):
        page.get_by_label(WORDS.say("paper.mark")).fill(typed)
        page.keyboard.press("Enter")
        page.get_by_text(said).first.wait_for()
        look(page, said, scheme)
    page.goto(f"{url}/o/{kept.owner}/paper?mark={mark.of(brief(OLD, WORDS))}")
    look(page, "the owner's answer", scheme)
