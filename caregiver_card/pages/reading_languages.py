"""The languages in which a card's page can be read, as a line of plain links."""

from markupsafe import Markup

from caregiver_card.briefing import languages
from caregiver_card.briefing.content import Content

# What fits into one line of a phone of 320 px, in letters; a space counts for three.
_ROOM = 36
_LINK = '<a href="?l={0}" lang="{0}">{1}</a> '


def ask(language: str, own: str) -> str:
    """Return what an address needs, so that a card in ``own`` is read in ``language``."""
    return "" if language == own else f"?l={language}"


def row(content: Content) -> Markup:
    """Return the links to a card's page in each language; nothing where there is one alone.

    They hold the query alone, so that they do not depend on the page's address.
    """
    if len(languages.offered()) == 1:
        return Markup()
    in_line: list[Markup] = []
    folded: list[Markup] = []
    room = _ROOM
    for tag in languages.offered():
        name = languages.name(tag)
        room -= len(name) + 3
        link = Markup("<b>{1}</b> " if tag == content.language else _LINK)
        (in_line if room >= 0 else folded).append(link.format(tag, name))
    more = Markup("<details><summary>…</summary>{}</details>").format(Markup().join(folded))
    nav = Markup('<nav class="languages" aria-label="{}">{}{}</nav>')
    label = content.say("site.languages")
    return nav.format(label, Markup().join(in_line), more if folded else "")
