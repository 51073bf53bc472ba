"""A card and its copies -> everything in one zip, to keep or to take elsewhere.

It holds no owner's address: whoever is given the zip can read the card and print it, and no more.
"""

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date

from caregiver_card import codec, filenames, vcard
from caregiver_card.briefing import Briefing
from caregiver_card.card import Card
from caregiver_card.keeping.opened import Copy
from caregiver_card.pages import emergency
from caregiver_card.printing import layouts
from caregiver_card.printing.letters import MissingFont, MissingLetter
from caregiver_card.printing.proof import Unproven

CARD_FILE = "card.json"
# What a card may hold and paper may not.
_UNPRINTABLE = (MissingLetter, MissingFont, Unproven)


def bundle(
    card: Card,
    briefing: Briefing,
    copies: Sequence[Copy],
    address: Callable[[str], str],
    today: date,
) -> bytes:
    """The zip of ``today``; ``address`` makes a reader's address from its token."""
    files = {
        CARD_FILE: codec.encode(card),
        "emergency-page.html": emergency.page(briefing, today).encode(),
        "pump-team.vcf": vcard.contact(briefing).encode(),
    }
    for number, copy in enumerate(copies, start=1):
        try:
            written = layouts.write("wallet", briefing, address(copy.token))
        except _UNPRINTABLE as fault:
            # The rest must not be lost over a letter that no font has.
            files["not-printed.txt"] = briefing.content.say("bundle.unprinted").encode()
            files["not-printed.txt"] += f"\n{fault}\n".encode()
            break
        files[f"wallet-card-{number}{_suffix(copy.label)}.pdf"] = written
    return _zipped(files, today)


def _suffix(label: str) -> str:
    """A label as a part of a file's name."""
    plain = filenames.plain(label)
    return f"-{plain}" if plain else ""


def _zipped(files: dict[str, bytes], today: date) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, (today.year, today.month, today.day, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return out.getvalue()
