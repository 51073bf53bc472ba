"""The labels: few sizes of letters, and words that stand level with their code."""

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from caregiver_card.briefing.briefing import brief
from caregiver_card.printing import printer
from tests.cast import WORDS, alex, card_of
from tests.prints import POINTS_A_MM, Print

SHORT = "HTTPS://CARD.EXAMPLE/C/0123456789ABCDEFGHJKMNPQRS"
LONGEST = f"https://{'x' * 55}.example/c/0123456789ABCDEFGHJKMNPQRS"


def _labels(address: str, number: str = "+1 312-555-0142") -> bytes:
    briefing = brief(card_of(alex({"team.phone_24h": number})), WORDS, 1)
    return printer.make_pdf("labels", briefing, address)


@pytest.mark.parametrize("number", ["+1 312-555-0142", "+49 1523 45678901"])
def test_a_page_of_labels_has_four_sizes_of_letters(number: str) -> None:
    """Three on the labels, and that of the instruction."""
    [side] = Print(_labels(SHORT, number)).sides
    assert {round(each.size, 1) for each in side.letters} == {9, 10, 14, 20}


@pytest.mark.parametrize("address", [SHORT, LONGEST])
def test_the_words_of_a_large_label_begin_and_end_with_its_code(address: str) -> None:
    """Its capitals begin at the code's top; the number, under its label, ends at its foot."""
    raw = _labels(address)
    [side] = Print(raw).sides
    with pypdfium2.PdfDocument(raw) as document:
        codes = [
            each.get_bounds()
            for each in document[0].get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=5)
        ]
    _, foot, _, top = max(codes, key=lambda box: (round(box[3]), -box[0]))
    hair = 0.2 * POINTS_A_MM
    capitals = [each.box.top for each in side.letters if each.letter == "E" and each.size > 19]
    feet = [each.base for each in side.letters if each.letter == "1" and each.size > 13]
    assert max(capitals) == pytest.approx(top, abs=hair)
    assert max(feet) == pytest.approx(foot, abs=hair)
