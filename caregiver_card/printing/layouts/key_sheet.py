"""An owner's address -> the key sheet: one page to put away, with a code that opens it.

Whoever holds the sheet can change and delete the card, and the sheet says so. It names the person,
for a household may keep several, and nothing else of the card. Like the wallet card it is read
back before it is handed over.
"""

from caregiver_card.briefing.content import Content
from caregiver_card.document_templates import template
from caregiver_card.printing.codes import qr
from caregiver_card.printing.pdf import render, verify
from caregiver_card.printing.text import glyphs, page_geometry

_GROUP = 4
# With its quiet zone.
_CODE_MM = 54.0


def sheet(name: str, address: str, paper: str, content: Content) -> bytes:
    """The one-page PDF on ``paper`` (one of ``measures.PAPERS``), whose QR opens ``address``.

    Raises ``letters.MissingLetter``, ``qr.TooLong``, ``proof.Unproven``.
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
    written = render.write(page, "key_sheet.css")
    size = page_geometry.PAPERS_PT[paper]
    verify.verify(
        written,
        verify.Expected(
            size_pt=size,
            areas=((page_geometry.page(size, page_geometry.EDGE_PT),),),
            faces=((page_geometry.page(size, 0),),),
            codes=(symbol.address,),
            words=(name, start, *groups),
        ),
    )
    return written


def parts(address: str) -> tuple[str, tuple[str, ...]]:
    """An address as it is read and typed: what comes before the token, the token in groups.

    Hyphens between the groups may be typed along: a token is read without them.
    """
    start, _, token = address.rpartition("/")
    letters_only = token.replace("-", "").upper()
    groups = (letters_only[at : at + _GROUP] for at in range(0, len(letters_only), _GROUP))
    return f"{start}/", tuple(groups)
