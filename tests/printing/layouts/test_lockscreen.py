"""The lock-screen picture, read by two programs that had no part in making it."""

import io

import numpy
import pytest
import zxingcpp
from PIL import Image

from caregiver_card.briefing.briefing import brief
from caregiver_card.printing.layouts import lockscreen
from caregiver_card.printing.pdf import verify
from tests.cast import CAST, WORDS, alex, card_of
from tests.prints import codes, modules

# Whole pictures, read back by two readers.
pytestmark = pytest.mark.slow

ADDRESS = "HTTPS://CARD.EXAMPLE/C/0123456789ABCDEFGHJKMNPQRS"
LONGEST = f"https://{'x' * 55}.example/c/0123456789ABCDEFGHJKMNPQRS"
# What clocks, and what buttons, take of the height.
CLOCK, BUTTONS = 0.33, 0.15


def _drawn(name: str, size: str = lockscreen.USUAL) -> Image.Image:
    raw = lockscreen.picture(brief(card_of(CAST[name]()), WORDS, 1), ADDRESS, size)
    return Image.open(io.BytesIO(raw))


@pytest.mark.parametrize("size", ["720x1600", "750x1334", "1320x2868"])
def test_it_is_as_large_as_the_screen_and_both_readers_read_it(size: str) -> None:
    """A small, a short and a large screen."""
    drawn = _drawn("typical", size)
    assert f"{drawn.width}x{drawn.height}" == size and drawn.format == "PNG"
    assert codes(numpy.array(drawn.convert("L"))) == {"zxing": {ADDRESS}, "opencv": {ADDRESS}}


@pytest.mark.parametrize("size", ["720x1600", "750x1334"])
def test_nothing_stands_under_the_clock_or_the_buttons(size: str) -> None:
    """The panel is the only thing that is not dark, and it lies between them."""
    drawn = numpy.array(_drawn("complex", size).convert("RGB")).astype(int)
    background = drawn[0, 0]
    rows = numpy.flatnonzero((abs(drawn - background).sum(axis=2) > 30).any(axis=1))
    assert rows[0] > CLOCK * len(drawn) and rows[-1] < (1 - BUTTONS) * len(drawn)
    columns = numpy.flatnonzero((abs(drawn - background).sum(axis=2) > 30).any(axis=0))
    assert columns[0] > 0 and columns[-1] < drawn.shape[1] - 1
    # White clocks are read against it.
    assert background.max() < 64


def test_a_phone_that_cuts_off_what_is_too_much_keeps_it_whole() -> None:
    """The usual picture on the shortest common screen, which shows its middle."""
    drawn = _drawn("minimal").convert("L")
    shown = round(drawn.width * 1334 / 750)
    top = (drawn.height - shown) // 2
    seen = numpy.array(drawn.crop((0, top, drawn.width, top + shown)))
    assert codes(seen)["zxing"] == {ADDRESS}


@pytest.mark.parametrize("size", ["720x1600", "750x1334"])
@pytest.mark.parametrize("address", [ADDRESS, LONGEST])
def test_four_modules_of_white_surround_the_code(size: str, address: str) -> None:
    """As decoded; beyond the panel and its round corners the picture is dark."""
    raw = lockscreen.picture(brief(card_of(alex()), WORDS, 1), address, size)
    drawn = numpy.array(Image.open(io.BytesIO(raw)).convert("L"))
    [read] = zxingcpp.read_barcodes(drawn)
    left, top = read.position.top_left.x, read.position.top_left.y
    right, bottom = read.position.bottom_right.x, read.position.bottom_right.y
    count, _ = modules(drawn[top + 2 : bottom - 1, left : right + 1])
    white = round((right - left) / count * 4)
    hair = 2
    ring = drawn[top - white + hair : bottom + white - hair, left - white + hair :][
        :, : right - left + 2 * (white - hair)
    ].copy()
    inner = white - 2 * hair
    ring[inner:-inner, inner:-inner] = 255
    assert ring.min() > 230


def test_the_number_for_an_ambulance_comes_first_and_is_the_cards_own() -> None:
    """The region's; where none is known, the sentence that stands everywhere else."""
    for region, words in (("US", "Call 911"), ("GB", "Call 999"), ("ID", "emergency number")):
        briefing = brief(card_of(alex({"region": region})), WORDS, 1)
        assert words in briefing.emergency.name
        assert lockscreen.picture(briefing, ADDRESS, "720x1600")


def test_every_size_is_that_of_a_screen() -> None:
    """Upright, named once, and the usual one is among them."""
    sizes = [tuple(map(int, size.split("x"))) for size in lockscreen.SIZES]
    assert all(1.7 < height / width < 2.3 for width, height in sizes)
    assert len(set(sizes)) == len(sizes) and lockscreen.USUAL in lockscreen.SIZES


def test_the_longest_number_fits() -> None:
    """Fifteen digits are the most that there are (E.164)."""
    card = alex({"team.phone_24h": "+49 1523 45678901"})
    assert lockscreen.picture(brief(card_of(card), WORDS, 1), ADDRESS, "720x1600")


def test_a_code_that_no_one_can_read_is_not_handed_over() -> None:
    """The finished picture is read back, and must say what it should."""
    from caregiver_card.printing.pdf import render

    page = '<html lang="en"><head><title>x</title></head><body><p>x</p></body></html>'
    written = render.write(page, "lockscreen.css")
    width, height = (round(each * 96 / 72) for each in (595.28, 841.89))
    with pytest.raises(verify.UnreadableCode):
        verify.picture(written, (width, height), ADDRESS)
