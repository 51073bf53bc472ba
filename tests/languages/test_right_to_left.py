"""Hebrew and Arabic: the page is mirrored, and what is read from left to right is not."""

import re

import pypdfium2
import pytest

from caregiver_card.briefing.briefing import Briefing, brief
from caregiver_card.briefing.content import load
from caregiver_card.briefing.isolates import ISOLATES
from caregiver_card.printing import printer
from tests.cast import CAST, card_of
from tests.languages.catalogue import TAGS

ADDRESS = "HTTPS://CARD.EXAMPLE/C/0123456789ABCDEFGHJKMNPQRS"
_RTL = [tag for tag in TAGS if load(tag).is_rtl]

every_language = pytest.mark.parametrize("tag", _RTL)
every_card = pytest.mark.parametrize("name", ["typical", "complex"])


def test_there_are_two() -> None:
    """One with letters that join, and one without."""
    assert _RTL == ["he", "ar"]


def briefing_of(tag: str, name: str) -> Briefing:
    """A card of the cast in a language."""
    return brief(card_of(CAST[name]({"language": tag})), load(tag), 1)


def bare(words: str) -> str:
    """Words without spaces, and without the marks that keep their order."""
    return re.sub(r"\s", "", words.translate(ISOLATES))


@pytest.mark.slow
@every_card
@every_language
@pytest.mark.parametrize("layout", ["wallet", "sheet", "school"])
def test_a_print_shows_numbers_as_they_are_written(tag: str, name: str, layout: str) -> None:
    """By where each letter stands on paper, not by the order in which it is read back."""
    briefing = briefing_of(tag, name)
    document = pypdfium2.PdfDocument(printer.make_pdf(layout, briefing, ADDRESS))
    seen = "".join(_seen(page) for page in document)
    document.close()
    for each in (briefing.team.shown, briefing.dose.number, briefing.concentration.number):
        assert bare(each) in seen, each


def _seen(page: pypdfium2.PdfPage) -> str:
    text = page.get_textpage()
    letters = []
    for at in range(text.count_chars()):
        left, bottom, _, _ = text.get_charbox(at, loose=True)
        letters.append((-round(bottom), left, text.get_text_range(at, 1)))
    return bare("".join(letter for _, _, letter in sorted(letters)))


@pytest.mark.slow
@every_language
def test_the_code_of_a_card_stands_at_the_left(tag: str) -> None:
    """Where the eye of its reader ends, as in English at the right."""
    for language, is_left in ((tag, True), ("en", False)):
        card = printer.make_pdf("wallet", briefing_of(language, "typical"), ADDRESS)
        front = pypdfium2.PdfDocument(card)[0]
        [code] = [each for each in front.get_objects() if each.type == 3]
        assert (code.get_bounds()[0] < front.get_width() / 3) is is_left
