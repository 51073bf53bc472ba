"""A hand at a phone: every tap and every key that a page takes of a caregiver is counted."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Page, sync_playwright

from caregiver_card.questionnaire import answers
from caregiver_card.questionnaire.answers import Answers
from caregiver_card.questionnaire.step_types import Rows, Step
from tests.chromium import program


@dataclass
class Hand:
    """What was pressed on a page so far: a tap, or one character, is one."""

    page: Page
    presses: int = 0

    def tap(self, selector: str) -> None:
        """One tap."""
        self.page.click(selector)
        self.presses += 1

    def type(self, name: str, words: str) -> None:
        """A tap into a box, one more where an old value is to be replaced, and every letter."""
        box = self.page.locator(f'[name="{name}"]')
        if box.input_value() == words:
            return
        box.click()
        self.presses += 1 + len(words)
        if box.input_value():
            box.select_text()
            self.presses += 1
        self.page.keyboard.type(words)

    def answer(self, step: Step, typed: Answers) -> None:
        """Everything that is to be said on a step's page; a list gets a row for each item."""
        for each in step.fields:
            said = answers.under(typed, each.path)
            if not isinstance(each, Rows):
                self._fill(said)
                continue
            rows = sorted({path.partition("]")[0] for path in said})
            for index, row in enumerate(rows):
                if index:
                    self.tap(f'button[value="add:{each.path}"]')
                self._fill({path: words for path, words in said.items() if path.startswith(row)})

    def go_on(self, button: str = ".buttons button") -> None:
        """The page's button; what is asked back is ticked, and the button pressed again."""
        self.tap(button)
        boxes = self.page.locator("input[name=confirm]")
        if boxes.count():
            for each in boxes.all():
                each.check()
                self.presses += 1
            self.tap(button)

    def _fill(self, typed: Answers) -> None:
        for name, words in typed.items():
            box = self.page.locator(f'[name="{name}"]')
            kind = box.first.evaluate("each => each.type")
            if kind == "radio":
                self.tap(f'[name="{name}"][value="{words}"]')
            elif kind == "select-one":
                # The list is opened, and an entry is chosen.
                box.select_option(words)
                self.presses += 2
            else:
                self.type(name, words)


@contextmanager
def phone() -> Iterator[Page]:
    """A page as wide as a phone, with script."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=["--no-sandbox"])
        try:
            yield browser.new_page(viewport={"width": 390, "height": 844})
        finally:
            browser.close()
