"""A hand at a phone: every tap and every key that a page takes of a caregiver is counted."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, sync_playwright

from caregiver_card.questionnaire import answers
from caregiver_card.questionnaire.answers import Answers
from caregiver_card.questionnaire.step_types import Rows, Step
from tests.chromium import program

# Whether the old value goes with the first key.
_IS_MARKED = "each => each.selectionEnd > each.selectionStart"


@dataclass
class Hand:
    """What was pressed on a page so far: taps, and keys, of which each is one character."""

    page: Page
    taps: int = 0
    keys: int = 0

    @property
    def presses(self) -> int:
        """Taps and keys together."""
        return self.taps + self.keys

    def tap(self, selector: str) -> None:
        """One tap."""
        self.page.click(selector)
        self.taps += 1

    def type(self, name: str, words: str) -> None:
        """A tap into a box, one more where an old value is to be replaced, and every letter.

        Of words that the page offers only so many letters are typed that one offer is left, which
        is then tapped.
        """
        box = self.page.locator(f'[name="{name}"]')
        if box.input_value() == words:
            return
        box.click()
        self.taps += 1
        if box.input_value() and not box.evaluate(_IS_MARKED):
            box.select_text()
            self.taps += 1
        letters = _letters(words, _offers(box))
        if letters is None:
            self.page.keyboard.type(words)
            self.keys += len(words)
        else:
            box.fill(words)
            self.keys += letters
            self.taps += 1

    def date(self, name: str, words: str) -> None:
        """The whole date into the first box, which takes it."""
        self.type(f"{name}-day", words)

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
                self.taps += 1
            self.tap(button)

    def _fill(self, typed: Answers) -> None:
        for name, words in typed.items():
            path, _, part = name.rpartition("-")
            if part in answers.DATE_BOXES:
                boxes = answers.date_boxes(typed, path)
                if part == answers.DATE_BOXES[0] and not self._stands(path, boxes):
                    self.date(path, f"{boxes[0]} {boxes[1]} {_year(path, boxes[2])}")
                continue
            box = self.page.locator(f'[name="{name}"]')
            kind = box.first.evaluate("each => each.type")
            if kind == "radio":
                self.tap(f'[name="{name}"][value="{words}"]')
            elif kind == "select-one":
                # The list is opened, and an entry is chosen.
                box.select_option(words)
                self.taps += 2
            else:
                self.type(name, words)

    def _stands(self, path: str, boxes: tuple[str, str, str]) -> bool:
        found = [
            self.page.locator(f'[name="{path}-{part}"]').input_value()
            for part in answers.DATE_BOXES
        ]
        return tuple(found) == boxes


def _year(path: str, year: str) -> str:
    """Two figures where they are enough: who was born in 15 is asked in which century."""
    return year if path.endswith("birth") and year >= "2000" else year[2:]


def _offers(box: Locator) -> list[str]:
    found = box.evaluate("each => each.list ? [...each.list.options].map(each => each.value) : []")
    return [str(each) for each in found]


def _letters(words: str, offers: list[str]) -> int | None:
    """How many letters leave one offer, or at most three to choose from; None if it is no offer."""
    if words not in offers:
        return None
    for count in range(len(words)):
        left = [each for each in offers if words[:count].casefold() in each.casefold()]
        if len(left) <= 3:
            return count
    return len(words)


@contextmanager
def phone() -> Iterator[Page]:
    """A page as wide as a phone, with script."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=["--no-sandbox"])
        try:
            yield browser.new_page(viewport={"width": 390, "height": 844})
        finally:
            browser.close()
