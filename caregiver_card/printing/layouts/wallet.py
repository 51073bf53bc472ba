"""The wallet card: ID-1, two sides, with what a stranger needs without a network."""

from typing import Any

from caregiver_card.document_templates import template
from caregiver_card.printing.layouts import wallet_back, wallet_front, wallet_plate, wallet_texts
from caregiver_card.printing.layouts.print_job import Layout, PrintJob, essentials
from caregiver_card.printing.pdf import verify
from caregiver_card.printing.text import glyphs, page_geometry
from caregiver_card.printing.text.page_geometry import CARD_PT, POINT_MM

# Nothing is printed nearer to the edge: card printers and cutters lose up to 1.5 mm.
SAFE_PT = 1.5 / POINT_MM


def html(job: PrintJob) -> str:
    """The card as HTML; raises ``glyphs.MissingLetter``."""
    page = template("wallet.html").render(context(job))
    glyphs.check(page)
    return page


def expected(job: PrintJob) -> verify.Expected:
    """Expect two sides, with no letter where a cutter may go."""
    return verify.Expected(
        size_pt=CARD_PT,
        areas=((page_geometry.page(CARD_PT, SAFE_PT),),) * 2,
        faces=((page_geometry.page(CARD_PT, 0),),) * 2,
        codes=(job.qr_code.address,),
        words=essentials(job.briefing),
    )


def context(job: PrintJob) -> dict[str, Any]:
    """The template variables of both sides."""
    b, guide = job.briefing, job.to_guide
    back = job.back or b
    front = wallet_front.arrange(b, job.qr_code, guide)
    return dict(
        b=b,
        t=b.content.say,
        c=b.content.clinical,
        language=b.content.language,
        symbol=job.qr_code,
        front=front,
        back=wallet_back.arrange(back, front.kept, guide),
        behind=back,
        contact=wallet_texts.first_contact(back),
        cells=wallet_plate.cells(b),
    )


BLACK = ("black.css", "card_black.css")
LAYOUT = Layout(html, ("card.css", "wallet.css"), expected, cut=True, black=BLACK)
