"""Many prints in one document: pages, tags and outline, read back by other libraries."""

import io
import itertools
from functools import cache
from typing import Any

import pikepdf
import pypdf
import pytest

from caregiver_card.briefing.briefing import brief
from caregiver_card.printing import printer
from caregiver_card.printing.pdf.join import PdfJoiner
from caregiver_card.printing.pdf.join_parts import UnreadableStructure, parse_pdf
from tests.cast import CAST, WORDS, card_of
from tests.prints import Print, own_size

# Many prints, bound and taken apart again.
pytestmark = pytest.mark.slow

_TITLE = "3 cards (Łódź), \\ printed"


@cache
def _single(layout: str, name: str) -> bytes:
    briefing = brief(card_of(CAST[name]()), WORDS)
    return printer.make_pdf(layout, briefing, "https://card.example/guide", to_guide=True)


@cache
def _bound(layout: str) -> bytes:
    out = io.BytesIO()
    binder = PdfJoiner(out, _TITLE, "en")
    for name in CAST:
        binder.add(parse_pdf(_single(layout, name)), f"{name} – Ánh")
    binder.close()
    return out.getvalue()


every_layout = pytest.mark.parametrize("layout", printer.LAYOUTS)


@every_layout
def test_nothing_is_wrong_with_the_file(layout: str) -> None:
    """As qpdf, which checks every object and stream, and pypdf, which is strict, find it."""
    with pikepdf.open(io.BytesIO(_bound(layout))) as document:
        assert document.check_pdf_syntax() == []
    read = pypdf.PdfReader(io.BytesIO(_bound(layout)), strict=True)
    assert read.metadata and read.metadata.title == _TITLE
    assert [each.title for each in read.outline] == [f"{name} – Ánh" for name in CAST]  # type: ignore[union-attr]


@every_layout
def test_every_page_looks_and_reads_as_it_did_alone(layout: str) -> None:
    """Sizes, words and pictures, in the order of the cards."""
    alone = [side for name in CAST for side in Print(_single(layout, name)).sides]
    bound = Print(_bound(layout)).sides
    assert [(side.width, side.height, side.text) for side in bound] == [
        (side.width, side.height, side.text) for side in alone
    ]
    assert all(
        (one.raster(72) == other.raster(72)).all() for one, other in zip(bound, alone, strict=True)
    )


@every_layout
def test_the_tags_are_those_of_the_cards_one_after_the_other(layout: str) -> None:
    """A structure tree that leads to the same words on the same pages."""
    alone = [tag for name in CAST for tag in Print(_single(layout, name)).structure()]
    found = Print(_bound(layout)).structure()
    assert [tag for tag in found if tag[0]] == [tag for tag in alone if tag[0]]
    assert len([tag for tag in found if tag[0] == "Document"]) == len(CAST)


@every_layout
def test_every_piece_of_content_leads_to_its_tag(layout: str) -> None:
    """The parent tree, from which a screen reader starts: each page's entry, piece by piece."""
    with pikepdf.open(io.BytesIO(_bound(layout))) as document:
        root: Any = document.Root
        tree = pikepdf.NumberTree(root.StructTreeRoot.ParentTree)
        keys = [
            int(page.obj.StructParents) for page in document.pages if "/StructParents" in page.obj
        ]
        assert len(set(keys)) == len(keys) and max(tree.keys()) < int(
            root.StructTreeRoot.ParentTreeNextKey
        )
        for page in document.pages:
            for tag in list(tree[int(page.obj.StructParents)]):
                assert tag.Pg.objgen == page.obj.objgen
                top = tag
                while "/P" in top:
                    top = top.P
                assert top.objgen == root.StructTreeRoot.objgen
        assert root.MarkInfo.Marked and root.ViewerPreferences.DisplayDocTitle
        assert str(root.Lang) == "en"
        with document.open_metadata() as metadata:
            assert (metadata["pdfuaid:part"], metadata["dc:title"]) == ("1", _TITLE)


@every_layout
def test_what_is_cut_is_printed_in_its_own_size(layout: str) -> None:
    """One document of many cards asks for it as each of them did."""
    assert own_size(_bound(layout)) == own_size(_single(layout, "minimal"))
    assert own_size(_bound(layout)) == (layout in ("wallet", "fold", "labels"))


def test_a_card_more_costs_its_own_bytes_and_no_memory() -> None:
    """What is written is not held: only where it stands."""
    out = io.BytesIO()
    binder, one, sizes = PdfJoiner(out, "many", "en"), parse_pdf(_single("wallet", "minimal")), []
    for number in range(30):
        binder.add(one, str(number))
        sizes.append(out.tell())
    steps = {after - before for before, after in itertools.pairwise(sizes)}
    assert max(steps) - min(steps) < 300 and max(steps) < 1.4 * len(_single("wallet", "minimal"))


def test_a_document_that_would_lose_something_is_refused() -> None:
    """Another kind of tree, or none."""
    with pikepdf.open(io.BytesIO(_single("wallet", "minimal"))) as document:
        document.Root.StructTreeRoot.ClassMap = pikepdf.Dictionary()
        other = io.BytesIO()
        document.save(other)
        del document.Root.StructTreeRoot
        untagged = io.BytesIO()
        document.save(untagged)
    for each in (other, untagged):
        with pytest.raises(UnreadableStructure):
            parse_pdf(each.getvalue())
