"""The wallet card for a home printer: the same card, in its place on the page, twice."""

from functools import cache

import pytest

from caregiver_card.briefing.briefing import Briefing, brief
from caregiver_card.printing import printer
from caregiver_card.printing.text.page_geometry import PAPERS
from tests.cast import CAST, WORDS, card_of
from tests.prints import POINTS_A_MM, Box, Print, Side, squeezed

ADDRESS = "HTTPS://CARD.EXAMPLE/C/0123456789ABCDEFGHJKMNPQRS"
SIZES_MM = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
every_card = pytest.mark.parametrize("name", sorted(CAST))
each_paper = pytest.mark.parametrize("paper", PAPERS)


def _briefing(name: str) -> Briefing:
    return brief(card_of(CAST[name]()), WORDS, 1)


@cache
def _print(name: str, layout: str = "fold", paper: str = "a4") -> Print:
    return Print(printer.make_pdf(layout, _briefing(name), ADDRESS, paper=paper))


@cache
def _faces(paper: str) -> list[Box]:
    """Two rows of a front and a back, the pair in the middle of the page, from its top."""
    width, height = SIZES_MM[paper]
    faces = []
    for row in range(2):
        top = height - (10 + 33 + 5 + row * 63.98)
        for left in (width / 2 - 85.6, width / 2):
            box = (left, top - 53.98, left + 85.6, top)
            faces.append(Box(*(side * POINTS_A_MM for side in box)))
    return faces


def _within(side: Side, box: Box) -> list[tuple[str, float, float, float]]:
    """The letters in a box: what, how large, and where from its corner."""
    return [
        (
            each.letter,
            round(each.size, 1),
            round(each.box.left - box.left, 1),
            round(each.box.bottom - box.bottom, 1),
        )
        for each in side.letters
        if each.box.over(box)
    ]


@each_paper
def test_it_is_one_page_of_the_paper(paper: str) -> None:
    """A4 or US Letter."""
    [size] = _print("typical", paper=paper).sizes_mm()
    assert size == pytest.approx(SIZES_MM[paper], abs=0.05)


@each_paper
@every_card
def test_each_face_is_the_wallet_card_itself(name: str, paper: str) -> None:
    """The same letters in the same places, both copies: never a second version of the card."""
    [side] = _print(name, paper=paper).sides
    card = _print(name, "wallet").sides
    for index, face in enumerate(_faces(paper)):
        whole = card[index % 2]
        there = _within(side, face)
        own = _within(whole, Box(0, 0, whole.width, whole.height))
        assert len(there) == len(own)
        for one, other in zip(sorted(there), sorted(own), strict=True):
            assert one[:2] == other[:2]
            assert one[2:] == pytest.approx(other[2:], abs=0.25)


@each_paper
@every_card
def test_nothing_stands_in_the_fold_or_where_a_cut_goes(name: str, paper: str) -> None:
    """No letter within a millimetre and a half of a fold or a cut, inside or outside of it."""
    [side] = _print(name, paper=paper).sides
    safe = 1.5 * POINTS_A_MM
    for each in side.letters:
        for face in _faces(paper):
            if each.box.over(face):
                assert not each.box.over(face.grown(safe)) or each.box.over(face.grown(-safe))
                assert face.left + safe <= each.box.left, each
                assert each.box.right <= face.right - safe, each


@each_paper
def test_the_page_says_how_to_print_it_in_its_true_size(paper: str) -> None:
    """100 %, and an empty frame of a bank card's size to see whether it was."""
    printed = _print("typical", paper=paper)
    for words in ("Print at 100 %", "Lay a bank card on the dashed frame", "Scan it"):
        assert squeezed(words) in printed.squeezed
    [side] = printed.sides
    raster = side.raster(254)  # ten dots a millimetre
    width, _ = SIZES_MM[paper]
    left = round(width / 2 * 10)
    top = round((10 + 33 + 5 + 2 * 63.98) * 10)
    frame = raster[top - 5 : top + 545, left - 5 : left + 861] < 128
    # The piece beside it shares its edge, and has lines above and below on the left.
    # Below the black band of that piece.
    rows, columns = frame[:, 9:].any(axis=1).nonzero()[0], frame[100:-9].any(axis=0).nonzero()[0]
    assert columns[-1] - columns[0] + 1 == pytest.approx(856, abs=2)
    assert rows[-1] - rows[0] + 1 == pytest.approx(540, abs=2)


@each_paper
def test_the_words_of_a_step_keep_clear_of_the_next_number(paper: str) -> None:
    """At least two and a half millimetres of white, and none of the words reaches the cards."""
    [side] = _print("typical", paper=paper).sides
    lead = (SIZES_MM[paper][1] - 10 - 33 - 5) * POINTS_A_MM
    letters = [each for each in side.letters if each.letter.strip() and each.box.top > lead]
    numbers = {
        each.letter: each.box for each in letters if round(each.size) == 20 and each.letter in "234"
    }
    words = [each.box for each in letters if round(each.size) == 9]
    assert len(numbers) == 3 and min(each.bottom for each in words) > lead
    for number in numbers.values():
        before = max(each.right for each in words if each.left < number.left)
        assert number.left - before >= 2.5 * POINTS_A_MM


@pytest.mark.parametrize(("layout", "drawn", "told"), [("fold", 2, 1), ("labels", 18, 3)])
def test_what_is_drawn_several_times_is_read_aloud_once(layout: str, drawn: int, told: int) -> None:
    """The number to call is on the paper as often as it should be; the copies are decoration."""
    printed = _print("typical", layout)
    [side] = printed.sides
    heard = squeezed(" ".join(words for _, words in printed.structure()))
    shown = squeezed("+1 312-555-0142")
    more = 1 if layout == "fold" else 0
    assert squeezed(side.text).count(shown) == drawn + more
    assert heard.count(shown) == told + more
