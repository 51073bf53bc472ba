"""The page for a small caseload in a real browser: a table in, faults to read, a document out."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests import tables
from tests.browser.looking import look
from tests.browser.presses import lead_on
from tests.cast import WORDS, alex, sam, tuyet
from tests.prints import Print

pytestmark = pytest.mark.browser


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A window that takes what is handed to it."""
    context = chromium.new_context(accept_downloads=True)
    yield context.new_page()
    context.close()


def _choose(page: Page, raw: bytes) -> None:
    page.set_input_files(
        "input[type=file]", {"name": "cards.csv", "mimeType": "text/csv", "buffer": raw}
    )
    lead_on(page.get_by_role("button", name=WORDS.say("batch.check")))


def test_a_caseload_is_looked_through_mended_and_printed(page: Page, url: str) -> None:
    """Every page on the way is for everyone."""
    page.goto(f"{url}/new/batch")
    look(page, "batch")
    wrong = alex({"contacts[1].phone": "12", "regimen.concentration_mcg_per_ml": 2})
    _choose(page, tables.table(sam(), wrong))
    assert page.locator("tbody tr").count() == 2
    look(page, "batch, faults")
    _choose(page, tables.table(alex(), tuyet(), sam()))
    assert page.inner_text(".told").startswith(WORDS.say("batch.found", count=3))
    look(page, "batch, questions")
    with page.expect_download() as coming:
        page.get_by_role("button", name=WORDS.say("batch.print")).click()
    assert len(Print(coming.value.path().read_bytes()).sides) == 6
