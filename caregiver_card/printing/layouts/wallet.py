"""The wallet card: ID-1, two sides, with what a stranger needs without a network."""

from typing import Any

from caregiver_card.briefing import version_mark
from caregiver_card.document_templates import template
from caregiver_card.printing.layouts import left_out, wallet_sides
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
    briefing, guide = job.briefing, job.to_guide
    front, above, kept, named = wallet_sides.arrange(briefing, job.qr_code, to_guide=guide)
    allergic, allergies_whole, _ = wallet_sides.allergies(briefing, guide)
    return dict(
        b=briefing,
        t=briefing.content.say,
        c=briefing.content.clinical,
        language=briefing.content.language,
        symbol=job.qr_code,
        to_guide=guide,
        front=front,
        above=above,
        kept=kept,
        oral=wallet_sides.oral(briefing),
        drugs=wallet_sides.drugs(briefing),
        alarm=wallet_sides.alarm(briefing),
        team=wallet_sides.team(briefing),
        mode=wallet_sides.mode(briefing),
        location=wallet_sides.location(briefing),
        caution=wallet_sides.caution(briefing),
        confirmed=wallet_sides.confirmed(briefing, kept, guide),
        mark=version_mark.mark_of(briefing),
        contact=wallet_sides.first_contact(briefing),
        allergies=allergic,
        allergies_whole=allergies_whole,
        left_out=left_out.sentence(briefing, kept, guide, named),
    )


LAYOUT = Layout(html, ("card.css", "wallet.css"), expected, cut=True)
