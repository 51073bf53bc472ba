"""The Jinja environment of the documents: it needs no Flask and rejects undefined names."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from caregiver_card.briefing import manners
from caregiver_card.briefing.content import ENGLISH

# The project runs from its checkout: templates/ is next to the package.
FOLDER = Path(__file__).parent.parent / "templates" / "documents"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["in_language"] = in_language
    return environment


def in_language(tag: str, around: str = ENGLISH) -> Markup:
    """Return the attributes of an element in a language, a space before them.

    ``around`` is the language of what it stands in.
    """
    found = Markup(' lang="{}"').format(tag)
    if manners.is_rtl(tag) == manners.is_rtl(around):
        return found
    return found + Markup(' dir="rtl"' if manners.is_rtl(tag) else ' dir="ltr"')


def template(name: str) -> Template:
    """Return a template of ``templates/documents``."""
    return _environment().get_template(name)
