"""Detect stored pages that another version of the program rendered.

A page is rendered when its card is saved, and a newer program may render it differently. So each
stored page holds a hash of everything that it was made from.
"""

import hashlib
import json
from functools import cache
from itertools import chain
from pathlib import Path

from caregiver_card import style_sheets
from caregiver_card.briefing.briefing import Briefing
from caregiver_card.briefing.content import used_reviews
from caregiver_card.document_templates import FOLDER
from caregiver_card.pages import emergency
from caregiver_card.pages.precompressed import PrecompressedPage, UnreadablePage

_PACKAGE = Path(__file__).parent.parent
# The rooms whose code decides what stands on a page.
ROOMS = ("card", "briefing", "pages")


def render_page(briefing: Briefing) -> bytes:
    """Render the page of a card as it is stored, with the hash of this program."""
    return emergency.precompressed_page(briefing, build_hash())


def page_if_current(raw: bytes) -> PrecompressedPage | None:
    """The stored page, or ``None`` if another program rendered it."""
    try:
        page = PrecompressedPage(raw)
    except UnreadablePage:
        return None
    return page if page.head.get("mark") == build_hash() else None


@cache
def build_hash() -> str:
    """A hash of everything that a page is made from: code, texts, reviews and templates."""
    digest = hashlib.sha256()
    code = ((_PACKAGE / room).rglob("*.py") for room in ROOMS)
    texts = (_PACKAGE / "data").rglob("*.toml")
    alone = (_PACKAGE / "document_templates.py", _PACKAGE / "style_sheets.py")
    templates = (*FOLDER.glob("*"), *style_sheets.FOLDER.glob("*"))
    for path in sorted(chain(*code, texts, alone, templates)):
        digest.update(json.dumps(path.name).encode() + path.read_bytes())
    digest.update(used_reviews())
    return digest.hexdigest()[:16]
