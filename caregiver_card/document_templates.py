"""The Jinja environment of the documents: it needs no Flask and rejects undefined names."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

# The project runs from its checkout: templates/ is next to the package.
FOLDER = Path(__file__).parent.parent / "templates" / "documents"


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def template(name: str) -> Template:
    """Return a template of ``templates/documents``."""
    return _environment().get_template(name)
