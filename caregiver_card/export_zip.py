"""A card and its copies -> everything in one zip, to keep or to take elsewhere.

It holds no owner's address: whoever is given the zip can read the card and print it, and no more.
"""

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date

from caregiver_card import files
from caregiver_card.briefing.briefing import Briefing
from caregiver_card.card import codec
from caregiver_card.card.model import Card
from caregiver_card.exports import vcard
from caregiver_card.pages import emergency
from caregiver_card.printing import printer
from caregiver_card.printing.errors import OF_A_CARD
from caregiver_card.printing.text import page_geometry
from caregiver_card.printing.text.glyphs import MissingFont
from caregiver_card.storage.records import ReaderLink

CARD_FILE = "card.json"
# Every print of a copy keeps a worker for half a second. So many copies are the most of an ordinary
# household, and some two seconds; of further ones there is the wallet card, and the owner's page
# prints the rest one at a time.
MOST_WHOLE = 4


def bundle(
    card: Card,
    briefing: Briefing,
    copies: Sequence[ReaderLink],
    address: Callable[[str], str],
    today: date,
) -> bytes:
    """The zip of ``today``; ``address`` makes a reader's address from its token."""
    files = {
        CARD_FILE: codec.encode(card),
        "emergency-page.html": emergency.page(briefing, today).encode(),
        "pump-team.vcf": vcard.contact(briefing).encode(),
    }
    absent: list[str] = []
    for number, copy in enumerate(copies, start=1):
        for layout in printer.LAYOUTS if number <= MOST_WHOLE else ("wallet",):
            kind = "wallet-card" if layout == "wallet" else layout
            name = f"{kind}-{number}{_suffix(copy.label)}.pdf"
            try:
                files[name] = _print(layout, card, briefing, address(copy.token))
            except (*OF_A_CARD, MissingFont) as fault:
                # The rest must not be lost over a letter that no font has.
                absent.append(f"{name}: {fault}")
    if absent:
        words = [briefing.content.say("bundle.unprinted"), *absent]
        files["not-printed.txt"] = "\n".join([*words, ""]).encode()
    return _zipped(files, today)


def _print(layout: str, card: Card, briefing: Briefing, address: str) -> bytes:
    """On the paper of the card's country."""
    paper = page_geometry.usual_paper(briefing.region)
    shared = codec.encode_shared(card)
    return printer.write(layout, briefing, address, paper=paper, card_file=shared)


def _suffix(label: str) -> str:
    """A label as a part of a file's name."""
    plain = files.slug(label)
    return f"-{plain}" if plain else ""


def _zipped(files: dict[str, bytes], today: date) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, (today.year, today.month, today.day, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return out.getvalue()
