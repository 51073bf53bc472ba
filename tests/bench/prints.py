"""The prints in one warm process, beside Chromium; the wallet card beside the naive one too."""

from functools import partial

import pypdfium2

from caregiver_card.printing import printer
from caregiver_card.printing.layouts import wallet
from caregiver_card.printing.layouts.print_job import PrintJob
from caregiver_card.printing.pdf import verify
from tests.bench import chromium, examples, naive
from tests.bench.figures import Row, Work, at_most, in_turn, information, milliseconds, size

MOST_OF_NAIVE = 0.50
MOST_OF_CHROMIUM = 1.50
MOST_BYTES = 19_000
_ROUNDS = 17
_WARMING = 3
_ADDRESS = f"{examples.PUBLIC_URL}/c/0123456789ABCDEFGHJKMNPQRS".upper()


def rows() -> list[Row]:
    """Every comparison for the typical card, and its bytes."""
    written = printer.make_pdf("wallet", examples.briefing("typical"), _ADDRESS)
    return [
        *_beside_naive(written),
        *_beside_chromium(),
        size("wallet PDF, typical", len(written), MOST_BYTES),
    ]


def _page() -> str:
    return wallet.html(_ordered("wallet"))


def _beside_naive(written: bytes) -> list[Row]:
    grid = naive.layout(_page())
    if _words(naive.pdf(grid, _ADDRESS)) != _words(written):
        raise RuntimeError("the naive card shows other words than the card")
    works: dict[str, Work] = {
        "ours": partial(_made, "wallet"),
        "naive": lambda: naive.pdf(grid, _ADDRESS),
        "tagged": lambda: naive.pdf(grid, _ADDRESS, pdf_variant="pdf/ua-1"),
        "check": lambda: verify.verify(written, wallet.expected(_ordered("wallet"))),
    }
    in_turn(works, _WARMING)
    taken = in_turn(works, _ROUNDS)
    ours, plain, tagged = taken["ours"], taken["naive"], taken["tagged"]
    naively = f"naive grid ({milliseconds(plain.cpu)})"
    what = f"wallet PDF, tagged ({milliseconds(ours.cpu)})"
    check = taken["check"].cpu
    checked = [one + other for one, other in zip(ours.cpu, check, strict=True)]
    return [
        at_most(f"{what}, CPU", naively, ours.cpu, plain.cpu, MOST_OF_NAIVE),
        at_most(f"{what}, wall", naively, ours.wall, plain.wall, MOST_OF_NAIVE),
        information("  beside the naive card tagged too", "naive, ua-1", ours.cpu, tagged.cpu),
        information(f"  the check alone ({milliseconds(check)})", naively, check, plain.cpu),
        information("  with the check", naively, checked, plain.cpu),
    ]


def _beside_chromium() -> list[Row]:
    """Every layout: a tagged file from the same HTML, where what is drawn several times stands
    once; for information also from the briefing, with the codes and the HTML, which Chromium is
    given."""
    found = []
    with chromium.printer() as to_pdf:
        for name in printer.LAYOUTS:
            page, styles = printer.page_of(name, _ordered(name))
            works = {
                "ours": partial(printer.render_layout, name, page, styles),
                "whole": partial(_made, name),
                "chromium": partial(to_pdf, chromium.with_style(page, styles)),
            }
            in_turn(works, _WARMING)
            taken = in_turn(works, _ROUNDS, clocks={"chromium": chromium.seconds})
            for kind in ("wall", "cpu"):
                ours, whole, theirs = (getattr(taken[each], kind) for each in works)
                yardstick = f"warm Chromium ({milliseconds(theirs)})"
                what = f"{name} PDF, tagged ({milliseconds(ours)}), {kind}"
                found.append(at_most(what, yardstick, ours, theirs, MOST_OF_CHROMIUM))
                made = f"  from the briefing ({milliseconds(whole)}), {kind}"
                found.append(information(made, yardstick, whole, theirs))
    return found


def _ordered(name: str) -> PrintJob:
    return printer.print_job(name, examples.briefing("typical"), _ADDRESS)


def _made(name: str) -> bytes:
    return printer.unverified(name, _ordered(name))


def _words(written: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(written)
    try:
        pages = [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()
    return sorted(" ".join(pages).split())
