"""A code never leaves what is cut: its quiet zone lies on the card, the label, the paper, however
wide the words around it are."""

from functools import cache

import numpy
import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from caregiver_card.briefing.briefing import Briefing, brief
from caregiver_card.printing import printer
from caregiver_card.printing.layouts import key_sheet
from tests.cast import WORDS, alex, card_of
from tests.prints import POINTS_A_MM, modules
from tests.scripts import SCRIPTS

pytestmark = pytest.mark.slow

_OWN = "https://card.example/c/0123456789ABCDEFGHJKMNPQRS"
_LONGEST = f"https://{'x' * 55}.example/c/0123456789ABCDEFGHJKMNPQRS"
_GUIDE = "https://card.example/guide"
_SCALE = 600 / 72
_WIDEST = ("m", "arabic", "chinese", "thai", "hindi")


@cache
def _briefing(script: str) -> Briefing:
    """Name, hospital and note as wide as a card allows, in one script."""
    name, hospital = SCRIPTS.get(script, ("M" * 80, "W" * 80))
    file = {
        "patient.full_name": name[:80].strip(),
        "team.hospital": hospital[:80].strip(),
        "team.note": f"{hospital} {name} " * 3,
    }
    file["team.note"] = file["team.note"][:300].strip()
    return brief(card_of(alex(file)), WORDS, 1)


def _codes(raw: bytes) -> list[tuple[tuple[float, float, float, float], tuple[float, float]]]:
    """Each code with its quiet zone, left, top, right and bottom in points, and its page's size."""
    found = []
    for page in pypdfium2.PdfDocument(raw):
        width, height = page.get_size()
        drawn = numpy.array(page.render(scale=_SCALE, grayscale=True).to_numpy())
        for each in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE]):
            left, bottom, right, top = each.get_bounds()
            columns = slice(round(left * _SCALE), round(right * _SCALE))
            count, _ = modules(
                drawn[round((height - top) * _SCALE) + 1 :][
                    : round((top - bottom) * _SCALE) - 2, columns
                ]
            )
            by = (right - left) / count * 4
            box = (left - by, height - top - by, right + by, height - bottom + by)
            found.append((box, (width, height)))
    return found


def _inside(box: tuple[float, ...], left: float, top: float, right: float, bottom: float) -> bool:
    """By a tenth of a millimetre."""
    hair = 0.3
    return (
        box[0] >= left - hair
        and box[1] >= top - hair
        and box[2] <= right + hair
        and box[3] <= bottom + hair
    )


@pytest.mark.parametrize("script", _WIDEST)
@pytest.mark.parametrize("address", [_OWN, _LONGEST, _GUIDE])
def test_the_code_of_the_wallet_card_stays_on_it(address: str, script: str) -> None:
    """With a page of its own, with the longest address, and with the guide's."""
    made = printer.make_pdf("wallet", _briefing(script), address, to_guide=address == _GUIDE)
    [(box, size)] = _codes(made)
    assert _inside(box, 0, 0, *size)


@pytest.mark.parametrize("script", _WIDEST)
@pytest.mark.parametrize("address", [_OWN, _LONGEST, _GUIDE])
def test_the_codes_of_the_foldable_card_stay_on_its_pieces(address: str, script: str) -> None:
    """Both copies, and the piece that works without a network."""
    made = printer.make_pdf("fold", _briefing(script), address, to_guide=address == _GUIDE)
    codes = _codes(made)
    assert len(codes) == 3
    for row, (box, (width, _)) in enumerate(sorted(codes, key=lambda each: each[0][1])):
        top = (10 + 33 + 5 + row * 63.98) * POINTS_A_MM
        card = (85.6 * POINTS_A_MM, 53.98 * POINTS_A_MM)
        assert _inside(box, width / 2 - card[0], top, width / 2, top + card[1])


@pytest.mark.parametrize("address", [_OWN, _LONGEST, _GUIDE])
def test_the_codes_of_the_labels_stay_on_them(address: str) -> None:
    """Each on a label of its own, of three sizes."""
    made = printer.make_pdf("labels", _briefing("m"), address, to_guide=address == _GUIDE)
    codes, faces, top = _codes(made), [], 30.0
    for columns, high in ((2, 44.0), (3, 38.5), (4, 31.5)):
        for _ in range(2):
            for column in range(columns):
                left = 15 + column * 180 / columns
                faces.append((left, top, left + 180 / columns, top + high))
            top += high
        top += 3
    assert len(codes) == len(faces) == 18
    for face in faces:
        edges = [side * POINTS_A_MM for side in face]
        assert len([box for box, _ in codes if _inside(box, *edges)]) == 1


@pytest.mark.parametrize("layout", ["sheet", "school"])
@pytest.mark.parametrize("script", ["m", "chinese"])
def test_the_codes_of_the_sheets_stay_on_the_paper(layout: str, script: str) -> None:
    """On the smaller paper, too."""
    for box, size in _codes(printer.make_pdf(layout, _briefing(script), _LONGEST, paper="letter")):
        assert _inside(box, 0, 0, *size)


@pytest.mark.parametrize("name", ["Sam Lee", "M" * 80, SCRIPTS["chinese"][0][:80]])
def test_the_key_is_one_page_with_the_longest_address(name: str) -> None:
    """The code of the key has nothing in its quiet zone, and the page goes to no second one."""
    [(box, size)] = _codes(key_sheet.sheet(name, _LONGEST.replace("/c/", "/o/"), "letter", WORDS))
    assert _inside(box, 0, 0, *size)
