"""Print a card in any layout. The command line, the web, batches and exports all use ``write``."""

from dataclasses import replace

from caregiver_card.briefing.briefing import Briefing
from caregiver_card.printing import print_languages
from caregiver_card.printing.codes import offline_contact, qr
from caregiver_card.printing.flow import fit
from caregiver_card.printing.layouts import fold, key_sheet, school, sheet, stickers, wallet
from caregiver_card.printing.layouts.print_job import Layout, PrintJob
from caregiver_card.printing.pdf import verify
from caregiver_card.printing.pdf.attachment import Attachment
from caregiver_card.printing.text import page_geometry

_BY_NAME: dict[str, Layout] = {
    "wallet": wallet.LAYOUT,
    "fold": fold.LAYOUT,
    "sheet": sheet.LAYOUT,
    "school": school.LAYOUT,
    "labels": stickers.LAYOUT,
}
# The layouts for a reader's address.
LAYOUTS = tuple(_BY_NAME)
# The layout for an owner's address.
KEY = "key"
PAPERS = page_geometry.PAPERS
usual_paper = page_geometry.usual_paper
# The layouts whose pages are the sides of a card, whatever the paper.
CARD_SIZED = ("wallet",)
# Some four lines of a sheet.
_SAFETY_MARGIN_PT = 48.0


def make_pdf(
    name: str,
    briefing: Briefing,
    address: str,
    *,
    paper: str = "a4",
    black: bool = False,
    to_guide: bool = False,
    card_file: bytes | None = None,
    english: Briefing | None = None,
    back: Briefing | None = None,
) -> bytes:
    """Print one card and verify the PDF, whose code opens ``address``.

    ``name`` is one of ``LAYOUTS``, or ``KEY`` with an owner's address; ``paper`` is one of
    ``PAPERS``. The sheet embeds ``card_file`` (``codec.encode_shared``). ``english`` takes the
    place of a briefing that does not fit (``print_languages``). The back of a card may be in
    another language: ``back``. Raises
    ``glyphs.MissingLetter``, ``glyphs.MissingFont``, ``qr.TooLong``, ``offline_contact.TooFine``
    and ``verify.VerificationFailed``.
    """
    if name == KEY:
        return key_sheet.sheet(briefing.person.name, address, paper, briefing.content)

    def fitted(each: Briefing) -> bytes:
        job = print_job(name, each, address, paper=paper, black=black, to_guide=to_guide)
        job = replace(job, back=back if each is briefing else None)
        if card_file and _BY_NAME[name].attaches:
            job = replace(job, card_file=card_file)
        return _fitted(name, job)

    return print_languages.first_that_fits(briefing, english, fitted)


def _fitted(name: str, job: PrintJob) -> bytes:
    try:
        return _verified(name, job)
    except verify.WrongPages:
        # Text in another font may take more lines than were measured.
        return _verified(name, replace(job, safety_margin_pt=_SAFETY_MARGIN_PT))


def _verified(name: str, job: PrintJob) -> bytes:
    pdf = unverified(name, job)
    verify.verify(pdf, _BY_NAME[name].expected(job))
    return pdf


def print_job(
    name: str,
    briefing: Briefing,
    address: str,
    *,
    paper: str = "a4",
    black: bool = False,
    to_guide: bool = False,
) -> PrintJob:
    """The print job of a card, with its codes."""
    side_mm = _BY_NAME[name].offline_mm
    return PrintJob(
        briefing=briefing,
        qr_code=qr.symbol(address),
        offline=offline_contact.code(briefing, side_mm) if side_mm else None,
        paper=paper,
        black=black,
        to_guide=to_guide,
    )


def unverified(name: str, job: PrintJob) -> bytes:
    """The PDF of a print job, without verification."""
    attachment, region = _attachment(job), job.briefing.region
    with fit.measuring_once():
        page, styles = page_of(name, job)
    return render_layout(name, page, styles, region=region, attachment=attachment)


def render_layout(
    name: str,
    page: str,
    styles: tuple[str, ...],
    region: str = "",
    attachment: Attachment | None = None,
) -> bytes:
    """The PDF of a page of this layout, with its repeated parts."""
    from caregiver_card.printing.pdf import render

    layout = _BY_NAME[name]
    return render.write(
        page,
        *styles,
        region=region,
        attachment=attachment,
        repeats=layout.repeats,
        cut=layout.cut,
    )


def _attachment(job: PrintJob) -> Attachment | None:
    if job.card_file is None:
        return None
    about = job.briefing.content.say("print.card_file")
    return Attachment("card.json", job.card_file, about, job.briefing.confirmed_on)


def page_of(name: str, job: PrintJob) -> tuple[str, tuple[str, ...]]:
    """The HTML of a layout and its style sheets."""
    layout = _BY_NAME[name]
    return layout.html(job), layout.sheets(job)
