"""The key sheet: one page with the owner's address and its code, to be put away.

Whoever holds the sheet can change and delete the card, and the sheet says so. It names the patient,
since a household may have several cards, and shows nothing else of the card.
"""

from caregiver_card.briefing.content import Content
from caregiver_card.document_templates import template
from caregiver_card.printing.codes import qr
from caregiver_card.printing.pdf import render, verify
from caregiver_card.printing.text import glyphs, page_geometry

_GROUP = 4
# The side of the code with its quiet zone.
_CODE_MM = 54.0


def sheet(name: str, address: str, paper: str, content: Content) -> bytes:
    """Print the sheet on ``paper`` (one of ``PAPERS``) and verify it; its code opens ``address``.

    Raises ``glyphs.MissingLetter``, ``qr.TooLong`` and ``verify.VerificationFailed``.
    """
    symbol = qr.symbol(address)
    start, groups = parts(address)
    page = template("key_sheet.html").render(
        t=content.say,
        language=content.language,
        paper=paper,
        name=name,
        symbol=symbol,
        module_mm=_CODE_MM / (symbol.modules + 2 * qr.QUIET_MODULES),
        start=start,
        groups=groups,
        address=address,
    )
    glyphs.check(page)
    pdf = render.write(page, "key_sheet.css")
    size = page_geometry.PAPERS_PT[paper]
    verify.verify(
        pdf,
        verify.Expected(
            size_pt=size,
            areas=((page_geometry.page(size, page_geometry.EDGE_PT),),),
            faces=((page_geometry.page(size, 0),),),
            codes=(symbol.address,),
            words=(name, start, *groups),
        ),
    )
    return pdf


def code(address: str) -> str:
    """The address's QR symbol, as a data URL for a page; empty for one that no symbol holds."""
    try:
        return qr.symbol(address).data_url
    except qr.TooLong:
        return ""


def parts(address: str) -> tuple[str, tuple[str, ...]]:
    """Split an address for reading and typing: the part before the token, and the token's groups.

    Hyphens between the groups do no harm: a token is read without them.
    """
    start, _, token = address.rpartition("/")
    letters_only = token.replace("-", "").upper()
    groups = (letters_only[at : at + _GROUP] for at in range(0, len(letters_only), _GROUP))
    return f"{start}/", tuple(groups)
