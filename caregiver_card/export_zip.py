"""A card with all its prints and files in one zip, to store or to take elsewhere.

It holds no owner's address: whoever gets the zip can read the card and print it, and no more.
"""

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date

from caregiver_card import files
from caregiver_card.briefing.briefing import Briefing
from caregiver_card.card import codec
from caregiver_card.card.model import Card
from caregiver_card.charts.dose_steps import SavedCard
from caregiver_card.exports import vcard
from caregiver_card.exports.ips import bundle
from caregiver_card.pages import emergency, history
from caregiver_card.printing import printer, usual_print
from caregiver_card.printing.errors import ONE_CARD_ERRORS
from caregiver_card.printing.text.glyphs import MissingFont
from caregiver_card.storage.records import ReaderLink

CARD_FILE = "card.json"
# Each set of prints occupies a worker. So many reader links suffice for an ordinary household; of
# further ones the zip has the wallet card, and the owner's page prints the rest one at a time.
MAX_FULLY_PRINTED = 4


def write_zip(
    card: Card,
    briefing: Briefing,
    saved: Sequence[SavedCard],
    reader_links: Sequence[ReaderLink],
    address: Callable[[str], str],
    today: date,
    summary: bytes,
) -> bytes:
    """Return the zip of ``today``; ``address`` makes a reader's address from its token.

    ``saved`` are the versions, oldest first; ``summary`` is the file for a hospital's records.
    """
    contents = {
        CARD_FILE: codec.encode(card),
        "emergency-page.html": emergency.page(briefing, today).encode(),
        "dates-and-doses.html": history.page(saved, briefing.content, today).encode(),
        "pump-team.vcf": vcard.contact(briefing).encode(),
        bundle.FILE_NAME: summary,
    }
    unprinted: list[str] = []
    version = saved[-1].version
    for number, link in enumerate(reader_links, start=1):
        for layout in printer.LAYOUTS if number <= MAX_FULLY_PRINTED else ("wallet",):
            kind = "wallet-card" if layout == "wallet" else layout
            name = f"{kind}-{number}{_suffix(link.label)}.pdf"
            try:
                at = address(link.token)
                contents[name] = usual_print.make(layout, card, briefing, version, at)
            except (*ONE_CARD_ERRORS, MissingFont) as error:
                # A letter that no font has must not cost the other files.
                unprinted.append(f"{name}: {error}")
    if unprinted:
        lines = [briefing.content.say("bundle.unprinted"), *unprinted]
        contents["not-printed.txt"] = "\n".join([*lines, ""]).encode()
    return _zip(contents, today)


def _suffix(label: str) -> str:
    """Return a label as a part of a file's name."""
    slug = files.slug(label)
    return f"-{slug}" if slug else ""


def _zip(contents: dict[str, bytes], today: date) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            info = zipfile.ZipInfo(name, (today.year, today.month, today.day, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return out.getvalue()
