"""The form on which a clinician reviews the statements of one language, offline, in an hour.

It is one file: every statement with its sources, the English and the translation back. It keeps
what is filled in and saves it as a file for ``card review --in``; printed, it is filled in by hand.
"""

import json

from markupsafe import Markup

from caregiver_card.briefing.content import ENGLISH, Content
from caregiver_card.briefing.reviews import FORM
from caregiver_card.document_templates import template
from caregiver_card.pages.cited_sources import CitedSources
from caregiver_card.style_sheets import SITE, screen_style


def page(content: Content) -> str:
    """Return the form of a language, as HTML."""
    sources = CitedSources(content)
    rows = [
        {"place": each.place, "text": each.text, "english": each.english}
        for each in content.every_statement
    ]
    return template("review.html").render(
        content=content,
        is_english=content.language == ENGLISH,
        language=content.language,
        css=Markup(screen_style(*SITE, "review.css")),
        groups=content.groups,
        cite=sources.cite,
        sources=sources.cited,
        given=_script({"format": FORM, "language": content.language, "statements": rows}),
    )


def _script(given: object) -> Markup:
    """Data as JSON inside a script element, which nothing in it can end."""
    return Markup(json.dumps(given, ensure_ascii=False).replace("<", "\\u003c"))
