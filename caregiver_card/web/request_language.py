"""The language in which a request is answered.

It is what the address asks for (``?l=de``), else the language of the card, the draft or the
recipient that the request opens, else English. A browser's own languages move a page by themselves
only into one whose critical statements are reviewed.
"""

from flask import g, has_request_context, request

from caregiver_card.briefing import languages
from caregiver_card.briefing.content import ENGLISH, Content, load
from caregiver_card.card.model import Card

# The parameter of an address, and of a print's address for the back of a card.
PARAMETER, BACK = "l", "back"


def of_card(card: Card) -> Content:
    """Answer in the language of a card that a token opened; return its texts."""
    use(card.language)
    return current() if has_request_context() else languages.content_for(card)


def use(*tags: str | None) -> None:
    """Answer in the first language that is none of "" and None, unless the address asks for one."""
    if has_request_context():
        g.language = next(filter(None, tags), None)


def asked() -> str | None:
    """Return the offered language that the address asks for, or ``None``."""
    return languages.find(request.args.get(PARAMETER)) if has_request_context() else None


def chosen() -> str | None:
    """Return the language asked for, or the reviewed one that the browser prefers, if any."""
    return asked() or languages.first_reviewed(request.accept_languages.values())


def carried() -> str:
    """Return what carries the asked language on to a page that is no card's: ``?l=de``."""
    return f"?{PARAMETER}={tag}" if (tag := asked()) else ""


def proposed() -> Content | None:
    """Return the texts of the browser's first offered language, if the page is in another."""
    if not has_request_context() or asked():
        return None
    tags = map(languages.find, request.accept_languages.values())
    tag = next(filter(None, tags), None)
    return load(tag) if tag and tag != current().language else None


def current() -> Content:
    """Return the texts of this request's language."""
    if not has_request_context():
        return load(ENGLISH)
    return languages.content_of(asked() or _followed())


def _followed() -> str | None:
    if "language" in g:
        return g.language or ENGLISH
    return languages.first_reviewed(request.accept_languages.values())
