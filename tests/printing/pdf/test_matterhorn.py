"""PDF/UA-1 by the Matterhorn protocol 1.1: what a machine can check of it, for every print.

Each test bears the number of its failure condition. Conditions about things that no print has
(tables, links, notes, forms, scripts, encryption, XFA, video) are one test: there are none.
The files are read by pikepdf, which is not what wrote them.
"""

import io
import itertools
from collections.abc import Iterator
from functools import cache
from typing import Any

import pikepdf
import pytest

from caregiver_card.briefing.briefing import brief
from caregiver_card.card import codec
from caregiver_card.printing import printer
from tests.cast import CAST, WORDS, card_of

ADDRESS = "HTTPS://CARD.EXAMPLE/C/0123456789ABCDEFGHJKMNPQRS"
# ISO 32000-1, 14.8.4: the standard structure types, as far as prints use them.
_STANDARD = {
    *("Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "NonStruct", "P"),
    *("H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody", "Span", "Figure"),
}
# Each print, and the sheet once more with the card file inside it.
PRINTS = (*printer.LAYOUTS, "sheet with its file", printer.KEY)


@cache
def _file(name: str) -> pikepdf.Pdf:
    card = card_of(CAST["complex"]())
    layout, _, attached = name.partition(" ")
    raw = printer.make_pdf(
        layout,
        brief(card, WORDS, 1),
        ADDRESS,
        paper="letter",
        card_file=codec.encode_shared(card) if attached else None,
    )
    return pikepdf.open(io.BytesIO(raw))


@pytest.fixture(params=PRINTS)
def file(request: pytest.FixtureRequest) -> pikepdf.Pdf:
    """Each print in turn."""
    return _file(request.param)


def _walk(each: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """Every structure element in reading order, with those it stands in."""
    if isinstance(each, pikepdf.Array):
        for kid in each:
            yield from _walk(kid, above)
    elif isinstance(each, pikepdf.Dictionary) and each.get("/S") is not None:
        yield each, above
        if "/K" in each:
            yield from _walk(each.K, (*above, each))


def _elements(file: pikepdf.Pdf) -> list[tuple[Any, tuple[Any, ...]]]:
    return list(_walk(file.Root.StructTreeRoot.K))


def _numbered(file: pikepdf.Pdf) -> list[tuple[int, int]]:
    """The numbered pieces of content that the tree names, in its order: page and number."""
    pages = {page.objgen: index for index, page in enumerate(file.pages)}
    found = []
    for each, _ in _elements(file):
        kids = each.get("/K", pikepdf.Array())
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if not isinstance(kid, pikepdf.Dictionary):
                found.append((pages[each.Pg.objgen], int(kid)))
    return found


def _kind(each: Any) -> str:
    return str(each.S).lstrip("/")


def _contents(file: pikepdf.Pdf) -> Iterator[tuple[str, int, list[Any]]]:
    """What draws on each page: the operator, the number of the page, the marks it stands in."""
    for number, page in enumerate(file.pages):
        marks: list[Any] = []
        for each in pikepdf.parse_content_stream(page):
            operands, operator = each.operands, each.operator
            words = str(operator)
            if words in ("BDC", "BMC"):
                marks.append((str(operands[0]), operands[1] if len(operands) > 1 else None))
            elif words == "EMC":
                marks.pop()
            else:
                yield words, number, list(marks)


_SHOWS = {"Tj", "TJ", "'", '"', "Do", "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh"}


def test_01_003_and_01_004_nothing_is_an_artifact_and_content_at_once(file: pikepdf.Pdf) -> None:
    """Tagged content never lies inside an artifact, nor an artifact inside tagged content."""
    for _, _, marks in _contents(file):
        kinds = [kind == "/Artifact" for kind, _ in marks]
        assert not (any(kinds) and not all(kinds)), marks


def test_01_005_all_that_is_drawn_is_content_or_artifact(file: pikepdf.Pdf) -> None:
    """No text and no picture stands outside of the tags; lines and grounds are artifacts."""
    for operator, _, marks in _contents(file):
        if operator in _SHOWS:
            assert marks, operator


def test_01_006_every_piece_of_content_is_in_the_tree(file: pikepdf.Pdf) -> None:
    """Each numbered piece belongs to a structure element, each of them to one piece."""
    drawn = {
        (number, int(details.MCID))
        for _, number, marks in _contents(file)
        for kind, details in marks
        if kind != "/Artifact"
    }
    named = _numbered(file)
    assert len(named) == len(set(named))
    assert set(named) == drawn


def test_01_007_it_does_not_claim_to_be_suspect(file: pikepdf.Pdf) -> None:
    """MarkInfo holds no Suspects."""
    assert not file.Root.MarkInfo.get("/Suspects", False)


def test_02_001_to_02_004_every_tag_is_a_standard_one(file: pikepdf.Pdf) -> None:
    """There is no role map to get wrong."""
    assert "/RoleMap" not in file.Root.StructTreeRoot
    assert {_kind(each) for each, _ in _elements(file)} <= _STANDARD


def test_06_001_to_06_003_the_metadata_say_what_it_is(file: pikepdf.Pdf) -> None:
    """XMP, PDF/UA's own part 1, and a title."""
    assert file.Root.Metadata.get("/Type") == "/Metadata"
    with file.open_metadata() as data:
        assert data["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
        assert str(data["{http://purl.org/dc/elements/1.1/}title"]).strip()
    assert file.Root.Metadata.read_bytes().count(b"<rdf:RDF") == 1


def test_07_001_and_07_002_the_title_is_shown_in_the_window(file: pikepdf.Pdf) -> None:
    """And not the name of the file."""
    assert bool(file.Root.ViewerPreferences.DisplayDocTitle) is True


def test_09_004_to_09_008_lists_hold_items_and_items_their_parts(file: pikepdf.Pdf) -> None:
    """L holds LI, LI holds Lbl and LBody, and none of them stands elsewhere."""
    inside = {"LI": {"L"}, "Lbl": {"LI"}, "LBody": {"LI"}, "Caption": {"L", "Table", "Figure"}}
    holds = {"L": {"LI", "Caption", "L"}, "LI": {"Lbl", "LBody", "L"}}
    for each, above in _elements(file):
        parent = _kind(above[-1]) if above else ""
        if _kind(each) in inside:
            assert parent in inside[_kind(each)], (_kind(each), parent)
        if parent in holds:
            assert _kind(each) in holds[parent], (_kind(each), parent)


def test_10_001_every_letter_can_be_read_back(file: pikepdf.Pdf) -> None:
    """Each font says which letters its glyphs are."""
    fonts = _fonts(file)
    assert fonts
    for font in fonts:
        assert b"beginbf" in font.ToUnicode.read_bytes()


def test_11_001_to_11_006_the_language_is_known(file: pikepdf.Pdf) -> None:
    """Of everything: the text, the descriptions and the outline."""
    assert str(file.Root.Lang) == "en"


def test_13_004_every_picture_has_a_description(file: pikepdf.Pdf) -> None:
    """A figure says in words what it is."""
    figures = [each for each, _ in _elements(file) if _kind(each) == "Figure"]
    assert figures
    for each in figures:
        assert "QR" in str(each.Alt) and "BBox" in str(each.A.keys())
    # Crop marks are drawn too, and are artifacts.
    drawn = sum(
        operator == "Do" and marks[0][0] != "/Artifact" for operator, _, marks in _contents(file)
    )
    assert drawn == len(figures)


def test_14_002_and_14_003_headings_begin_at_one_and_skip_none(file: pikepdf.Pdf) -> None:
    """The first is H1, and none is more than one deeper than the one before."""
    levels = [int(_kind(each)[1]) for each, _ in _elements(file) if _kind(each) in _HEADINGS]
    if not levels:
        pytest.fail("no heading")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


_HEADINGS = {f"H{level}" for level in range(1, 7)}


def test_words_stand_in_paragraphs_and_headings_and_neither_in_the_other(file: pikepdf.Pdf) -> None:
    """ISO 32000-1, 14.8.4.3: also where a heading stands on the line of its paragraph."""
    holders = {"P", "Lbl", "LBody", *_HEADINGS}
    for each, above in _elements(file):
        around = [_kind(outer) for outer in above if _kind(outer) not in ("Span", "NonStruct")]
        if _kind(each) == "Span":
            assert around[-1] in holders, around
        elif _kind(each) in holders:
            assert not set(around) & {"P", *_HEADINGS}, (_kind(each), around)


def test_14_006_and_14_007_headings_are_numbered_throughout(file: pikepdf.Pdf) -> None:
    """No bare H beside H1, H2."""
    assert "H" not in {_kind(each) for each, _ in _elements(file)}


def test_09_001_the_order_of_the_tags_is_that_of_the_page(file: pikepdf.Pdf) -> None:
    """Marked content is numbered as it is drawn, and the tree follows it page by page."""
    seen = [page for page, _ in _numbered(file)]
    assert seen == sorted(seen)


def test_15_17_18_19_20_to_26_28_nothing_of_it_that_a_print_has_not(file: pikepdf.Pdf) -> None:
    """No tables, formulas, notes, layers, scripts, encryption, actions, XFA, links or fields."""
    kinds = {_kind(each) for each, _ in _elements(file)}
    assert not kinds & {"Table", "Formula", "Note", "Link", "Annot", "Form", "TOC", "Reference"}
    for key in ("/OCProperties", "/AcroForm", "/OpenAction", "/AA", "/Collection"):
        assert key not in file.Root
    assert not file.is_encrypted
    assert "/JavaScript" not in file.Root.get("/Names", {})
    for page in file.pages:
        assert "/Annots" not in page and "/AA" not in page


def test_21_001_attached_files_have_both_names(file: pikepdf.Pdf) -> None:
    """F and UF, so that every reader can name them."""
    for each in file.Root.get("/AF", []):
        assert str(each.F) == str(each.UF) == "card.json"
        assert str(each.AFRelationship) == "/Source"


def _fonts(file: pikepdf.Pdf) -> list[Any]:
    found = {}
    for page in file.pages:
        for font in dict(page.Resources.get("/Font", {})).values():
            found[font.objgen] = font
    return list(found.values())


def test_31_001_to_31_030_fonts_are_whole(file: pikepdf.Pdf) -> None:
    """Embedded, with a map from codes to glyphs, and no glyph that the font has not."""
    for font in _fonts(file):
        assert str(font.Subtype) == "/Type0"
        [inner] = font.DescendantFonts
        descriptor = inner.FontDescriptor
        assert any(key in descriptor for key in ("/FontFile2", "/FontFile3"))
        assert str(font.Encoding) == "/Identity-H"
        assert str(inner.Subtype) in ("/CIDFontType2", "/CIDFontType0")
        if str(inner.Subtype) == "/CIDFontType2":
            assert str(inner.CIDToGIDMap) == "/Identity"
        system = inner.CIDSystemInfo
        assert (str(system.Registry), str(system.Ordering)) == ("Adobe", "Identity")


def test_31_017_no_letter_is_an_empty_box(file: pikepdf.Pdf) -> None:
    """.notdef is never shown."""
    for page in file.pages:
        for each in pikepdf.parse_content_stream(page):
            operands, operator = each.operands, each.operator
            if str(operator) in ("Tj", "TJ"):
                parts = operands[0] if str(operator) == "TJ" else [operands[0]]
                for part in parts:
                    if isinstance(part, pikepdf.String):
                        raw = bytes(part)
                        assert b"\0\0" not in [raw[at : at + 2] for at in range(0, len(raw), 2)]


def test_28_009_the_reading_order_is_that_of_the_structure(file: pikepdf.Pdf) -> None:
    """For those who go through the page with the tabulator."""
    for page in file.pages:
        assert str(page.Tabs) == "/S"


def test_the_sheet_with_its_file_is_pdf_a_3a_too() -> None:
    """Both claims in one file: output intent, identifier, pictures that nothing smooths."""
    file = _file("sheet with its file")
    with file.open_metadata() as data:
        assert data.pdfa_status == "3A"
        assert data["{http://www.aiim.org/pdfa/ns/extension/}schemas"] is not None
    [intent] = file.Root.OutputIntents
    assert str(intent.S) == "/GTS_PDFA1" and int(intent.DestOutputProfile.N) == 3
    assert len(file.trailer.ID) == 2
    for each in file.objects:
        if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == "/Image":
            assert not each.get("/Interpolate", False) and "/SMask" not in each
    assert len(file.Root.AF) == 1


def test_the_file_inside_the_sheet_is_the_card_without_what_is_not_shared() -> None:
    """It reads as the same card, and holds no item of a list that stays at home."""
    held = {"status": "not_shared", "items": [{"name": "Zzyzx"}]}
    card = card_of(CAST["typical"]({"medicines.status": "not_shared"}) | {"medicines": held})
    assert b"Zzyzx" in codec.encode(card)
    raw = printer.make_pdf(
        "sheet", brief(card, WORDS, 1), ADDRESS, card_file=codec.encode_shared(card)
    )
    with pikepdf.open(io.BytesIO(raw)) as file:
        inside = file.attachments["card.json"].get_file().read_bytes()
    assert b"Zzyzx" not in inside
    assert codec.decode(inside).regimen == card.regimen
    assert codec.decode(inside).medicines.status == "not_shared"
    again = printer.make_pdf(
        "sheet", brief(card, WORDS, 1), ADDRESS, card_file=codec.encode_shared(card)
    )
    assert again == raw
