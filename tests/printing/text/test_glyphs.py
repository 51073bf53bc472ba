"""Letters that no installed font has are named before they are printed; lines are counted."""

import pytest

from caregiver_card.printing.text import glyphs
from caregiver_card.printing.text.glyphs import MissingLetter

# The last letter of the last plane is for private use: no font from a package has it.
NOBODYS = "\U0010fffd"


def test_a_missing_letter_is_named_with_its_package() -> None:
    """The refusal says which letter it is and what to install."""
    with pytest.raises(MissingLetter) as refusal:
        glyphs.check(f"Alex {NOBODYS}Rivera")
    assert refusal.value.letter == NOBODYS and refusal.value.name == "U+10FFFD"
    assert refusal.value.package == "fonts-noto-core, fonts-noto-extra"


@pytest.mark.parametrize(
    "letter, name, package",
    [
        pytest.param("漢", "CJK UNIFIED IDEOGRAPH-6F22", "fonts-noto-cjk", id="Han"),
        pytest.param("か", "HIRAGANA LETTER KA", "fonts-noto-cjk", id="Hiragana"),
        pytest.param("한", "HANGUL SYLLABLE HAN", "fonts-noto-cjk", id="Hangul"),
        pytest.param("。", "IDEOGRAPHIC FULL STOP", "fonts-noto-cjk", id="a full stop"),
        pytest.param("🦽", "MANUAL WHEELCHAIR", "fonts-noto-color-emoji", id="a picture"),
        pytest.param("𒀀", "CUNEIFORM SIGN A", "fonts-noto-core, fonts-noto-extra", id="cuneiform"),
        pytest.param(
            "𓀀", "EGYPTIAN HIEROGLYPH A001", "fonts-noto-core, fonts-noto-extra", id="hieroglyph"
        ),
    ],
)
def test_a_letter_s_package_follows_its_script(letter: str, name: str, package: str) -> None:
    """Each script has the package that holds it."""
    missing = MissingLetter(letter)
    assert (missing.name, missing.package) == (name, package)


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("Nguyễn Thị Ánh-Tuyết Featherstonehaugh-Wójcik", id="a long name"),
        pytest.param("Bệnh viện Phục hồi chức năng Trung ương – “Sông Hồng”", id="a hospital"),
        pytest.param("Ελένη Щукина Łódź ß ñ Ø ı", id="Europe"),
        pytest.param("a\nb\tc\u00a0d\u3000e", id="spaces and breaks"),
        pytest.param("\u200d\ufe0f\u2060\u00ad", id="joiners and selectors"),
        pytest.param("\U000e0067\U000e007f\U000e0100", id="tags, which leave no mark"),
        pytest.param("", id="nothing"),
    ],
)
def test_letters_that_can_be_printed_pass(words: str) -> None:
    """The cast's names, and what leaves no mark at all, stop no print."""
    glyphs.check(words)


def test_the_first_missing_letter_is_the_one_that_is_named() -> None:
    """One letter at a time, in the order of the words."""
    other = "\U0010fffc"
    with pytest.raises(MissingLetter) as refusal:
        glyphs.check(f"Sam {other} {NOBODYS}")
    assert refusal.value.letter == other


# Lines are counted in a column as wide as four letters n.
FACE = glyphs.face()
ROOM = FACE.width("nnnn") * 10 + 0.001


@pytest.mark.parametrize(
    "words, lines",
    [
        pytest.param("", "", id="nothing is a line"),
        pytest.param("nnnn", "nnnn", id="a full line"),
        pytest.param("n n", "n n", id="two words on a line"),
        pytest.param("nnn nnn", "nnn\nnnn", id="two words on two lines"),
        pytest.param("nnnn nnnn nnnn", "nnnn\nnnnn\nnnnn", id="three full lines"),
        pytest.param("n  n", "n n", id="two spaces are one"),
        pytest.param("n\nn", "n\nn", id="a line break"),
        pytest.param("n\n\nn", "n\n\nn", id="an empty line between"),
        pytest.param("nnnnnn", "nnnn\nnn", id="a word longer than the line"),
        pytest.param("nnnnnnnnnn", "nnnn\nnnnn\nnn", id="a word longer than two lines"),
        pytest.param("nn nnnnnn", "nn\nnnnn\nnn", id="a long word begins a line of its own"),
        pytest.param("nnnnnn n", "nnnn\nnn n", id="what follows a long word stands behind it"),
        pytest.param("nn nn-n", "nn\nnn-n", id="a word and its hyphen stay together"),
        pytest.param("n n-nn", "n n-\nnn", id="behind a hyphen a line may end"),
        pytest.param("n 1-11", "n\n1-11", id="but not before a figure"),
        pytest.param(
            "nn 1\N{NO-BREAK SPACE}n", "nn\n1\N{NO-BREAK SPACE}n", id="a number and its unit"
        ),
    ],
)
def test_a_line_ends_where_the_next_word_has_no_room(words: str, lines: str) -> None:
    """Words break at spaces, long words anywhere, and a break is a break."""
    assert glyphs.break_lines([(words, False)], 10, ROOM) == [lines]


def test_a_paragraph_runs_on_through_its_bold_parts() -> None:
    """What follows a bold word stands behind it, and bold letters take their own width."""
    assert glyphs.break_lines([("n", True), ("n", False)], 10, ROOM) == ["n", " n"]
    assert glyphs.break_lines([("nn", True), ("nn", False)], 10, ROOM) == ["nn", "\nnn"]
    assert glyphs.break_lines([("nnnn", True)], 10, ROOM) == ["nnn\nn"]
    assert glyphs.break_lines([("", True), ("n", False)], 10, ROOM) == ["", "n"]


def test_a_wide_letter_is_wide_and_a_bold_one_wider() -> None:
    """Widths come from the font itself."""
    assert FACE.width("m") > FACE.width("n") > FACE.width("i") > 0
    assert glyphs.face(bold=True).width("nnnn") > FACE.width("nnnn")
    assert FACE.width("nn") == pytest.approx(2 * FACE.width("n"))


def test_a_letter_of_another_font_counts_as_a_full_em() -> None:
    """What the family lacks is taken to be as wide as it may be."""
    assert not FACE.has(NOBODYS) and FACE.width(NOBODYS) == 1.0


@pytest.mark.parametrize("bold", [False, True], ids=["regular", "bold"])
def test_all_figures_are_equally_wide(bold: bool) -> None:
    """So doses stand under one another without a font feature, which would cost each line time."""
    assert len({glyphs.face(bold).width(figure) for figure in "0123456789"}) == 1
