"""The languages in which the program speaks: each is a folder of ``data/languages``."""

from collections.abc import Iterable
from functools import cache

from caregiver_card.briefing.content import ENGLISH, FOLDER, Content, load
from caregiver_card.card.model import Card


@cache
def offered() -> tuple[str, ...]:
    """Return the tags of all languages, English first, the others by their own names.

    Raises ``IncompleteContent`` for one that lacks something.
    """
    tags = {path.name for path in FOLDER.iterdir() if path.is_dir()} - {ENGLISH}
    return ENGLISH, *sorted(tags, key=lambda tag: load(tag).manner.name.casefold())


def find(tag: str | None) -> str | None:
    """Return the offered language that a BCP 47 tag asks for: itself, else its first part."""
    asked = (tag or "").strip().casefold()
    known = {each.casefold(): each for each in offered()}
    return known.get(asked) or known.get(asked.partition("-")[0])


def name(tag: str) -> str:
    """Return a language's own name; the tag itself where the language is not offered."""
    return load(tag).manner.name if tag in offered() else tag


def refusal(tag: str | None) -> str:
    """Return what to say where an operator names a language that is not offered."""
    return f"language: {tag} is not offered; there is {', '.join(offered())}"


def named() -> list[tuple[str, str]]:
    """Return the tag and the own name of each language."""
    return [(tag, name(tag)) for tag in offered()]


def content_of(tag: str | None) -> Content:
    """Return the texts of the language that a tag asks for; English where it is not offered."""
    return load(find(tag) or ENGLISH)


def content_for(card: Card) -> Content:
    """Return the texts in which a card is shown to its family, and printed."""
    return content_of(card.language)


def reviewed() -> tuple[str, ...]:
    """Return the languages whose critical statements a clinician has reviewed, each of them."""
    return tuple(tag for tag in offered() if load(tag).is_reviewed)


def first_reviewed(tags: Iterable[str]) -> str | None:
    """Return the first of these languages into which a page may move by itself, or ``None``."""
    allowed = reviewed()
    return next((found for tag in tags if (found := find(tag)) in allowed), None)
