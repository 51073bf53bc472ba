"""Every layout by its name: the one list for the command line, the web, batches and bundles."""

from dataclasses import replace

from caregiver_card.briefing.briefing import Briefing
from caregiver_card.printing.codes import offline_contact, qr
from caregiver_card.printing.layouts import fold, key_sheet, school, sheet, stickers, wallet
from caregiver_card.printing.layouts.print_job import Layout, PrintJob
from caregiver_card.printing.pdf import render, verify
from caregiver_card.printing.text import page_geometry

_BY_NAME: dict[str, Layout] = {
    "wallet": wallet.LAYOUT,
    "fold": fold.LAYOUT,
    "sheet": sheet.LAYOUT,
    "school": school.LAYOUT,
    "labels": stickers.LAYOUT,
}
# What a reader's address may be printed as.
LAYOUTS = tuple(_BY_NAME)
# What an owner's address may be printed as, and nothing else.
KEY = "key"
PAPERS = page_geometry.PAPERS
# Those that are the same on every paper: a page of theirs is one side of a card.
CARD_SIZED = ("wallet",)
# Some four lines of a sheet.
_SPARE_PT = 48.0


def write(
    name: str,
    briefing: Briefing,
    address: str,
    *,
    paper: str = "a4",
    black: bool = False,
    to_guide: bool = False,
    card_file: bytes | None = None,
) -> bytes:
    """The finished and proven PDF of one card, whose code opens ``address``.

    ``name`` is one of ``LAYOUTS``, or ``KEY`` with an owner's address; ``paper`` one of
    ``PAPERS``. The sheet carries ``card_file`` (``codec.shared``) with it. Raises
    ``letters.MissingLetter``, ``letters.MissingFont``, ``qr.TooLong``, ``offline.TooFine``,
    ``proof.Unproven``.
    """
    if name == KEY:
        return key_sheet.sheet(briefing.person.name, address, paper, briefing.content)
    order = print_job(name, briefing, address, paper=paper, black=black, to_guide=to_guide)
    if card_file and _BY_NAME[name].attaches:
        order = replace(order, card_file=card_file)
    try:
        return _proven(name, order)
    except verify.WrongPages:
        # Another font's letters may be broken into more lines than were measured.
        return _proven(name, replace(order, spare_pt=_SPARE_PT))


def _proven(name: str, order: PrintJob) -> bytes:
    written = unverified(name, order)
    verify.verify(written, _BY_NAME[name].expected(order))
    return written


def print_job(
    name: str,
    briefing: Briefing,
    address: str,
    *,
    paper: str = "a4",
    black: bool = False,
    to_guide: bool = False,
) -> PrintJob:
    """The order with its codes drawn."""
    side_mm = _BY_NAME[name].offline_mm
    return PrintJob(
        briefing=briefing,
        symbol=qr.symbol(address),
        offline=offline_contact.code(briefing, side_mm) if side_mm else None,
        paper=paper,
        black=black,
        to_guide=to_guide,
    )


def unverified(name: str, order: PrintJob) -> bytes:
    """The PDF before it is read back."""
    attachment, region = _attachment(order), order.briefing.region
    return print_one(name, *page_of(name, order), region=region, attachment=attachment)


def print_one(
    name: str,
    page: str,
    styles: tuple[str, ...],
    region: str = "",
    attachment: render.Attachment | None = None,
) -> bytes:
    """The PDF of a page of this layout, with what is drawn on it more than once."""
    layout = _BY_NAME[name]
    return render.write(
        page,
        *styles,
        region=region,
        attachment=attachment,
        again=layout.again,
        cut=layout.cut,
    )


def _attachment(order: PrintJob) -> render.Attachment | None:
    if order.card_file is None:
        return None
    about = order.briefing.content.say("print.card_file")
    return render.Attachment("card.json", order.card_file, about, order.briefing.confirmed_on)


def page_of(name: str, order: PrintJob) -> tuple[str, tuple[str, ...]]:
    """The HTML of a layout and its style sheets."""
    layout = _BY_NAME[name]
    return layout.html(order), layout.sheets(order)
