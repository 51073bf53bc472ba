"""The proof of a finished file: right ones pass, and each kind of wrong one is named."""

from functools import cache

import pytest
from weasyprint import HTML

from caregiver_card.briefing.briefing import Briefing, brief
from caregiver_card.printing import printer
from caregiver_card.printing.codes import qr
from caregiver_card.printing.layouts import print_job
from caregiver_card.printing.pdf import verify
from caregiver_card.printing.text import page_geometry
from caregiver_card.printing.text.page_geometry import CARD_PT
from tests.cast import CAST, WORDS, card_of

ADDRESS = "HTTPS://CARD.EXAMPLE/C/0123456789ABCDEFGHJKMNPQRS"


@cache
def _briefing(name: str) -> Briefing:
    return brief(card_of(CAST[name]()), WORDS, 1)


@cache
def _wallet(name: str) -> bytes:
    return printer.make_pdf("wallet", _briefing(name), ADDRESS)


def _proof(raw: bytes, address: str = ADDRESS, pages: int = 2, words: tuple[str, ...] = ()) -> None:
    inside = page_geometry.page(CARD_PT, 1.5 / page_geometry.POINT_MM)
    expected = verify.Expected(
        size_pt=CARD_PT,
        areas=((inside,),) * pages,
        faces=((page_geometry.page(CARD_PT, 0),),) * pages,
        codes=(address,),
        words=words,
    )
    verify.verify(raw, expected)


def test_the_proof_accepts_a_right_file() -> None:
    """What the program made passes."""
    _proof(_wallet("typical"))


@pytest.mark.parametrize(
    "address", [ADDRESS[:-1] + "T", ADDRESS.lower(), ADDRESS + "/", "HTTPS://OTHER.EXAMPLE/"]
)
def test_the_proof_refuses_another_address(address: str) -> None:
    """A code that opens anything else than what was asked for is not handed over."""
    with pytest.raises(verify.UnreadableCode):
        _proof(_wallet("typical"), address)


def _made(front: str, back: str = "") -> bytes:
    """A card as somebody else might lay it out."""
    source = (
        "<style>@page{size:85.6mm 53.98mm;margin:0}body{margin:0;font:8pt Noto Sans}"
        "section{position:relative;height:53.98mm;overflow:visible}section+section"
        "{break-before:page}div{position:absolute}img{width:21mm;margin:8mm}</style>"
        f"<section><img src='{qr.symbol(ADDRESS).data_url}'>{front}</section>"
        f"<section>{back}</section>"
    )
    return bytes(HTML(string=source).write_pdf())


def _card(front: str) -> bytes:
    """A card with nothing but this."""
    source = (
        "<style>@page{size:85.6mm 53.98mm;margin:0}body{margin:0;font:8pt Noto Sans}"
        "section{position:relative;height:53.98mm}section+section{break-before:page}"
        "div{position:absolute}img{width:21mm}</style>"
        f"<section>{front}</section><section></section>"
    )
    return bytes(HTML(string=source).write_pdf())


def test_the_proof_accepts_another_right_file() -> None:
    """It looks at the file and not at who made it."""
    _proof(_made("<div style='left:40mm;top:20mm'>inside</div>", "<div style='top:9mm;left:9mm'>b"))


@pytest.mark.parametrize(
    "place", ["left:1mm", "left:78mm", "left:30mm;top:0", "left:30mm;bottom:0"]
)
@pytest.mark.parametrize("side", ["front", "back"])
def test_the_proof_refuses_text_at_the_edge(place: str, side: str) -> None:
    """One word too near to the edge of either side is enough."""
    words = f"<div style='white-space:nowrap;{place}'>too far out</div>"
    with pytest.raises(verify.Overflow):
        _proof(_made(words) if side == "front" else _made("", words))


@pytest.mark.parametrize("place", ["left:2mm", "top:2mm", "left:62.2mm", "top:30.5mm"])
def test_the_proof_refuses_a_code_whose_quiet_zone_is_cut_off(place: str) -> None:
    """Every square of the code is on the card, and the white around it is not."""
    code = f"<img src='{qr.symbol(ADDRESS).data_url}' style='position:absolute;margin:0;{{}}'>"
    with pytest.raises(verify.CrowdedCode):
        _proof(_card(code.format(place)))
    _proof(_card(code.format("left:20mm;top:20mm")))


@pytest.mark.parametrize("place", ["left:17mm;top:27mm", "left:30mm;top:15.5mm"])
def test_the_proof_refuses_a_code_with_something_in_its_quiet_zone(place: str) -> None:
    """A word that a reader may take for a part of the code, though it was read this once."""
    code = f"<img src='{qr.symbol(ADDRESS).data_url}' style='position:absolute;left:20mm;top:20mm'>"
    with pytest.raises(verify.CrowdedCode):
        _proof(_card(f"{code.replace('left', 'margin:0;left')}<div style='{place}'>ll</div>"))


def test_the_proof_refuses_another_number_of_pages() -> None:
    """Text that ran over to a third page is found."""
    with pytest.raises(verify.WrongPages):
        _proof(_wallet("typical"), pages=3)


def test_the_proof_refuses_a_file_without_a_code() -> None:
    """A card whose picture was lost is no card."""
    source = "<style>@page{size:85.6mm 53.98mm;margin:9mm}p+p{break-before:page}</style><p>a<p>b"
    with pytest.raises(verify.UnreadableCode):
        _proof(bytes(HTML(string=source).write_pdf()))


@pytest.mark.parametrize("name", sorted(CAST))
def test_the_proof_finds_what_a_stranger_needs(name: str) -> None:
    """Name, number, drug, dose, concentration and pump; one that differs by a figure is missed."""
    essentials = print_job.essentials(_briefing(name))
    assert len(essentials) == 6
    _proof(_wallet(name), words=essentials)
    for words in essentials:
        with pytest.raises(verify.MissingWords, match="9"):
            _proof(_wallet(name), words=(f"{words}9",))


def test_the_proof_refuses_paper_of_another_size() -> None:
    """A card that a printer would enlarge is not handed over."""
    larger = bytes(HTML(string="<style>@page{size:90mm 60mm}</style>x").write_pdf())
    with pytest.raises(verify.WrongPages):
        _proof(larger, pages=1)


def test_the_proof_refuses_a_picture_that_is_no_code() -> None:
    """Every picture of a print is a code, so one that cannot be read is a fault."""
    empty = qr.symbol("HTTPS://CARD.EXAMPLE/C/").data_url
    with pytest.raises(verify.UnreadableCode):
        _proof(_made(f"<img src='{empty}'>"))


@pytest.mark.parametrize("name", ["עברית אב", "العربية بي", "e\u0301 A\u030a", "straße-\u00adx"])
def test_the_proof_reads_other_scripts(name: str) -> None:
    """A name that runs from right to left, or is written with loose accents, is found."""
    briefing = brief(card_of(CAST["minimal"]({"patient.full_name": name})), WORDS, 1)
    assert printer.make_pdf("wallet", briefing, ADDRESS)
