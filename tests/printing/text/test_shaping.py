"""Names in the scripts of the world, read back from the wallet card and held to HarfBuzz.

Drawn glyphs are taken from the finished file and compared with those that HarfBuzz, asked on its
own for the same font, makes of the same word: letters joined, marks placed, from right to left.
"""

import io
import subprocess
import sys
import textwrap
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pikepdf
import pypdf
import pytest
import uharfbuzz
from fontTools import subset

from caregiver_card.briefing.briefing import Briefing, brief
from caregiver_card.briefing.content import load
from caregiver_card.printing import printer
from caregiver_card.printing.flow import fit, leaf
from caregiver_card.printing.pdf import render
from caregiver_card.printing.text import bidi, fonts
from caregiver_card.style_sheets import points
from tests.cast import WORDS, alex, card_of
from tests.prints import Print, squeezed
from tests.scripts import SCRIPTS, SQUARE, longest

# Every script, printed and compared letter by letter.
pytestmark = pytest.mark.slow

ADDRESS = "HTTPS://CARD.EXAMPLE/C/0123456789ABCDEFGHJKMNPQRS"
_FONTS = {
    "arabic": "Noto Sans Arabic",
    "hebrew": "Noto Sans Hebrew",
    "hindi": "Noto Sans Devanagari",
    "bengali": "Noto Sans Bengali",
    "thai": "Noto Sans Thai",
    "chinese": "Noto Sans CJK SC",
    "japanese": "Noto Sans CJK JP",
    "korean": "Noto Sans CJK KR",
}
every_script = pytest.mark.parametrize("script", SCRIPTS)


@cache
def _briefing(script: str) -> Briefing:
    return brief(card_of(longest(script)), WORDS, 1)


@cache
def _card(script: str) -> bytes:
    return printer.make_pdf("wallet", _briefing(script), ADDRESS)


@every_script
def test_each_script_is_drawn_with_its_own_font(script: str) -> None:
    """The usual family, and beside it the one that the script needs and no other."""
    briefing = _briefing(script)
    needed = fonts.families(briefing.person.name + briefing.hospital)
    assert needed == tuple(filter(None, ["Noto Sans", _FONTS.get(script)]))
    drawn = {name.replace("-", " ") for name, _ in _glyphs(_card(script))}
    assert all(any(each in name for name in drawn) for each in needed), drawn
    assert all("Noto Sans" in name for name in drawn), drawn


@every_script
def test_the_glyphs_are_those_that_harfbuzz_makes(script: str) -> None:
    """Every word of the name and the pump is drawn whole, glyph by glyph, in bold."""
    family = _FONTS.get(script, "Noto Sans")
    drawn = [
        glyph
        for name, glyphs in _glyphs(_card(script))
        if family in name.replace("-", " ") and "Bold" in name
        for glyph in glyphs
    ]
    briefing = _briefing(script)
    words = f"{briefing.person.name} {briefing.device}".split()
    found = [_within(_shaped(word, family), drawn) for word in words]
    # A line may end inside a word that is longer than the rest of the line.
    assert sum(found) >= len(found) - 6 if script in SQUARE else all(found), found
    assert 0 not in drawn


@every_script
def test_another_reader_gives_the_words_back(script: str) -> None:
    """Name and hospital are there, their letters in the order in which they are read."""
    text = squeezed(_read(_card(script)))
    briefing = _briefing(script)
    for words in (briefing.person.name, briefing.hospital):
        assert all(squeezed(word) in text for word in words.split())


@pytest.mark.parametrize("layout", ["wallet", "fold", "sheet", "school"])
@pytest.mark.parametrize(
    "name",
    [
        pytest.param("अर्जुन शर्मा", id="Hindi"),
        pytest.param("মোহাম্মদ রহমান", id="Bengali"),
        pytest.param("ஸ்ரீனிவாசன் கோபாலகிருஷ்ணன்", id="Tamil"),
        pytest.param("వెంకటేశ్వర్లు", id="Telugu"),
        pytest.param("ස්‍රී ප්‍රේමදාස", id="Sinhala"),
        pytest.param("ស្រីមុំ ព្រំសុខា", id="Khmer"),
        pytest.param("ကျော်စွာ မြင့်", id="Burmese"),
        pytest.param("น้ำฝน กำแพงเพชร", id="Thai"),
        pytest.param("𠮷田 太郎", id="a rare letter"),
        pytest.param("अर्जुन 𠮷", id="two rarities"),
    ],
)
def test_a_name_whose_letters_share_shapes_is_read_as_it_is_written(name: str, layout: str) -> None:
    """A shape that is part of several syllables does not read out as the first of them."""
    raw = printer.make_pdf(layout, _named(name), ADDRESS)
    assert squeezed(name) in squeezed(_read(raw))


def test_a_place_from_right_to_left_stands_beside_the_pump() -> None:
    """A reader of text then turns the line of the pump around; the print is right all the same."""
    card = alex({"pump.location": "مُحَمَّدٌ الطَّاهِر"})
    raw = printer.make_pdf("school", brief(card_of(card), WORDS, 1), ADDRESS)
    assert "Medtronic SynchroMed II" in _read(raw)


def test_a_name_that_says_which_shape_is_meant_is_printed() -> None:
    """Japanese names may say so with a letter of no width; readers of text leave it out."""
    raw = printer.make_pdf("wallet", _named("葛\U000e0100城 花"), ADDRESS)
    assert "葛城花" in squeezed(_read(raw))


def _named(name: str) -> Briefing:
    return brief(card_of(alex({"patient.full_name": name})), WORDS, 1)


def _read(raw: bytes) -> str:
    """The words as pypdf finds them, and those that pikepdf finds spelled beside their shapes."""
    read = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(raw)).pages]
    with pikepdf.open(io.BytesIO(raw)) as document:
        for page in document.pages:
            for each in pikepdf.parse_content_stream(page):
                operands, operator = each.operands, each.operator
                if str(operator) == "BDC" and "/ActualText" in operands[1]:
                    read.append(str(operands[1].ActualText))
    return "".join(read)


@every_script
def test_the_height_that_is_computed_is_the_height_that_is_drawn(script: str) -> None:
    """For a paragraph in any script, in narrow and wide columns, in one weight and in two."""
    name, hospital = SCRIPTS[script]
    for room, runs in (
        (90.0, ((hospital, True),)),
        (225.0, ((f"{name},", True), (hospital, False))),
    ):
        computed = fit.text(7.5, room, points("card-line"), *runs).height_pt
        assert computed == pytest.approx(_drawn_height(runs, room), abs=0.3)


@every_script
def test_a_sheet_measures_as_the_card_does(script: str) -> None:
    """A paragraph of a sheet is as high as it is drawn, in any script."""
    name, hospital = SCRIPTS[script]
    runs = ((f"{name}:", True), (hospital, False))
    drawn = _drawn_height(runs, 240, "font-size:9pt", "leaf.css")
    assert leaf.text(leaf.BODY_PT, 240, *runs).height_pt == pytest.approx(drawn, abs=0.3)


@pytest.mark.parametrize("room", [60.0, 120.0, 240.0])
@every_script
def test_a_line_of_a_sheet_ends_within_its_column(script: str, room: float) -> None:
    """Where the sheet breaks its lines itself, and where the engine does."""
    name, hospital = SCRIPTS[script]
    text = leaf.text(leaf.BODY_PT, room, (f"{name}:", True), (hospital, False))
    (label, _), (words, _) = text.runs
    css = "s90 lines" if text.broken else "s90"
    [side] = _drawn(f'<p class="{css}"><b>{label}</b>{words}</p>', room, "leaf.css").sides
    assert max(each.box.right for each in side.letters) <= _LEFT_PT + room + 0.5
    assert min(each.box.left for each in side.letters) >= _LEFT_PT - 0.5


@pytest.mark.parametrize("script", ["arabic", "hebrew"])
def test_a_name_from_right_to_left_stands_at_the_left_and_apart(script: str) -> None:
    """The card is English: the name begins the line, what follows stands at its right."""
    name = " ".join(SCRIPTS[script][0].split()[:2])
    card = alex({"patient.full_name": name})
    front = Print(printer.make_pdf("wallet", brief(card_of(card), WORDS, 1), ADDRESS)).sides[0]
    [line] = [each for each in front.lines if any(bidi.is_rtl(one.letter) for one in each)]
    foreign = [each.box for each in line if bidi.is_rtl(each.letter)]
    born = [each.box for each in line if each.letter.isascii()]
    assert min(box.left for box in foreign) < 12
    assert max(box.right for box in foreign) < min(box.left for box in born)


@pytest.mark.parametrize(
    "words, marked",
    [
        pytest.param("אברהם", "[אברהם]", id="a name"),
        pytest.param(", والد", ", [والد]", id="behind a comma"),
        pytest.param("פניצילין (פריחה 3); Latex", "[פניצילין (פריחה 3)]; Latex", id="a list"),
        pytest.param("מורפין 10\u00a0mg/mL", "[מורפין] 10\u00a0mg/mL", id="a dose"),
        pytest.param("משפט ראשון, המשך. משפט שני.", "[משפט ראשון, המשך. משפט שני.]", id="prose"),
        pytest.param("by אברהם; newer", "by אברהם; newer", id="within English"),
        pytest.param("(אבא)", "[(אבא)]", id="in brackets"),
    ],
)
def test_what_runs_backwards_is_marked_and_the_list_around_it_is_not(
    words: str, marked: str
) -> None:
    """Entries of a list keep their order, and a number is never parted from its unit."""
    root = Element("p")
    root.text = words
    bidi.isolate_rtl(words, root)
    assert "".join(root.itertext()) == words
    assert all(each.get("dir") == "rtl" for each in root)
    shown = (f"[{each.text}]{each.tail or ''}" for each in root)
    assert (root.text or "") + "".join(shown) == marked


def test_an_allergy_in_hebrew_stands_before_the_next_one() -> None:
    """On paper as in the list, with the semicolon between the two."""
    items = [{"substance": "פניצילין", "reaction": "פריחה"}, {"substance": "Latex"}]
    card = alex({"allergies.items": items})
    back = Print(printer.make_pdf("wallet", brief(card_of(card), WORDS, 1), ADDRESS)).sides[1]
    [line] = [each for each in back.lines if any(bidi.is_rtl(one.letter) for one in each)]
    foreign = max(each.box.right for each in line if bidi.is_rtl(each.letter))
    [between] = [each.box.left for each in line if each.letter == ";"]
    [latex] = [each.box.left for each in line if each.letter == "x"]
    assert foreign < between + 1 and between < latex


@pytest.mark.parametrize(
    "words, region, family",
    [
        pytest.param("王小明", "CN", "Noto Sans CJK SC", id="China"),
        pytest.param("王小明", "TW", "Noto Sans CJK TC", id="Taiwan"),
        pytest.param("王小明", "HK", "Noto Sans CJK HK", id="Hong Kong"),
        pytest.param("山田", "JP", "Noto Sans CJK JP", id="Japan"),
        pytest.param("山田 はな", "US", "Noto Sans CJK JP", id="kana tell"),
        pytest.param("金 민수", "US", "Noto Sans CJK KR", id="Hangul tells"),
        pytest.param("王小明", "GB", "Noto Sans CJK SC", id="nothing tells"),
        pytest.param("हिन्दी", "IN", "Noto Sans Devanagari", id="Devanagari"),
        pytest.param("ქართული", "GE", "Noto Sans Georgian", id="Georgian"),
    ],
)
def test_a_letter_is_drawn_in_its_countrys_manner(words: str, region: str, family: str) -> None:
    """What other letters of the print tell goes before the region of the card."""
    assert fonts.families(words, region) == ("Noto Sans", family)


@pytest.mark.parametrize(
    "kept, lost, words, said",
    [
        pytest.param(
            ["NotoSans-Regular.ttf", "NotoSans-Bold.ttf"],
            "",
            "Wang 王",
            "王 CJK UNIFIED IDEOGRAPH-738B fonts-noto-cjk",
            id="no font has it",
        ),
        pytest.param(
            ["NotoSans-Regular.ttf", "NotoSans-Bold.ttf", "NotoSansThai-Regular.ttf"],
            "ศ",
            "กศ",
            "ศ THAI CHARACTER SO SALA, bold fonts-noto-core, fonts-noto-extra",
            id="only the bold face lacks it",
        ),
    ],
)
def test_a_letter_that_one_style_lacks_is_named(
    kept: list[str], lost: str, words: str, said: str, tmp_path: Path
) -> None:
    """On a machine with few fonts the refusal says which letter, and which package has it."""
    folder = tmp_path / "fonts"
    folder.mkdir()
    noto = Path(fonts.ask("fc-match", "-f", "%{file}", "Noto Sans")).parent
    for each in kept:
        (folder / each).symlink_to(noto / each)
    if lost:
        _without(lost, noto / "NotoSansThai-Bold.ttf", folder / "NotoSansThai-Bold.ttf")
    settings = tmp_path / "fonts.conf"
    settings.write_text(
        f"<fontconfig><dir>{folder}</dir><cachedir>{tmp_path}</cachedir></fontconfig>"
    )
    program = """
        from caregiver_card.printing.text import glyphs
        try:
            glyphs.check({words!r})
        except glyphs.MissingLetter as fault:
            print(fault.letter, fault.name, fault.package)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program).format(words=words)],
        env={"FONTCONFIG_FILE": str(settings), "PATH": "/usr/bin:/bin", "PYTHONUTF8": "1"},
        cwd=Path(__file__).parent.parent.parent.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == said


def _without(letter: str, source: Path, target: Path) -> None:
    options = subset.Options(name_IDs=["*"], layout_features=[])
    with subset.load_font(str(source), options) as font:
        worker = subset.Subsetter(options)
        worker.populate(unicodes=[each for each in font.getBestCmap() if each != ord(letter)])
        worker.subset(font)
        font.save(target)


def _glyphs(raw: bytes) -> list[tuple[str, list[int]]]:
    """What the pages show: the name of a font, and the glyphs drawn with it."""
    with pikepdf.open(io.BytesIO(raw)) as document:
        return [each for page in document.pages for each in _drawn_on(page)]


def _drawn_on(page: pikepdf.Page) -> list[tuple[str, list[int]]]:
    found: list[tuple[str, list[int]]] = []
    names = {key: str(font.BaseFont) for key, font in page.Resources.Font.items()}
    for drawn in pikepdf.parse_content_stream(page):
        operands, operator = drawn.operands, drawn.operator
        if str(operator) == "Tf":
            found.append((names[str(operands[0])], []))
        elif str(operator) == "TJ":
            for each in operands[0]:
                if isinstance(each, pikepdf.String):
                    found[-1][1].extend(_pairs(bytes(each)))
    return found


def _pairs(codes: bytes) -> list[int]:
    return [int.from_bytes(codes[at : at + 2], "big") for at in range(0, len(codes), 2)]


def _shaped(word: str, family: str) -> list[int]:
    buffer = uharfbuzz.Buffer()
    buffer.add_str(word)
    buffer.guess_segment_properties()
    uharfbuzz.shape(_font(family), buffer)
    return [each.codepoint for each in buffer.glyph_infos]


@cache
def _font(family: str) -> Any:
    path, index = fonts.ask("fc-match", "-f", "%{file}\n%{index}", f"{family}:bold").split("\n")
    face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(path), int(index))
    return uharfbuzz.Font(face)


def _within(sought: list[int], drawn: list[int]) -> bool:
    length = len(sought)
    return any(drawn[at : at + length] == sought for at in range(len(drawn) - length + 1))


def test_a_print_lays_out_no_paragraph_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Noto Sans lacks the letters, and each paragraph costs some milliseconds."""
    laid_out, measured = [], render.height

    def height(html: str, style: str) -> float:
        laid_out.append((html, style))
        return measured(html, style)

    monkeypatch.setattr(render, "height", height)
    briefing = brief(card_of(alex({"language": "ar"})), load("ar"))
    printer.unverified("school", printer.print_job("school", briefing, ADDRESS))
    assert 20 < len(laid_out) == len(set(laid_out))
    before = len(laid_out)
    for _ in range(2):
        fit.laid_out_height(9, 90, ("\u0633\u0644\u0627\u0645", False), leading=1.3)
    assert len(laid_out) == before + 2, "nothing is remembered for the next print"


def _drawn_height(
    runs: tuple[tuple[str, bool], ...],
    room: float,
    size: str = "font-size:7.5pt",
    sheet: str = "card.css",
) -> float:
    """From the edges of a box that is painted behind the paragraph."""
    words = " ".join(f"<b>{each}</b>" if bold else each for each, bold in runs)
    [top, bottom] = _drawn(f'<p style="{size}">{words}</p>', room, sheet).sides[0].painted()
    return top - bottom


_LEFT_PT = 20.0


def _drawn(html: str, room: float, sheet: str) -> Print:
    """``html`` in a box that is painted, ``room`` wide."""
    raw = render.write(
        f'<html lang="en"><head><title>x</title><style>@page {{ margin: {_LEFT_PT}pt }}</style>'
        f'</head><body><div style="background:#ccc;width:{room}pt">{html}</div></body></html>',
        sheet,
    )
    return Print(raw)
