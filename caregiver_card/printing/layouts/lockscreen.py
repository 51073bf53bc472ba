"""A picture for a phone's lock screen: the danger, the numbers and the code.

It is rendered and verified like a print. It shows no name, since whoever holds the phone sees it,
and stays clear of clock, messages and buttons.
"""

import re
from functools import partial

from caregiver_card.briefing.briefing import Briefing
from caregiver_card.document_templates import template
from caregiver_card.printing import print_languages
from caregiver_card.printing.codes import qr
from caregiver_card.printing.layouts.wallet_texts import width
from caregiver_card.printing.pdf import verify
from caregiver_card.printing.text import glyphs
from caregiver_card.printing.text.page_geometry import Area

# Width and height in pixels, as of November 2026. iPhones: pixotter.com/blog/iphone-wallpaper-size;
# the others are the most common panels of Android phones, 20:9 and 19.5:9.
SIZES = (
    *("720x1600", "1080x1920", "1080x2340", "1080x2400", "1344x2992", "1440x3120"),
    *("750x1334", "828x1792", "1125x2436", "1170x2532", "1179x2556", "1206x2622"),
    *("1284x2778", "1290x2796", "1320x2868"),
)
# Phones fill the screen and crop the rest: a short screen cuts the empty top and bottom of a long
# picture.
USUAL = "1080x2400"
# Shares of the height. The clock takes up to a third (profjoecain.net, "Phone lock screens", 2026),
# the buttons an eighth. Messages come in from below, so the number stands above the code.
_TOP, _BOTTOM = 0.34, 0.84
# In hundredths of the width of a long screen; a short one has a narrower panel.
_PANEL = 92
_PANEL_HEIGHT = 106
_CODE = 44
# White above the quiet zone, and to its right and below: the panel's corners are round by 3 and the
# ground is dark, so a corner of the quiet zone at the very edge would not be white.
_ABOVE, _AROUND = 0.5, 1.0
# White at the sides of the panel; two lines of English where nobody checked the translation.
_SIDE, _ENGLISH_HEIGHT = 4, 7.5
# A CSS pixel is 1/96 inch, a point 1/72.
_PIXEL_PT = 72 / 96


def picture(
    briefing: Briefing, address: str, size: str = USUAL, *, english: Briefing | None = None
) -> bytes:
    """The PNG in one of ``SIZES``, whose code opens ``address``.

    ``english`` takes the place of a briefing that does not fit (``print_languages``).

    Raises ``glyphs.MissingLetter``, ``qr.TooLong`` and ``verify.VerificationFailed``.
    """
    make = partial(_picture, address=address, size=size)
    return print_languages.first_that_fits(briefing, english, make)


def _size(most: float, room: float, *lines: str) -> float:
    """The size at which each of these bold lines fits into its room, at most ``most``."""
    return min(most, room / max(width(line, 1, bold=True) for line in lines))


def _sizes(b: Briefing, beside: float) -> dict[str, float]:
    """The sizes of the letters; ``beside`` is the room next to the code."""
    room = _PANEL - 2 * _SIDE
    return dict(
        title=_size(4.5, room, b.what.text),
        line=_size(3.75, room, b.stop.text),
        call=_size(8, room, b.emergency.name),
        scan=_size(4.5, beside, *b.content.say("lockscreen.scan").split("\n")),
    )


def _picture(briefing: Briefing, address: str, size: str) -> bytes:
    from caregiver_card.printing.pdf import render

    wide, high = (int(side) for side in re.findall(r"\d+", size))
    top, bottom = high * _TOP, high * _BOTTOM
    panel_high = _PANEL_HEIGHT + (_ENGLISH_HEIGHT if briefing.stop.beneath else 0)
    unit = min(wide / 100, (bottom - top) / panel_high)
    margin = (wide - _PANEL * unit) / 2
    free = Area(margin, top, wide - margin, bottom)
    symbol, say = qr.symbol(address), briefing.content.say
    quiet = _CODE / symbol.modules * qr.QUIET_MODULES
    page = template("lockscreen.html").render(
        b=briefing,
        t=say,
        language=briefing.content.language,
        symbol=symbol,
        width=wide,
        height=high,
        top=top,
        unit=unit,
        panel=_PANEL,
        code=_CODE,
        above=_ABOVE,
        around=_AROUND,
        quiet=quiet,
        size=_sizes(briefing, _PANEL - _AROUND - quiet - _CODE - _SIDE - quiet),
    )
    glyphs.check(page)
    pdf = render.write(page, "lockscreen.css", region=briefing.region)
    panel = Area(*(side * _PIXEL_PT for side in free))
    expected = verify.Expected(
        size_pt=(wide * _PIXEL_PT, high * _PIXEL_PT),
        areas=((panel,),),
        faces=((panel,),),
        codes=(symbol.address,),
        words=(briefing.what.text, briefing.emergency.name, briefing.team.shown),
    )
    verify.verify(pdf, expected)
    return verify.picture(pdf, (wide, high), symbol.address)
