"""The key sheet: one page with the owner's address and its code, to be put away.

Whoever holds the sheet can change and delete the card, and the sheet says so. It names the patient,
since a household may have several cards, and shows nothing else of the card.
"""

from caregiver_card.briefing.content import Content
from caregiver_card.document_templates import template
from caregiver_card.printing.codes import qr
from caregiver_card.printing.flow import fit
from caregiver_card.printing.pdf import verify
from caregiver_card.printing.text import glyphs, page_geometry
from caregiver_card.style_sheets import points

_GROUP = 4
# The side of the code with its quiet zone, of which the page shows only the white.
_CODE_MM = 66.0
# Letters and their lines in points: a name on one line; a longer one, and the address.
_LARGE, _LARGE_LINE = 30.0, 33.0
_LESS, _LESS_LINE, _TYPED_LINE = 20.0, 22.0, 27.5
# What stands to the left of the address; a slashed zero may be wider than a plain one.
_BESIDE_PT = points("key-column") + 4.0


def sheet(name: str, address: str, paper: str, content: Content) -> bytes:
    """Print the sheet on ``paper`` (one of ``PAPERS``) and verify it; its code opens ``address``.

    Raises ``glyphs.MissingLetter``, ``qr.TooLong`` and ``verify.VerificationFailed``.
    """
    from caregiver_card.printing.pdf import render

    symbol = qr.symbol(address)
    start, groups = parts(address)
    size = page_geometry.PAPERS_PT[paper]
    room_pt = size[0] - 2 * points("key-margin")
    page = template("key_sheet.html").render(
        t=content.say,
        language=content.language,
        paper=paper,
        name=name,
        shown_name=_fitted(name, room_pt),
        symbol=symbol,
        module_mm=_CODE_MM / (symbol.modules + 2 * qr.QUIET_MODULES),
        start=start,
        typed=fit.text(_LESS, room_pt - _BESIDE_PT, _TYPED_LINE, ("-".join(groups), True)),
    )
    glyphs.check(page)
    pdf = render.write(page, "leaf.css", "key_sheet.css")
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


def _fitted(name: str, room_pt: float) -> fit.Text:
    large = fit.text(_LARGE, room_pt, _LARGE_LINE, (name, True))
    if large.height_pt < 2 * _LARGE_LINE:
        return large
    return fit.text(_LESS, room_pt, _LESS_LINE, (name, True))


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
