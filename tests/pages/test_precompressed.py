"""A page that is compressed once and filled in later is still the page, for every gunzip."""

import gzip
import json
import struct
import subprocess
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from caregiver_card.pages.precompressed import HOLE, PrecompressedPage, UnreadablePage, precompress
from tests.pages.ten_years import uncommented

WORDS = {"today": "21 Nov 2026", "alerts": "<p>Refill late ☎</p>", "nothing": ""}
PAGE = f"<h1>Pump</h1>{HOLE}today{HOLE}<p>stiff</p>{HOLE}alerts{HOLE}{HOLE}nothing{HOLE}</html>"
FILLED = "<h1>Pump</h1>21 Nov 2026<p>stiff</p><p>Refill late ☎</p></html>".encode()
# A stored block of deflate holds 65,535 bytes.
BLOCK = 65_535


def test_a_pressed_page_opens_as_the_filled_page() -> None:
    """Python's gzip, which checks sum and length, gives back every word."""
    pressed = PrecompressedPage(precompress(PAGE, {"mark": "1"}))
    assert gzip.decompress(pressed.gzip(WORDS.__getitem__)) == FILLED
    assert pressed.plain(WORDS.__getitem__) == FILLED
    assert pressed.head["mark"] == "1"


def test_the_system_s_gzip_opens_it_too() -> None:
    """GNU gzip reads the same page and finds its checksum right."""
    squeezed = PrecompressedPage(precompress(PAGE * 50, {})).gzip(WORDS.__getitem__)
    done = subprocess.run(["gzip", "-dc"], input=squeezed, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"") and done.stdout == FILLED * 50


def test_a_page_is_smaller_pressed() -> None:
    """What does not change is compressed."""
    page = "<p>Rigid muscles</p>" * 1000
    assert len(PrecompressedPage(precompress(page, {})).gzip(str)) < len(page) / 20


def test_each_hole_is_filled_by_its_name_on_each_opening() -> None:
    """The same pressed page serves two days."""
    pressed = PrecompressedPage(precompress(PAGE, {}))
    for day in ("today", "tomorrow"):
        assert pressed.plain(_fill(day)).count(day.encode()) == 3 + (day == "today")


def _fill(day: str) -> Callable[[str], str]:
    return lambda name: f"{name} {day};"


def test_a_hole_with_a_room_costs_what_follows_nothing() -> None:
    """What stands behind the hole is pressed as if it had no hole before it."""
    piece = "".join(f"<p>{number * 7919 % 1009}</p>" for number in range(300))
    page = f"{piece}{HOLE}today{HOLE}{piece}"
    roomy, alone = precompress(page, {}, {"today": 40}), precompress(page, {})
    assert len(PrecompressedPage(roomy).gzip(str)) < 0.6 * len(PrecompressedPage(alone).gzip(str))


@pytest.mark.parametrize("length", [0, 1, 33, 34, 39, 40, 41, 70_000])
def test_any_words_fit_a_room(length: int) -> None:
    """Shorter ones leave a comment behind; longer ones cost bytes and are whole all the same."""
    page = f"{PAGE}{HOLE}alerts{HOLE}{PAGE}"
    pressed = PrecompressedPage(precompress(page, {}, {"today": 40, "alerts": 40}))

    def fill(name: str) -> str:
        return "x" * length if name == "alerts" else "y"

    plain = pressed.plain(fill)
    assert plain.count(b"x" * length) >= 3 and plain.count(b"y") >= 4
    squeezed = gzip.decompress(pressed.gzip(fill))
    assert uncommented(squeezed) == plain
    assert length > 33 or len(squeezed) == len(plain) + 5 * 40 - 3 * length - 2


_PIECE = st.text(max_size=60)
_LONG = st.integers(BLOCK - 2, 3 * BLOCK + 2).map(lambda length: "x" * length)


@given(
    rooms=st.dictionaries(st.sampled_from("01234"), st.integers(0, 90)),
    first=_PIECE,
    rest=st.lists(st.tuples(st.one_of(_PIECE, _PIECE, _PIECE, _LONG), _PIECE), max_size=5),
)
@example(rooms={}, first="", rest=[])
@example(rooms={}, first="", rest=[("", "")])
@example(rooms={}, first="a", rest=[("x" * BLOCK, "b")])
@example(rooms={}, first="a", rest=[("x" * (BLOCK + 1), "b")])
@example(rooms={}, first="", rest=[("é" * BLOCK, ""), ("", "")])
def test_any_pieces_and_any_words_come_out_in_order(
    rooms: dict[str, int], first: str, rest: list[tuple[str, str]]
) -> None:
    """Whatever is pressed and whatever fills it, gunzip gives the one text they make."""
    first = first.replace(HOLE, "")
    rest = [(words, piece.replace(HOLE, "")) for words, piece in rest]
    page = first + "".join(f"{HOLE}{index}{HOLE}{piece}" for index, (_, piece) in enumerate(rest))
    whole = first + "".join(words + piece for words, piece in rest)
    pressed = PrecompressedPage(precompress(page, {}, rooms))
    squeezed = pressed.gzip(lambda name: rest[int(name)][0])
    assert pressed.plain(lambda name: rest[int(name)][0]) == whole.encode()
    assert uncommented(gzip.decompress(squeezed)) == uncommented(whole.encode())


_WHOLE = precompress(PAGE, {"mark": "1"})


def _head(head: object) -> bytes:
    written = json.dumps(head).encode()
    return struct.pack(">I", len(written)) + written


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\x00\x00", id="less than a length"),
        pytest.param(_WHOLE[:10], id="a head cut off"),
        pytest.param(_WHOLE[:-1], id="a body cut off"),
        pytest.param(_WHOLE + b"x", id="a byte too many"),
        pytest.param(b"<!doctype html><title>Pump</title>", id="a page that is not pressed"),
        pytest.param(gzip.compress(b"page"), id="a gzip file"),
        pytest.param(_head([]), id="a list for a head"),
        pytest.param(_head(5), id="a number for a head"),
        pytest.param(_head({}), id="a head without pieces"),
        pytest.param(_head({"pieces": [], "holes": []}), id="a head without any piece"),
        pytest.param(_head({"pieces": [[1]], "holes": []}), id="half a piece"),
        pytest.param(
            _head({"pieces": [[0, 0, 0, 0]], "holes": [["a", 1]]}), id="a hole at the end"
        ),
        pytest.param(_head({"pieces": [[0] * 4] * 2, "holes": ["a"]}), id="a hole of old"),
        pytest.param(b"\x00\x00\x00\x02\xff\xfe", id="a head that is no text"),
    ],
)
def test_what_is_not_a_pressed_page_is_unreadable(raw: bytes) -> None:
    """Broken bytes are refused as they are read, before any of them is sent."""
    with pytest.raises(UnreadablePage):
        PrecompressedPage(raw)


@given(st.binary(max_size=60))
def test_any_bytes_are_refused_and_break_nothing(raw: bytes) -> None:
    """No bytes that a damaged store could hold raise anything else."""
    with pytest.raises(UnreadablePage):
        PrecompressedPage(raw)


def test_the_words_of_a_day_are_deflated_too() -> None:
    """Sentences that fill a hole do not travel as they stand."""
    sentences = "Call the pump team now: a pump that runs out leads to withdrawal. " * 6
    pressed = PrecompressedPage(precompress(f"<p>{HOLE}alerts{HOLE}</p>", {}))
    assert len(pressed.gzip(lambda name: sentences)) < len(sentences) / 3
